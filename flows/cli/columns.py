"""How wide the columns of a table are on a terminal: no number or id is broken or loses its end."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text

from expectations.shown_text import inert

_LONGEST_WHOLE = 32
"""Characters of a word that is kept whole: an id, a date, a name; not an address or a path."""
_LEAST_OF_PROSE = 12
_LEAST_OF_HEADING = 12


class Column(NamedTuple):
    """A column that is to be printed.

    Attributes:
        heading: Its name, which may be broken.
        cells: What stands in it.
        numeric: Whether these are numbers, whatever their length.
        prose: Whether these are sentences, in which long words may be broken.
    """

    heading: str
    cells: Sequence[str | Text]
    numeric: bool
    prose: bool


def widths_of(columns: Sequence[Column], room: int) -> list[int] | None:
    """The widths with which a table fits.

    Args:
        columns: Its columns.
        room: Characters of a line that cells may take.

    Returns:
        Widths that add up to `room` at the most; None where the table does not fit.
    """
    widths = [max(map(_width, (c.heading, *c.cells))) for c in columns]
    least = [_least(column) for column in columns]
    if sum(least) > room:
        return None
    while (excess := sum(widths) - room) > 0:
        # the widest of those that can gives way, down to the next one
        slack = {i: w for i, w in enumerate(widths) if w > least[i]}
        place = max(slack, key=lambda i: slack[i])
        lower = max((w for w in slack.values() if w < widths[place]), default=0)
        widths[place] = max(lower, least[place], widths[place] - excess)
    return widths


def _least(column: Column) -> int:
    heading = min(_LEAST_OF_HEADING, _width(column.heading))
    if column.numeric:
        return max(heading, *map(_width, column.cells))
    most = _LEAST_OF_PROSE if column.prose else _LONGEST_WHOLE
    return max(heading, min(most, max(map(_widest_word, column.cells), default=0)))


def _width(cell: str | Text) -> int:
    return max(map(cell_len, inert(str(cell)).splitlines()), default=0)


def _widest_word(cell: str | Text) -> int:
    return max(map(cell_len, inert(str(cell)).split()), default=0)
