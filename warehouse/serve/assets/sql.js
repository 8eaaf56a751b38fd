"use strict";
// Every text of the warehouse is put in as text (textContent), never as markup.
const at = (id) => document.getElementById(id);
const element = (name, text, kind) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
};

async function post(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

function fail(message) {
  at("state").textContent = "";
  at("error").textContent = message;
  at("error").hidden = false;
}

async function during(what, work) {
  const buttons = [at("run"), at("download")];
  buttons.forEach((button) => { button.disabled = true; });
  at("error").hidden = true;
  at("state").textContent = what;
  try {
    await work();
  } catch (error) {
    fail("The server does not answer: " + error.message);
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
}

function show(found) {
  const table = element("table");
  const head = element("tr");
  found.columns.forEach((name, i) => {
    const cell = element("th", name, found.numeric[i] ? "number" : "");
    cell.scope = "col";
    head.append(cell);
  });
  const top = element("thead");
  top.append(head);
  const body = element("tbody");
  for (const row of found.rows) {
    const line = element("tr");
    row.forEach((value, i) => {
      const kind = value === null ? "null" : found.numeric[i] ? "number" : "";
      line.append(element("td", value === null ? "NULL" : value, kind));
    });
    body.append(line);
  }
  table.append(top, body);
  at("answer").replaceChildren(table);
  const n = found.n_rows.toLocaleString("en");
  let said = found.n_rows === 1 ? "1 row" : n + " rows";
  if (found.is_cut) said = "more than " + said + "; the rest is left out";
  if (found.rows.length < found.n_rows) {
    said += " (the first " + found.rows.length.toLocaleString("en") + " are shown)";
  }
  at("state").textContent = said + ", " + found.seconds + " s";
}

function run() {
  return during("Running …", async () => {
    const answer = await post("/query", { sql: at("sql").value });
    const found = await answer.json();
    if (answer.ok) {
      show(found);
    } else {
      at("answer").replaceChildren();
      fail(found.error);
    }
  });
}

function download() {
  return during("Writing …", async () => {
    const format = at("format").value;
    const answer = await post("/download", { sql: at("sql").value, format });
    if (!answer.ok) {
      fail((await answer.json()).error);
      return;
    }
    const link = element("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = "answer." + format;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    const n = Number(answer.headers.get("X-Rows")).toLocaleString("en");
    const cut = answer.headers.get("X-Cut") === "true" ? "; there are more, which are left out" : "";
    at("state").textContent = n + " rows written" + cut;
  });
}

async function listTables() {
  const tables = await (await fetch("/schema")).json();
  for (const { table, columns } of tables) {
    const part = element("details");
    part.append(element("summary", table));
    const list = element("table");
    for (const [name, type, meaning] of columns) {
      const line = element("tr");
      line.append(element("td", name), element("td", type), element("td", meaning));
      list.append(line);
    }
    const scroll = element("div", undefined, "scroll");
    scroll.append(list);
    part.append(scroll);
    at("schema").append(part);
  }
}

at("run").addEventListener("click", run);
at("download").addEventListener("click", download);
at("sql").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
at("ready").addEventListener("change", () => {
  const chosen = at("ready").selectedOptions[0];
  if (chosen.value) at("sql").value = chosen.value;
  at("caveat").textContent = chosen.dataset.caveat ? "Caveat: " + chosen.dataset.caveat : "";
});
at("find").addEventListener("input", () => {
  const wanted = at("find").value.toLowerCase();
  for (const part of at("schema").children) {
    part.hidden = !part.textContent.toLowerCase().includes(wanted);
  }
});
listTables();
