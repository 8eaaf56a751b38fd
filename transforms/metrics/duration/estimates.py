"""Estimates on a sample of spells: hazards, log-rank test, medians, cumulative incidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from transforms.inference.proportional_hazards import Hazards, fit_hazards
from transforms.inference.survival import cumulative_incidence, kaplan_meier, log_rank
from transforms.metrics.asymmetry.capability_asymmetry import ASYMMETRIC_RATIO

Row = dict[str, Any]

MIN_EVENTS = 5  # in all, and alliances in either group
THRESHOLDS = {"asymmetric": ASYMMETRIC_RATIO, "asymmetric_2": 2.0, "asymmetric_5": 5.0,
              "asymmetric_10": 10.0}  # fmt: skip
AFTER_YEARS = (10, 20, 40)
LOG_HAZARD = "log_hazard_ratio"


@dataclass(frozen=True)
class Spells:
    """Alliances and the end of theirs that counts.

    Attributes:
        whole: One row per alliance (`spells.first_measured`), with `counts` (whether its end
            is the event) and `is_end` (whether it ends in any way that is one).
        cut: One row per alliance and year (`spells.intervals`), with the same columns.
    """

    whole: pl.DataFrame
    cut: pl.DataFrame

    @property
    def measured(self) -> pl.DataFrame:
        """The alliances whose ratio is known at least once."""
        return self.whole.filter(pl.col("ratio").is_not_null())


def proportional_hazards(spells: Spells, terms: Sequence[str]) -> Iterator[Row]:
    """Cox models: the class at first, from the start, of each year, by era, and adjusted.

    Args:
        spells: A sample.
        terms: Terms of the models with one covariate.
    """
    measured = spells.measured
    for term in terms:
        fixed = _fit(measured, [term], entry="entry_measured")
        yield from _hazard_rows(measured, "cox_time_fixed", [term], fixed)
        yield from _hazard_rows(
            spells.cut, "cox_time_varying", [term], _fit(spells.cut, [term], entry="start")
        )
        if term == "asymmetric":
            yield _proportionality_row(measured, fixed)
    one, several = ["asymmetric"], ["asymmetric", "multilateral", "wartime"]
    naive = _fit(measured, one, entry="entry")
    yield from _hazard_rows(measured, "cox_time_fixed_from_start", one, naive)
    for name, covariates in (("cox_stratified_era", one), ("cox_adjusted", several)):
        varying = [t for t in covariates if len(np.unique(covariate(measured, t))) > 1]
        found = _fit(measured, varying or one, entry="entry_measured", by_era=True)
        yield from _hazard_rows(measured, name, varying or one, found)
        constant = [t for t in covariates if t not in (varying or one)]
        yield from _hazard_rows(measured, name, constant, "no_variation")


def between_groups(spells: Spells) -> Iterator[Row]:
    """Log-rank test of asymmetric against symmetric, and medians of both and of all.

    Args:
        spells: A sample.
    """
    measured = spells.measured
    if reason := why_not(measured):
        yield _row(measured, "log_rank", "asymmetric", "chi_square", null_reason=reason)
    else:
        entry, years, counts = arrays_of(measured, "entry_measured")
        statistic, p = log_rank(entry, years, counts, class_of(measured))
        found = {"estimate": statistic, "p_value": p}
        yield _row(measured, "log_rank", "asymmetric", "chi_square", **found)
    for name, group, entry_column in groups(spells):
        entry, years, counts = arrays_of(group, entry_column)
        curve = kaplan_meier(entry, years, counts) if counts.any() else None
        median = curve.time_at(0.5) if curve else None
        if curve is None or median is None:
            reason = "n_below_min" if counts.sum() < MIN_EVENTS else "no_variation"
            yield _row(group, "median_survival", name, "years", null_reason=reason)
        else:
            ends = {"ci_low": curve.time_at(0.5, "low"), "ci_high": curve.time_at(0.5, "high")}
            yield _row(group, "median_survival", name, "years", estimate=median, **ends)


def incidence(spells: Spells) -> Iterator[Row]:
    """Cumulative incidence of the sample's end after 10, 20 and 40 years.

    Args:
        spells: A sample of one kind of end.
    """
    for name, group, entry_column in groups(spells):
        entry, years, counts = arrays_of(group, entry_column)
        enough = counts.sum() >= MIN_EVENTS
        ended = group["is_end"].to_numpy()
        curve = cumulative_incidence(entry, years, ended, counts) if enough else None
        for after in AFTER_YEARS:
            term = f"{name}_at_{after}"
            if curve is None:
                values: Row = {"null_reason": "n_below_min"}
            else:
                value, low, high = curve.at(after)
                ends = {"ci_low": low, "ci_high": high} if np.isfinite(low) else {}
                values = {"estimate": value, **ends}
            yield _row(group, "cumulative_incidence", term, "share", **values)


def groups(spells: Spells) -> list[tuple[str, pl.DataFrame, str]]:
    """Asymmetric, symmetric and all alliances, with the column of their entry.

    Args:
        spells: A sample.
    """
    measured = spells.measured
    is_asymmetric = pl.col("ratio") >= ASYMMETRIC_RATIO
    return [
        ("asymmetric", measured.filter(is_asymmetric), "entry_measured"),
        ("symmetric", measured.filter(~is_asymmetric), "entry_measured"),
        ("all", spells.whole, "entry"),
    ]


def class_of(rows: pl.DataFrame, term: str = "asymmetric") -> Any:
    """Whether each row is in the class of a term.

    Args:
        rows: Rows with ratio.
        term: Key of `THRESHOLDS`.
    """
    return (rows["ratio"] >= THRESHOLDS[term]).to_numpy()


def why_not(rows: pl.DataFrame, term: str = "asymmetric") -> str | None:
    """The null reason of a comparison of classes; None where it can be made.

    Args:
        rows: Spells or their years.
        term: The class, or another covariate.
    """
    if rows["counts"].sum() < MIN_EVENTS:
        return "n_below_min"
    if term not in THRESHOLDS:
        return None
    inside = rows.filter(pl.col("ratio") >= THRESHOLDS[term])["atopid"].n_unique()
    outside = rows.filter(pl.col("ratio") < THRESHOLDS[term])["atopid"].n_unique()
    if not (inside and outside):
        return "no_variation"
    return "n_below_min" if min(inside, outside) < MIN_EVENTS else None


def _fit(
    rows: pl.DataFrame, terms: Sequence[str], *, entry: str, by_era: bool = False
) -> Hazards | str:
    """The fit, or why there is none."""
    if reason := why_not(rows, terms[0]):
        return reason
    x = np.column_stack([covariate(rows, t) for t in terms]).astype(np.float64)
    if np.linalg.matrix_rank(x - x.mean(axis=0)) < len(terms):
        return "no_variation"
    strata = rows["era"].rank("dense").cast(pl.Int64).to_numpy() if by_era else None
    start, stop, counts = arrays_of(rows, entry)
    found = fit_hazards(
        start=start,
        stop=stop,
        ended=counts,
        covariates=x,
        clusters=rows["leader_ccode"].cast(pl.Int64).to_numpy(),
        strata=strata,
    )
    return found or "no_variation"


def covariate(rows: pl.DataFrame, term: str) -> Any:
    """Values of a term, one per row.

    Args:
        rows: Spells or their years.
        term: A class, `log_ratio`, `multilateral` or `wartime`.
    """
    if term in THRESHOLDS:
        return class_of(rows, term)
    if term == "log_ratio":  # a second without anything: as far as the furthest that is known
        ratio = rows["ratio"].to_numpy()
        return np.log(np.minimum(ratio, ratio[np.isfinite(ratio)].max()))
    return {"multilateral": ~rows["is_bilateral"], "wartime": rows["is_wartime"]}[term].to_numpy()


def arrays_of(rows: pl.DataFrame, entry: str) -> tuple[Any, Any, Any]:
    """Start, stop and whether the end counts, one per row.

    Args:
        rows: Spells or their years.
        entry: Column of the start.
    """
    stop = "stop" if "stop" in rows.columns else "years"
    return rows[entry].to_numpy(), rows[stop].to_numpy(), rows["counts"].to_numpy()


def _hazard_rows(
    rows: pl.DataFrame, estimator: str, terms: Sequence[str], found: Hazards | str
) -> Iterator[Row]:
    clusters = {"n_clusters": rows["leader_ccode"].n_unique()}
    for i, term in enumerate(terms):
        if isinstance(found, str):
            yield _row(rows, estimator, term, LOG_HAZARD, null_reason=found, **clusters)
            continue
        values = {
            "estimate": float(found.coefficients[i]),
            "std_error": float(found.std_errors[i]),
            "ci_low": float(found.ci_low[i]),
            "ci_high": float(found.ci_high[i]),
            "p_value": float(found.p_values[i]),
            "hazard_ratio": float(np.exp(found.coefficients[i])),
        }
        yield _row(rows, estimator, term, LOG_HAZARD, **values, **clusters)


def _proportionality_row(rows: pl.DataFrame, found: Hazards | str) -> Row:
    if isinstance(found, str) or not np.isfinite(found.proportionality):
        reason = found if isinstance(found, str) else "no_variation"
        return _row(rows, "schoenfeld", "asymmetric", "chi_square", null_reason=reason)
    values = {"estimate": found.proportionality, "p_value": found.proportionality_p}
    return _row(rows, "schoenfeld", "asymmetric", "chi_square", **values)


def _row(rows: pl.DataFrame, estimator: str, term: str, scale: str, **values: Any) -> Row:
    return {
        "estimator": estimator,
        "term": term,
        "scale": scale,
        "n": rows["atopid"].n_unique(),
        "n_events": int(rows["counts"].sum()),
        **values,
    }
