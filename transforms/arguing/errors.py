"""What is refused, and what is known instead."""

from collections.abc import Iterable
from difflib import get_close_matches


class ArgumentError(ValueError):
    """It cannot be argued like that; the message says why, and what can be."""


def known_word(key: str, value: str, known: Iterable[str]) -> str:
    """A value that has to be one of some words.

    Args:
        key: The choice.
        value: What was asked for.
        known: All that there are.

    Raises:
        ArgumentError: It is none of them.
    """
    words = list(known)
    if value in words:
        return value
    raise ArgumentError(f"{key}={value}: not known{nearest(value, words)}. {listed(key, words)}.")


def listed(what: str, words: Iterable[str]) -> str:
    """All known values in a sentence."""
    return f"Known for {what}: {', '.join(words)}"


def nearest(word: str, words: Iterable[str]) -> str:
    """A question after what was perhaps meant; empty where nothing is near."""
    by_lower = {known.lower(): known for known in words}
    found = get_close_matches(word.lower(), list(by_lower), n=1)
    return f" (did you mean {by_lower[found[0]]}?)" if found else ""
