"""Which steps a build needs, and the hash of each, known before anything runs.

A step's hash is made of the hashes of its inputs (snapshots, hand-coded lists, other steps),
its code with all that the code imports, the contracts and suites of its tables, and the
versions of the libraries. What has a finished result under its hash need not run again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files

from flows.fingerprint import library_versions, module_hash, sha256_of
from flows.steps import STEPS, Step
from warehouse.contracts import contracts
from warehouse.load import mart_sql


class PlanError(ValueError):
    """The steps do not fit together: a table that nobody makes, or that two steps make."""


@dataclass(frozen=True)
class PlannedStep:
    """A step with everything that decides its result.

    Attributes:
        step: The step.
        step_hash: SHA-256 of inputs, code, contracts, suites and library versions.
        inputs: Full table name to the name of the step that makes it.
    """

    step: Step
    step_hash: str
    inputs: Mapping[str, str]


def plan_steps(snapshot_hashes: Mapping[str, str]) -> dict[str, PlannedStep]:
    """Plans a build.

    Args:
        snapshot_hashes: Slug to the SHA-256 of its bytes, for every declared source.

    Returns:
        Step name to planned step, in an order in which they can run.

    Raises:
        PlanError: A step reads a table that no earlier step makes, or two make the same.
    """
    makers: dict[str, str] = {}
    planned: dict[str, PlannedStep] = {}
    for step in STEPS:
        parts = [f"libraries={json.dumps(library_versions(), sort_keys=True)}", step.wiring]
        if step.source:
            parts.append(f"snapshot={snapshot_hashes[step.source]}")
            parts.append(f"row counts={pinned_row_counts()}")
        for table in step.reads:
            if table not in makers:
                raise PlanError(f"step {step.name} reads {table}, which no earlier step makes")
            parts.append(f"{table}={planned[makers[table]].step_hash}")
        parts += [f"{name}={reference_hash(name)}" for name in sorted(step.references.values())]
        parts += _code_parts(step)
        for table in step.outputs:
            if table in makers:
                raise PlanError(f"{table} is made by {makers[table]} and by {step.name}")
            makers[table] = step.name
        inputs = {table: makers[table] for table in step.reads}
        planned[step.name] = PlannedStep(step, sha256_of(step.name, *parts), inputs)
    return planned


def _code_parts(step: Step) -> list[str]:
    parts = [f"{name}={module_hash(name)}" for name in ("expectations.gate", "warehouse.load")]
    if step.module:
        parts.append("code=" + module_hash(step.module))
    for table in step.outputs:
        if step.stage == "marts":
            parts.append("sql=" + mart_sql(table))
        parts.append("contract=" + json.dumps(asdict(contracts()[table]), sort_keys=True))
    return parts + [f"suite={module_hash(name)}" for name in suite_modules(step)]


def suite_modules(step: Step) -> list[str]:
    """Dotted names of the modules that hold the suites of a step's gates."""
    if step.source:
        return [f"expectations.{stage}.{step.source}" for stage in ("raw", "staged")]
    return [f"expectations.{table}" for table in step.outputs]


def pinned_row_counts() -> str:
    """The text of `expectations/row_counts.csv`, which the gates of staging steps read."""
    return (files("expectations") / "row_counts.csv").read_text("utf-8")


def reference_text(name: str) -> str:
    """The CSV text of a hand-coded list, `transforms/reference/<name>.csv`."""
    return (files("transforms") / "reference" / f"{name}.csv").read_text("utf-8")


def reference_hash(name: str) -> str:
    """SHA-256 of a hand-coded list's text."""
    return sha256_of(reference_text(name))
