"""The flow that calibrates: chunks of simulated worlds as mapped tasks, then the page.

Chunks that are finished are kept below `calibration/` in the home until the page is written: a
run that was ended takes up where it was, and what nobody takes up again goes with `retention`. The
page does not depend on the runner, the number of workers or how often the run was ended. Families
can be judged one by one: what the page had of the others stays.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from prefect import flow, get_run_logger, task, unmapped
from prefect.cache_policies import NO_CACHE

from flows.engine.calibration_chunks import (
    REAL,
    Chunk,
    chunks,
    concat,
    evenly,
    judge_chunk,
    key_of_worlds,
    save_real,
    tables_read,
)
from flows.engine.process_pool import exit_with_parent, run_in_pool
from flows.home.paths import Home
from flows.home.writer_lock import only_writer
from flows.reports.calibration import write_page
from flows.reports.calibration_results import Results
from flows.runtime.flow_run_state import remember_flow_run
from flows.runtime.interrupts import say_when_interrupted
from flows.runtime.runner_options import RunnerName, RunnerOptions
from flows.runtime.task_runners import compute_on, on_threads
from transforms.calibration.registry import FAMILIES
from warehouse.catalog.builds import current_build
from warehouse.db import read_published

N_WORLDS = 60
COUNTS = "calibration"
"""Folder below the page's with what was counted, and its pictures."""


@task(name="judge worlds", task_run_name="Judge {label}", cache_policy=NO_CACHE)
def judge_task(
    *,
    label: str,  # noqa: ARG001 - names the run in the UI
    chunk: Chunk,
    folder: str,
) -> None:
    """Makes, tests and judges the worlds of one chunk, or finds that it is done."""
    exit_with_parent()
    run_in_pool(judge_chunk, chunk, folder)


@flow(
    name="calibrate",
    flow_run_name="Judge {n_worlds} worlds a scenario",
    task_runner=on_threads(2),
)
def calibrate(
    n_worlds: int = N_WORLDS,
    families: list[str] | None = None,
    docs: str = "docs",
    runner: RunnerName = "threads",
    dask_address: str | None = None,
) -> str:
    """Judges simulated worlds whose truth is known, and writes docs/calibration.md.

    Args:
        n_worlds: Worlds per scenario without an effect; see `chunks`.
        families: Names of families; by default all.
        docs: Folder to write the page, its counts and its pictures to. Families that are not
            asked for keep the counts that are there.
        runner: Where chunks run, as in `refresh`.
        dask_address: Scheduler of an existing cluster, for runner `dask`.

    Returns:
        The page.

    Raises:
        AnotherRunError: Another calibration is going on in this home.
        WarehouseMissingError: Worlds of a family are drawn on the published build, and there is
            none.
        ValueError: No worlds, or an unknown family.
        OutputError: Counts in `docs` cannot be read.
    """
    names = families or list(FAMILIES)
    if n_worlds < 1 or not set(names) <= set(FAMILIES):
        raise ValueError(f"{n_worlds} worlds of {names}: one or more, of {list(FAMILIES)}")
    workers, home = RunnerOptions(runner, dask_address).check(), Home.from_environment()
    tables = tables_read(names)
    build_id = _published_build(home) if tables else ""
    todo = chunks(n_worlds, names, build_id)
    folder, counts = home.calibration, Path(docs) / COUNTS
    earlier = Results.read(counts)  # first: hours of worlds are not to end at a file

    def compute() -> None:
        in_turn = evenly(todo)
        judged = judge_task.map(
            label=[chunk.label for chunk in in_turn],
            chunk=in_turn,
            folder=unmapped(str(folder)),
        )
        judged.wait()  # for all: what went on after an error would meet the next pool's processes
        judged.result()

    # not the home's own lock: worlds are made up, and a build may go on meanwhile
    with only_writer(home.calibration):
        if tables:
            with read_published(home.warehouse) as connection:
                save_real(connection, tables, build_id, folder)
        remember_flow_run()
        say_when_interrupted(lambda: f"{_n_judged(todo, folder)} are kept, no page was written")
        compute_on(workers, home.path, compute)
        found = Results.of(concat(todo, folder), todo)
        say_when_interrupted(lambda: f"{docs} was being written; run it again, all chunks are kept")
        results = earlier.with_newer(found, list(FAMILIES))
        results.save(counts)
        codes = {name: key_of_worlds(name) for name in results.families["family"]}
        page = write_page(results, FAMILIES, codes, Path(docs))
        say_when_interrupted(lambda: f"{page} was written")
        for kept in {REAL, *(chunk.code for chunk in todo)}:
            shutil.rmtree(folder / kept, ignore_errors=True)
    get_run_logger().info("%d chunks of worlds judged, %s written", len(todo), page)
    return str(page)


def _published_build(home: Home) -> str:
    """Id of the published build, on which worlds are drawn.

    Raises:
        WarehouseMissingError: None is published.
    """
    with read_published(home.warehouse) as connection:
        build = current_build(connection)
    return build.build_id if build else ""


def _n_judged(todo: Sequence[Chunk], folder: Path) -> str:
    n = sum(all(store.n_saved() for store in chunk.pieces(folder)) for chunk in todo)
    return f"{n} of {len(todo)} chunks of worlds"
