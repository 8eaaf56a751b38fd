"""A build of two sources by the real stores, gates and swap, in a process that a test may kill.

What makes a build survive is where its bytes are written, and how: the stores of snapshots and of
finished steps, the build file, the published file, the lock. All of them are the real ones; only
the steps are few, and Prefect is not asked. Processes come from a fork server that has imported
everything, so that a trial takes a second and not ten.
"""

import hashlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import duckdb
import polars as pl

from flows.engine.assemble import Build, load_tables
from flows.engine.build_identity import PlannedBuild, plan_build
from flows.engine.runner import run_step
from flows.engine.store import FinishedStep, StepStore
from flows.fetch.fetch_source import fetch_source
from flows.fetch.snapshots import SnapshotStore
from flows.home.build_files import build_file, record_checksum, recorded_checksum, sha256_of_file
from flows.home.builds import put_in_place
from flows.home.paths import Home
from flows.home.writer_lock import only_writer
from flows.sources import load_declarations
from warehouse.contracts.read import contracts
from warehouse.db import write_build
from warehouse.load.tables import load_table
from warehouse.swap_in import swap_in

SOURCES = ("cow_states", "gdp")
STEPS = ("stage_cow_states", "stage_gdp", "core.states", "core.gdp")
BOUNDARIES = ("locked", *SOURCES, *STEPS, "assembled", "checksum", "kept", "published")
"""Moments between two steps of a build, in order."""

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__, "expectations.gate.run", "great_expectations"])


@dataclass(frozen=True)
class Published:
    """What a published file says of itself.

    Attributes:
        build_id: Of its build.
        figures: Hash of its rows.
    """

    build_id: str
    figures: str


def start(home: Path, world: Path, dies_at: str = "") -> ForkServerProcess:
    """Begins a build in a process of its own.

    Args:
        home: The home.
        world: Mirror of the two sources.
        dies_at: One of `BOUNDARIES`, at which the process kills itself; empty for none.
    """
    process = processes.Process(target=make, args=(home, world, dies_at))
    process.start()
    return process


def make(home_folder: Path, world: Path, dies_at: str = "") -> None:
    """Fetches, stages, builds and publishes."""
    home = Home.at(home_folder)

    def passed(boundary: str) -> None:
        if boundary == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with only_writer(home.path):
        passed("locked")
        _build(home, world, passed)


def _build(home: Home, world: Path, passed: Callable[[str], None]) -> None:
    snapshots = {}
    for slug in SOURCES:
        declaration = load_declarations()[slug]
        snapshots[slug] = fetch_source(declaration, home, "mirror", mirror=world).snapshot
        passed(slug)
    hashes = dict.fromkeys(load_declarations(), "0" * 64)
    hashes |= {slug: snapshot.sha256 for slug, snapshot in snapshots.items()}
    whole = plan_build(hashes)
    planned = PlannedBuild(whole.build_id, {}, {name: whole.steps[name] for name in STEPS})
    store = StepStore(home.steps)
    inputs: dict[str, Path] = {}
    finished: dict[str, FinishedStep] = {}
    for name, one in planned.steps.items():
        snapshot = snapshots.get(str(one.step.source))
        store.find_or_remove(name, one.step_hash, print)
        finished[name], _ = run_step(one.step, one.step_hash, inputs, store, snapshot)
        inputs |= {table: finished[name].table(table) for table in one.step.outputs}
        passed(name)
    path = build_file(planned.build_id, home)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with write_build(partial) as connection:
        build = Build(planned, "sample", snapshots)
        load_tables(connection, build, finished)
        load_table(connection, contracts()["meta.builds"], _identity(planned.build_id))
    passed("assembled")
    record_checksum(partial, path)
    passed("checksum")
    swap_in(partial, path)
    passed("kept")
    put_in_place(path, home)
    passed("published")


def _identity(build_id: str) -> pl.DataFrame:
    schema = contracts()["meta.builds"].polars_schema
    row = {
        "build_id": build_id,
        "profile": "sample",
        "is_simulated": True,
        "built_at": datetime(2026, 1, 1),
        "code_version": "0",
        "library_versions": "{}",
        "parameters": "{}",
        "is_current": True,
    }
    return pl.DataFrame([row], schema=schema)


def published(home: Path) -> Published:
    """What the published file of a home says; it has to open and to be whole."""
    place = Home.at(home)
    with duckdb.connect(str(place.warehouse), read_only=True) as connection:
        ((build_id,),) = connection.execute("SELECT build_id FROM meta.builds").fetchall()
        rows = connection.execute("FROM core.gdp ORDER BY ALL").fetchall()
    assert sha256_of_file(place.warehouse) == recorded_checksum(build_file(build_id, place))
    return Published(build_id, hashlib.sha256(repr(rows).encode()).hexdigest())


def snapshots_in(home: Path) -> set[str]:
    """Every snapshot of a home; each has the bytes that its name says."""
    store, found = SnapshotStore(Home.at(home).snapshots), set()
    for slug in SOURCES:
        for snapshot in store.snapshots(slug):
            store.verify(snapshot)
            found.add(snapshot.snapshot_id)
    return found
