"""Scores of leaders for hazard ratios of one covariate, with a ratio of 1 imposed.

The score residuals of the partial likelihood (Efron's ties) at a log hazard ratio of 0, summed over
the alliances and years of a leader (`transforms.inference.proportional_hazards`). Models of several
covariates have none: the score of one would have to be cleared of the others.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from transforms.inference.proportional_hazards import Rows, residuals
from transforms.metrics.duration.estimates import Row, Spells, arrays_of, covariate, why_not

ONE = "asymmetric"


def hazard_scores(spells: Spells, terms: Sequence[str]) -> Iterator[Row]:
    """Scores of every model of one covariate.

    Args:
        spells: A sample.
        terms: Terms of the models.

    Yields:
        estimator, term, cluster, score; none where the model has no estimate.
    """
    for term in terms:
        yield from _scores(spells.measured, "cox_time_fixed", term, "entry_measured")
        yield from _scores(spells.cut, "cox_time_varying", term, "start")
    yield from _scores(spells.measured, "cox_time_fixed_from_start", ONE, "entry")
    yield from _scores(spells.measured, "cox_stratified_era", ONE, "entry_measured", by_era=True)


def _scores(
    rows: pl.DataFrame, estimator: str, term: str, entry: str, *, by_era: bool = False
) -> Iterator[Row]:
    if why_not(rows, term):
        return
    start, stop, counts = arrays_of(rows, entry)
    x = np.asarray(covariate(rows, term), dtype=np.float64)[:, None]
    strata = rows["era"].rank("dense").cast(pl.Int64).to_numpy() if by_era else np.zeros_like(stop)
    scores, _ = residuals(Rows(start, stop, counts, x, strata), np.zeros(1))
    leaders, place = np.unique(rows["leader_ccode"].to_numpy(), return_inverse=True)
    sums = np.bincount(place, scores[:, 0], len(leaders))
    if not sums.any():
        return
    for leader, score in zip(leaders.tolist(), sums.tolist(), strict=True):
        named = {"estimator": estimator, "term": term}
        yield {**named, "cluster": f"leader {leader}", "score": score}
