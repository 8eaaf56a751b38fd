"""Estimates and scores as they are collected, and the two tables that they make."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from transforms.inference.label_permutation import LabelEffect
from transforms.inference.linear_estimate import Estimate
from transforms.inference.path_permutation import PermutedEffect
from transforms.inference.two_way_effects import Effect
from transforms.metrics.claims.leaders import MIN_ROLL_CALLS, too_few
from transforms.metrics.legitimation.gap_rows import GapRows

DECIMALS = 9
"""Decimals kept: coarser than what the order of summation can change."""

FEWEST_SWITCHERS = 3
"""States whose status differs, below which an error would promise too much."""

KEY = {
    "leader": pl.Int16,
    "regressor": pl.String,
    "design": pl.String,
    "vote_subset": pl.String,
    "control_class": pl.String,
    "scale": pl.String,
    "sample": pl.String,
    "wave_left_out": pl.String,
}
VALUES = {
    "estimate": pl.Float64,
    "std_error": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "p_value": pl.Float64,
    "n": pl.Int64,
    "n_states": pl.Int16,
    "n_clusters": pl.Int32,
    "n_switchers": pl.Int16,
    "inference": pl.String,
    "null_reason": pl.String,
}
Found = Effect | Estimate | PermutedEffect | LabelEffect | None


@dataclass(frozen=True)
class Cell:
    """What names an estimate, but for the leader."""

    regressor: str
    design: str
    vote_subset: str
    control_class: str
    scale: str
    sample: str = "all"
    wave_left_out: str = "none"


@dataclass
class Results:
    """Estimates of one leader.

    Attributes:
        leader: COW code.
        rows: Rows of the table of estimates.
        scores: Rows of the table of scores.
        n_roll_calls: Roll calls of the class that is being estimated.
    """

    leader: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    scores: list[pl.DataFrame] = field(default_factory=list)
    n_roll_calls: int = MIN_ROLL_CALLS

    def too_few(self, rows: GapRows) -> str | None:
        """Why the rows can say nothing of the leader, if so."""
        allies, waves = np.unique(rows.ccode[rows.is_ally]), np.unique(rows.cluster[rows.is_ally])
        return too_few(allies.tolist(), waves.tolist(), self.n_roll_calls)

    def add(self, cell: Cell, found: Found, rows: GapRows, n_switchers: int | None = None) -> None:
        """Adds one estimate, and its scores where it has some.

        Args:
            cell: What names it.
            found: The estimate; None where the design does not identify one.
            rows: State-sessions behind it.
            n_switchers: States that identify it; without it those whose status changes.
        """
        key = {"leader": self.leader, **vars(cell)}
        n_switchers = rows.switchers() if n_switchers is None else n_switchers
        row = {**key, "n_states": rows.states(), "n_switchers": n_switchers}
        if reason := self.too_few(rows):
            self.rows.append({**row, "null_reason": reason})
            return
        if found is None:
            self.rows.append({**row, "null_reason": "no_variation"})
            return
        row |= {"estimate": found.estimate, "n": getattr(found, "n", len(rows.ccode))}
        if n_switchers < FEWEST_SWITCHERS:
            self.rows.append({**row, "inference": "few_switchers"})
            return
        row |= {"std_error": found.std_error, "ci_low": found.ci_low, "ci_high": found.ci_high}
        row |= {"p_value": found.p_value, "inference": _inference(found)}
        if isinstance(found, Effect):
            row["n_clusters"] = len(found.clusters)
            self.scores.append(
                pl.DataFrame(
                    {
                        **{name: [key[name]] * len(found.scores) for name in KEY},
                        "cluster": found.clusters.astype(str),
                        "score": found.scores.round(DECIMALS),
                    },
                    schema_overrides=KEY,
                )
            )
        elif isinstance(found, Estimate):
            row["n_clusters"] = found.n_clusters
        self.rows.append(row)

    def tables(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The table of estimates and that of scores."""
        schema = {**KEY, **VALUES}
        empty = dict.fromkeys(schema)
        table = pl.DataFrame(
            [{**empty, "inference": "none", **row} for row in self.rows],
            schema=schema,
            orient="row",
        )
        floats = [name for name, kind in VALUES.items() if kind == pl.Float64]
        scores = pl.concat(self.scores) if self.scores else pl.DataFrame(schema=SCORES)
        return (
            table.with_columns(pl.col(floats).round(DECIMALS)).sort(list(KEY)),
            scores.sort([*KEY, "cluster"]),
        )


SCORES = {**KEY, "cluster": pl.String, "score": pl.Float64}


def _inference(found: Effect | Estimate | PermutedEffect | LabelEffect) -> str:
    if isinstance(found, PermutedEffect):
        return "path_permutation"
    if isinstance(found, LabelEffect):
        return "label_permutation" if found.is_exact else "label_draws"
    return "cluster_t"
