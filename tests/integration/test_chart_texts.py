"""Texts of charts neither touch nor leave the picture, in a browser with other fonts than theirs.

Debian's Chromium has DejaVu, which is an eighth wider than the Helvetica of the layout.
"""

from pathlib import Path

from tests.integration.browser import chromium
from tests.processes import asymmetry
from warehouse.db import read_published
from warehouse.report import alliance_figures, voting_figures
from warehouse.report.charts import Chart, svg_of

FOUND = """() => {
  const picture = document.querySelector('svg').getBoundingClientRect(), bad = [];
  const texts = [...document.querySelectorAll('svg text')].filter(t => t.textContent.trim())
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  texts.forEach(([text, a], i) => {
    if (a.left < picture.left - 1 || a.right > picture.right + 1) bad.push('leaves: ' + text);
    texts.slice(i + 1).forEach(([other, b]) => {
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width > 1 && height > 3) bad.push(text + ' touches ' + other);
    });
  });
  return bad;
}"""


def charts_of(warehouse: Path) -> dict[str, str]:
    """Name to SVG of every chart of the findings."""
    modules = (alliance_figures, voting_figures)
    charts = [c for module in modules for c in vars(module).values() if isinstance(c, Chart)]
    with read_published(warehouse) as connection:
        rows = {chart.name: connection.sql(chart.sql).pl() for chart in charts}
    return {
        chart.name: svg_of(chart.specification(rows[chart.name], True))
        for chart in charts
        if not rows[chart.name].is_empty()
    }


def test_no_text_touches_another_or_leaves_the_picture(sample_home, tmp_path) -> None:
    pictures = charts_of(sample_home.warehouse)
    assert len(pictures) > 8
    for verb, name in (("country", "Poland"), ("leader", "Russia"), ("alliance", "Rio treaty")):
        target = tmp_path / f"{verb}.svg"
        done = asymmetry(tmp_path / "home", verb, name, "--chart", str(target))
        assert done.returncode == 0, done.stderr
        pictures[verb] = target.read_text("utf-8")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        bad = {}
        for name, svg in pictures.items():
            page.set_content(f'<body style="margin:0">{svg}</body>')
            if found := page.evaluate(FOUND):
                bad[name] = found
    assert bad == {}
