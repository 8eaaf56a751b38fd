"""The ranges of sessions over which the premium is estimated."""

from dataclasses import dataclass

LAST_OF_COLD_WAR = 45
"""Session 45 began in 1990; the year of session 46, 1991, is the first after it here."""


@dataclass(frozen=True)
class Window:
    """A range of sessions.

    Attributes:
        name: As in the column `window_name`.
        first: First session.
        last: Last session.
    """

    name: str
    first: int
    last: int


def windows(last_session: int) -> tuple[Window, ...]:
    """The ranges that overlap the data; open ranges end with the last session.

    Args:
        last_session: Last session in the data.
    """
    asked = (
        Window("whole", 1, last_session),
        Window("cold_war", 1, LAST_OF_COLD_WAR),
        Window("post_cold_war", LAST_OF_COLD_WAR + 1, last_session),
        Window("1991-2000", 46, 55),
        Window("2001-2008", 56, 63),
        Window("2009-2015", 64, 70),
        Window("1991-2017", 46, 72),
        Window("2001-2017", 56, 72),
    )
    found: dict[tuple[int, int], Window] = {}
    for window in asked:
        if window.first <= window.last:
            found.setdefault((window.first, window.last), window)
    return tuple(found.values())
