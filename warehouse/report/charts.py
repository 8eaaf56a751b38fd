"""Charts of reports: a query and its drawing, in one style.

Altair (1 s) is imported when the first chart is drawn.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from warehouse.report.text_width import hold_widths

SIMULATED = "SIMULATED WORLD: says nothing about ours"
COLOURS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "yellow": "#E69F00",
    "grey": "#7F7F7F",
}
WIDTH, HEIGHT = 640, 300
FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"


Draw = Callable[[pl.DataFrame], Any]


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes:
        name: File name without its ending.
        sql: Query that gives its rows; also printed on the page.
        draw: Rows to an Altair chart.
        title: What is shown.
        subtitle: Units, period, intervals.
        source: Tables and datasets.
    """

    name: str
    sql: str
    draw: Draw
    title: str
    subtitle: str
    source: str

    def specification(self, rows: pl.DataFrame, simulated: bool) -> dict[str, Any]:
        """The Vega-Lite specification of the chart of these rows."""
        return finished(self.draw(rows), self.title, self.subtitle, self.source, simulated)


def line_chart(
    name: str, sql: str, *, title: str, subtitle: str, source: str, **drawn: Any
) -> Chart:
    """A chart of lines; `drawn` are the arguments of `lines_with_bands`."""
    return Chart(name, sql, partial(lines_with_bands, **drawn), title, subtitle, source)


def dot_chart(
    name: str, sql: str, *, title: str, subtitle: str, source: str, **drawn: Any
) -> Chart:
    """A chart of dots; `drawn` are the arguments of `dots_with_intervals`."""
    return Chart(name, sql, partial(dots_with_intervals, **drawn), title, subtitle, source)


def svg_of(specification: Mapping[str, Any]) -> str:
    """The SVG of a Vega-Lite specification, which holds with other fonts than its own."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(dict(specification))
    # the converter numbers clip paths per process; renumbered, the same chart is the same text
    names = dict.fromkeys(re.findall(r"clip\d+", svg))
    numbers = {name: f"clip{place}" for place, name in enumerate(names)}
    return hold_widths(re.sub(r"clip\d+", lambda found: numbers[found[0]], svg))


def _colour(column: str, names: Mapping[str, str], *, legend: bool) -> Any:
    import altair as alt

    colours = [COLOURS[colour] for colour in names.values()]
    scale = alt.Scale(domain=list(names), range=colours)
    # one series needs no legend: the title names it
    shown = alt.Legend() if legend and len(names) > 1 else None
    return alt.Color(f"{column}:N", scale=scale, sort=list(names), legend=shown)


def lines_with_bands(
    rows: pl.DataFrame,
    *,
    y_title: str,
    groups: Mapping[str, str],
    x: str = "year",
    x_title: str = "year",
    y_format: str = "%",
    top: float | None = None,
) -> Any:
    """Lines over x, one per group, with a band from `low` to `high` where rows have them.

    A line is interrupted where a step of x is missing.

    Args:
        rows: x, series, estimate and, for bands, low and high.
        y_title: Title of the vertical axis.
        groups: Series to name of a colour, in the order of the legend.
        x: Column of the horizontal axis, in whole numbers.
        x_title: Its title.
        y_format: Format of the vertical axis.
        top: Where the vertical axis ends, from 0.
    """
    import altair as alt

    scale = alt.Scale() if top is None else alt.Scale(domain=[0, top])
    base = alt.Chart(_with_runs(rows, x)).encode(
        x=alt.X(
            f"{x}:Q",
            title=x_title,
            scale=alt.Scale(nice=False, zero=False),
            axis=alt.Axis(format="d", grid=False, tickCount=10, labelFlush=False),
        ),
        detail="run:N",
    )
    line = base.mark_line(strokeWidth=2.2).encode(
        y=alt.Y("estimate:Q", title=y_title, scale=scale, axis=alt.Axis(format=y_format)),
        color=_colour("series", groups, legend=True),
    )
    # a step between two gaps is no line, but it is there
    alone = base.transform_joinaggregate(n_of_run="count()", groupby=["series", "run"])
    dot = (
        alone.transform_filter(alt.datum.n_of_run == 1)
        .mark_point(filled=True, size=28, opacity=1)
        .encode(
            y=alt.Y("estimate:Q", title=y_title, scale=scale),
            color=_colour("series", groups, legend=True),
        )
    )
    if "low" not in rows.columns:
        return alt.layer(line, dot).properties(width=WIDTH, height=HEIGHT)
    band = base.mark_area(opacity=0.18, clip=True).encode(
        y=alt.Y("low:Q", title=y_title, scale=scale),
        y2="high:Q",
        color=_colour("series", groups, legend=False),
    )
    return alt.layer(line, band, dot).properties(width=WIDTH, height=HEIGHT)


def _with_runs(rows: pl.DataFrame, x: str) -> pl.DataFrame:
    """Numbers the unbroken stretches of each series."""
    step = rows.select(pl.col(x).diff().over("series").min()).item() or 1
    is_break = (pl.col(x).diff().over("series") > step).fill_null(False)
    return rows.with_columns(is_break.cum_sum().over("series").cast(pl.String).alias("run"))


def dots_with_intervals(
    rows: pl.DataFrame,
    *,
    x_title: str,
    groups: Mapping[str, str],
    x_format: str = "",
    x_domain: tuple[float, float] | None = None,
    reference: float | None = 0,
) -> Any:
    """A row per label, with a dot and an interval per series, one below another.

    Args:
        rows: label, series, estimate, low and high, labels in order.
        x_title: Title of the horizontal axis.
        groups: Series to name of a colour, from top to bottom.
        x_format: Format of the horizontal axis.
        x_domain: Ends of the horizontal axis.
        reference: Value to mark with a dashed line, such as 0 for no effect; None for none.
    """
    import altair as alt

    labels = rows["label"].unique(maintain_order=True).to_list()
    axis = alt.Axis(grid=False, ticks=False, domain=False, labelPadding=8)
    scale = alt.Scale() if x_domain is None else alt.Scale(domain=list(x_domain))
    base = alt.Chart(rows).encode(
        y=alt.Y("label:N", title=None, sort=labels, axis=axis),
        yOffset=alt.YOffset("series:N", sort=list(groups)),
        color=_colour("series", groups, legend=True),
    )
    rule = base.mark_rule(strokeWidth=2.2).encode(
        x=alt.X(
            "low:Q",
            title=x_title,
            scale=scale,
            # every second label goes before two of them touch
            axis=alt.Axis(format=x_format, tickCount=7, labelOverlap=True, labelSeparation=8),
        ),
        x2="high:Q",
    )
    dot = base.mark_point(filled=True, size=70, opacity=1).encode(x="estimate:Q")
    layers = [rule, dot]
    if reference is not None:
        mark = alt.Chart(rows.head(1)).mark_rule(color="#333333", strokeDash=[4, 3])
        layers.insert(0, mark.encode(x=alt.datum(reference)))
    gap = 14 if len(groups) > 1 else 2
    height = len(labels) * (15 * len(groups) + gap)
    return alt.layer(*layers).properties(width=WIDTH - 100, height=height)


def finished(chart: Any, title: str, subtitle: str, source: str, simulated: bool) -> dict[str, Any]:
    """A chart with its texts, as a Vega-Lite specification.

    Args:
        chart: An Altair chart.
        title: What is shown.
        subtitle: Units, period, kind of interval.
        source: Tables and datasets.
        simulated: Whether to mark the figures as simulated.
    """
    lines = [SIMULATED] if simulated else []
    lines += [*_wrap(subtitle), *_wrap(f"Source: {source}.")]
    specification: dict[str, Any] = (
        chart.properties(
            title={
                "text": title,
                "subtitle": lines,
                "anchor": "start",
                "frame": "group",
                "offset": 14,
                "fontSize": 16,
                "subtitleFontSize": 11.5,
                "subtitleColor": "#B00020" if simulated else "#555555",
                "subtitlePadding": 5,
            }
        )
        .configure(font=FONT, padding=12, background="white")
        .configure_view(strokeWidth=0)
        .configure_axis(
            gridColor="#E6E6E6",
            domainColor="#999999",
            tickColor="#999999",
            labelFontSize=11.5,
            titleFontSize=12,
            titlePadding=8,
            titleFontWeight="normal",
            titleColor="#333333",
            labelColor="#333333",
            labelLimit=320,
        )
        .configure_legend(
            orient="top", title=None, labelFontSize=12, symbolStrokeWidth=3, labelLimit=300
        )
        .configure_header(labelFontSize=12, title=None)
        .to_dict()
    )
    return specification


def _wrap(text: str, width: int = 116) -> list[str]:
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
