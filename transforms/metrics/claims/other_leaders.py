"""Reads a file of claims as it is of another leader than its first.

Claims are written of the first leader. Of another one, a test is kept where one of its values is
`each`, which stands for the leader, and falsifiers and weakening conditions are kept where a test
that they read is. Texts and names of tests that name the first leader name the other one.
"""

from collections.abc import Mapping
from typing import Any

EACH = "each"


def of_leader(raw: Mapping[str, Any], first: int, leader: int) -> dict[str, Any]:
    """The file's content as it is of a leader.

    Args:
        raw: The file's content.
        first: The leader that its texts name.
        leader: Another one.

    Returns:
        The same, with a `reason` in claims that are judged once: only their primary test is left.
    """
    names, labels = raw["names"], raw["labels"]["leader"]
    words = [
        (_capital(names[first]), _capital(names[leader])),
        (names[first], names[leader]),
        (labels[first], labels[leader]),
    ]
    claims = {name: _claim(entry, words) for name, entry in raw["claims"].items()}
    return {**raw, "claims": claims}


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _claim(entry: Mapping[str, Any], words: list[tuple[str, str]]) -> dict[str, Any]:
    if reason := entry.get("judged_once"):
        primary = [block for block in entry["tests"] if block["role"] == "primary"]
        return {**entry, "tests": primary, "falsifiers": [], "weakening": [], "reason": reason}
    tests = [block for block in entry["tests"] if EACH in block["each"].values()]
    kept = {
        "statement": entry["statement"],
        "reading": entry["reading"],
        "falsifiers": entry.get("falsifiers", []),
        "weakening": entry.get("weakening", []),
    }
    # what a verdict has to say of its errors was measured on the ties of the first leader
    own = {"tests": tests, "caution": "", "of_other_leader": True}
    return {**entry, **_reworded(kept, words), **own}


def _reworded(value: Any, words: list[tuple[str, str]]) -> Any:
    """The same with every text reworded."""
    if isinstance(value, str):
        for old, new in words:
            value = value.replace(old, new)
        return value
    if isinstance(value, Mapping):
        return {key: _reworded(part, words) for key, part in value.items()}
    return [_reworded(part, words) for part in value] if isinstance(value, list) else value
