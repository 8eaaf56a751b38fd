"""Finished steps → a build file → the published file, in one atomic step."""

import hashlib
import os
from pathlib import Path

from prefect import task

from flows.assemble import Build, check_rules, load_tables, write_metadata
from flows.settings import Settings
from flows.step_store import FinishedStep, StepStore
from warehouse.catalog import earlier_builds
from warehouse.db import publish as swap_in
from warehouse.db import write_build

BUILDS_KEPT = 5


@task(name="publish", task_run_name="Assemble, check and publish the warehouse", tags=["publish"])
def publish(build: Build, settings: Settings) -> dict[str, int]:
    """Assembles the database, checks the rules across tables, and swaps it in.

    Args:
        build: What is published.
        settings: Where the steps are, and where the published file goes.

    Returns:
        Full table name to number of rows.

    Raises:
        GateFailedError: A critical rule across tables is broken; the published file is
            untouched.
    """
    path = build_file(build.build_id, settings)
    rows = _write(build, settings, path)
    put_in_place(path, settings)
    _forget_old_builds(settings)
    return rows


@task(name="assemble", task_run_name="Assemble and check the warehouse", tags=["publish"])
def assemble(build: Build, settings: Settings, path: Path) -> dict[str, int]:
    """As `publish`, but into a file of its own; the published file stays as it is.

    Args:
        build: What is assembled.
        settings: Where the steps are.
        path: Where the file goes, complete or not at all.

    Returns:
        Full table name to number of rows.
    """
    return _write(build, settings, path)


def _write(build: Build, settings: Settings, path: Path) -> dict[str, int]:
    store = StepStore(settings.steps)
    finished = {
        name: FinishedStep(name, p.step_hash, store.folder(name, p.step_hash))
        for name, p in build.plan.items()
    }
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    earlier = earlier_builds(settings.warehouse)
    with write_build(partial) as connection:
        rows = load_tables(connection, build, finished)
        rules = check_rules(connection, rows)
        write_metadata(connection, build, finished, rules, earlier)
    checksum_file(path).write_text(f"{sha256_of_file(partial)}  {path.name}\n", "utf-8")
    swap_in(partial, path)
    return rows


def build_file(build_id: str, settings: Settings) -> Path:
    """Where the database of a build is kept."""
    return settings.builds / f"{build_id[:16]}.duckdb"


def put_in_place(path: Path, settings: Settings) -> None:
    """Publishes a build of `builds/`; readers that have the old file open keep the old data."""
    # A second name for the same bytes: the build stays, at no cost, while it is published.
    incoming = settings.home / f".warehouse.{os.getpid()}.duckdb"
    incoming.unlink(missing_ok=True)
    os.link(path, incoming)
    swap_in(incoming, settings.warehouse)


def checksum_file(path: Path) -> Path:
    """Where the checksum of a build file is, in the form that `sha256sum -c` reads."""
    return path.with_name(f"{path.name}.sha256")


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _forget_old_builds(settings: Settings) -> None:
    found = sorted(settings.builds.glob("*.duckdb"), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in found[BUILDS_KEPT:]:
        path.unlink()
        checksum_file(path).unlink(missing_ok=True)
