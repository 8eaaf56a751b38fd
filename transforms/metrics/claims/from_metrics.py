"""Reads published estimates of other metrics as findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.metrics.claims.estimate import Finding, p_from_interval
from transforms.rollcall_matrix import SESSION_OFFSET

Cell = Mapping[str, Any]

REASONS = {
    "unit_not_in_source",
    "out_of_coverage",
    "n_below_min",
    "no_variation",
    "capability_missing",
    "one_treaty",
    "few_allies",
    "few_clusters",
    "few_roll_calls",
}


@dataclass(frozen=True)
class Published:
    """Columns of a table's estimates.

    Attributes:
        n: Columns whose sum is the number of units.
        sessions: Columns of the first and the last session, where it has them.
        days: Columns of the first and the last day, where it has them.
        seed: Whether it has a column seed.
        score_table: Table with the score of each cluster, by the same key.
        bound: Column of the equivalence bound, where that is a rule on the data.
    """

    n: tuple[str, ...]
    sessions: tuple[str, str] | None = None
    days: tuple[str, str] | None = None
    seed: bool = True
    score_table: str | None = None
    bound: str | None = None


TABLES = {
    "legitimation_premium": Published(("n_allies", "n_others"), ("session_first", "session_last")),
    "legitimation_dose": Published(("n_states",), ("session_from", "session_to")),
    "legitimation_event_study": Published(("n_states", "n_others")),
    "coalition_model": Published(
        ("n",),
        days=("event_date", "event_date"),
        seed=False,
        score_table="coalition_model_score",
    ),
    "coalition_contrast": Published(("n",), days=("as_of", "as_of_other")),
    "alliance_duration": Published(("n",), seed=False, score_table="alliance_duration_score"),
    "asymmetric_rise": Published(("n",), seed=False, score_table="asymmetric_rise_score"),
    "written_balance": Published(("n",), seed=False, score_table="written_balance_score"),
    "burden_elasticity": Published(("n",), seed=False, score_table="burden_elasticity_score"),
    "spoke_contrast": Published(("n",), seed=False, score_table="spoke_contrast_score"),
    "coalition_unpopularity": Published(("n",), seed=False),
    "unwritten_allegiance": Published(("n",), seed=False),
    "exchange_under_threat": Published(
        ("n",), seed=False, score_table="exchange_under_threat_score"
    ),
    "support_returns": Published(("n",), seed=False, score_table="support_returns_score"),
    "triple_difference": Published(("n",), seed=False, score_table="triple_difference_score"),
    "predictability": Published(
        ("n",), seed=False, score_table="predictability_score", bound="equivalence_bound"
    ),
}


def published(
    cells: Sequence[Cell], table: str, frame: pl.DataFrame, scores: pl.DataFrame | None = None
) -> list[Finding]:
    """The rows of a table that the cells select.

    Args:
        cells: Values of key columns; dates as text.
        table: Name of the table, one of `TABLES`.
        frame: Its rows.
        scores: Rows of its score table, where it has one: its key, cluster, score.

    Returns:
        One finding per cell; unit_not_in_source where there is no such row, n_below_min where it
        has no interval.
    """
    keys = list(dict.fromkeys(key for cell in cells for key in cell))
    if not set(keys) <= set(frame.columns):
        return [Finding(null_reason="not_computed")] * len(cells)
    rows = _selected(cells, keys, frame)
    of_cell = _scores_of(_selected(cells, keys, scores)) if scores is not None else {}
    found: dict[int, Finding] = {}
    for row in rows.iter_rows(named=True):
        if row["at"] in found:
            raise ValueError(f"{table}: several rows for {cells[row['at']]}")
        found[row["at"]] = _finding(row, TABLES[table], of_cell.get(row["at"]))
    missing = Finding(null_reason="unit_not_in_source")
    return [found.get(place, missing) for place in range(len(cells))]


def _selected(cells: Sequence[Cell], keys: Sequence[str], frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that the cells select, each with `at`, the place of its cell."""
    text = [pl.col(key).cast(pl.String) for key in keys]
    wanted = pl.DataFrame(
        [
            {k: None if c.get(k) is None else str(c[k]) for k in keys} | {"at": i}
            for i, c in enumerate(cells)
        ],
        schema={**dict.fromkeys(keys, pl.String), "at": pl.Int64},
    )
    return frame.with_columns(text).join(wanted, on=list(keys), how="inner", validate="m:1")


def _scores_of(rows: pl.DataFrame) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for at, cluster, score in rows.select("at", "cluster", "score").iter_rows():
        found.setdefault(at, {})[cluster] = score
    return found


def _finding(
    row: Mapping[str, Any], about: Published, scores: Mapping[str, float] | None
) -> Finding:
    estimate, low, high = row["estimate"], row["ci_low"], row["ci_high"]
    if estimate is None:
        reason = row["null_reason"]
        return Finding(null_reason=reason if reason in REASONS else "not_computed")
    if low is None or high is None:
        return Finding(null_reason="n_below_min")
    first, last = None, None
    if about.sessions and row[about.sessions[0]] is not None:
        first, last = (int(row[name]) + SESSION_OFFSET for name in about.sessions)
    if about.days:
        first, last = sorted(int(str(row[name])[:4]) for name in about.days)
    p_value = row["p_value"]
    return Finding(
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        p_value=p_from_interval(estimate, low, high) if p_value is None else p_value,
        n=sum(int(row[name] or 0) for name in about.n),
        window_from=first,
        window_to=last,
        seed=row["seed"] if about.seed else None,
        bound=row[about.bound] if about.bound else None,
        scores=scores,
    )
