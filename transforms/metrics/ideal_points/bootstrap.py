"""Parametric bootstrap of ideal points in chunks: one fit, draws in parallel, one summary.

The draws are those of `standard_errors.bootstrap_ideal_points`. Draw number k depends on `SEED`,
the fit and k alone, so neither the number of chunks nor their machines change a number. The
bootstrap is not part of a build: fifty draws of the real votes take some minutes, and tables have
`ideal_point_se`.
"""

import numpy as np
import polars as pl

from transforms.metrics.ideal_points.fit import Fit, Settings, fit_ideal_points
from transforms.metrics.ideal_points.ideal_point import record_of
from transforms.metrics.ideal_points.likelihood import Items
from transforms.metrics.ideal_points.standard_errors import bootstrap_ideal_points
from transforms.metrics.ideal_points.vote_arrays import Floats

SEED = 20190149

_PARTS = ("theta", "slope", "cuts")


def first_fit(*, votes: pl.DataFrame, roll_calls: pl.DataFrame, vote_set: str) -> pl.DataFrame:
    """Fits the model to the votes as they were cast.

    Args:
        votes: `core.votes`.
        roll_calls: `core.roll_calls`.
        vote_set: `final_only` or `all_recorded`.

    Returns:
        part (theta, slope, cuts), value: the fit that every draw starts from, bit for bit.
    """
    fit = fit_ideal_points(record_of(votes, roll_calls, vote_set), Settings())
    values = {"theta": fit.theta, "slope": fit.items.slope, "cuts": fit.items.cuts}
    return pl.concat(
        pl.DataFrame({"value": values[part]}).select(pl.lit(part).alias("part"), "value")
        for part in _PARTS
    )


def draw_points(
    *,
    chunk: int,
    n_chunks: int,
    n_draws: int,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    vote_set: str,
    fitted: pl.DataFrame,
) -> pl.DataFrame:
    """Makes the draws of one chunk.

    Args:
        chunk: Which chunk, from 0.
        n_chunks: Of how many.
        n_draws: Draws of all chunks together.
        votes: `core.votes`.
        roll_calls: `core.roll_calls`.
        vote_set: As in `first_fit`.
        fitted: What `first_fit` returned.

    Returns:
        draw, ccode, session, ideal_point: one row per draw and state-session.
    """
    record = record_of(votes, roll_calls, vote_set)
    first, last = n_draws * chunk // n_chunks, n_draws * (chunk + 1) // n_chunks
    drawn = (
        bootstrap_ideal_points(
            record,
            _fit_of(fitted),
            Settings(),
            seed=SEED,
            draws=last - first,
            first_draw=first,
        )
        if last > first
        else np.empty((0, record.n_units))
    )
    return pl.DataFrame(
        {
            "draw": np.repeat(np.arange(first, last, dtype=np.int32), record.n_units),
            "ccode": np.tile(record.ccode, last - first),
            "session": np.tile(record.session, last - first),
            "ideal_point": drawn.ravel(),
        },
        schema={
            "draw": pl.Int32,
            "ccode": pl.Int16,
            "session": pl.Int16,
            "ideal_point": pl.Float64,
        },
    )


def summarise(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    vote_set: str,
    fitted: pl.DataFrame,
    chunks: pl.DataFrame,
) -> pl.DataFrame:
    """Standard errors and 95 % intervals from all draws.

    Args:
        votes: `core.votes`.
        roll_calls: `core.roll_calls`.
        vote_set: As in `first_fit`.
        fitted: What `first_fit` returned.
        chunks: What `draw_points` returned, in order.

    Returns:
        ccode, session, vote_set, ideal_point (of the fit), bootstrap_se (standard deviation of
        the draws, n − 1), ci_low and ci_high (percentiles 2.5 and 97.5), n_draws, seed.
    """
    record = record_of(votes, roll_calls, vote_set)
    drawn: Floats = chunks["ideal_point"].to_numpy().reshape(-1, record.n_units)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return pl.DataFrame(
        {
            "ccode": record.ccode,
            "session": record.session,
            "vote_set": [vote_set] * record.n_units,
            "ideal_point": _fit_of(fitted).theta,
            "bootstrap_se": drawn.std(axis=0, ddof=1),
            "ci_low": low,
            "ci_high": high,
            "n_draws": np.full(record.n_units, len(drawn), np.int32),
            "seed": np.full(record.n_units, SEED, np.int64),
        }
    )


def _fit_of(fitted: pl.DataFrame) -> Fit:
    theta, slope, cuts = (fitted.filter(part=part)["value"].to_numpy() for part in _PARTS)
    return Fit(theta, Items(slope, cuts), pl.DataFrame(), 0, True)
