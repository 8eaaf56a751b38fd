"""Runs one step: its inputs in, through the gates, into the store of finished steps."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path

import polars as pl

from expectations.gate.evidence import Evidence
from expectations.gate.failures import raise_if_stopped
from expectations.gate.results import GateReport
from expectations.gate.run import run_gate
from expectations.registry import suite_for
from flows.dag import Step
from flows.engine.chunks import ChunkStore
from flows.engine.compute import make_tables, run_chunk, write_result
from flows.engine.coverage import dated_columns
from flows.engine.process_pool import run_in_pool
from flows.engine.store import FinishedStep, StepStore
from flows.engine.table_shape import shape_of
from flows.engine.unreadable import refusing_in_words
from flows.fetch.members import read_members
from flows.fetch.snapshot_record import Snapshot
from flows.home.step_parts import StepClock, sum_of, timed
from flows.sources import load_declarations
from transforms.step_result import LOSS_SCHEMA, StepResult


def run_step(
    step: Step,
    step_hash: str,
    inputs: Mapping[str, Path],
    store: StepStore,
    snapshot: Snapshot | None = None,
    *,
    ingredients: Mapping[str, str] | None = None,
    user_files: Mapping[str, Path] | None = None,
) -> tuple[FinishedStep, bool]:
    """Runs a step, or finds that it is finished already.

    Args:
        step: The step.
        step_hash: Its hash (`flows.engine.plan`).
        inputs: Full table name to its parquet file.
        store: Where finished steps are kept.
        snapshot: Bytes that a staging step reads.
        ingredients: What the hash is made of, to be stored with the result.
        user_files: Argument name to the file that a person handed over for it.

    Returns:
        The finished step, and whether it was there before.

    Raises:
        GateFailedError: A critical rule does not hold; nothing is stored.
        UnreadableSourceError: The bytes of the source cannot be read or cast.
        ContractError: The step's rows are not what their contract says.
    """
    if finished := store.find(step.name, step_hash):
        return finished, True
    started = time.monotonic()
    clock = StepClock(time.thread_time)  # other threads of this process judge and tell
    elsewhere = []
    reports: list[GateReport] = []
    pieces = ChunkStore.of(store, step.name, step_hash, step.n_chunks)
    if step.chunk_function:
        for chunk in range(step.n_chunks):
            _, parts = run_in_pool(timed, partial(run_chunk, step, chunk, inputs, pieces))
            elsewhere.append(parts)
    with store.draft(step.name, step_hash) as draft:
        if step.stage == "staged":
            losses = _stage(clock, step, snapshot, draft.folder, reports)
        else:
            made = partial(make_tables, step, inputs, user_files or {}, pieces, draft.folder)
            found, parts = run_in_pool(timed, made)
            elsewhere.append(parts)
            losses = found.losses
            for table in step.outputs:
                rows = partial(draft.read, table)
                evidence = found.evidence[table]
                reports.append(_gate(clock, table, rows, losses=losses, evidence=evidence))
        notes = {
            "losses": losses.select(LOSS_SCHEMA.keys()),
            "validation": pl.concat([report.validation for report in reports]),
            "quarantine": pl.concat([report.quarantine for report in reports]),
        }
        with clock.at("write"):
            files = draft.close(notes)
        record = {
            "seconds": round(time.monotonic() - started, 3),
            "parts": sum_of([*elsewhere, clock.parts()]),
            "inputs": {table: str(path.parent.name) for table, path in inputs.items()},
            "ingredients": dict(ingredients or {}),
        }
        finished = draft.finish(files, record)
    pieces.delete()
    return finished, False


def _stage(
    clock: StepClock,
    step: Step,
    snapshot: Snapshot | None,
    folder: Path,
    reports: list[GateReport],
) -> pl.DataFrame:
    """Reads and stages a source, between the gates; writes the tables, returns what was lost."""
    if snapshot is None:
        raise ValueError(f"{step.name} reads a source, and was given no snapshot")
    with clock.at("import"):
        module = import_module(step.modules[0])
    with refusing_in_words(snapshot):
        with clock.at("read"):
            members = read_members(snapshot, load_declarations()[snapshot.slug])
        with clock.at("compute"):
            raw = module.read(members)
    for table, frame in raw.items():
        reports.append(_gate(clock, table, frame, snapshot))
    with refusing_in_words(snapshot):
        with clock.at("compute"):
            staged: StepResult = module.stage(raw)
        with clock.at("write"):
            written = write_result(step, staged, folder)
    for table in step.outputs:
        reports.append(_gate(clock, table, written[table], snapshot, losses=staged.losses))
    return staged.losses


def _gate(
    clock: StepClock,
    table: str,
    rows: pl.DataFrame | Callable[[], pl.DataFrame],
    snapshot: Snapshot | None = None,
    *,
    losses: pl.DataFrame | None = None,
    evidence: Evidence | None = None,
) -> GateReport:
    with clock.at("gate"):
        report = run_gate(
            suite_for(table),
            rows,
            shape_of(table),
            snapshot_id=snapshot.snapshot_id if snapshot else None,
            dated=dated_columns(table),
            losses=losses,
            evidence=evidence,
        )
    raise_if_stopped([report])
    return report
