"""Runs one step: its inputs in, through the gates, into the store of finished steps."""

import io
import time
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from expectations.gate import run_gate
from expectations.results import GateReport
from expectations.shape import ColumnShape, TableShape
from expectations.suites import suite_for
from flows.covariates import read_covariates
from flows.fetch.snapshots import Snapshot, read_members
from flows.plan import reference_text
from flows.sources import load_declarations
from flows.step_chunks import Pieces
from flows.step_store import FinishedStep, StepStore
from flows.steps import Step
from transforms.outcome import LOSS_SCHEMA, Outcome
from warehouse.contracts import contracts
from warehouse.load import run_mart


def run_step(
    step: Step,
    step_hash: str,
    inputs: Mapping[str, Path],
    store: StepStore,
    snapshot: Snapshot | None = None,
    *,
    ingredients: Mapping[str, str] | None = None,
    handed_over: Mapping[str, Path] | None = None,
) -> tuple[FinishedStep, bool]:
    """Runs a step, or finds that it is finished already.

    Args:
        step: The step.
        step_hash: Its hash (`flows.plan`).
        inputs: Full table name to its parquet file.
        store: Where finished steps are kept.
        snapshot: Bytes that a staging step reads.
        ingredients: What the hash is made of, to be stored with the result.
        handed_over: Argument name to the file that a person handed over for it.

    Returns:
        The finished step, and whether it was there before.

    Raises:
        GateFailedError: A critical rule does not hold; nothing is stored.
        ContractError: The step's rows are not what their contract says.
    """
    if finished := store.find(step.name, step_hash):
        return finished, True
    started = time.monotonic()
    reports: list[GateReport] = []
    pieces = Pieces.of(store, step.name, step_hash, step.n_chunks)
    if step.chunk_function:
        for chunk in range(step.n_chunks):
            run_chunk(step, chunk, inputs, pieces)
    outcome = _outcome(step, inputs, snapshot, reports, pieces, handed_over=handed_over or {})
    if set(outcome.tables) != set(step.outputs):
        raise ValueError(f"{step.name} made {sorted(outcome.tables)}, not {sorted(step.outputs)}")
    tables = {name: contracts()[name].conform(frame) for name, frame in outcome.tables.items()}
    for name, frame in tables.items():
        reports.append(_gate(name, frame, snapshot))
    notes = {
        "losses": outcome.losses.select(LOSS_SCHEMA.keys()),
        "validation": pl.concat([report.validation for report in reports]),
        "quarantine": pl.concat([report.quarantine for report in reports]),
    }
    record = {
        "seconds": round(time.monotonic() - started, 3),
        "inputs": {table: str(path.parent.name) for table, path in inputs.items()},
        "ingredients": dict(ingredients or {}),
    }
    finished = store.save(step.name, step_hash, tables, notes, record)
    pieces.forget()
    return finished, False


def run_chunk(
    step: Step, chunk: int, inputs: Mapping[str, Path], pieces: Pieces
) -> tuple[Path, bool]:
    """Runs one chunk of a step, or finds that it is finished already.

    Args:
        step: A step with a chunk function.
        chunk: Which chunk, from 0.
        inputs: Full table name to its parquet file.
        pieces: Where finished pieces are kept.

    Returns:
        The finished piece, and whether it was there before.
    """
    if found := pieces.find(chunk):
        return found, True
    function = _function(str(step.chunk_function))
    piece = function(chunk=chunk, n_chunks=pieces.n_chunks, **_arguments(step, inputs))
    return pieces.save(chunk, piece), False


def _outcome(
    step: Step,
    inputs: Mapping[str, Path],
    snapshot: Snapshot | None,
    reports: list[GateReport],
    pieces: Pieces,
    *,
    handed_over: Mapping[str, Path],
) -> Outcome:
    if step.stage == "marts":
        (table,) = step.outputs
        return Outcome({table: run_mart(table, inputs)})
    if step.stage == "staged":
        if snapshot is None:
            raise ValueError(f"{step.name} reads a source, and was given no snapshot")
        return _stage(step, snapshot, reports)
    arguments = _arguments(step, inputs)
    arguments |= {name: read_covariates(handed_over.get(name)) for name in step.handed_over}
    if step.chunk_function:
        arguments["chunks"] = pieces.all()
    outcome: Outcome = _function(str(step.function))(**arguments)
    return outcome


def _arguments(step: Step, inputs: Mapping[str, Path]) -> dict[str, Any]:
    arguments = {name: pl.read_parquet(inputs[table]) for name, table in step.tables.items()}
    return arguments | {name: read_reference(file) for name, file in step.references.items()}


def _stage(step: Step, snapshot: Snapshot, reports: list[GateReport]) -> Outcome:
    module = import_module(step.modules[0])
    raw = module.read(read_members(snapshot, load_declarations()[snapshot.slug]))
    for table, frame in raw.items():
        reports.append(_gate(table, frame, snapshot))
    outcome: Outcome = module.stage(raw)
    return outcome


def _gate(table: str, frame: pl.DataFrame, snapshot: Snapshot | None) -> GateReport:
    report = run_gate(
        suite_for(table),
        frame,
        shape_of(table),
        snapshot_id=snapshot.snapshot_id if snapshot else None,
    )
    report.raise_if_stopped()
    return report


def _function(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


@cache
def shape_of(table: str) -> TableShape | None:
    """A table's contract as the gate wants it; None for a raw table, which has no contract."""
    contract = contracts().get(table)
    if contract is None:
        return None
    columns = tuple(
        ColumnShape(
            name=column.name,
            dtype=column.polars_type,
            nullable=column.null_when is not None,
            codes=tuple(column.codes or ()),
            minimum=column.minimum,
            maximum=column.maximum,
        )
        for column in contract.columns
    )
    return TableShape(table, contract.key, columns)


def read_reference(name: str) -> Any:
    """A hand-coded list, every column text, an empty cell NULL; the content of a file of rules."""
    if name.endswith(".yml"):
        return yaml.safe_load(reference_text(name))
    return pl.read_csv(io.StringIO(reference_text(name)), infer_schema=False)
