"""Bootstrap standard errors of ideal points: a flow of its own, for when they are wanted.

    asymmetry bootstrap --draws 50 --runner processes

Reads the votes of the published build, writes `exports/ideal_point_bootstrap_<vote set>.parquet`
in the home. The same votes, draws and code give the same numbers, whatever the number of chunks
or the runner. Chunks that are finished are kept until all are, so that what dies is continued.
"""

from pathlib import Path
from typing import Literal

import polars as pl
from prefect import flow, get_run_logger, task, unmapped
from prefect.cache_policies import NO_CACHE

from flows.engine.chunks import ChunkStore
from flows.engine.fingerprint import hash_of_data
from flows.engine.source_code import libraries_of, module_hash
from flows.engine.store import FinishedStep, StepStore
from flows.home.guards import NothingPublishedError
from flows.home.paths import Home
from flows.runtime.flow_run_state import remember_flow_run
from flows.runtime.interrupts import say_when_interrupted
from flows.runtime.runner_options import RunnerName, RunnerOptions
from flows.runtime.task_runners import compute_on, on_threads
from transforms.metrics.ideal_points import bootstrap
from warehouse.catalog.builds import read_build

VoteSet = Literal["final_only", "all_recorded"]

_INPUTS = {"votes": "core.votes", "roll_calls": "core.roll_calls"}


@task(name="fit votes", task_run_name="Fit ideal points to the votes", cache_policy=NO_CACHE)
def fit_task(folder: str, inputs: dict[str, str], vote_set: str) -> None:
    """Fits the model to the votes as they were cast, or finds that it is done."""
    pieces = ChunkStore(Path(folder) / "fit", 1)
    if pieces.find(0) is None:
        pieces.save(0, bootstrap.first_fit(**_frames(inputs), vote_set=vote_set))


@task(name="draw votes", task_run_name="Draw votes anew ({label})", cache_policy=NO_CACHE)
def draw_task(
    *,
    label: str,  # noqa: ARG001 - names the run in the UI
    chunk: int,
    n_chunks: int,
    n_draws: int,
    folder: str,
    inputs: dict[str, str],
    vote_set: str,
) -> None:
    """Makes the draws of one chunk, or finds that they are done."""
    pieces = ChunkStore(Path(folder), n_chunks)
    if pieces.find(chunk) is None:
        drawn = bootstrap.draw_points(
            chunk=chunk,
            n_chunks=n_chunks,
            n_draws=n_draws,
            vote_set=vote_set,
            fitted=ChunkStore(Path(folder) / "fit", 1).all(),
            **_frames(inputs),
        )
        pieces.save(chunk, drawn)


@flow(
    name="ideal-point-bootstrap",
    flow_run_name="Draw ideal points {draws} times ({vote_set})",
    task_runner=on_threads(2),
)
def ideal_point_bootstrap(
    draws: int = 50,
    vote_set: VoteSet = "final_only",
    n_chunks: int = 10,
    runner: RunnerName = "threads",
    dask_address: str | None = None,
) -> str:
    """Draws ideal points from their sampling distribution.

    Args:
        draws: How many draws, at least 2.
        vote_set: Which roll calls count, as in `metrics.ideal_point`.
        n_chunks: Into how many tasks the draws are cut.
        runner: Where they run, as in `refresh`.
        dask_address: Scheduler of an existing cluster, for runner `dask`.

    Returns:
        The file that was written.

    Raises:
        NothingPublishedError: Nothing is published, or its finished steps are gone.
        ValueError: Fewer than two draws or one chunk.
    """
    if draws < 2 or not 1 <= n_chunks <= draws:
        raise ValueError(f"{draws} draws in {n_chunks} chunks: two draws or more, a chunk or more")
    home = Home.from_environment()
    workers = RunnerOptions(runner, dask_address).check()
    inputs, key = _inputs(home, draws, vote_set)
    target = home.exports / f"ideal_point_bootstrap_{vote_set}.parquet"
    pieces = ChunkStore(home.exports / f".ideal_point_bootstrap.{key[:16]}", n_chunks)
    remember_flow_run()
    say_when_interrupted(lambda: f"{pieces.outcome()}, nothing was written")

    def compute() -> None:
        fitted = fit_task.submit(str(pieces.folder), inputs, vote_set)
        drawn = draw_task.map(
            label=[f"{chunk + 1} of {n_chunks}" for chunk in range(n_chunks)],
            chunk=list(range(n_chunks)),
            n_chunks=unmapped(n_chunks),
            n_draws=unmapped(draws),
            folder=unmapped(str(pieces.folder)),
            inputs=unmapped(inputs),
            vote_set=unmapped(vote_set),
            wait_for=[fitted],
        )
        drawn.wait()  # for all: what went on after an error would meet the next pool's processes
        fitted.result()
        drawn.result()

    compute_on(workers, home.path, compute)
    table = bootstrap.summarise(
        vote_set=vote_set,
        fitted=ChunkStore(pieces.folder / "fit", 1).all(),
        chunks=pieces.all(),
        **_frames(inputs),
    )
    partial = target.with_name(f".{target.name}")
    table.write_parquet(partial)
    partial.replace(target)
    say_when_interrupted(lambda: f"{target} was written")
    pieces.delete()
    get_run_logger().info("%d draws of %d state-sessions in %s", draws, table.height, target)
    return str(target)


def _inputs(home: Home, draws: int, vote_set: str) -> tuple[dict[str, str], str]:
    """Files of the published build's votes, and a key of all that decides the numbers."""
    published = read_build(home.warehouse)
    hashes = published.step_hashes if published else {}
    store, files = StepStore(home.steps), {}
    for name, table in _INPUTS.items():
        finished: FinishedStep | None = (
            store.find(table, hashes[table]) if table in hashes else None
        )
        if finished is None:
            raise NothingPublishedError(
                f"{home.warehouse}: no published build with its finished step {table}. Nothing"
                " was changed. Run `asymmetry refresh` first."
            )
        files[name] = str(finished.table(table))
    code = (module_hash(bootstrap.__name__), libraries_of(bootstrap.__name__))
    return files, hash_of_data([files, draws, vote_set, code])


def _frames(inputs: dict[str, str]) -> dict[str, pl.DataFrame]:
    return {name: pl.read_parquet(path) for name, path in inputs.items()}
