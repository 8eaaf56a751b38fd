"""What an argument's data say, or why they cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from transforms.metrics.claims.cell_tables import DECIMALS
from transforms.metrics.claims.estimate import p_from_interval
from transforms.metrics.claims.leaders import MIN_ALLIES, MIN_CLUSTERS, MIN_ROLL_CALLS
from transforms.metrics.claims.replications import REASONS
from transforms.metrics.legitimation.gap_results import FEWEST_SWITCHERS

FIGURES = ("estimate", "std_error", "ci_low", "ci_high", "p_value")
NOTHING_LEFT = "nothing is left to estimate from with these choices"
_OF_NOTHING = ("unit_not_in_source", "capability_missing")
"""Reasons that a function gives where it has no row; here choices may have left none."""


@dataclass(frozen=True)
class Counts:
    """What an estimate rests on; None: of no meaning for the claim.

    Attributes:
        rows: Units with an outcome and a known status.
        states: States among them.
        allies: States that are allies in a row.
        waves: Days of entry (or other clusters) of the allies.
        switchers: States that are allies in some rows and not in others.
        roll_calls: Roll calls of the class, at most for any state.
        sessions: First and last session with a row; None without one.
        alliances: Alliances among the rows.
        clusters: Clusters of the error where they are no waves: leaders, alliances or states.
        supporters: States that gave support.
        years: First and last year with a row.
    """

    rows: int
    states: int | None = None
    allies: int | None = None
    waves: int | None = None
    switchers: int | None = None
    roll_calls: int | None = None
    sessions: tuple[int, int] | None = None
    alliances: int | None = None
    clusters: int | None = None
    supporters: int | None = None
    years: tuple[int, int] | None = None


@dataclass(frozen=True)
class Answer:
    """The estimate.

    Attributes:
        figures: estimate, std_error, ci_low, ci_high, p_value; None where it cannot be said.
        counts: What it rests on.
        inference: Where its interval comes from.
        cannot_say: Why there is no estimate; empty where there is one.
    """

    figures: Mapping[str, float | None]
    counts: Counts
    inference: str
    cannot_say: str = ""


def answer_of(
    row: Mapping[str, Any],
    counts: Counts,
    *,
    needs_switchers: bool,
    classes: str,
    needs_others: bool = True,
) -> Answer:
    """An estimate, unless too little stands behind it.

    Args:
        row: Figures of a table of estimates, and its inference.
        counts: What they rest on.
        needs_switchers: Whether only states that change their status identify it.
        classes: Which votes every row needs, for the message.
        needs_others: Whether allies are compared with states that are none.
    """
    reasons = _too_few(counts, needs_switchers=needs_switchers)
    if needs_others and counts.rows and counts.allies == counts.states:
        reasons.append("every state is an ally, and none is left to compare with")
    if counts.rows == 0:
        reasons = [f"no state-session in the window has {classes}"]
    elif not reasons and row.get("estimate") is None:
        reasons = [
            "the effects of the design explain who is an ally, and nothing is left to compare"
        ]
    elif not reasons and row.get("ci_low") is None:
        reasons = ["too few states change their status for an interval"]
    return _answer(row, counts, "; ".join(reasons))


def answer_as_published(
    row: Mapping[str, Any], counts: Counts, *, is_rounded: bool = False
) -> Answer:
    """An estimate of a function that says itself when too little stands behind it.

    Args:
        row: Figures, inference, n, and `null_reason` where there is no estimate.
        counts: What they rest on.
        is_rounded: Whether the build publishes them to `DECIMALS`.
    """
    if reason := row.get("null_reason"):
        is_empty = reason in _OF_NOTHING and not counts.rows
        return _answer({}, counts, NOTHING_LEFT if is_empty else REASONS[reason])
    if row.get("estimate") is None or row.get("ci_low") is None:
        return _answer({}, counts, REASONS["n_below_min"])
    if counts.allies is not None and counts.allies < MIN_ALLIES:
        few = f"allies in what is compared: {counts.allies} (at least {MIN_ALLIES})"
        return _answer({}, counts, few)
    figures = {name: row.get(name) for name in FIGURES}
    if figures["p_value"] is None:
        figures["p_value"] = p_from_interval(row["estimate"], row["ci_low"], row["ci_high"])
    if is_rounded:
        exact = pl.Series(list(figures.values()), dtype=pl.Float64)
        figures = dict(zip(FIGURES, exact.round(DECIMALS).to_list(), strict=True))
    return _answer({**row, **figures}, counts, "")


def _answer(row: Mapping[str, Any], counts: Counts, cannot_say: str) -> Answer:
    if cannot_say:
        return Answer(dict.fromkeys(FIGURES), counts, "none", cannot_say)
    figures = {name: row.get(name) for name in FIGURES}
    counts = replace(counts, rows=int(row.get("n") or counts.rows))
    return Answer(figures, counts, str(row["inference"]))


def _too_few(counts: Counts, *, needs_switchers: bool) -> list[str]:
    least = [
        (counts.allies, MIN_ALLIES, "allies with votes"),
        (counts.waves, MIN_CLUSTERS, "clusters of allies"),
        (counts.roll_calls, MIN_ROLL_CALLS, "roll calls of the class in the window"),
    ]
    if needs_switchers:
        least.append((counts.switchers, FEWEST_SWITCHERS, "states that change their status"))
    return [f"{what}: {n} (at least {few})" for n, few, what in least if n is not None and n < few]
