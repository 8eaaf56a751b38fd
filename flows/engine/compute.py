"""What a step computes: tables in, tables out, without gates and without Prefect.

Everything here can run in another process (`flows.engine.process_pool`): it takes paths and leaves
files. Heavy libraries are imported by the step's own module, when it is called.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from flows.dag import Step
from flows.engine.chunks import ChunkStore
from flows.engine.coverage import coverages
from flows.engine.reference import read_reference
from flows.engine.store import write_table
from flows.home.covariates import read_covariates
from flows.home.step_parts import StepClock
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts
from warehouse.load.marts import run_mart


def run_chunk(
    step: Step,
    chunk: int,
    inputs: Mapping[str, Path],
    pieces: ChunkStore,
    *,
    clock: StepClock | None = None,
) -> tuple[Path, bool]:
    """Runs one chunk of a step, or finds that it is finished already.

    Args:
        step: A step with a chunk function.
        chunk: Which chunk, from 0.
        inputs: Full table name to its parquet file.
        pieces: Where finished pieces are kept.
        clock: Adds up what it takes, for whoever wants to know.

    Returns:
        The finished piece, and whether it was there before.
    """
    if found := pieces.find(chunk):
        return found, True
    clock = clock or StepClock()
    with clock.at("import"):
        function = function_at(str(step.chunk_function))
    with clock.at("read"):
        arguments = _arguments(step, inputs)
    with clock.at("compute"):
        piece = function(chunk=chunk, n_chunks=pieces.n_chunks, **arguments)
    with clock.at("write"):
        return pieces.save(chunk, piece), False


def make_tables(
    step: Step,
    inputs: Mapping[str, Path],
    user_files: Mapping[str, Path],
    pieces: ChunkStore,
    folder: Path,
    *,
    clock: StepClock | None = None,
) -> pl.DataFrame:
    """Computes the tables of a core, mart or metric step and writes them.

    Args:
        step: The step; its chunks are finished.
        inputs: Full table name to its parquet file.
        user_files: Argument name to the file that a person handed over for it.
        pieces: Finished chunks, for a step that has them.
        folder: Where to write `<full table name>.parquet`.
        clock: Adds up what it takes, for whoever wants to know.

    Returns:
        The rows that were lost, counted (`transforms.step_result.LOSS_SCHEMA`).

    Raises:
        ContractError: The step's rows are not what their contract says.
    """
    clock = clock or StepClock()
    if step.stage == "marts":
        (table,) = step.outputs
        with clock.at("compute"):  # and read, by column, as the query wants
            outcome = StepResult({table: run_mart(table, inputs)})
        return write_result(step, outcome, folder, clock)
    with clock.at("import"):
        function = function_at(str(step.function))
    with clock.at("read"):
        arguments = _arguments(step, inputs)
        arguments |= {name: read_covariates(user_files.get(name)) for name in step.user_files}
        if step.chunk_function:
            arguments["chunks"] = pieces.all()
    with clock.at("compute"):
        outcome = function(**arguments)
    return write_result(step, outcome, folder, clock)


def write_result(step: Step, outcome: StepResult, folder: Path, clock: StepClock) -> pl.DataFrame:
    """Writes a step's tables, each as its contract says.

    Args:
        step: The step.
        outcome: Its tables, and what it lost.
        folder: Where to write.
        clock: Adds up what it takes.

    Returns:
        The rows that were lost, counted.

    Raises:
        ValueError: These are not the tables that the step declares.
        ContractError: The rows are not what their contract says.
    """
    if set(outcome.tables) != set(step.outputs):
        raise ValueError(f"{step.name} made {sorted(outcome.tables)}, not {sorted(step.outputs)}")
    with clock.at("write"):
        for name, frame in outcome.tables.items():
            write_table(folder, name, contracts()[name].conform(frame))
    return outcome.losses


def function_at(path: str) -> Any:
    """The function that `module:function` names."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def _arguments(step: Step, inputs: Mapping[str, Path]) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        name: pl.read_parquet(inputs[table]) for name, table in step.tables.items()
    }
    if step.coverage:
        arguments["coverage"] = coverages(step.coverage)
    return arguments | {name: read_reference(file) for name, file in step.references.items()}
