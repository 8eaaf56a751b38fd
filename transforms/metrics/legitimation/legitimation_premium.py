"""`metrics.legitimation_premium`: do allies side with the hegemon on unpopular votes?

Λ_i is a state's mean agreement with the hegemon over a class of roll calls (`hegemon_support`).
Over several sessions a state's votes are pooled by its status in the session: one that joined the
alliance has a Λ from before among the others' and one from after among the allies'. In a single
session this is the plain Λ.

| estimator | definition |
|---|---|
| LP0 | mean Λ of allies − mean Λ of the others, each counting the same |
| LP1, LP1_logit | LP0 of the class − LP0 of popular votes; the same with logits of Λ |
| LP2 | LP0 of hegemon-specific votes |
| LP3 | mean of the allies' residuals from a baseline in ideal points (`expected_support`) |
| LP4 | within states over time (`within_states`) |
| LP5 | matched on covariates (`nearest_neighbour_matching`) |
| LP5_cem | the same in coarsened cells (`coarsened_matching`) |

LP0 is descriptive: it is large for any Western state taken as hegemon, since allies share
preferences, as the placebo hegemons show. NULL where a side has no state with ten votes.

Inference: 2,000 draws of states with replacement, each with all its votes; the same draws for
every cell of a hegemon's ranges of sessions. p-values: 5,000 permutations of ally status (whole
paths of it) among the states of a region that vote in the range. Fewer than three allies or
others, and China, which has one or two: reported without inference. Single sessions have LP0
only, with draws of the session's own and no p-value.

References: Istomin & Baykov 2019; Bailey, Strezhnev & Voeten 2017 (JCR 61: 430-456).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from transforms.contingency_tables import Floats
from transforms.inference.cluster_bootstrap import draw_counts
from transforms.inference.permutation import Indices, permute_within, permuted_paths
from transforms.metrics.claims.editions import FIRST_EDITION, with_leader_and_edition
from transforms.metrics.legitimation.by_session import session_rows
from transforms.metrics.legitimation.estimators import WITH_BASELINE, Tier, columns_of, tier_of
from transforms.metrics.legitimation.expected_support import Baseline, fit_baseline
from transforms.metrics.legitimation.hegemon_support import HEGEMONS, VOTE_SET
from transforms.metrics.legitimation.panel import Bools, Panel, panel_of
from transforms.metrics.legitimation.pretreatment_covariates import Pool, histories_of, pool_of
from transforms.metrics.legitimation.session_windows import windows
from transforms.metrics.legitimation.window_rows import matched_rows, sum_rows, within_rows
from transforms.step_result import StepResult

TABLE = "metrics.legitimation_premium"

N_DRAWS = 2000
N_PERMUTATIONS = 5000
SEED = 20190634
LP4 = 4
"""Last key of the seeds of LP4's draws."""

SCHEMA = {
    "ccode_hegemon": pl.Int16,
    "tier": pl.String,
    "session_from": pl.Int16,
    "session_to": pl.Int16,
    "window_name": pl.String,
    "vote_set": pl.String,
    "vote_class": pl.String,
    "estimator": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "ci_low_bca": pl.Float64,
    "ci_high_bca": pl.Float64,
    "p_value": pl.Float64,
    "inference": pl.String,
    "n_allies": pl.Int16,
    "n_others": pl.Int16,
    "n_roll_calls": pl.Int32,
    "session_first": pl.Int16,
    "session_last": pl.Int16,
    "outside_support_share": pl.Float64,
    "matched_on": pl.String,
    "not_matched_on": pl.String,
    "n_draws": pl.Int32,
    "n_permutations": pl.Int32,
    "seed": pl.Int64,
    "null_reason": pl.String,
}
_EMPTY = dict.fromkeys(SCHEMA)


def build_legitimation_premium(
    *,
    hegemon_support: pl.DataFrame,
    outside_ideal_point: pl.DataFrame,
    ally_tier: pl.DataFrame,
    states: pl.DataFrame,
    covariates: pl.DataFrame | None = None,
    gdp: pl.DataFrame | None = None,
    capabilities: pl.DataFrame | None = None,
    capitals: pl.DataFrame | None = None,
    chunks: pl.DataFrame | None = None,
) -> StepResult:
    """Compares allies and others, for every hegemon, tier, class, range and estimator.

    Args:
        hegemon_support: `metrics.hegemon_support`.
        outside_ideal_point: `metrics.outside_ideal_point`.
        ally_tier: `marts.ally_tier`; see `panel.panel_of` for what its gaps mean.
        states: `core.states` (ccode, region).
        covariates: `core.covariates`; LP5 is NULL where it is empty.
        gdp: `core.gdp`, a covariate of LP5.
        capabilities: `core.capabilities`, for its population.
        capitals: `core.capitals`, for LP5's distance to hegemons other than the United States.
        chunks: All results of `compare`; computed here where missing.

    Returns:
        `metrics.legitimation_premium`; rows that cannot be computed are there with their
        `null_reason`.
    """
    if chunks is None:
        chunks = compare(
            chunk=0,
            n_chunks=1,
            hegemon_support=hegemon_support,
            outside_ideal_point=outside_ideal_point,
            ally_tier=ally_tier,
            states=states,
            covariates=covariates,
            gdp=gdp,
            capabilities=capabilities,
            capitals=capitals,
        )
    return StepResult({TABLE: with_leader_and_edition(chunks, FIRST_EDITION)})


def compare(
    *,
    chunk: int,
    n_chunks: int,
    hegemon_support: pl.DataFrame,
    outside_ideal_point: pl.DataFrame,
    ally_tier: pl.DataFrame,
    states: pl.DataFrame,
    covariates: pl.DataFrame | None = None,
    gdp: pl.DataFrame | None = None,
    capabilities: pl.DataFrame | None = None,
    capitals: pl.DataFrame | None = None,
    seed: int = SEED,
) -> pl.DataFrame:
    """The rows of some of the hegemons: every `n_chunks`-th, from number `chunk` on."""
    region = dict(states.select("ccode", "region").iter_rows())
    rows = []
    for hegemon in HEGEMONS[chunk::n_chunks]:
        panel = panel_of(hegemon_support, ally_tier, hegemon)
        theta = theta_of(outside_ideal_point, panel)
        blocks = _blocks(panel, region)
        pools: dict[str, Pool] = {}
        if not (covariates is None or gdp is None or capabilities is None) and covariates.height:
            histories = histories_of(covariates, gdp, capabilities, panel, capitals)
            pools = {t: pool_of(histories, ally_tier, panel, t, blocks) for t in panel.status}
        rng = np.random.default_rng([seed, hegemon])
        counts = draw_counts(len(panel.ccodes), N_DRAWS, rng)
        rows += list(session_rows(panel, counts, seed))
        rows += list(_window_rows(panel, theta, blocks, seed, counts, pools=pools))
    return pl.DataFrame([{**_EMPTY, **row} for row in rows], schema=SCHEMA, orient="row")


def theta_of(outside_ideal_point: pl.DataFrame, panel: Panel) -> Floats:
    """Ideal points in the shape of the panel; NaN where there is none."""
    rows = outside_ideal_point.filter(
        pl.col("ccode_hegemon") == panel.hegemon,
        pl.col("ccode").is_in(panel.ccodes.tolist()),
        pl.col("session").is_in(panel.sessions.tolist()),
    )
    theta = np.full((len(panel.ccodes), len(panel.sessions)), np.nan)
    at = np.searchsorted(panel.ccodes, rows["ccode"].to_numpy())
    on = np.searchsorted(panel.sessions, rows["session"].to_numpy())
    theta[at, on] = rows["ideal_point"].to_numpy()
    return theta


def _blocks(panel: Panel, region: dict[int, str]) -> Indices:
    """Number of each state's region."""
    names = [region.get(ccode, "") for ccode in panel.ccodes.tolist()]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _window_rows(
    panel: Panel,
    theta: Floats,
    blocks: Indices,
    seed: int,
    counts: Floats,
    *,
    pools: dict[str, Pool],
) -> Iterator[dict[str, Any]]:
    """All rows over ranges of sessions."""
    if not len(panel.sessions):
        return
    fits_to_all = _fits(panel, theta, np.ones(theta.shape, bool))
    ranges = windows(int(panel.sessions[-1]))
    permutations: dict[bytes, Indices] = {}
    for tier, status in panel.status.items():
        fits = _fits(panel, theta, status == 0)
        for window in ranges:
            chosen = (panel.sessions >= window.first) & (panel.sessions <= window.last)
            part, here = panel.between(window.first, window.last), tier_of(status[:, chosen])
            columns = columns_of(
                part,
                here,
                {name: fit.between(chosen) for name, fit in fits.items()},
                {name: fit.between(chosen) for name, fit in fits_to_all.items()},
            )
            movable = _movable_blocks(part, here, blocks)
            key = bytes(window.name, "utf-8") + movable.tobytes()
            if key not in permutations:
                rng = np.random.default_rng([seed, panel.hegemon, window.first, window.last])
                permutations[key] = permute_within(movable, N_PERMUTATIONS, rng)
            paths = permuted_paths(here.of_state, permutations[key])
            rng = np.random.default_rng([seed, panel.hegemon, window.first, window.last, LP4])
            for row in (
                *sum_rows(part, here, columns, counts, paths),
                *within_rows(part, here, rng),
                *matched_rows(part, here, pools.get(tier)),
            ):
                yield {
                    "ccode_hegemon": panel.hegemon,
                    "tier": tier,
                    "session_from": window.first,
                    "session_to": window.last,
                    "window_name": window.name,
                    "vote_set": VOTE_SET,
                    "seed": seed,
                    **row,
                }


def _fits(panel: Panel, theta: Floats, others: Bools) -> dict[str, Baseline]:
    """LP3's baselines over all sessions, by class."""
    return {
        name: fit_baseline(panel.n_votes[name], panel.total[name], theta, others)
        for name in WITH_BASELINE
    }


def _movable_blocks(part: Panel, tier: Tier, blocks: Indices) -> Indices:
    """Regions; a state that does not vote, or of unknown status, is a block of its own."""
    is_movable = part.is_listed.any(axis=1) & (tier.status >= 0).any(axis=1)
    own = np.arange(len(blocks)) + blocks.max() + 1
    return np.where(is_movable, blocks, own)
