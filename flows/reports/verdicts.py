"""Verdicts, intervals and p-values in words."""

from typing import Any

import polars as pl


def interval(estimate: float | None, low: float | None, high: float | None) -> str:
    """An estimate with its interval, three digits; an empty text for what is missing."""
    if low is None or high is None:
        return "" if estimate is None else f"{estimate:+.3f}"
    ends = f"[{low:+.3f}, {high:+.3f}]"
    return ends if estimate is None else f"{estimate:+.3f} {ends}"


def in_order(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Verdicts in the order of their claims: C2a, C2b, …, C9, C10."""
    number = pl.col("claim").str.extract(r"^C(\d+)").cast(pl.Int32)
    return verdicts.sort("edition", number, "claim", descending=[True, False, False])


def state_of(verdict: dict[str, Any], sentence: str) -> str:
    """Whether a falsifier fires, in words.

    Args:
        verdict: A row of metrics.claim_verdict.
        sentence: The falsifier.
    """
    states = (words for column, words in _STATES.items() if sentence in sentences(verdict, column))
    return next(states, "does not hold")


def sentences(verdict: dict[str, Any], column: str) -> list[str]:
    """The falsifiers that a column of a verdict lists; none where an older build lacks it."""
    return str(found).split(" | ") if (found := verdict.get(column)) else []


def p_value(value: float | None) -> str:
    """A p-value with three digits, or `<.001`: no p-value is 0."""
    if value is None:
        return ""
    return "<.001" if value < 0.001 else f"{value:.3f}"


_STATES = {
    "falsifiers_fired": "fires",
    "falsifiers_weakening": "holds, and weakens it",
    "falsifiers_not_testable": "could not be evaluated",
}
