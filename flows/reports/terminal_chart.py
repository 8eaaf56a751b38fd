"""A small chart of agreement over the years, in characters."""

from collections.abc import Mapping

import polars as pl

_HEIGHT = 7
_MARKERS = ("braille", "x", "o")
_SIGNS = ("⠒⠒", "xx", "oo")
_YEARS = range(1950, 2040, 10)


def terminal_chart(series: Mapping[str, pl.DataFrame], width: int, *, colours: bool) -> str:
    """Lines over the years, broken where years are missing; an empty text without a line.

    Args:
        series: Name to rows of year and agreement, by year.
        width: Columns of the terminal.
        colours: Whether a terminal shows it, or a file or pipe.
    """
    known = {name: rows.drop_nulls("agreement") for name, rows in series.items()}
    known = {name: rows for name, rows in known.items() if rows.height > 1}
    if not known:
        return ""
    import plotext  # 0.2 s

    figure = plotext.figure
    figure.clear()
    figure.plot_size(width, _HEIGHT)
    figure.axes(False, side=1)
    for rows, marker in zip(known.values(), _MARKERS, strict=False):
        years = rows["year"].to_list()
        line = figure.signal(years, rows["agreement"].to_list(), marker=marker)
        line.lines(True)
        for place in range(1, len(years)):
            if years[place] - years[place - 1] > 2:
                line.line(place, False)
        figure.draw(line)
    first = min(rows["year"].to_list()[0] for rows in known.values())
    last = max(rows["year"].to_list()[-1] for rows in known.values())
    figure.ruler("x").lim(first, last)
    ticks = [year for year in _YEARS if first <= year <= last]
    figure.ruler("x").ticks(ticks, [str(year) for year in ticks])
    figure.ruler("y").lim(0, 1)
    figure.ruler("y").ticks([0, 0.5, 1], ["0", ".5", "1"])
    drawn = str(figure.build().string(colorless=not colours))
    legend = "   ".join(f"{sign} with {name}" for name, sign in zip(known, _SIGNS, strict=False))
    return "\n".join([*(line.rstrip() for line in drawn.splitlines()), f"   {legend}"])
