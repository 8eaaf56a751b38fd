"""Finished steps → a build file → the published file, in one atomic step."""

import os
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.engine.assemble import Build, load_tables, write_metadata
from flows.engine.cross_rules import check_rules
from flows.engine.release_rows import release_frame
from flows.engine.store import StepStore
from flows.home.build_files import build_file, record_checksum
from flows.home.builds import forget_old_builds, put_in_place
from flows.home.earlier_build import earlier_file
from flows.home.paths import Home
from flows.home.release_records import ReleaseRecords
from warehouse.catalog.builds import earlier_builds
from warehouse.catalog.releases import release_rows
from warehouse.db import write_build
from warehouse.swap_in import swap_in


@task(
    name="publish",
    task_run_name="Assemble, check and publish the warehouse",
    cache_policy=NO_CACHE,
)
def publish(build: Build, home: Home) -> dict[str, int]:
    """Assembles the database, checks the rules across tables, and swaps it in.

    Args:
        build: What is published.
        home: Where the steps are, and where the published file goes.

    Returns:
        Full table name to number of rows.

    Raises:
        GateFailedError: A critical rule across tables is broken; the published file is
            untouched.
    """
    path = build_file(build.build_id, home)
    rows = _write(build, home, path)
    put_in_place(path, home)
    forget_old_builds(home, path)
    return rows


@task(name="assemble", task_run_name="Assemble and check the warehouse", cache_policy=NO_CACHE)
def assemble(build: Build, home: Home, path: Path) -> dict[str, int]:
    """As `publish`, but into a file of its own; the published file stays as it is.

    Args:
        build: What is assembled.
        home: Where the steps are.
        path: Where the file goes, complete or not at all.

    Returns:
        Full table name to number of rows.
    """
    return _write(build, home, path)


def _write(build: Build, home: Home, path: Path) -> dict[str, int]:
    store = StepStore(home.steps)
    finished = {n: store.place(n, p.step_hash) for n, p in build.planned.steps.items()}
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    earlier = earlier_file(home)
    releases = release_frame(
        build.snapshots,
        build.comparisons,
        release_rows(earlier),
        ReleaseRecords(home).acceptances(),
        build.nothing_compared,
    )
    with write_build(partial) as connection:
        rows = load_tables(connection, build, finished)
        rules = check_rules(connection, rows)
        before = earlier_builds(earlier)
        write_metadata(connection, build, finished, rules, earlier_builds=before, releases=releases)
    record_checksum(partial, path)
    swap_in(partial, path)
    return rows
