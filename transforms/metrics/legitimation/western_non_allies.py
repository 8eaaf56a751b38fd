"""Allies against Western states that were never allies: does it take an alliance?

g_is = δ_s + τ·Ally_is among the Western group at the United Nations, without effects of states,
since Austria, Finland, Ireland, Sweden and Switzerland never change. Allies count while their core
tie is in force. With five states on one side no clustered error is near its size: the five labels
are permuted over all states (`label_permutation`).

| sample | states |
|---|---|
| western | core allies of the group, and the five |
| western_wide | microstates, Malta, Israel and South Africa too, as never allied |
| all_allies | all core allies, and the five |
| western_with_changes | the group with all its rows, with effects of states |
| western_sessions_1_45, western_sessions_46_on | western, before and since 1991 |
"""

import numpy as np
import polars as pl

from transforms.inference.label_permutation import LabelEffect, label_effect
from transforms.metrics.legitimation.ally_designs import fixed_effects
from transforms.metrics.legitimation.gap_results import Cell, Results
from transforms.metrics.legitimation.gap_rows import LAST_OF_COLD_WAR, GapRows
from transforms.metrics.legitimation.panel import Bools

REGRESSOR = "western_ally"
NEVER_ALLY, OTHER = "never_ally", "other"


class WesternGroup:
    """Who is in which sample.

    Args:
        western_group: The hand-coded list (ccode, kind, from_session).
    """

    def __init__(self, western_group: pl.DataFrame) -> None:
        rows = western_group.select(
            pl.col("ccode").cast(pl.Int64), "kind", pl.col("from_session").cast(pl.Int64)
        )
        self._kind = {int(ccode): str(kind) for ccode, kind, _ in rows.iter_rows()}
        self._start = {int(ccode): int(first or 0) for ccode, _, first in rows.iter_rows()}

    def _of_kind(self, rows: GapRows, *kinds: str) -> Bools:
        is_of: Bools = np.array([self._kind.get(ccode) in kinds for ccode in rows.ccode.tolist()])
        return is_of.astype(bool)

    def samples(self, rows: GapRows) -> dict[str, GapRows]:
        """Sample to its rows."""
        started = np.array([self._start.get(ccode, 0) for ccode in rows.ccode.tolist()], np.int64)
        rows = rows.where(rows.session >= started)
        never = self._of_kind(rows, NEVER_ALLY) & ~rows.is_ally
        members = self._of_kind(rows, "state")
        base = never | (members & rows.is_ally)
        early = rows.session <= LAST_OF_COLD_WAR
        kept = {
            "western": base,
            "western_wide": base | (self._of_kind(rows, OTHER) & ~rows.is_ally),
            "all_allies": never | (rows.is_ally & ~self._of_kind(rows, NEVER_ALLY)),
            "western_with_changes": never | members,
            "western_sessions_1_45": base & early,
            "western_sessions_46_on": base & ~early,
        }
        return {name: rows.where(mask) for name, mask in kept.items()}


def between(rows: GapRows, seed: int) -> LabelEffect | None:
    """Allies minus others within sessions.

    Args:
        rows: State-sessions of a sample; no state is ally in some and not in others.
        seed: Seed of the draws where there are too many choices of labels.
    """
    ccodes, unit = np.unique(rows.ccode, return_inverse=True)
    if not len(ccodes):
        return None
    allies = np.unique(rows.ccode[rows.is_ally])
    return label_effect(
        outcome=rows.outcome,
        weights=rows.weights,
        unit=unit,
        period=np.unique(rows.session, return_inverse=True)[1],
        is_labelled=~np.isin(ccodes, allies),
        rng=np.random.default_rng(seed),
    )


def add_western(
    results: Results, rows: GapRows, group: WesternGroup, cell: tuple[str, str, str], seed: int
) -> None:
    """Adds the comparisons of one subset, class and scale.

    Args:
        results: Estimates so far.
        rows: Its state-sessions.
        group: The list.
        cell: Subset of votes, class of control votes, scale.
        seed: Of the draws.
    """
    for sample, part in group.samples(rows).items():
        if sample == "western_with_changes":
            effect = fixed_effects(part, "two_way")
            results.add(Cell(REGRESSOR, "two_way", *cell, sample), effect, part)
            continue
        found = between(part, seed)
        smaller = 0 if found is None else min(found.n_labelled, part.states() - found.n_labelled)
        results.add(Cell(REGRESSOR, "session", *cell, sample), found, part, smaller)
