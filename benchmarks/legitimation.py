"""How long the inference of the legitimation premium takes, for one hegemon.

    python benchmarks/legitimation.py --warehouse var/warehouse.duckdb --json out.json

Reads the counts and ideal points of a published build and prints seconds for 2,000 draws of states
of LP0 to LP3, ideal points held fixed, over all tiers, classes and ranges of sessions of the United
States, with the 5,000 permutations and all else of the table, and for all hegemons. Bound: 10 s on
two cores for the first.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from flows.home.paths import Home
from transforms.inference.cluster_bootstrap import draw_counts, percentile_interval, weighted_sums
from transforms.metrics.legitimation.estimators import WITH_BASELINE, columns_of, tier_of
from transforms.metrics.legitimation.expected_support import fit_baseline
from transforms.metrics.legitimation.legitimation_premium import N_DRAWS, SEED, compare, theta_of
from transforms.metrics.legitimation.panel import Panel, panel_of
from transforms.metrics.legitimation.session_windows import windows

TABLES = {
    "hegemon_support": "metrics.hegemon_support",
    "outside_ideal_point": "metrics.outside_ideal_point",
    "ally_tier": "marts.ally_tier",
    "states": "core.states",
}
USA = 2


def timed(label: str, work: Callable[[], Any]) -> dict[str, Any]:
    """How long something takes: seconds on the wall and of the processor, and what it said."""
    wall, processor = time.perf_counter(), time.process_time()
    message = work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return {"what": label, "seconds": wall, "cpu": processor, "result": message}


def bootstrap(tables: dict[str, pl.DataFrame]) -> str:
    """All intervals of LP0 to LP3 of the United States."""
    panel = panel_of(tables["hegemon_support"], tables["ally_tier"], USA)
    theta = theta_of(tables["outside_ideal_point"], panel)
    counts = draw_counts(len(panel.ccodes), N_DRAWS, np.random.default_rng([SEED, USA]))
    n_intervals = 0
    to_all = _fits(panel, theta, np.ones(theta.shape, bool))
    for status in panel.status.values():
        fits = _fits(panel, theta, status == 0)
        for window in windows(int(panel.sessions[-1])):
            chosen = (panel.sessions >= window.first) & (panel.sessions <= window.last)
            columns = columns_of(
                panel.between(window.first, window.last),
                tier_of(status[:, chosen]),
                {name: fit.between(chosen) for name, fit in fits.items()},
                {name: fit.between(chosen) for name, fit in to_all.items()},
            )
            drawn = weighted_sums(counts, columns.rows)
            for cell in columns.cells:
                replicates = cell.statistic(drawn[:, list(cell.columns)])
                if not np.isnan(replicates).all():
                    percentile_interval(replicates)
                    n_intervals += 1
    return f"{n_intervals} intervals"


def _fits(panel: Panel, theta: np.ndarray, others: np.ndarray) -> dict[str, Any]:
    return {
        name: fit_baseline(panel.n_votes[name], panel.total[name], theta, others)
        for name in WITH_BASELINE
    }


def main() -> None:
    """Prints the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Home.from_environment().warehouse
    parser.add_argument("--warehouse", type=Path, default=default)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with duckdb.connect(str(chosen.warehouse), read_only=True) as connection:
        tables = {
            name: connection.sql(f"SELECT * FROM {table}").pl() for name, table in TABLES.items()
        }
    done = [
        timed("2,000 draws, LP0 to LP3, United States", lambda: bootstrap(tables)),
        timed("with permutations, LP4 and single sessions", lambda: _rows(tables, 5)),
        timed("all five hegemons, one after the other", lambda: _rows(tables, 1)),
    ]
    print(
        f"{platform.machine()}, one process; ideal points held fixed. Budget of the first: 10 s.\n"
    )
    print("| what | seconds | processor seconds | result |\n| --- | --- | --- | --- |")
    for row in done:
        print(f"| {row['what']} | {row['seconds']:.1f} | {row['cpu']:.1f} | {row['result']} |")
    if chosen.json:
        chosen.json.write_text(json.dumps({"rows": done}, indent=1) + "\n", "utf-8")


def _rows(tables: dict[str, pl.DataFrame], n_chunks: int) -> str:
    table = compare(
        chunk=0,
        n_chunks=n_chunks,
        hegemon_support=tables["hegemon_support"],
        outside_ideal_point=tables["outside_ideal_point"],
        ally_tier=tables["ally_tier"],
        states=tables["states"],
    )
    return f"{table.height} rows"


if __name__ == "__main__":
    main()
