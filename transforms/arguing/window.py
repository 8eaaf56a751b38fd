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
    low, high = _inside(key, text, (first, last), "votes")
    return low - offset, high - offset


def years_of(years: str, known: tuple[int, int]) -> tuple[int, int]:
    """First and last year, of claims whose rows are years.

    Args:
        years: A range of years (1816-1913), or all.
        known: First and last year in the build.

    Raises:
        ArgumentError: It is no range, ends before it begins, or reaches beyond the data.
    """
    if years == ALL:
        return known
    return _inside("years", years, known, "data")


def range_of(key: str, text: str, known: tuple[int, int]) -> tuple[int, int]:
    """Both ends of a range, wherever they lie.

    Args:
        key: years or sessions.
        text: The range.
        known: First and last in the build, for the message.

    Raises:
        ArgumentError: It is no range, or ends before it begins.
    """
    return _read(key, text, known, "data")


def _inside(key: str, text: str, known: tuple[int, int], what: str) -> tuple[int, int]:
    low, high = _read(key, text, known, what)
    if low < known[0] or high > known[1]:
        there_are = f"The build has {what} of {key} {known[0]}-{known[1]}"
        raise ArgumentError(f"{key}={text}: there are no {what} in part of it. {there_are}.")
    return low, high


def _read(key: str, text: str, known: tuple[int, int], what: str) -> tuple[int, int]:
    there_are = f"The build has {what} of {key} {known[0]}-{known[1]}"
    found = _RANGE.fullmatch(text)
    if found is None:
        raise ArgumentError(
            f"{key}={text}: no range. Write {key}={known[0]}-{known[1]}. {there_are}."
        )
    low, high = int(found[1]), int(found[2])
    if low > high:
        raise ArgumentError(f"{key}={text}: it ends before it begins. {there_are}.")
    return low, high
