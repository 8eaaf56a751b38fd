"""What an argument's data say, or why they cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from transforms.arguing.choices import (
    LEAST_ALLIES,
    LEAST_ROLL_CALLS,
    LEAST_SWITCHERS,
    LEAST_WAVES,
)

FIGURES = ("estimate", "std_error", "ci_low", "ci_high", "p_value")


@dataclass(frozen=True)
class Counts:
    """What an estimate rests on.

    Attributes:
        rows: Units with an outcome and a known status.
        states: States among them.
        allies: States that are allies in a row.
        waves: Days of entry (or other clusters) of the allies.
        switchers: States that are allies in some rows and not in others.
        roll_calls: Roll calls of the class, at most for any state.
        sessions: First and last session with a row; None without one.
    """

    rows: int
    states: int
    allies: int
    waves: int
    switchers: int
    roll_calls: int
    sessions: tuple[int, int] | None


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
    reasons = _too_few(counts, needs_switchers)
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
    if reasons:
        return Answer(dict.fromkeys(FIGURES), counts, "none", "; ".join(reasons))
    figures = {name: row.get(name) for name in FIGURES}
    counts = replace(counts, rows=int(row.get("n") or counts.rows))
    return Answer(figures, counts, str(row["inference"]))


def _too_few(counts: Counts, needs_switchers: bool) -> list[str]:
    least = [
        (counts.allies, LEAST_ALLIES, "allies with votes"),
        (counts.waves, LEAST_WAVES, "clusters of allies"),
        (counts.roll_calls, LEAST_ROLL_CALLS, "roll calls of the class in the window"),
    ]
    if needs_switchers:
        least.append((counts.switchers, LEAST_SWITCHERS, "states that change their status"))
    return [f"{what}: {n} (at least {few})" for n, few, what in least if n < few]
