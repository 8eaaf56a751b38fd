"""Time to compare the votes of all dyads in all sessions, beside two self-joins.

    python benchmarks/vote_similarity.py --warehouse var/warehouse.duckdb --json out.json

Every contender runs in a process of its own, so that its peak of memory is its own, and starts
with the votes in memory. The clock stops when the table of dyad-sessions is there. Their
results must be equal, to the last bit.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from contenders.votes import CONTENDERS, growth
from pages.vote_similarity import markdown, targets_of

SCALES = [(1, 1), (1, 2), (1, 4), (1, 8), (2, 1), (4, 1)]


def run_apart(name, folder, threads):
    """Runs a contender in a process of its own; its report, with its peak of memory."""
    count = str(threads or os.cpu_count())
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
    command = [sys.executable, __file__, "--contender", name, "--folder", str(folder)]
    done = subprocess.run(
        command,
        env={**os.environ, **dict.fromkeys(names, count)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1]) | {"threads": int(count)}


def peak_mb():
    """This process's own peak: on Linux ru_maxrss starts with what its parent had."""
    status = Path("/proc/self/status")
    if status.is_file():
        fields = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        return int(fields["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_here(name, folder):
    """What the process of a contender does."""
    if name.startswith("growth"):
        timed, table = growth(*(int(scale) for scale in name.split()[1:]))
    else:
        timed, table = CONTENDERS[name][1](folder)
    timed["peak_mb"] = peak_mb()  # so far: writing the result does not count
    if table is not None:
        table.write_parquet(folder / f"{name}.parquet")
        timed["rows"] = table.height
    print(json.dumps(timed))


def assert_equal(folder):
    """All contenders have counted the same and come to the same agreement, bit by bit."""
    import polars as pl

    key = ["session", "ccode1", "ccode2"]
    types = {"session": pl.Int16, "ccode1": pl.Int16, "ccode2": pl.Int16, "n_joint": pl.Int64}

    def read(name):
        table = pl.read_parquet(folder / f"{name}.parquet").filter(pl.col("n_joint") > 0)
        return table.select(*key, "n_joint", "agreement").cast(types).sort(key)

    expected = read("matrix products")
    for name in CONTENDERS:
        if name == "matrix products":
            continue
        other = read(name)
        if not other.select(*key, "n_joint").equals(expected.select(*key, "n_joint")):
            raise SystemExit(f"{name} counts other joint votes than the matrix products")
        apart = (other["agreement"] - expected["agreement"]).abs().max()
        # 1 - x / y is rounded twice, the quotient of whole numbers once.
        if apart > 2**-52:
            raise SystemExit(f"{name}: agreement differs by {apart}")


def versions():
    import duckdb
    import numpy as np
    import pandas as pd
    import polars as pl

    found = {"Python": platform.python_version()}
    return found | {m.__name__: m.__version__ for m in (np, pl, duckdb, pd)}


def processor():
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def export_inputs(warehouse, folder):
    """Writes the tables that the contenders read; what build they are of."""
    from warehouse.db import read_published

    with read_published(warehouse) as connection:
        for name in ("votes", "roll_calls", "states"):
            connection.sql(f"FROM core.{name}").pl().write_parquet(folder / f"{name}.parquet")
        ((sessions,),) = connection.execute(
            "SELECT count(DISTINCT session) FROM core.roll_calls"
        ).fetchall()
        ((profile, build_id),) = connection.execute(
            "SELECT profile, build_id FROM meta.builds WHERE is_current"
        ).fetchall()
    return {"sessions": sessions, "profile": profile, "build_id": build_id}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    home = Path(os.environ.get("ASYMMETRY_HOME") or "var")
    parser.add_argument("--warehouse", type=Path, default=home / "warehouse.duckdb")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contender:
        run_here(options.contender, options.folder)
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = {"benchmark": "vote_similarity", **export_inputs(options.warehouse, folder)}
        runs = {name: run_apart(name, folder, t) for name, (t, _) in CONTENDERS.items()}
        assert_equal(folder)
        result["growth"] = [
            {"states": s, "roll_calls": r, **run_apart(f"growth {s} {r}", folder, 1)}
            for s, r in SCALES
        ]
    result |= {
        "contenders": runs,
        "targets": targets_of(runs, result["growth"]),
        "versions": versions(),
        "machine": {"cpus": os.cpu_count(), "processor": processor(), "load": load},
    }
    print(markdown(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
