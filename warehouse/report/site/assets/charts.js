// Data and charts: both are scripts of the site, loaded when they are first asked for.
(function () {
  "use strict";
  const A = (window.ASYMMETRY = window.ASYMMETRY || { data: {} });
  const root = document.documentElement.dataset.root || "";
  const loading = {};
  const drawn = new Map();

  function script(path) {
    if (!loading[path]) {
      loading[path] = new Promise((resolve, reject) => {
        const element = document.createElement("script");
        element.src = root + path;
        element.onload = resolve;
        element.onerror = () => reject(new Error("no " + path));
        document.head.append(element);
      });
    }
    return loading[path];
  }

  // the value that a script of the site has put under a name
  A.load = function (path, name) {
    return script(path).then(() => A.data[name]);
  };

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function themed() {
    const text = colour("--text"), soft = colour("--soft"), line = colour("--line");
    return {
      background: "transparent",
      font: "system-ui, sans-serif",
      axis: { labelColor: soft, titleColor: text, gridColor: line, domainColor: soft,
        tickColor: soft, labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" },
      legend: { labelColor: text, titleColor: text, labelFontSize: 12 },
      title: { color: text },
      rule: { color: soft },
    };
  }

  // draws rows into a container: rows have the columns that the chart of its name reads
  A.chart = async function (target, rows, series) {
    drawn.set(target, [rows, series]);
    if (!rows.length) {
      target.replaceChildren(A.element("p", { class: "nothing" }, "Nothing to draw for this choice."));
      return;
    }
    const [specs] = await Promise.all([A.load("data/charts.js", "charts"), script("assets/vega.js")]);
    const spec = structuredClone(specs[target.dataset.name]);
    spec.datasets = Object.assign({}, spec.datasets, { rows: rows });
    spec.description = target.dataset.label;
    if (target.dataset.name === "ranking") spec.height = 16 * rows.length + 10;
    const dark = colour("--dark") === "1";
    // Okabe and Ito's blue is too dark on black; the sky blue of the same palette is not
    const range = A.data.site.colours.map((c) => (dark && c === "#0072B2" ? "#56B4E9"
      : dark && c === "#56B4E9" ? "#F0E442" : c));
    const there = new Set(rows.map((row) => row.series));
    fixScales(spec, range, series || Array.from(there), there, target.clientWidth < 500 ? 1 : 3);
    const holder = document.createElement("div");
    target.replaceChildren(holder);
    target.setAttribute("role", "img");
    target.setAttribute("aria-label", target.dataset.label + "; the table has the same figures");
    const view = await window.vegaEmbed(holder, spec,
      { actions: false, renderer: "svg", config: themed(), tooltip: { theme: dark ? "dark" : "light" } });
    // the whole chart is one picture with one name
    holder.querySelectorAll("[role],[aria-label]").forEach((element) => {
      ["role", "aria-label", "aria-roledescription"].forEach((a) => element.removeAttribute(a));
    });
    target.dataset.rows = rows.length;
    return view;
  };

  // the same series has the same colour whatever else is shown
  function fixScales(spec, range, series, there, columns) {
    for (const layer of spec.layer) {
      for (const channel of ["color", "strokeDash", "shape"]) {
        const encoding = layer.encoding && layer.encoding[channel];
        if (!encoding) continue;
        encoding.scale = Object.assign({}, encoding.scale, { domain: series });
        if (channel === "color") encoding.scale.range = range;
        if (there.size < 2) encoding.legend = null;
        else {
          const lines = channel === "strokeDash" || layer.encoding.detail;
          encoding.legend = Object.assign({ values: series.filter((name) => there.has(name)), columns: columns },
            lines ? { symbolType: "stroke", symbolSize: 400, symbolStrokeWidth: 2.5 } : {});
        }
      }
    }
  }

  let wait;
  document.addEventListener("colours", () => {
    clearTimeout(wait);
    wait = setTimeout(() => drawn.forEach(([rows, series], target) => A.chart(target, rows, series)), 50);
  });

  // numbers the unbroken stretches of a series, so that a line stops where years are missing
  A.runs = function (rows) {
    const last = {}, run = {};
    for (const row of rows) {
      const gap = last[row.series] !== undefined && row.year - last[row.series] > 1;
      run[row.series] = (run[row.series] || 0) + (gap ? 1 : 0);
      row.run = row.series + " " + run[row.series];
      last[row.series] = row.year;
    }
    return rows;
  };
})();
