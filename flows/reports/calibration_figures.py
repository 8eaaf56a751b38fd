"""The charts of docs/calibration.md, in the style of the findings' charts."""

from pathlib import Path
from typing import Any

import polars as pl

from transforms.calibration.performance import NOMINAL_COVERAGE, NOMINAL_FALSE_SUPPORT
from warehouse.report.charts import COLOURS, dots_with_intervals, finished, svg_of

_SOURCE = "simulated worlds with known truth (transforms/calibration)"


def save_false_support(support: pl.DataFrame, path: Path) -> None:
    """Share of worlds without the effect in which each claim is supported."""
    rows = support.filter(~pl.col("is_true"))
    _save(
        _dots(rows, "share of worlds in which the claim is supported", NOMINAL_FALSE_SUPPORT),
        "False support of claims",
        "Worlds without the effect. Intervals: Wilson's 95 %; the line is the nominal 5 %.",
        path,
    )


def save_coverage(coverage: pl.DataFrame, path: Path) -> None:
    """Share of the primary estimators' intervals that hold the truth."""
    _save(
        _dots(coverage, "share of the intervals that hold the truth", NOMINAL_COVERAGE),
        "Coverage of 95 % intervals",
        "Primary specification of each claim where its truth is known. Intervals: Wilson's 95 %;"
        " the line is the nominal 95 %.",
        path,
    )


def save_power(support: pl.DataFrame, path: Path) -> None:
    """Share of worlds in which a true claim is supported, by size of the effect."""
    import altair as alt

    plain = (pl.col("kind") == "present") & (pl.col("variant") == "")
    absent = pl.col("kind") == "absent"
    rows = support.filter((plain & pl.col("is_true")) | absent)
    named = rows.with_columns(rule=pl.format("{}, {}", "claim", "family"))
    base = alt.Chart(named.select("rule", "size", "share", "low", "high")).encode(
        x=alt.X("size:Q", title="size of the effect (units in the table)")
    )
    y = alt.Y("share:Q", title="supported", scale=alt.Scale(domain=[0, 1]))
    layers = alt.layer(
        base.mark_line(color=COLOURS["blue"], point=True).encode(y=y),
        base.mark_rule(color=COLOURS["blue"]).encode(y=alt.Y("low:Q"), y2="high:Q"),
    ).properties(width=170, height=120)
    chart = layers.facet(facet=alt.Facet("rule:N", title=None), columns=4).resolve_scale(
        x="independent"
    )
    _save(
        chart,
        "Power: share of worlds in which a true claim is supported",
        "By size of the effect, from none. Intervals: Wilson's 95 %.",
        path,
    )


def _dots(rows: pl.DataFrame, x_title: str, nominal: float) -> Any:
    shown = rows.select(
        pl.format("{}, {}, {}", "claim", "family", "scenario").alias("label"),
        pl.lit("share").alias("series"),
        pl.col("share").alias("estimate"),
        "low",
        "high",
    )
    return dots_with_intervals(
        shown, x_title=x_title, groups={"share": "blue"}, x_domain=(0, 1), reference=nominal
    )


def _save(chart: Any, title: str, subtitle: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(svg_of(finished(chart, title, subtitle, _SOURCE, simulated=False)), "utf-8")
