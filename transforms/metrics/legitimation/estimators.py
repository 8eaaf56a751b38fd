"""LP0 to LP3: each estimator as a function of sums over states.

The contribution of a state to the estimators of one tier and range of sessions is one row of
numbers (`Columns`). An estimate, its draws, its jackknife and its permutations are one function of
the columns' sums (`Cell.statistic`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.metrics.legitimation.expected_support import Baseline, influence
from transforms.metrics.legitimation.hegemon_support import MIN_VOTES, VOTE_CLASSES, share
from transforms.metrics.legitimation.panel import Panel

LOGIT_CONTINUITY = 0.5
"""Haldane's ½, added to both counts, so that logits of 0 and 1 are finite."""

PARTS_OF_UNPOPULAR = ("unpopular", "unpopular_third", "isolated")
SPECIFIC = ("hegemon_specific", "hegemon_specific_loo")
WITH_BASELINE = ("unpopular", "unpopular_third", "isolated", "hegemon_specific")
WITH_LOGIT = ("popular", *PARTS_OF_UNPOPULAR)


@dataclass(frozen=True)
class Cell:
    """One estimate.

    Attributes:
        vote_class: Class of roll calls.
        estimator: LP0, LP1, LP1_logit, LP2 or LP3.
        statistic: From sums to the estimate.
        columns: Of `Columns.rows`, in the order in which the statistic takes them.
        permuted_statistic: The same for permutations; another one for LP3 alone.
        permuted_columns: Of `Columns.by_path`.
        n_allies: States that count as allies.
        n_others: States that count as others.
        outside_support_share: See the contract.
    """

    vote_class: str
    estimator: str
    statistic: Callable[[Floats], Floats]
    columns: tuple[int, ...]
    permuted_statistic: Callable[[Floats], Floats]
    permuted_columns: tuple[int, ...]
    n_allies: int
    n_others: int
    outside_support_share: float | None = None


@dataclass(frozen=True)
class Columns:
    """The contributions of states, in one tier and range of sessions.

    Attributes:
        rows: States × columns, in the data.
        by_path: States × paths × columns: the same under any path of ally status.
        cells: The estimates computed from them.
    """

    rows: Floats
    by_path: Floats
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Tier:
    """Ally status in a range of sessions, as paths of status.

    Attributes:
        status: 1 ally, 0 other, −1 not known, states × sessions.
        paths: Distinct rows of `status`.
        of_state: Path of each state.
    """

    status: NDArray[np.int8]
    paths: NDArray[np.int8]
    of_state: NDArray[np.int64]


def tier_of(status: NDArray[np.int8]) -> Tier:
    """Finds the distinct paths."""
    paths, of_state = np.unique(status, axis=0, return_inverse=True)
    return Tier(status, paths, of_state.ravel().astype(np.int64))


def difference(sums: Floats) -> Floats:
    """Mean of allies minus mean of others, from sums and numbers of each."""
    gap: Floats = share(sums[..., 0], sums[..., 1]) - share(sums[..., 2], sums[..., 3])
    return gap


def difference_of_differences(sums: Floats) -> Floats:
    """The same of one class minus that of another."""
    gap: Floats = difference(sums[..., :4]) - difference(sums[..., 4:])
    return gap


def beyond_baseline(sums: Floats) -> Floats:
    """Mean residual of the allies, less the change of the baseline by the drawn others."""
    mean: Floats = share(sums[..., 0], sums[..., 1]) - sums[..., 2]
    return mean


def columns_of(
    part: Panel, tier: Tier, fits: dict[str, Baseline], fits_to_all: dict[str, Baseline]
) -> Columns:
    """The columns and cells of one tier and range of sessions.

    Args:
        part: The hegemon's support in the range.
        tier: Ally status in it.
        fits: LP3's baseline by class, fitted to those who are no allies.
        fits_to_all: The same fitted to all: the permutations' baseline does not depend on who
            is an ally, and they compare the allies' residuals with the others'.
    """
    paths = _Paths(tier)
    by_path: list[Floats] = []
    place: dict[tuple[str, str], tuple[int, int, int, int]] = {}

    def add(kind: str, name: str, n_votes: Floats, total: Floats) -> None:
        base = len(by_path)
        by_path.extend(paths.values(n_votes, total, is_logit=kind == "logit"))
        place[kind, name] = (base, base + 1, base + 2, base + 3)

    for name in VOTE_CLASSES:
        add("raw", name, part.n_votes[name], part.total[name])
    for name in WITH_LOGIT:
        add("logit", name, part.n_votes[name], part.total[name])
    n_plain = len(by_path)
    for name in WITH_BASELINE:
        add("residual", name, fits_to_all[name].n_votes, fits_to_all[name].residual)
    stacked = np.stack(by_path, axis=2)
    rows = stacked[np.arange(len(stacked)), tier.of_state, :n_plain]
    numbers = rows.sum(axis=0)
    cells = _plain_cells(place, numbers)
    residuals: list[Floats] = []
    for name in WITH_BASELINE:
        cell, added = _residual_cell(fits[name], tier, name, n_plain + len(residuals), place)
        cells.append(cell)
        residuals += added
    return Columns(np.column_stack([rows, *residuals]), stacked, tuple(cells))


def _plain_cells(
    place: dict[tuple[str, str], tuple[int, int, int, int]], numbers: Floats
) -> list[Cell]:
    """LP0, LP1 and LP2; their permutations are sums of the same columns."""

    def cell(vote_class: str, estimator: str, kind: str) -> Cell:
        one, popular = place[kind, vote_class], place[kind, "popular"]
        is_contrast = estimator.startswith("LP1")
        columns = (*one, *popular) if is_contrast else one
        statistic = difference_of_differences if is_contrast else difference
        n_allies, n_others = (int(numbers[list(columns[k::4])].min()) for k in (1, 3))
        return Cell(
            vote_class, estimator, statistic, columns, statistic, columns, n_allies, n_others
        )

    return [
        *(cell(name, "LP0", "raw") for name in VOTE_CLASSES),
        *(cell(name, "LP2", "raw") for name in SPECIFIC),
        *(cell(name, "LP1", "raw") for name in PARTS_OF_UNPOPULAR),
        *(cell(name, "LP1_logit", "logit") for name in PARTS_OF_UNPOPULAR),
    ]


def _residual_cell(
    fit: Baseline,
    tier: Tier,
    vote_class: str,
    base: int,
    place: dict[tuple[str, str], tuple[int, int, int, int]],
) -> tuple[Cell, list[Floats]]:
    """LP3 of a class, and its columns: residual and number of allies, effect on the baseline."""
    is_ally = tier.status == 1
    n = (fit.n_votes * is_ally).sum(axis=1)
    counts = n >= MIN_VOTES
    mean = np.where(counts, (fit.residual * is_ally).sum(axis=1) / np.maximum(n, 1), 0.0)
    weights = is_ally * (counts / (np.maximum(n, 1) * max(counts.sum(), 1)))[:, None]
    beyond = (fit.n_votes * is_ally * fit.is_outside)[counts].sum()
    n_fitted = (fit.n_votes * fit.is_fitted_to).sum(axis=1)
    cell = Cell(
        vote_class,
        "LP3",
        beyond_baseline,
        (base, base + 1, base + 2),
        difference,
        place["residual", vote_class],
        int(counts.sum()),
        int((n_fitted >= MIN_VOTES).sum()),
        float(beyond / n[counts].sum()) if counts.any() else None,
    )
    return cell, [mean, counts.astype(np.float64), influence(fit, weights)]


class _Paths:
    """Sums over the sessions in which a path makes a state an ally, or another."""

    def __init__(self, tier: Tier) -> None:
        self._held = [(tier.paths == value).astype(np.float64).T for value in (1, 0)]

    def values(self, n_votes: Floats, total: Floats, *, is_logit: bool) -> list[Floats]:
        """Value and number as ally and as other, states × paths; 0 below the least votes."""
        columns = []
        for held in self._held:
            n, agreed = n_votes @ held, total @ held
            enough = n >= MIN_VOTES
            # Counts are whole and agreement whole or half: exact in any order of summation.
            means = _logit(agreed, n) if is_logit else share(agreed, n)
            columns += [np.where(enough, means, 0.0), enough.astype(np.float64)]
        return columns


def _logit(total: Floats, n_votes: Floats) -> Floats:
    logit: Floats = np.log(total + LOGIT_CONTINUITY) - np.log(n_votes - total + LOGIT_CONTINUITY)
    return logit
