"""What a step computes: tables in, tables out, without gates and without Prefect.

Everything here can run in another process (`flows.engine.process_pool`): it takes paths and leaves
files. Heavy libraries are imported by the step's own module, when it is called.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from expectations.gate.evidence import Evidence
from expectations.gate.run import gather_evidence
from expectations.registry import suite_for
from flows.dag import Step
from flows.engine.chunks import ChunkStore
from flows.engine.coverage import coverages
from flows.engine.reference import read_reference
from flows.engine.store import write_table
from flows.engine.table_shape import shape_of
from flows.home.covariates import read_covariates
from flows.home.step_parts import StepClock
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts
from warehouse.load.marts import run_mart


@dataclass(frozen=True)
class MadeTables:
    """What is known of the tables that a step has written.

    Attributes:
        losses: The rows that were lost, counted (`transforms.step_result.LOSS_SCHEMA`).
        evidence: Full table name to what its gate judges it by.
    """

    losses: pl.DataFrame
    evidence: Mapping[str, Evidence]


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
) -> MadeTables:
    """Computes the tables of a core, mart or metric step and writes them.

    Args:
        step: The step; its chunks are finished.
        inputs: Full table name to its parquet file.
        user_files: Argument name to the file that a person handed over for it.
        pieces: Finished chunks, for a step that has them.
        folder: Where to write `<full table name>.parquet`.
        clock: Adds up what it takes, for whoever wants to know.

    Returns:
        What the step's gates have to know.

    Raises:
        ContractError: The step's rows are not what their contract says.
    """
    clock = clock or StepClock()
    if step.stage == "marts":
        (table,) = step.outputs
        with clock.at("compute"):  # and read, by column, as the query wants
            outcome = StepResult({table: run_mart(table, inputs)})
        return _made(step, outcome, folder, clock)
    with clock.at("import"):
        function = function_at(str(step.function))
    with clock.at("read"):
        arguments = _arguments(step, inputs)
        arguments |= {name: read_covariates(user_files.get(name)) for name in step.user_files}
        if step.chunk_function:
            arguments["chunks"] = pieces.all()
    with clock.at("compute"):
        outcome = function(**arguments)
    return _made(step, outcome, folder, clock)


def _made(step: Step, outcome: StepResult, folder: Path, clock: StepClock) -> MadeTables:
    """Writes what was computed; evidence is gathered while the rows are in memory."""
    with clock.at("write"):
        tables = write_result(step, outcome, folder)
    with clock.at("gate"):
        evidence = {
            table: gather_evidence(suite_for(table), frame, shape_of(table))
            for table, frame in tables.items()
        }
    return MadeTables(outcome.losses, evidence)


def write_result(step: Step, outcome: StepResult, folder: Path) -> dict[str, pl.DataFrame]:
    """Writes a step's tables, each as its contract says.

    Args:
        step: The step.
        outcome: Its tables, and what it lost.
        folder: Where to write `<full table name>.parquet`.

    Returns:
        Full table name to the rows that were written.

    Raises:
        ValueError: These are not the tables that the step declares.
        ContractError: The rows are not what their contract says.
    """
    if set(outcome.tables) != set(step.outputs):
        raise ValueError(f"{step.name} made {sorted(outcome.tables)}, not {sorted(step.outputs)}")
    tables = {name: contracts()[name].conform(frame) for name, frame in outcome.tables.items()}
    for name, frame in tables.items():
        write_table(folder, name, frame)
    return tables


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
