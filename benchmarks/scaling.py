"""Time to compare networks with chance on 1, 2 and 4 worker processes, cut into chunks.

    python benchmarks/scaling.py --warehouse var/warehouse.duckdb --json out.json

Runs the chunks of metrics.network_null as a refresh does, pieces on disk and all, on pools of
processes that are started and warm. The tables must be the same to the last byte.
"""

import os

# Before NumPy is imported: one thread per worker, or workers would share what is measured.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("POLARS_MAX_THREADS", "1")

import argparse
import json
import platform
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from measuring.functions import arguments_of

from flows.dag import step_named
from flows.engine.chunks import ChunkStore
from flows.engine.compute import run_chunk
from transforms.metrics.networks.network_null import build_network_null
from warehouse.db import read_published

STEP = "metrics.network_null"
WORKERS = (1, 2, 4)
N_CHUNKS = 16
CORES_OF_A_CLUSTER = (8, 32, 128)
_MANY = 10_000


def chunk_seconds(chunk, paths, folder, n_chunks):
    """Runs a chunk as a task would; how long it took."""
    started = time.perf_counter()
    run_chunk(step_named(STEP), chunk, paths, ChunkStore(folder, n_chunks))
    return time.perf_counter() - started


def tables_of_step(warehouse, folder):
    """The step's tables as parquet, as a finished step holds them, and as arguments."""
    step = step_named(STEP)
    with read_published(warehouse) as connection:
        frames = {table: connection.sql(f"FROM {table}").pl() for table in step.reads}
    paths = {table: folder / f"{table}.parquet" for table in frames}
    for table, frame in frames.items():
        frame.write_parquet(paths[table])
    return arguments_of(step, frames), paths


def measure(n_workers, paths, folder):
    """Wall seconds of all chunks on warm workers, the seconds of each, and the pieces."""
    with ProcessPoolExecutor(n_workers, mp_context=get_context("spawn")) as pool:
        # imports and the first touch of every library, on every worker
        warm = [
            # the last of so many chunks has no network left to rewire: only what all chunks do
            pool.submit(chunk_seconds, _MANY - 1, paths, folder / f"warm{n}", _MANY)
            for n in range(2 * n_workers)
        ]
        fixed = [future.result() for future in warm][-1]
        started = time.perf_counter()
        running = [
            pool.submit(chunk_seconds, chunk, paths, folder / "pieces", N_CHUNKS)
            for chunk in range(N_CHUNKS)
        ]
        each = [future.result() for future in running]
        seconds = time.perf_counter() - started
    return seconds, each, fixed, ChunkStore(folder / "pieces", N_CHUNKS)


def digests(pieces):
    """The names of the pieces, which hold the SHA-256 of their bytes."""
    return sorted(path.name for path in pieces.folder.glob("*.parquet"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    home = Path(os.environ.get("ASYMMETRY_HOME", "var"))
    parser.add_argument("--warehouse", type=Path, default=home / "warehouse.duckdb")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as place:
        frames, paths = tables_of_step(arguments.warehouse, Path(place))
        first = None
        for n_workers in WORKERS:
            folder = Path(place) / str(n_workers)
            seconds, each, fixed, pieces = measure(n_workers, paths, folder)
            first = first or digests(pieces)
            if digests(pieces) != first:
                raise SystemExit(f"{n_workers} workers made other pieces than one worker")
            found.append({"workers": n_workers, "seconds": seconds, "chunks": each, "fixed": fixed})
        started = time.perf_counter()
        table = build_network_null(**frames, chunks=pieces.all()).tables[STEP]
        concat = time.perf_counter() - started
    tell(found, concat, table.height)
    if arguments.json:
        numbers = {
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
            "runs": found,
            "together_seconds": concat,
        }
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")


def tell(found, concat, n_rows):
    alone = found[0]
    print(
        f"{n_rows:,} rows, {N_CHUNKS} chunks, {os.cpu_count()} cores, Python"
        f" {platform.python_version()}. Workers are processes with one thread each, started and"
        f" warm; load {os.getloadavg()[0]:.1f}; the pieces are the same to the last byte.\n"
    )
    print("| workers | seconds | speed-up | per core |\n|---:|---:|---:|---:|")
    for run in found:
        speed = alone["seconds"] / run["seconds"]
        cores = min(run["workers"], os.cpu_count() or 1)
        print(f"| {run['workers']} | {run['seconds']:.1f} | {speed:.2f} | {speed / cores:.2f} |")
    fixed = min(run["fixed"] for run in found)
    work = sum(alone["chunks"]) - N_CHUNKS * fixed
    print(
        f"\nOne worker spends {work:.1f} s on rewiring and {fixed:.2f} s per chunk on laying out"
        f" the network; putting the pieces together takes {concat:.1f} s once. So *n* chunks"
        f" on *w* cores take about {work:.0f} / *w* + {fixed:.2f} · *n* / *w* + {concat:.1f} s:\n"
    )
    print("| cores of a cluster | chunks | seconds, expected |\n|---:|---:|---:|")
    for cores in CORES_OF_A_CLUSTER:
        print(f"| {cores} | {cores} | {work / cores + fixed + concat:.1f} |")


if __name__ == "__main__":
    main()
