"""The pictures of docs/calibration.md, drawn by Altair and saved as SVG by vl-convert."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from transforms.calibration.performance import NOMINAL_COVERAGE, NOMINAL_FALSE_SUPPORT

WIDTH, HEIGHT = 640, 320
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#7F7F7F"


def save_false_support(support: pl.DataFrame, path: Path) -> None:
    """Share of worlds without the effect in which each claim is supported."""
    rows = support.filter(~pl.col("is_true")).with_columns(
        label=pl.col("claim") + ", " + pl.col("scenario")
    )
    _save(
        _dots(rows, "share of worlds in which the claim is supported", NOMINAL_FALSE_SUPPORT),
        "How often a verdict supports what is not so",
        "Worlds without the effect; bars are Wilson's 95 % intervals, the line is the nominal 5 %.",
        path,
    )


def save_coverage(coverage: pl.DataFrame, path: Path) -> None:
    """Share of the primary estimators' intervals that hold the truth."""
    rows = coverage.with_columns(label=pl.col("claim") + ", " + pl.col("scenario"))
    _save(
        _dots(rows, "share of the intervals that hold the truth", NOMINAL_COVERAGE),
        "How often 95 % intervals hold the truth",
        "Primary specification of each claim where its truth is known; bars are Wilson's 95 %"
        " intervals, the line is the nominal 95 %.",
        path,
    )


def save_power(support: pl.DataFrame, path: Path) -> None:
    """Share of worlds in which a true claim is supported, by size of the effect."""
    import altair as alt

    plain = (pl.col("kind") == "present") & (pl.col("variant") == "")
    absent = pl.col("kind") == "absent"
    rows = support.filter((plain & pl.col("is_true")) | absent)
    base = alt.Chart(
        alt.InlineData(values=rows.select("claim", "size", "share", "low", "high").to_dicts())
    )
    x = alt.X("size:Q", title="size of the effect (units in the table)")
    y = alt.Y("share:Q", title="supported", scale=alt.Scale(domain=[0, 1]))
    layers = alt.layer(
        base.mark_line(color=BLUE, point=True).encode(x=x, y=y),
        base.mark_rule(color=BLUE).encode(
            x=x, y=alt.Y("low:Q", title="supported"), y2=alt.Y2("high:Q")
        ),
    ).properties(width=170, height=120)
    chart = layers.facet(facet=alt.Facet("claim:N", title=None), columns=4).resolve_scale(
        x="independent"
    )
    _save(
        chart,
        "How often a verdict supports what is so",
        "By size of the effect, from none; bars are Wilson's 95 % intervals.",
        path,
    )


def _dots(rows: pl.DataFrame, title: str, nominal: float) -> Any:
    import altair as alt

    order = rows["label"].to_list()
    values = rows.select("label", "share", "low", "high").to_dicts()
    base = alt.Chart(alt.InlineData(values=values))
    y = alt.Y("label:N", sort=order, title=None)
    scale = alt.Scale(domain=[0, 1])
    line = alt.Chart(alt.InlineData(values=[{"nominal": nominal}])).mark_rule(
        color=ORANGE, strokeDash=[4, 3]
    )
    return alt.layer(
        line.encode(x=alt.X("nominal:Q", scale=scale)),
        base.mark_rule(color=GREY).encode(
            y=y, x=alt.X("low:Q", title=title, scale=scale), x2=alt.X2("high:Q")
        ),
        base.mark_point(color=BLUE, filled=True, size=45).encode(
            y=y, x=alt.X("share:Q", title=title, scale=scale)
        ),
    ).properties(width=WIDTH - 200, height=alt.Step(17))


def _save(chart: Any, title: str, subtitle: str, path: Path) -> None:
    import vl_convert

    about = {"text": title, "subtitle": subtitle, "anchor": "start", "fontSize": 15, "offset": 12}
    styled = (
        chart.properties(title=about)
        .configure(font="Helvetica, Arial, sans-serif", padding=12, background="white")
        .configure_view(strokeWidth=0)
        .configure_axis(gridColor="#E6E6E6", titleFontWeight="normal", labelLimit=260)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(vl_convert.vegalite_to_svg(json.dumps(styled.to_dict())), "utf-8")
