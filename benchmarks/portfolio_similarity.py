"""Time to compare all alliance portfolios of 1816-2018, beside a plain loop over dyads.

    python benchmarks/portfolio_similarity.py --warehouse var/warehouse.duckdb --json out.json

Reads the core tables of a published warehouse, measures every dyad-year, and computes some dyads
of some years once more with one NumPy loop per dyad: the way a script would do it. The loop's
time is extrapolated to all rows, year by year, and its values must be ours.
"""

import os

# Before NumPy is imported: matrices of 200 states are too small to share among threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import platform
import resource
import time
from pathlib import Path

import numpy as np
import polars as pl
from measuring.functions import arguments_of

from flows.dag import step_named
from transforms.metrics.similarity.alliance_portfolios import N_RANKS, year_portfolios
from transforms.metrics.similarity.portfolio_similarity import MEASURES, build_portfolio_similarity
from warehouse.db import read_published

SAMPLE_YEARS = (1830, 1870, 1914, 1955, 1985, 2018)
DYADS_PER_YEAR = 200
TOLERANCE = 1e-9
BUDGET_SECONDS = 60.0


def loop_over_dyad(a, b, weights):
    """All measures of one dyad, straight from the formulas."""
    n, top = len(a), N_RANKS - 1
    apart = np.abs(a - b) / top
    known = ~np.isnan(weights)
    total = weights[known].sum()
    joint = np.zeros((N_RANKS, N_RANKS))
    for i, j in zip(a, b, strict=True):
        joint[i, j] += 1 / n
    grid = np.arange(N_RANKS)
    distance = ((grid[:, None] - grid[None, :]) / top) ** 2
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    shared = (rows + columns) / 2
    observed = (distance * joint).sum()
    by_chance = (distance * np.outer(rows, columns)).sum()
    by_shared = (distance * np.outer(shared, shared)).sum()
    order_a, order_b = np.sign(a[:, None] - a[None, :]), np.sign(b[:, None] - b[None, :])
    untied = np.sqrt(float((order_a**2).sum()) * float((order_b**2).sum()))
    return {
        "s_abs": 1 - 2 * apart.mean(),
        "s_abs_cinc": 1 - 2 * (weights * apart)[known].sum() / total if total else np.nan,
        "s_sq": 1 - 2 * observed,
        "pi_sq": 1 - observed / by_shared if by_shared else np.nan,
        "kappa_sq": 1 - observed / by_chance if by_chance else np.nan,
        "tau_b": (order_a * order_b).sum() / untied if untied else np.nan,
    }


def time_loop(tables, ours):
    """Seconds per dyad by year, and the largest difference from our values."""
    draw = np.random.default_rng(1816)
    seconds, worst = {}, 0.0
    for year in year_portfolios(**tables):
        if year.year not in SAMPLE_YEARS:
            continue
        first, second = np.triu_indices(len(year.ccodes), 1)
        chosen = draw.choice(len(first), min(DYADS_PER_YEAR, len(first)), replace=False)
        ranks = year.ranks.astype(int)
        start = time.perf_counter()
        found = [loop_over_dyad(ranks[first[k]], ranks[second[k]], year.cinc) for k in chosen]
        seconds[year.year] = (time.perf_counter() - start) / len(chosen)
        looped = pl.DataFrame(found).with_columns(
            ccode1=pl.Series(year.ccodes[first[chosen]]),
            ccode2=pl.Series(year.ccodes[second[chosen]]),
        )
        table = ours.filter(year=year.year, ranks="valued", scope="global")
        both = looped.join(table, on=["ccode1", "ccode2"], suffix="_ours", validate="1:1")
        for name in MEASURES:
            theirs = both[name].fill_nan(None)
            mine = both[f"{name}_ours"]
            if (theirs.is_null() != mine.is_null()).any():
                raise SystemExit(f"{name} in {year.year}: one is NULL and the other is not")
            worst = max(worst, (theirs - mine).abs().max() or 0.0)
    if worst > TOLERANCE:
        raise SystemExit(f"the loop's values differ from ours by {worst:.1e}")
    return seconds, worst


def extrapolate(seconds, ours):
    """Seconds of the loop for all rows: a dyad of a year costs what the nearest sample did."""
    sampled = np.array(sorted(seconds))
    per_year = ours.group_by("year").len().sort("year")
    nearest = sampled[np.abs(per_year["year"].to_numpy()[:, None] - sampled).argmin(axis=1)]
    cost = np.array([seconds[int(year)] for year in nearest])
    return float((per_year["len"].to_numpy() * cost).sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    home = Path(os.environ.get("ASYMMETRY_HOME", "var"))
    parser.add_argument("--warehouse", type=Path, default=home / "warehouse.duckdb")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with read_published(options.warehouse) as connection:
        step = step_named("metrics.portfolio_similarity")
        frames = {table: connection.sql(f"FROM {table}").pl() for table in step.reads}
    tables = arguments_of(step, frames)
    cpu, start = time.process_time(), time.perf_counter()
    ours = build_portfolio_similarity(**tables).tables["metrics.portfolio_similarity"]
    elapsed, cpu = time.perf_counter() - start, time.process_time() - cpu
    seconds, worst = time_loop(tables, ours)
    looped = extrapolate(seconds, ours)
    result = {
        "benchmark": "portfolio_similarity",
        "rows": ours.height,
        "dyad_years": ours.filter(ranks="valued", scope="global").height,
        "seconds": elapsed,
        "cpu_seconds": cpu,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "budget_seconds": BUDGET_SECONDS,
        "peer": "NumPy loop over dyads (extrapolated)",
        "peer_seconds": looped,
        "peer_milliseconds_per_dyad": {str(y): 1e3 * s for y, s in seconds.items()},
        "ratio": looped / elapsed,
        "largest_difference": worst,
        "blas_threads": int(os.environ["OPENBLAS_NUM_THREADS"]),
        "polars_threads": pl.thread_pool_size(),
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "numpy": np.__version__,
        "polars": pl.__version__,
    }
    print("| portfolio similarity, 1816-2018 | rows | seconds | CPU s | ratio |")
    print("|---|---:|---:|---:|---:|")
    print(f"| joint tables, all years | {ours.height:,} | {elapsed:.1f} | {cpu:.1f} | 1 |")
    print(f"| {result['peer']} | {ours.height:,} | {looped:,.0f} | | {result['ratio']:,.0f} |")
    print(
        f"\nPeak {result['peak_rss_mb']:.0f} MB; budget {BUDGET_SECONDS:.0f} s. BLAS threads"
        f" {result['blas_threads']}, Polars threads {result['polars_threads']} of"
        f" {result['cpus']} CPUs, load {result['load']:.1f}. Python {result['python']},"
        f" NumPy {result['numpy']}, Polars {result['polars']}. Values differ by at most"
        f" {worst:.0e} from the loop's."
    )
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
