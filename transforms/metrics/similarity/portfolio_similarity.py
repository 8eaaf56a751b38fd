"""`metrics.portfolio_similarity`: similarity of two states' alliance portfolios in a year.

Portfolios and their ranks are defined in `alliance_portfolios`. Each measure is a closed form of
the joint table of two portfolios (`agreement_measures`), with the states k of the system as items
and the ranks as ordered categories.

| column | measure | range |
|---|---|---|
| s_abs | Signorino and Ritter's S, 1 − 2·Σ_k d(v_ik, v_jk) / n, d = abs(a − b) / d_max | [−1, 1] |
| s_abs_cinc | the same, each k weighted by its CINC, divided by the sum of the weights | [−1, 1] |
| s_sq | S with d = (a − b)² / d_max² (Häge 2011) | [−1, 1] |
| pi_sq, kappa_sq | Scott's π and Cohen's κ with the same squared distances | [−1, 1] |
| tau_b | Kendall's τ_b (Bueno de Mesquita 1975), legacy | [−1, 1] |

`ranks`: `valued` has the four ranks (d_max = 3), `binary` only whether there is a ranked tie
(d_max = 1, so that s_sq = s_abs). `scope`: `global` has all members of the system as items;
`region` only those of the dyad's region, and only dyads within one region. Ties that both
states lack count as similarity, so S is high between any two states with few allies, the more so
the larger the system: regional S, κ and π suffer less.

Null rules: π, κ (both states at one and the same rank with everyone, as in a region where all
are allied) and τ_b (either state at one rank with everyone) are NULL with `no_variation`;
s_abs_cinc is NULL with `capability_missing` when no weight above 0 is known. A state without
CINC is dropped from that measure only (`n_states_cinc` counts those that remain).

Worked example (Signorino and Ritter 1999, table 6): Germany and Russia in a system of 20 states
in 1914 have S = .40, weighted S = −.46, τ_b = .0303, κ_sq = −.0776.

References: Signorino and Ritter 1999 (ISQ 43: 115-144); Chiba, Johnson and Leeds 2015; Häge
2011 (PA 19: 287-305); Bueno de Mesquita 1975 (JCR 19: 187-216).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats, joint_tables, pairs, whole_weights
from transforms.coverage import Coverage
from transforms.metrics.similarity.agreement_measures import (
    absolute,
    cohen_kappa,
    kendall_tau_b,
    s_score,
    scott_pi,
    squared,
)
from transforms.metrics.similarity.alliance_portfolios import (
    N_RANKS,
    Ranks,
    YearPortfolios,
    year_portfolios,
)
from transforms.step_result import StepResult

TABLE = "metrics.portfolio_similarity"

RANKS = ("valued", "binary")
SCOPES = ("global", "region")

MEASURES = ("s_abs", "s_abs_cinc", "s_sq", "pi_sq", "kappa_sq", "tau_b")

STORED_DECIMALS = 12
"""Decimals of the stored measures: an error below 1e-12 that saves a sixth of the table, since
DuckDB packs decimals and cannot pack the 53 bits of a quotient such as 1/3."""


Columns = dict[str, NDArray[Any]]


def build_portfolio_similarity(
    *,
    obligations: pl.DataFrame,
    states: pl.DataFrame,
    capabilities: pl.DataFrame,
    coverage: Mapping[str, Coverage],
    directed: bool = False,
) -> StepResult:
    """Measures the similarity of the alliance portfolios of every two states in every year.

    Args:
        obligations: `core.obligations`.
        states: `core.states`.
        capabilities: `core.capabilities` (ccode, year, cinc).
        coverage: Of `atop` and `cow_states`.
        directed: Whether a portfolio holds only what the state itself promises; the table
            that is published has the stronger of both promises.

    Returns:
        `metrics.portfolio_similarity`, one row per (ccode1 < ccode2, year, ranks, scope), for
        all pairs of members of the state system in the years that both sources cover and, with
        scope `region`, for those within one region. Measures are rounded to `STORED_DECIMALS`.
        Nothing is lost.

    Raises:
        ValueError: Obligations and states contradict each other.
    """
    years = year_portfolios(obligations, states, capabilities, coverage, directed=directed)
    parts = [part for year in years for part in _measure_year(year)]
    if not parts:
        parts = [_measure_group(_NO_YEAR, np.arange(0), "valued", "global")]
    # One frame at the end: thousands of small ones would take longer than the measures.
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    frame = pl.DataFrame(columns).with_columns(
        pl.col(*MEASURES).fill_nan(None),
        pl.col("ranks").replace_strict(dict(enumerate(RANKS)), return_dtype=pl.String),
        pl.col("scope").replace_strict(dict(enumerate(SCOPES)), return_dtype=pl.String),
    )
    return StepResult({TABLE: frame.with_columns(_null_reason())})


def portfolio_measures(
    ranks: Ranks, cinc: Floats, *, n_categories: int = N_RANKS
) -> dict[str, Floats]:
    """All measures for all pairs of rows of a matrix of ranks.

    Args:
        ranks: Actors × items, 0 … K − 1.
        cinc: One weight ≥ 0 per item, NaN where it is not known.
        n_categories: K.

    Returns:
        `MEASURES` for the pairs (i, j), i < j, in the order of `numpy.triu_indices`, not
        rounded; NaN where a measure is undefined.
    """
    near, far = absolute(n_categories), squared(n_categories)
    choices = (ranks + 1).astype(np.int8)
    plain = pairs(joint_tables(choices, n_categories=n_categories))
    weighted = pairs(joint_tables(choices, n_categories=n_categories, weights=whole_weights(cinc)))
    return {
        "s_abs": s_score(plain, near),
        "s_abs_cinc": s_score(weighted, near),
        "s_sq": s_score(plain, far),
        "pi_sq": scott_pi(plain, far),
        "kappa_sq": cohen_kappa(plain, far),
        "tau_b": kendall_tau_b(plain),
    }


def _measure_year(year: YearPortfolios) -> Iterator[Columns]:
    """The rows of one year, by ranks, scope and region."""
    everyone = np.arange(len(year.ccodes))
    regions = [np.flatnonzero(year.regions == region) for region in np.unique(year.regions)]
    for ranks in RANKS:
        yield _measure_group(year, everyone, ranks, "global")
        for members in regions:
            yield _measure_group(year, members, ranks, "region")


def _measure_group(
    year: YearPortfolios, members: NDArray[np.int64], ranks: str, scope: str
) -> Columns:
    """The pairs among some of a year's states, with these states as items.

    `ranks` and `scope` are written as their places in `RANKS` and `SCOPES`.
    """
    square = np.ix_(members, members)
    matrix, cinc = year.ranks[square], year.cinc[members]
    if ranks == "binary":
        matrix = (matrix > 0).astype(np.int8)
    measures = portfolio_measures(matrix, cinc, n_categories=N_RANKS if ranks == "valued" else 2)
    first, second = np.triu_indices(len(members), 1)
    ccodes = year.ccodes[members]
    same = {
        "year": year.year,
        "ranks": RANKS.index(ranks),
        "scope": SCOPES.index(scope),
        "n_states": len(members),
        "n_states_cinc": int(np.count_nonzero(~np.isnan(cinc))),
    }
    return {
        "ccode1": ccodes[first],
        "ccode2": ccodes[second],
        **{name: np.full(len(first), value, np.int16) for name, value in same.items()},
        "tie_rank": np.maximum(matrix, matrix.T)[first, second].astype(np.int16),
        "has_unranked_alliance": year.unranked[square][first, second],
        **{name: np.round(values, STORED_DECIMALS) for name, values in measures.items()},
    }


def _null_reason() -> pl.Expr:
    """Why a row lacks measures; the first reason that holds."""
    return (
        pl.when(pl.any_horizontal(pl.col("pi_sq", "kappa_sq", "tau_b").is_null()))
        .then(pl.lit("no_variation"))
        .when(pl.col("s_abs_cinc").is_null())
        .then(pl.lit("capability_missing"))
        .alias("null_reason")
    )


_NO_YEAR = YearPortfolios(
    0,
    np.empty(0, np.int16),
    np.empty(0, np.str_),
    np.empty(0),
    np.empty((0, 0), np.int8),
    np.empty((0, 0), bool),
)
