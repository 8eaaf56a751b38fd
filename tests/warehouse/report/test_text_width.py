import re

import pytest

from warehouse.report.charts import finished, lines_with_bands, svg_of
from warehouse.report.text_width import helvetica_width, hold_widths


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        # Adobe's metrics of Helvetica (AFM): A 667, i 222, m 833, space 278, figures 556
        ("A", 667),
        ("im", 1055),
        ("1990 A", 3169),
        ("Łódź", 2168),  # letters that are not known are as wide as most
    ],
)
def test_widths_are_those_of_helvetica(text, thousandths) -> None:
    assert helvetica_width(text, 10) == pytest.approx(thousandths / 100)


def test_every_line_of_text_says_how_long_it_is() -> None:
    svg = (
        '<text x="1" font-size="10px">Poland &amp; more</text>'
        '<text font-size="12px" font-weight="bold"><tspan>one</tspan><tspan>two</tspan></text>'
        '<text font-size="10px">5</text><text>unknown size</text>'
    )
    held = hold_widths(svg)
    lengths = [float(found) for found in re.findall(r'textLength="([\d.]+)"', held)]
    assert len(lengths) == 3
    assert lengths[0] == pytest.approx(helvetica_width("Poland & more", 10), abs=0.1)
    assert lengths[1] == pytest.approx(helvetica_width("one", 12, bold=True), abs=0.1)
    assert re.sub(r' textLength="[\d.]+" lengthAdjust="\w+"', "", held) == svg


def test_a_step_between_two_gaps_is_a_dot() -> None:
    import polars as pl

    rows = pl.DataFrame(
        {"year": [1950, 1951, 1955, 1960, 1961], "series": "one", "estimate": [0.1] * 5}
    )
    chart = lines_with_bands(rows, y_title="y", groups={"one": "blue"})
    svg = svg_of(finished(chart, "title", "subtitle", "source", False))
    dots = re.search(r'role-mark layer_1_marks".*?</g>', svg)
    assert dots
    assert dots[0].count("<path") == 1
