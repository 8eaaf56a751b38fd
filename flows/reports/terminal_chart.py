"""A small chart of agreement over the years, in characters.

Drawn here, since what it takes is less than what a library takes to be imported: plotext writes
its whole manual meanwhile, a third of the time that `asymmetry country` had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

_HEIGHT = 5
_LABELS = {0: " 1┤", _HEIGHT // 2: ".5┤", _HEIGHT - 1: " 0┤"}
_MARGIN = "  │"
_YEARS = range(1950, 2040, 10)
_LONGEST_STEP = 2
"""Years between two sessions that a line still joins."""
_BRAILLE = 0x2800
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a Braille character, by row and column of its dots."""


@dataclass(frozen=True)
class _Pen:
    """How a line is drawn.

    Attributes:
        letter: What marks a point; None for the dots of Braille characters.
        sign: What stands for it in the legend.
        colour: SGR code of its colour in a terminal.
    """

    letter: str | None
    sign: str
    colour: int

    @property
    def dots(self) -> tuple[int, int]:
        """Points of a character, across and down."""
        return (1, 1) if self.letter else (2, 4)


_PENS = (_Pen(None, "⠒⠒", 34), _Pen("x", "xx", 31), _Pen("o", "oo", 32))


def terminal_chart(series: Mapping[str, pl.DataFrame], width: int, *, colours: bool) -> str:
    """Lines over the years, broken where years are missing; an empty text without a line.

    Args:
        series: Name to rows of year and agreement, by year.
        width: Columns of the terminal.
        colours: Whether a terminal shows it, or a file or pipe.
    """
    lines = {
        name: list(rows.drop_nulls("agreement").select("year", "agreement").iter_rows())
        for name, rows in series.items()
    }
    lines = {name: points for name, points in lines.items() if len(points) > 1}
    if not lines:
        return ""
    first = min(points[0][0] for points in lines.values())
    last = max(points[-1][0] for points in lines.values())
    n_columns = width - len(_MARGIN)
    cells: dict[tuple[int, int], str] = {}
    for points, pen in zip(lines.values(), _PENS, strict=False):
        for place, mark in _drawn(points, pen, first, last, n_columns).items():
            cells[place] = f"\x1b[{pen.colour}m{mark}\x1b[0m" if colours else mark
    drawn = [
        _LABELS.get(row, _MARGIN)
        + "".join(cells.get((row, column), " ") for column in range(n_columns)).rstrip()
        for row in range(_HEIGHT)
    ]
    legend = "   ".join(f"{pen.sign} with {name}" for name, pen in zip(lines, _PENS, strict=False))
    return "\n".join([*drawn, *_axis(first, last, n_columns), f"   {legend}"])


def _drawn(
    points: Sequence[tuple[int, float]], pen: _Pen, first: int, last: int, n_columns: int
) -> dict[tuple[int, int], str]:
    """Row and column of each character of a line, to the character."""
    across, down = pen.dots
    placed = [
        (
            year,
            _place(year - first, last - first, n_columns * across),
            _place(1 - share, 1, _HEIGHT * down),
        )
        for year, share in points
    ]
    bits: dict[tuple[int, int], int] = {}
    for here, after in zip(placed, [*placed[1:], placed[-1]], strict=True):
        end = after if after[0] - here[0] <= _LONGEST_STEP else here
        for x, y in _between(*here[1:], *end[1:]):
            cell = (y // down, x // across)
            bits[cell] = bits.get(cell, 0) | _DOTS[y % down][x % across]
    return {cell: pen.letter or chr(_BRAILLE + found) for cell, found in bits.items()}


def _place(value: float, most: float, n_places: int) -> int:
    """Which of so many places a value from 0 to the most falls on."""
    return round(value / most * (n_places - 1))


def _between(x: int, y: int, x_after: int, y_after: int) -> Iterator[tuple[int, int]]:
    """The points of a straight line, its ends included."""
    n = max(abs(x_after - x), abs(y_after - y), 1)
    for i in range(n + 1):
        yield x + round((x_after - x) * i / n), y + round((y_after - y) * i / n)


def _axis(first: int, last: int, n_columns: int) -> Iterator[str]:
    """The line below the chart with its ticks, and the years below these."""
    ticks = {
        _place(year - first, last - first, n_columns): str(year)
        for year in _YEARS
        if first <= year <= last
    }
    yield "  └" + "".join("┬" if column in ticks else "─" for column in range(n_columns))
    years = ""
    for column, year in ticks.items():
        begins = min(len(_MARGIN) + column - len(year) // 2, len(_MARGIN) + n_columns - len(year))
        years = f"{years:<{begins}}{year}"
    yield years
