// The explorers: what is chosen decides what the chart and the table show.
(function () {
  "use strict";
  const A = window.ASYMMETRY;
  const root = document.documentElement.dataset.root || "";
  const byId = (id) => document.getElementById(id);
  const two = (x) => (x === null || x === undefined ? "" : x.toFixed(2));
  const three = (x) => (x === null || x === undefined ? "" : x.toFixed(3));
  const interval = (low, high) => (low === null || low === undefined ? "" : two(low) + " to " + two(high));
  const shared = () => A.data.site;
  const stateOf = (code) => shared().states[code] || [String(code), String(code), false];
  const linkTo = (code) => {
    const known = shared().states[code];
    return { text: stateOf(code)[1], href: known && known[2] ? root + "countries/" + known[0] + ".html" : null };
  };
  const within = (id) => {
    const from = Number(byId(id + "-from").value) || 0, to = Number(byId(id + "-to").value) || 9999;
    return (year) => year >= from && year <= to;
  };
  const asRows = (packed) => packed.rows.map((row) =>
    Object.fromEntries(packed.columns.map((name, place) => [name, row[place]])));
  const remembered = () => location.hash.slice(1).split("/").map(decodeURIComponent);
  const remember = (...words) => {
    history.replaceState(null, "", "#" + words.map(encodeURIComponent).join("/"));
  };
  const choose = (select, value) => {
    if (value && Array.from(select.options).some((o) => o.value === value)) select.value = value;
  };
  // the last choice wins, however long its data take
  const latest = () => { let n = 0; return () => { const own = (n += 1); return () => own === n; }; };

  function seriesRows(columns, name, keep) {
    const [years, n, estimate, low, high] = columns;
    return years.map((year, i) => ({ series: name, year: year, n: n[i], estimate: estimate[i],
      low: low[i], high: high[i] })).filter((row) => keep(row.year));
  }

  function seriesTable(target, caption, rows, file, what) {
    A.table(target, caption, ["year", what, "agreement", "95 % interval", "votes"],
      rows.map((r) => [r.year, r.series, { text: two(r.estimate), value: r.estimate },
        interval(r.low, r.high), r.n]), file);
  }

  function finder() {
    const form = byId("find");
    if (!form) return;
    // as the command `asymmetry country` has it: no case, accents, punctuation, articles
    // and the right way round: Korea, Republic of
    const turned = (text) => {
      const [first, ...rest] = text.trim().replace(/\)$/, "").replace(" (", ", ").split(", ");
      return rest.length ? rest.join(", ") + " " + first : text;
    };
    const plain = (text) => turned(text).toLowerCase().replace(/&/g, " and ").normalize("NFKD")
      .replace(/[\p{M}'’.]/gu, "").replace(/[^\p{L}\p{N}_]+/gu, " ").trim().split(" ")
      .filter((word) => word !== "the" && word !== "of").map((word) => (word === "st" ? "saint" : word)).join(" ");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const wanted = plain(byId("find-state").value);
      if (!wanted) return;
      const names = await A.load("data/names.js", "names");
      const states = Object.entries(shared().states).filter(([, known]) => known[2]);
      const found = states.find(([code]) => code === wanted || code === String(names[wanted])) ||
        states.find(([, [, name]]) => plain(name).startsWith(wanted)) ||
        states.find(([, [, name]]) => plain(name).includes(wanted));
      if (found) location.href = root + "countries/" + found[1][0] + ".html";
      else byId("find-answer").textContent = "There is no state of that name. All of them are under States.";
    });
  }

  function stateExplorer() {
    const form = byId("state-explorer");
    if (!form) return;
    const chosen = [];
    const token = latest();
    const leader = byId("se-leader"), kind = byId("se-class"), state = byId("se-state");
    const [abbs, code, wanted] = remembered();
    choose(leader, code);
    choose(kind, wanted);
    const there = new Set(Array.from(state.options).map((o) => o.value));
    for (const abb of (abbs || "").split(",")) if (there.has(abb)) chosen.push(abb);
    if (!chosen.length) chosen.push(there.has("POL") ? "POL" : state.value);
    byId("se-to").value = Math.max(...Object.values(shared().periods).map((p) => p[1]));

    const nameOf = (abb) => Array.from(state.options).find((o) => o.value === abb).textContent;

    async function draw() {
      const own = token();
      const names = chosen.map(nameOf);
      byId("se-meaning").textContent = "Shown: " + shared().classes[kind.value] + ".";
      byId("se-chosen").replaceChildren(...chosen.map((abb) => {
        const out = A.element("button", { type: "button", class: "quiet", "aria-label": "Remove " + nameOf(abb) }, "×");
        out.addEventListener("click", () => { chosen.splice(chosen.indexOf(abb), 1); draw(); });
        return A.element("li", {}, A.element("a", { href: "countries/" + abb + ".html" }, nameOf(abb)), " ", out);
      }));
      remember(chosen.join(","), leader.value, kind.value);
      const found = await Promise.all(chosen.map((abb) => A.load("countries/" + abb + ".js", "country/" + abb)));
      if (!own()) return;
      const keep = within("se");
      const rows = found.flatMap((data, place) => {
        const columns = (data.series[leader.value] || {})[kind.value];
        return columns ? seriesRows(columns, names[place], keep) : [];
      });
      A.chart(byId("se-chart"), A.runs(rows), names);
      seriesTable(byId("se-table"), "Agreement with " + leader.selectedOptions[0].textContent.trim(), rows,
        "agreement_" + leader.value + "_" + kind.value, "state");
    }
    byId("se-add").addEventListener("click", () => {
      if (!chosen.includes(state.value) && chosen.length < shared().colours.length) chosen.push(state.value);
      else if (!chosen.includes(state.value)) { byId("se-meaning").textContent = "Six states are the most that can be told apart: remove one first."; return; }
      draw();
    });
    for (const id of ["se-leader", "se-class", "se-from", "se-to"]) byId(id).addEventListener("change", draw);
    form.addEventListener("submit", (event) => event.preventDefault());
    draw();
  }

  function countryExplorer() {
    const form = byId("country-explorer");
    if (!form) return;
    const abb = form.dataset.abb;
    A.load("countries/" + abb + ".js", "country/" + abb).then((data) => {
      const names = Object.values(shared().leaders);
      function draw() {
        const kind = byId("ce-class").value;
        byId("ce-meaning").textContent = "Shown: " + shared().classes[kind] + ".";
        const codes = Array.from(form.querySelectorAll("[name=leader]:checked")).map((box) => box.value);
        const rows = codes.flatMap((code) => {
          const columns = (data.series[code] || {})[kind];
          return columns ? seriesRows(columns, shared().leaders[code], () => true) : [];
        });
        A.chart(byId("ce-chart"), A.runs(rows), names);
        seriesTable(byId("ce-table"), "By year", rows, abb + "_" + kind + "_by_year", "leader");
      }
      form.addEventListener("change", draw);
      form.addEventListener("submit", (event) => event.preventDefault());
      draw();
      if (data.ideal_points) {
        const [years, n, point, error] = data.ideal_points;
        A.chart(byId("ce-points"), A.runs(years.map((year, i) => ({ series: "ideal point", year: year, n: n[i],
          estimate: point[i], low: point[i] - 1.96 * error[i], high: point[i] + 1.96 * error[i] }))));
      } else A.chart(byId("ce-points"), []);
    });
  }

  function leaderExplorer() {
    const form = byId("leader-explorer");
    if (!form) return;
    const leader = byId("le-leader"), kind = byId("le-class");
    const names = { ally: "allies", other: "other states" };
    const [code, wanted] = remembered();
    choose(leader, code);
    choose(kind, wanted);
    byId("le-to").value = Math.max(...Object.values(shared().periods).map((p) => p[1]));
    A.load("data/leaders.js", "leaders").then((data) => {
      const means = asRows(data.means);
      function draw() {
        remember(leader.value, kind.value);
        byId("le-meaning").textContent = "Shown: " + shared().classes[kind.value] + ".";
        const keep = within("le");
        const rows = means.filter((r) => r.leader === Number(leader.value) && r.vote_class === kind.value && keep(r.year))
          .map((r) => ({ series: names[r.group], year: r.year, n: r.n_states, estimate: r.agreement,
            low: r.lower_quarter, high: r.upper_quarter }))
          .sort((a, b) => (a.series < b.series ? -1 : a.series > b.series ? 1 : a.year - b.year));
        A.chart(byId("le-chart"), A.runs(rows), Object.values(names));
        A.table(byId("le-table"), "Mean agreement by year", ["year", "states", "mean", "middle half", "number of states"],
          rows.map((r) => [r.year, r.series, { text: two(r.estimate), value: r.estimate }, interval(r.low, r.high), r.n]),
          "leader_" + leader.value + "_" + kind.value);
      }
      form.addEventListener("change", draw);
      form.addEventListener("submit", (event) => event.preventDefault());
      draw();
    });
  }

  // the states of a leader, class and period, those that side most first
  async function ranked(leader, kind, period) {
    const [data, more] = await Promise.all([
      A.load("data/leader_" + leader + ".js", "leader/" + leader), A.load("data/leaders.js", "leaders")]);
    const [first, last] = shared().periods[period];
    const spells = more.allies[leader] || {};
    const cells = (data && data[kind] && data[kind][period]) || {};
    return Object.entries(cells).map(([code, [agreement, low, high, n]]) => ({
      code: code, label: stateOf(code)[1], estimate: agreement, low: low, high: high, n: n,
      series: (spells[code] || []).some(([from, to]) => from <= last && to >= first) ? "allies" : "other states",
    })).sort((a, b) => b.estimate - a.estimate || (a.label < b.label ? -1 : 1));
  }

  function rankedTable(target, caption, rows, file) {
    A.table(target, caption, ["state", "agreement", "95 % interval", "votes", "who"],
      rows.map((r) => [linkTo(r.code), { text: two(r.estimate), value: r.estimate }, interval(r.low, r.high),
        r.n, r.series === "allies" ? "ally" : "no ally"]), file);
  }

  function periodExplorer() {
    const form = byId("period-explorer");
    if (!form) return;
    const period = byId("pe-period"), leader = byId("pe-leader"), kind = byId("pe-class"), who = byId("pe-who");
    const token = latest();
    const [a, b, c] = remembered();
    choose(period, a);
    choose(leader, b);
    choose(kind, c);
    async function draw() {
      const own = token();
      remember(period.value, leader.value, kind.value);
      const every = await ranked(leader.value, kind.value, period.value);
      if (!own()) return;
      const rows = who.value === "30" ? every.slice(0, 30)
        : who.value === "allies" ? every.filter((r) => r.series === "allies") : every;
      byId("pe-meaning").textContent = "Shown: " + shared().classes[kind.value] + ". " + rows.length + " of " + every.length + " states.";
      A.chart(byId("pe-chart"), rows, ["allies", "other states"]);
      rankedTable(byId("pe-table"), "Agreement with " + leader.selectedOptions[0].textContent.trim() + ", " + period.value,
        rows, "period_" + leader.value + "_" + kind.value + "_" + period.value);
    }
    form.addEventListener("change", draw);
    form.addEventListener("submit", (event) => event.preventDefault());
    draw();
  }

  function mapExplorer() {
    const form = byId("map-explorer");
    if (!form) return;
    const period = byId("me-period"), leader = byId("me-leader"), kind = byId("me-class");
    const marks = Array.from(document.querySelectorAll("#map [data-place]"));
    const token = latest();
    const [a, b, c] = remembered();
    choose(period, a);
    choose(leader, b);
    choose(kind, c);
    const shownAt = [];
    async function draw() {
      const own = token();
      remember(period.value, leader.value, kind.value);
      const [map, rows] = await Promise.all([A.load("data/map.js", "map"), ranked(leader.value, kind.value, period.value)]);
      if (!own()) return;
      const byCode = Object.fromEntries(rows.map((r) => [r.code, r]));
      marks.forEach((mark) => {
        const place = Number(mark.dataset.place);
        const code = map[period.value][place];
        const row = code === null ? undefined : byCode[code];
        shownAt[place] = code;
        const isLeader = code === Number(leader.value);
        mark.setAttribute("class", isLeader ? "own" : row ? "" : "unknown");
        if (row && !isLeader) mark.style.fill = shared().viridis[Math.min(4, Math.floor(row.estimate * 5))];
        else mark.style.removeProperty("fill");
        const name = code === null ? mark.dataset.name : stateOf(code)[1];
        mark.querySelector("title").textContent = name + ": " + (isLeader ? "the leader" : row
          ? two(row.estimate) + " (" + interval(row.low, row.high) + "), " + row.n + " votes" : "no figure");
        if (row) mark.dataset.value = row.estimate;
        else delete mark.dataset.value;
      });
      byId("me-meaning").textContent = "Shown: " + shared().classes[kind.value] + ", " + rows.length + " states.";
      byId("me-at").textContent = "Shown is whom a shape belonged to in " + shared().periods[period.value][1] + ".";
      rankedTable(byId("me-table"), "Agreement with " + leader.selectedOptions[0].textContent.trim() + ", " + period.value,
        rows, "map_" + leader.value + "_" + kind.value + "_" + period.value);
    }
    marks.forEach((mark) => {
      mark.dataset.name = mark.querySelector("title").textContent;
      mark.addEventListener("click", () => {
        const known = shared().states[shownAt[Number(mark.dataset.place)]];
        if (known && known[2]) location.href = "countries/" + known[0] + ".html";
      });
    });
    form.addEventListener("change", draw);
    form.addEventListener("submit", (event) => event.preventDefault());
    draw();
  }

  function allianceExplorer() {
    const form = byId("alliance-explorer");
    if (!form) return;
    A.load("data/alliances.js", "alliances").then((data) => {
      const select = byId("ae-alliance");
      const known = [...data.list].sort((a, b) => b.n_members_most - a.n_members_most || a.atopid - b.atopid);
      select.append(...known.map((a) => A.element("option", { value: a.atopid }, a.name + ", " + a.year_from + "–" + a.year_to)));
      choose(select, data.list.some((a) => a.atopid === 3180) ? "3180" : "");
      choose(select, remembered()[0]);
      function limits() {
        const chosen = data.list.find((a) => String(a.atopid) === select.value);
        byId("ae-from").value = chosen.year_from;
        byId("ae-to").value = chosen.year_to;
      }
      function draw() {
        remember(select.value);
        const chosen = data.list.find((a) => String(a.atopid) === select.value);
        const [years, leader, share, ratio, scalar, low, high, n] = data.years[select.value];
        const keep = within("ae");
        const rows = [];
        years.forEach((year, i) => {
          if (keep(year) && share[i] !== null) rows.push({ series: "leader’s share", year: year, n: n[i], estimate: share[i], low: null, high: null });
        });
        years.forEach((year, i) => {
          if (keep(year) && scalar[i] !== null) rows.push({ series: "profile of asymmetry", year: year, n: n[i], estimate: scalar[i], low: low[i], high: high[i] });
        });
        byId("ae-meaning").textContent = "Members: " + chosen.member_names + ". ATOP number " + chosen.atopid + ".";
        A.chart(byId("ae-chart"), A.runs(rows), ["leader’s share", "profile of asymmetry"]);
        A.table(byId("ae-table"), chosen.name, ["year", "members", "leader", "leader’s share", "first to second", "profile", "range of the profile"],
          years.map((year, i) => [year, n[i], leader[i] === null ? "" : linkTo(leader[i]), { text: two(share[i]), value: share[i] },
            { text: two(ratio[i]), value: ratio[i] }, { text: two(scalar[i]), value: scalar[i] }, interval(low[i], high[i])]).filter((row) => keep(row[0])),
          "alliance_" + select.value);
      }
      select.addEventListener("change", limits);
      form.addEventListener("change", draw);
      form.addEventListener("submit", (event) => event.preventDefault());
      limits();
      draw();
      A.table(byId("ae-list"), "Alliances with a promise of defence or offence",
        ["alliance", "ATOP", "from", "to", "members at most", "leader", "its share", "first to second", "measured in"],
        data.list.map((a) => [{ text: a.name, href: "#" + a.atopid }, a.atopid, a.year_from, a.is_in_force ? a.year_to + " (in force)" : a.year_to, a.n_members_most,
          a.leader_ccode === null ? "" : linkTo(a.leader_ccode), { text: two(a.leader_share), value: a.leader_share },
          { text: two(a.ratio), value: a.ratio }, a.year_measured]), "alliances");
      window.addEventListener("hashchange", () => {
        choose(select, remembered()[0]);
        limits();
        draw();
        select.focus();
      });
    });
  }

  function networkExplorer() {
    const form = byId("network-explorer");
    if (!form) return;
    const region = byId("ne-region"), year = byId("ne-year"), hub = byId("ne-hub"), svg = byId("network");
    A.load("data/network.js", "network").then((data) => {
      const measures = asRows(data.measures);
      year.append(...data.years.map((y) => A.element("option", { value: y }, y)));
      year.value = String(data.years[data.years.length - 1]);
      const [a, b, c] = remembered();
      choose(region, a);
      choose(year, b);
      choose(hub, c);
      const make = (name, attributes) => {
        const element = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
        return element;
      };
      function draw() {
        remember(region.value, year.value, hub.value);
        const regions = data.regions[year.value] || {};
        const middle = hub.value;
        const inside = (code) => code === middle || region.value === "all" || regions[code] === region.value;
        const ties = data.ties[year.value].map((pair) => pair.map(String))
          .filter((pair) => pair.every((code) => code in regions && inside(code)));
        const tied = new Set(ties.flat());
        const ring = Object.keys(regions).filter((code) => code !== middle && inside(code) && tied.has(code))
          .sort((x, y) => (regions[x] < regions[y] ? -1 : regions[x] > regions[y] ? 1 : x - y));
        const spots = { [middle]: [320, 320] };
        ring.forEach((code, i) => {
          const angle = (2 * Math.PI * i) / ring.length - Math.PI / 2;
          spots[code] = [320 + 255 * Math.cos(angle), 320 + 255 * Math.sin(angle)];
        });
        const parts = ties.map(([one, other]) => {
          const spoke = one === middle || other === middle;
          return [spoke, make("line", { x1: spots[one][0].toFixed(1), y1: spots[one][1].toFixed(1),
            x2: spots[other][0].toFixed(1), y2: spots[other][1].toFixed(1), class: spoke ? "spoke" : "tie" })];
        }).sort((x, y) => x[0] - y[0]).map((pair) => pair[1]);
        ring.forEach((code, i) => {
          const [x, y] = spots[code];
          parts.push(make("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: ring.length > 60 ? 3 : 5, class: "state" }));
          const degrees = (360 * i) / ring.length - 90, flip = degrees > 90 && degrees < 270;
          const label = make("text", { "text-anchor": flip ? "end" : "start", "font-size": ring.length > 70 ? 8 : 12,
            transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${(flip ? degrees + 180 : degrees).toFixed(1)}) translate(${flip ? -9 : 9} 4)` });
          label.textContent = stateOf(code)[0];
          const title = make("title", {});
          title.textContent = stateOf(code)[1];
          label.append(title);
          parts.push(label);
        });
        if (middle in regions) {
          parts.push(make("circle", { cx: 320, cy: 320, r: 11, class: "hub" }));
          const label = make("text", { x: 320, y: 344, "text-anchor": "middle", class: "hub-name" });
          label.textContent = stateOf(middle)[0];
          parts.push(label);
        }
        svg.replaceChildren(...parts);
        const spokes = ties.filter((pair) => pair.includes(middle)).length;
        const said = `${region.selectedOptions[0].textContent}, ${year.value}: ${ties.length} promises between pairs of states, of which ${spokes} with ${stateOf(middle)[1]}.`;
        byId("ne-meaning").textContent = said;
        svg.setAttribute("aria-label", "Network of defence promises in " + said);
        A.table(byId("ne-ties"), "Promises of defence", ["one state", "other state"],
          ties.map((pair) => pair.map((code) => linkTo(code))), "network_" + region.value + "_" + year.value);
        const own = measures.filter((m) => m.graph === region.value && m.ccode_hub === Number(middle));
        const names = { spoke_density: "density among its partners", degree_centralization: "degree centralisation" };
        const rows = Object.entries(names).flatMap(([column, name]) => own.filter((m) => m[column] !== null)
          .map((m) => ({ series: name, year: m.year, n: m.n_states, estimate: m[column], low: null, high: null })));
        A.chart(byId("ne-chart"), A.runs(rows), Object.values(names));
        A.table(byId("ne-table"), "Measures", ["year", "states", "ties", "of the hub", "density among its partners", "degree centralisation", "hubness"],
          own.map((m) => [m.year, m.n_states, m.n_ties, m.degree_hub, { text: three(m.spoke_density), value: m.spoke_density },
            { text: three(m.degree_centralization), value: m.degree_centralization }, { text: three(m.hubness), value: m.hubness }]),
          "measures_" + region.value + "_" + middle);
      }
      form.addEventListener("change", draw);
      form.addEventListener("submit", (event) => event.preventDefault());
      draw();
    });
  }

  function claimTests() {
    const roles = { primary: "primary", falsifier: "falsifier", placebo: "placebo", descriptive: "descriptive", grid: "variant" };
    document.querySelectorAll("details.tests").forEach((details) => {
      details.addEventListener("toggle", async () => {
        if (!details.open || details.dataset.done) return;
        details.dataset.done = "yes";
        const tests = asRows(await A.load("data/tests.js", "tests")).filter((t) => t.claim === details.dataset.claim);
        const primary = tests.find((t) => t.role === "primary");
        const curve = tests.filter((t) => t.estimate !== null && t.is_distinct && t.estimand === primary.estimand)
          .sort((x, y) => x.estimate - y.estimate || (x.specification < y.specification ? -1 : 1))
          .map((t, place) => ({ place: place, label: t.estimator + ": " + t.specification, estimate: t.estimate, low: t.ci_low,
            high: t.ci_high, n: t.n, series: t.role === "primary" ? "primary" : t.is_as_expected ? "agrees" : t.excludes_zero ? "contradicts" : "cannot tell" }));
        A.chart(details.querySelector(".chart"), curve, ["primary", "contradicts", "agrees", "cannot tell"]);
        A.table(details.querySelector(".target"), "Tests of " + details.dataset.claim,
          ["test", "estimator", "specification", "estimate", "95 % interval", "p", "n"],
          tests.map((t) => [roles[t.role], t.estimator.replace(/_/g, " "), t.specification.replace(/_/g, " "),
            t.estimate === null ? { text: (t.null_reason || "").replace(/_/g, " ") } : { text: three(t.estimate), value: t.estimate },
            t.ci_low === null ? "" : three(t.ci_low) + " to " + three(t.ci_high), t.p_value === null ? "" : { text: t.p_value < 0.001 ? "< .001" : three(t.p_value), value: t.p_value }, t.n]),
          "tests_" + details.dataset.claim);
      });
    });
    const open = () => {
      const found = location.hash && document.getElementById(location.hash.slice(1));
      if (found) found.scrollIntoView();
    };
    if (document.querySelector("details.tests")) open();
  }

  document.addEventListener("DOMContentLoaded", () => {
    finder();
    stateExplorer();
    countryExplorer();
    leaderExplorer();
    periodExplorer();
    mapExplorer();
    allianceExplorer();
    networkExplorer();
    claimTests();
  });
})();
