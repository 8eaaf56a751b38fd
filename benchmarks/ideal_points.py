"""Time to estimate ideal points, agreement with the published series, and growth.

    python benchmarks/ideal_points.py --warehouse var/warehouse.duckdb --json out.json

One process, one thread: nothing that is done has threads. The clock starts with the votes in
memory as rows and stops when no ideal point moves by more than 1e-3, or 1e-4. Agreement is with
the published series of another vote set and another estimator (year = session + 1945, 1946 to
2020): nothing is tuned to it. `--quick` fits the two vote sets alone, and keeps what `--json` has
of everything else, with the day on which it was measured.
"""

import argparse
import json
import os
import platform
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from pages.ideal_points import report

from transforms.metrics.ideal_points.fit import Settings, fit_ideal_points
from transforms.metrics.ideal_points.model import Point, iterate
from transforms.metrics.ideal_points.standard_errors import bootstrap_ideal_points, conditional_se
from transforms.metrics.ideal_points.vote_arrays import voting_record

WALKS = (0.01, 0.02, 0.05, 0.1, 0.25)
SHOWN = (0, 5, 10, 15, 20, 25, 30, 40, 50)
BRIDGES = Path(__file__).resolve().parents[1] / "transforms/reference/bridged_resolutions.csv"
SIMULATED_SESSIONS, SIMULATED_ROLL_CALLS, SIMULATED_STATES = 75, 20, 50


def read(warehouse):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        votes = connection.sql(
            "SELECT v.rcid, ccode, v.session, choice, is_sovereign, in_final_only"
            " FROM core.votes v JOIN core.roll_calls USING (rcid) WHERE v.session <> 19"
        ).pl()
        published = connection.sql(
            "SELECT ccode, (year - 1945)::SMALLINT AS session, ideal_point_published AS published"
            " FROM core.ideal_points_published WHERE year BETWEEN 1946 AND 2020"
        ).pl()
    return votes, published


class Agreement:
    """Correlation with the published series."""

    def __init__(self, record, published):
        units = pl.DataFrame({"ccode": record.ccode, "session": record.session})
        beside = units.join(published, on=["ccode", "session"], how="left", maintain_order="left")[
            "published"
        ].to_numpy()
        self.known = ~np.isnan(beside)
        self.beside, self.session = beside[self.known], record.session[self.known]

    def of(self, theta):
        """Pooled; least and median over sessions."""
        theta = theta[self.known]
        within = [
            np.corrcoef(theta[self.session == s], self.beside[self.session == s])[0, 1]
            for s in np.unique(self.session)
        ]
        pooled = np.corrcoef(theta, self.beside)[0, 1]
        return {
            "pooled": float(pooled),
            "least": float(min(within)),
            "median": float(np.median(within)),
        }


def timed_fit(votes, published, settings, bridges=None, start=None):
    wall, cpu = time.perf_counter(), time.process_time()
    record = voting_record(votes, bridges)
    seconds, cpu_seconds, points = {}, {}, {}

    def observe(iteration, theta):
        seconds[iteration] = time.perf_counter() - wall
        cpu_seconds[iteration] = time.process_time() - cpu
        if iteration in SHOWN:
            points[iteration] = theta

    random = None if start is None else np.random.default_rng(start).normal(size=record.n_units)
    fit = fit_ideal_points(record, settings, start=random, observe=observe)
    taken = fit.trace.filter(pl.col("kind") != "rejected")
    after = taken.filter(pl.col("iteration") > 5)["log_posterior"].to_numpy()
    out = {
        "measured": datetime.now(UTC).date().isoformat(),
        "votes": len(record.choice),
        "state_sessions": record.n_units,
        "items": record.n_items,
        "iterations": fit.trace.height,
        "separate_iterations": fit.n_separate,
        "rejected": fit.trace.height - taken.height,
        "is_converged": fit.is_converged,
        "log_posterior": float(after[-1]),
        "worst_relative_fall": float(max(0, (-np.diff(after) / np.abs(after[1:])).max())),
        "seconds": max(seconds.values()),
        "cpu_seconds": max(cpu_seconds.values()),
    }
    for tolerance in (1e-3, 1e-4):
        reached = taken.filter(pl.col("max_change") < tolerance)
        if reached.height:
            at = reached["iteration"][0]
            out[f"to_{tolerance:g}"] = {
                "iteration": at,
                "seconds": seconds[at],
                "cpu_seconds": cpu_seconds[at],
            }
    if published is not None:
        agreement = Agreement(record, published)
        out |= agreement.of(fit.theta)
        out["by_iteration"] = {i: agreement.of(theta) for i, theta in points.items()}
        out["trace"] = taken.rows()
    return out, record, fit


def growth(factor_roll_calls, factor_states):
    """Seconds per iteration in a simulated world."""
    random = np.random.default_rng(1)
    n_states = SIMULATED_STATES * factor_states
    n_calls = SIMULATED_ROLL_CALLS * factor_roll_calls * SIMULATED_SESSIONS
    ccodes = np.array([2, 365, *range(1000, 998 + n_states)], np.int16)
    theta = random.normal(size=n_states)
    theta[:2] = 2, -2
    slope, low = random.normal(0, 1.5, n_calls), random.normal(0, 1, n_calls)
    z = slope[:, None] * theta + random.normal(size=(n_calls, n_states))
    choice = (z >= low[:, None]).astype(int) + (z >= low[:, None] + 0.7)
    session = np.repeat(np.arange(1, SIMULATED_SESSIONS + 1), n_calls // SIMULATED_SESSIONS)
    votes = pl.DataFrame(
        {
            "rcid": np.repeat(np.arange(n_calls), n_states),
            "ccode": np.tile(ccodes, n_calls),
            "session": np.repeat(session, n_states).astype(np.int16),
            "choice": np.array(["yes", "abstain", "no"])[choice.ravel()],
            "is_sovereign": np.ones(z.size, bool),
        }
    )
    record = voting_record(votes)
    fit = fit_ideal_points(record, Settings(max_iterations=6, max_separate=2))
    best, walk = np.inf, Settings().innovation_variance
    for _ in range(5):
        began = time.process_time()
        iterate(record, Point(fit.theta, fit.items), walk)
        best = min(best, time.process_time() - began)
    return {
        "roll_calls": n_calls,
        "states": n_states,
        "votes": z.size,
        "cpu_seconds_per_iteration": best,
    }


def bootstrap(record, fit, draws):
    began = time.process_time()
    drawn = bootstrap_ideal_points(record, fit, Settings(), seed=20_220_101, draws=draws)
    seconds = (time.process_time() - began) / draws
    rms = np.sqrt(np.mean((drawn - fit.theta) ** 2, axis=0))
    conditional = conditional_se(record, fit, Settings())
    return {
        "draws": draws,
        "cpu_seconds_per_draw": seconds,
        "median_conditional_se": float(np.median(conditional)),
        "median_bootstrap_sd": float(np.median(drawn.std(axis=0, ddof=1))),
        "median_bootstrap_rms_error": float(np.median(rms)),
    }


def measure(votes, published, draws, earlier):
    """Every fit by name; those of an earlier run, where there is one, but of the two vote sets."""
    default = Settings()
    final = votes.filter("in_final_only")
    out = dict(earlier)
    out["all_recorded"], record, fit = timed_fit(votes, published, default)
    out["final_only"], _, _ = timed_fit(final, published, default)
    if earlier:
        return out
    out["random_start"], other_record, other = timed_fit(votes, published, default, start=1)
    assert np.array_equal(record.ccode, other_record.ccode)
    out["random_start"]["largest_difference"] = float(np.abs(other.theta - fit.theta).max())
    bridges = pl.read_csv(BRIDGES, infer_schema=False)
    out["bridged"], _, _ = timed_fit(votes, published, default, bridges)
    out["plain"], _, _ = timed_fit(votes, published, replace(default, memory=0, tolerance=1e-3))
    out["by_walk"] = {}
    for walk in WALKS:
        settings = replace(default, innovation_variance=walk, tolerance=1e-3)
        out["by_walk"][walk], _, _ = timed_fit(votes, published, settings)
    if draws:
        out["bootstrap"] = bootstrap(record, fit, draws)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    home = Path(os.environ.get("ASYMMETRY_HOME") or "var")
    parser.add_argument("--warehouse", type=Path, default=home / "warehouse.duckdb")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--draws", type=int, default=5, help="bootstrap draws; 0 for none")
    parser.add_argument("--quick", action="store_true", help="the two vote sets alone")
    arguments = parser.parse_args()
    earlier = json.loads(arguments.json.read_text("utf-8")) if arguments.quick else {}
    votes, published = read(arguments.warehouse)
    steps = ((1, 1), (2, 1), (4, 1), (8, 1), (1, 2), (1, 4))
    out = {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, {platform.system()}",
        "versions": {n: version(n) for n in ("numpy", "scipy", "polars")},
        "fits": measure(votes, published, arguments.draws, earlier.get("fits", {})),
        "growth": earlier.get("growth") or [growth(calls, states) for calls, states in steps],
    }
    print(report(out))
    if arguments.json:
        arguments.json.write_text(json.dumps(out, indent=1), "utf-8")


if __name__ == "__main__":
    main()
