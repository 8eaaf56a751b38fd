"""Windows of years or sessions."""

import re

from transforms.arguing.errors import ArgumentError
from transforms.rollcall_matrix import SESSION_OFFSET

ALL = "all"
_RANGE = re.compile(r"\s*(\d{1,4})\s*(?:-|–|to|:)\s*(\d{1,4})\s*")


def window_of(years: str, sessions: str, known: tuple[int, int]) -> tuple[int, int]:
    """First and last session.

    Args:
        years: A range of years (1991-2010), or all.
        sessions: A range of sessions (46-65), or all.
        known: First and last session with roll calls in the build.

    Returns:
        Both, within the known ones.

    Raises:
        ArgumentError: It is no range, ends before it begins, or reaches beyond the votes.
    """
    key, text, offset = ("sessions", sessions, 0)
    if years != ALL:
        key, text, offset = ("years", years, SESSION_OFFSET)
    if text == ALL:
        return known
    first, last = (session + offset for session in known)
    there_are = f"The build has votes of {key} {first}-{last}"
    found = _RANGE.fullmatch(text)
    if found is None:
        raise ArgumentError(f"{key}={text}: no range. Write {key}={first}-{last}. {there_are}.")
    low, high = int(found[1]), int(found[2])
    if low > high:
        raise ArgumentError(f"{key}={text}: it ends before it begins. {there_are}.")
    if low < first or high > last:
        raise ArgumentError(f"{key}={text}: there are no votes in part of it. {there_are}.")
    return low - offset, high - offset
