// Tables that sort, filter and download. Works on tables of the page and on those made from rows.
(function () {
  "use strict";
  const A = (window.ASYMMETRY = window.ASYMMETRY || { data: {} });
  const FIRST = 100; // rows that a long table shows until all are asked for
  let made = 0;

  A.element = function (name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  // rows: arrays of cells; a cell is a text, a number, null, or {text, value, href}
  A.table = function (target, caption, columns, rows, file) {
    const head = A.element("tr", {}, ...columns.map((c) => A.element("th", { scope: "col" }, c)));
    const body = A.element("tbody", {}, ...rows.map((row) => A.element("tr", {}, ...row.map(cellOf))));
    const table = A.element("table", { class: "data", "data-file": file },
      A.element("caption", {}, caption), A.element("thead", {}, head), body);
    const scroll = A.element("div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table);
    target.replaceChildren(scroll);
    enhance(table);
    return table;
  };

  function cellOf(cell, place) {
    const known = cell !== null && typeof cell === "object" ? cell : { text: cell };
    const text = known.text === null || known.text === undefined ? "" : String(known.text);
    const inside = known.href ? A.element("a", { href: known.href }, text) : text;
    const attributes = place === 0 ? { scope: "row" } : {};
    if (known.value !== undefined && known.value !== null) attributes["data-value"] = known.value;
    return A.element(place === 0 ? "th" : "td", attributes, inside);
  }

  function valueOf(cell) {
    const text = cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim();
    if (text === "" || text === "–") return null;
    const number = Number(text.replace(/,/g, "").replace(/\u2212/g, "-"));
    return Number.isNaN(number) ? text : number;
  }

  function compare(a, b) {
    if (a === null || b === null) return (a === null) - (b === null);
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", { numeric: true });
  }

  function enhance(table) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    Array.from(table.tHead.rows[0].cells).forEach((heading, place) => {
      const cells = rows.map((row) => row.cells[place]);
      const known = cells.map(valueOf).filter((value) => value !== null);
      if (place === 0 || !known.length || !known.every((value) => typeof value === "number")) return;
      [heading, ...cells].forEach((cell) => cell.classList.add("number"));
    });
    if (rows.length < 2) return;
    let all = rows.length <= FIRST;
    const id = "filter-" + (made += 1);
    const filter = A.element("input", { type: "search", id: id });
    const shown = A.element("span", { class: "hint", role: "status" });
    const every = A.element("button", { type: "button", class: "quiet" }, "Show all rows");
    const save = A.element("button", { type: "button", class: "quiet" }, "Download CSV");
    const tools = A.element("div", { class: "tools" },
      A.element("label", { for: id }, "Filter"), filter, shown, every, save);
    (table.closest(".scroll") || table).before(tools);

    function draw() {
      const wanted = filter.value.trim().toLowerCase();
      let found = 0;
      Array.from(body.rows).forEach((row) => {
        const fits = !wanted || row.textContent.toLowerCase().includes(wanted);
        found += fits;
        row.hidden = !fits || (!all && found > FIRST);
      });
      const visible = all ? found : Math.min(found, FIRST);
      shown.textContent = visible === rows.length
        ? rows.length + " rows" : visible + " of " + rows.length + " rows";
      every.hidden = all || found <= FIRST;
    }

    Array.from(table.tHead.rows[0].cells).forEach((heading, place) => {
      const button = A.element("button", { type: "button", class: "sort" }, ...heading.childNodes);
      heading.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = heading.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = rows.map((row) => [valueOf(row.cells[place]), row]);
        keyed.sort((a, b) => {
          if (a[0] === null || b[0] === null) return compare(a[0], b[0]); // unknown ones come last
          return down ? compare(b[0], a[0]) : compare(a[0], b[0]);
        });
        body.append(...keyed.map((pair) => pair[1]));
        draw();
      });
    });
    filter.addEventListener("input", draw);
    every.addEventListener("click", () => { all = true; draw(); });
    save.addEventListener("click", () => download(table));
    window.addEventListener("beforeprint", () => { all = true; draw(); });
    draw();
  }

  function download(table) {
    const lines = [table.tHead.rows[0], ...table.tBodies[0].rows]
      .filter((row) => !row.hidden || row.parentElement === table.tHead)
      .map((row) => Array.from(row.cells).map((cell) => quoted(cell)).join(","));
    const blob = new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" });
    const link = A.element("a",
      { href: URL.createObjectURL(blob), download: (table.dataset.file || "table") + ".csv" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function quoted(cell) {
    let text = cell.textContent.trim().replace(/\s+/g, " ").replace(/\u2212/g, "-");
    // a spreadsheet would run these; a number may begin with a sign
    if (/^[=+\-@\t]/.test(text) && Number.isNaN(Number(text))) text = "'" + text;
    return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("table.data").forEach(enhance);
  });
})();
