"""Charts of profiles: one state, or the allies of a leader, over the years."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from warehouse.report.charts import finished, lines_with_bands

_COLOURS = ("blue", "orange")  # and grey for all others, the last


class NothingToDrawError(ValueError):
    """No session has a figure."""


def agreement_chart(
    series: Mapping[str, pl.DataFrame],
    *,
    leader: str,
    title: str,
    subtitle: str,
    source: str,
    simulated: bool,
) -> dict[str, Any]:
    """Agreement with a leader over the years: up to three lines with bands.

    Args:
        series: Name to rows of year, estimate, low and high; NULL leaves a gap.
        leader: The leader, in a sentence.
        title: What is shown.
        subtitle: Which votes, and what the bands are.
        source: Which build.
        simulated: Whether the world is made up.

    Returns:
        A Vega-Lite specification, with the data in it.

    Raises:
        NothingToDrawError: No line has a point.
    """
    columns = ["year", "estimate", "low", "high"]
    parts = [
        rows.select(columns).drop_nulls("estimate").with_columns(series=pl.lit(name))
        for name, rows in series.items()
    ]
    rows = pl.concat(parts, how="vertical_relaxed").sort("series", "year")
    if rows.is_empty():
        raise NothingToDrawError(f"There are no votes to draw: {title}.")
    drawn = lines_with_bands(
        rows,
        y_title=f"agreement with {leader}",
        groups={**dict(zip(series, _COLOURS, strict=False)), list(series)[-1]: "grey"},
        top=1.0,
        y_format=".1f",
    )
    return finished(drawn, title, subtitle, source, simulated)


def gaps_in_words(years: list[int]) -> str:
    """Years as runs: `1958, 1963–64`."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year - runs[-1][-1] == 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1] % 100:02}" if run[1:] else str(run[0]) for run in runs)


def written(specification: Mapping[str, Any], ending: str) -> bytes:
    """A chart as a file: SVG, PNG at twice the size, or a page that needs no network."""
    import vl_convert

    from warehouse.report.charts import svg_of

    if ending == ".svg":
        return svg_of(specification).encode()
    if ending == ".png":
        return bytes(vl_convert.vegalite_to_png(dict(specification), scale=2))
    return str(vl_convert.vegalite_to_html(dict(specification), bundle=True)).encode()
