"""Arguments that a class has made, next to each other: a page with a chart."""

from collections.abc import Sequence

import polars as pl

from flows.home.arguments import Argument
from flows.reports.argument_page import NO_VERDICT, PICTURE, changes_in_words
from flows.reports.verdicts import interval
from warehouse.report.charts import SIMULATED, dots_with_intervals, finished, svg_of

_GROUPS = {"published": "orange", "argument": "green"}


def arguments_page(arguments: Sequence[Argument], folder: str) -> tuple[str, str | None]:
    """The page, and its chart.

    Args:
        arguments: Arguments, by claim and time.
        folder: Folder of the chart, relative to the page.

    Returns:
        Markdown, and the SVG; None where no argument has an interval.
    """
    lines = ["# Arguments\n"]
    if any(one.is_simulated for one in arguments):
        lines.append(f"**{SIMULATED}.**\n")
    lines += [f"{NO_VERDICT}\n", "| claim | changed | argument | published |", "|---|---|---|---|"]
    lines += [_line(one) for one in arguments]
    svg = _chart(arguments)
    if svg:
        lines.append(f"\n![Estimates with their intervals]({folder}/{PICTURE})")
    return "\n".join([*lines, ""]), svg


def _line(one: Argument) -> str:
    own, published = one.answer, one.published
    figures = [interval(a["estimate"], a["ci_low"], a["ci_high"]) for a in (own, published)]
    said = figures[0] or f"cannot say: {own['cannot_say']}"
    return f"| {one.claim} | {changes_in_words(one)} | {said} | {figures[1] or 'none'} |"


def _chart(arguments: Sequence[Argument]) -> str | None:
    rows = []
    seen = set()
    for one in arguments:
        figures = [("argument", f"{one.claim}: {changes_in_words(one)}", one.answer)]
        if (one.claim, one.build_id) not in seen:
            figures.insert(0, ("published", f"{one.claim}: published primary", one.published))
            seen.add((one.claim, one.build_id))
        rows += [
            (label, series, found["estimate"], found["ci_low"], found["ci_high"])
            for series, label, found in figures
            if found["estimate"] is not None and found["ci_low"] is not None
        ]
    if not rows:
        return None
    frame = pl.DataFrame(rows, schema=["label", "series", "estimate", "low", "high"], orient="row")
    drawn = dots_with_intervals(frame, x_title="estimate", groups=_GROUPS)
    specification = finished(
        drawn,
        "Arguments next to the published primary",
        "Estimates with unadjusted 95 % intervals, each on the scale of its claim.",
        "asymmetry argue --list of alliance-asymmetry",
        any(one.is_simulated for one in arguments),
    )
    return svg_of(specification)
