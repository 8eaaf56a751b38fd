"""`metrics.alliance_duration`, `…_score`, `metrics.alliance_survival`: duration of alliances.

`metrics.alliance_duration`: proportional hazards, log-rank, medians and cumulative incidence, for
each way to define an end. `metrics.alliance_duration_score`: what each leader adds to the
derivative of the partial likelihood at a hazard ratio of 1, for models of one covariate.
`metrics.alliance_survival`: the curves at whole years, for charts.

Ends differ: fulfilled, violated and renegotiated are competing ends, and the hazard
of each is that of its cause. The class at first (ρ₁₂ ≥ 3 in the first year that can be measured)
counts an alliance from that year on: before it, one that ended would not have been classed at all
(immortal time). The class of each year lets it change.

References: Bennett 1997 (AJPS 41:846–78); Leeds & Savun 2007 (JoP 69:1118–32); Kaplan & Meier 1958
(JASA 53:457–81); Cox 1972 (JRSS B 34:187–220).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from transforms.coverage import Coverage
from transforms.inference.survival import Curve, at_risk, cumulative_incidence, kaplan_meier
from transforms.metrics.claims.cell_tables import DECIMALS
from transforms.metrics.duration.estimates import (
    Row,
    Spells,
    between_groups,
    groups,
    incidence,
    proportional_hazards,
)
from transforms.metrics.duration.hazard_scores import hazard_scores
from transforms.metrics.duration.spells import (
    defense_spells,
    first_measured,
    intervals,
    measured_years,
)
from transforms.step_result import StepResult

DURATION, SURVIVAL = "metrics.alliance_duration", "metrics.alliance_survival"
SCORES = "metrics.alliance_duration_score"

ENDS = ("fulfilled", "violated", "renegotiated")
GRID = ("asymmetric", "asymmetric_2", "asymmetric_5", "asymmetric_10", "log_ratio")
_FROM_1946 = pl.col("began_on").dt.year() >= 1946

# Sample: the ends that are its event, and the alliances that are in it.
SAMPLES: dict[str, tuple[tuple[str, ...], pl.Expr]] = {
    "all_terminations": (ENDS, pl.lit(True)),
    "all_ends": ((*ENDS, "lost_independence"), pl.lit(True)),
    "fulfilled_or_violated": (ENDS[:2], pl.lit(True)),
    "violation_only": (ENDS[1:2], pl.lit(True)),
    "all_terminations_bilateral": (ENDS, pl.col("is_bilateral")),
    "all_terminations_from_1946": (ENDS, _FROM_1946),
    "violation_only_from_1946": (ENDS[1:2], _FROM_1946),
    **{f"competing_{end}": ((end,), pl.lit(True)) for end in ENDS},
}
_WITH_GRID = ("all_terminations", "fulfilled_or_violated", "violation_only")

_DURATION_SCHEMA: dict[str, Any] = {
    "sample": pl.String, "estimator": pl.String, "term": pl.String, "scale": pl.String,
    **dict.fromkeys(("estimate", "std_error", "ci_low", "ci_high", "p_value", "hazard_ratio"),
                    pl.Float64),
    "n": pl.Int64, "n_events": pl.Int32, "n_clusters": pl.Int32, "null_reason": pl.String,
}  # fmt: skip
_SCORE_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("sample", "estimator", "term", "cluster"), pl.String), "score": pl.Float64,
}  # fmt: skip
_SURVIVAL_SCHEMA: dict[str, Any] = {
    "curve": pl.String, "alliance_group": pl.String, "years_since_start": pl.Int16,
    **dict.fromkeys(("estimate", "ci_low", "ci_high"), pl.Float64),
    "n_at_risk": pl.Int32, "n_events_since_start": pl.Int32,
}  # fmt: skip


def build_alliance_duration(
    *,
    alliances: pl.DataFrame,
    capability_asymmetry: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Estimates how long defence alliances last.

    Args:
        alliances: `core.alliances`.
        capability_asymmetry: `metrics.capability_asymmetry`; its CINC rows.
        coverage: Of `atop` and `cow_states`.

    Returns:
        `metrics.alliance_duration`, its scores and `metrics.alliance_survival`. Times in years of
        365.25 days. Nothing is lost; alliances that are never measured are in the group all.
    """
    measured = measured_years(capability_asymmetry)
    whole = first_measured(defense_spells(alliances, coverage), measured)
    cut = intervals(whole, measured)
    samples = {name: sample_of(name, whole, cut) for name in SAMPLES}
    rows = [{"sample": name, **row} for name in SAMPLES for row in _estimates(name, samples[name])]
    scores = [
        {"sample": name, **row}
        for name in SAMPLES
        for row in hazard_scores(samples[name], _terms(name))
    ]
    estimates = pl.DataFrame(rows, schema=_DURATION_SCHEMA, orient="row")
    estimated = estimates.drop_nulls("estimate").select("sample", "estimator", "term")
    curves = list(_curves(whole, cut))
    return StepResult({
        DURATION: estimates,
        SCORES: pl.DataFrame(scores, schema=_SCORE_SCHEMA, orient="row")
        .join(estimated, on=estimated.columns, how="semi")
        .with_columns(pl.col("score").round(DECIMALS))
        .sort("sample", "estimator", "term", "cluster"),
        SURVIVAL: pl.DataFrame(curves, schema=_SURVIVAL_SCHEMA, orient="row"),
    })  # fmt: skip


def sample_of(name: str, whole: pl.DataFrame, cut: pl.DataFrame) -> Spells:
    """Alliances of a sample, with the ends that are its event.

    Args:
        name: A key of `SAMPLES`.
        whole: What `first_measured` returns.
        cut: What `intervals` returns.
    """
    ends, inside = SAMPLES[name]
    counts = pl.col("end").is_in(list(ends))
    is_end = pl.col("end").is_in(list(ENDS))
    return Spells(
        whole.filter(inside).with_columns(counts.alias("counts"), is_end.alias("is_end")),
        cut.filter(inside).with_columns((counts & pl.col("is_last")).alias("counts")),
    )


def _terms(name: str) -> tuple[str, ...]:
    return GRID if name in _WITH_GRID else GRID[:1]


def _estimates(name: str, spells: Spells) -> Iterator[Row]:
    yield from proportional_hazards(spells, _terms(name))
    yield from (incidence if name.startswith("competing_") else between_groups)(spells)


def _curves(whole: pl.DataFrame, cut: pl.DataFrame) -> Iterator[Row]:
    for name, sample in (
        ("survival", "all_terminations"),
        ("survival_until_violation", "violation_only"),
        *((f"incidence_{end}", f"competing_{end}") for end in ENDS),
    ):
        competing = name.startswith("incidence")
        for group, rows, entry_column in groups(sample_of(sample, whole, cut)):
            entry, years = rows[entry_column].to_numpy(), rows["years"].to_numpy()
            counts, ended = rows["counts"].to_numpy(), rows["is_end"].to_numpy()
            if not counts.any():
                continue
            curve = (
                cumulative_incidence(entry, years, ended, counts)
                if competing
                else kaplan_meier(entry, years, counts)
            )
            yield from _read(curve, {"curve": name, "alliance_group": group}, entry, years, counts)


def _read(curve: Curve, named: Row, entry: Any, years: Any, counts: Any) -> Iterator[Row]:
    for year in range(int(years.max()) + 1):
        value, low, high = curve.at(year)
        yield {
            **named,
            "years_since_start": year,
            "estimate": value,
            "ci_low": _known(low),
            "ci_high": _known(high),
            "n_at_risk": at_risk(entry, years, float(year)),
            "n_events_since_start": int((counts & (years <= year)).sum()),
        }


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
