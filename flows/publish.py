"""Finished steps → a build file → the published file, in one atomic step."""

import os

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
    store = StepStore(settings.steps)
    finished = {
        name: FinishedStep(name, p.step_hash, store.folder(name, p.step_hash))
        for name, p in build.plan.items()
    }
    path = settings.builds / f"{build.build_id[:16]}.duckdb"
    earlier = earlier_builds(settings.warehouse)
    with write_build(path) as connection:
        rows = load_tables(connection, build, finished)
        rules = check_rules(connection, rows)
        write_metadata(connection, build, finished, rules, earlier)
    # A second name for the same bytes: the build stays, at no cost, while it is published.
    incoming = settings.home / f".warehouse.{os.getpid()}.duckdb"
    incoming.unlink(missing_ok=True)
    os.link(path, incoming)
    swap_in(incoming, settings.warehouse)
    _forget_old_builds(settings)
    return rows


def _forget_old_builds(settings: Settings) -> None:
    found = sorted(settings.builds.glob("*.duckdb"), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in found[BUILDS_KEPT:]:
        path.unlink()
