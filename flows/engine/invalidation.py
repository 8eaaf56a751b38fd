"""Why a step would run: its ingredients now against those of an earlier result."""

from collections.abc import Mapping

_NAMES_SHOWN = 3
_WORDS = {
    "snapshot": "new bytes of {}",
    "row counts": "row_counts.csv has changed",
    "members": "other members of {} are read",
    "table": "{} changes",
    "list": "list {} has changed",
    "coverage": "the declared coverage of {} has changed",
    "user file": "user file {} has changed, or is no longer provided",
    "code": "code has changed: {}",
    "sql": "SQL of {} has changed",
    "rules": "rules have changed: {}",
    "contract": "contract of {} has changed",
    "wiring": "it is wired otherwise",
    "library": "other versions: {}",
    "other": "{} no longer counts",
}
"""Kind of ingredient to words, the most telling kind first."""


def reasons_to_run(now: Mapping[str, str], before: Mapping[str, str]) -> list[str]:
    """Says what has changed between two results of a step, one sentence per kind.

    Args:
        now: Ingredients of the planned step (`flows.engine.plan.PlannedStep`).
        before: Ingredients that were stored with an earlier result.

    Returns:
        Reasons, the most telling first; empty where nothing differs.
    """
    if not before:
        return ["its earlier result does not say what it was made of"]
    differing = [n for n in {**now, **before} if now.get(n) != before.get(n)]
    found: dict[str, list[str]] = {}
    for name in differing:
        kind, about = _split(name)
        if kind == "library":
            about = f"{about} {before.get(name, 'none')} → {now.get(name, 'none')}"
        found.setdefault(kind, []).append(about)
    return [words.format(_some(found[kind])) for kind, words in _WORDS.items() if kind in found]


def _split(name: str) -> tuple[str, str]:
    for kind in _WORDS:
        if name == kind or name.startswith(f"{kind} "):
            return kind, name[len(kind) + 1 :]
    return "other", name  # of a result that earlier code has left


def _some(names: list[str]) -> str:
    more = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
