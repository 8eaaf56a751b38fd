"""Which steps a build needs, and the hash of each, known before anything runs.

A step's hash is made of the hashes of its inputs (snapshots, hand-coded lists, other steps),
its code with all that the code imports, the contracts and suites of its tables, and the
versions of the libraries. What has a finished result under its hash need not run again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from flows.dag import STEPS, Step
from flows.engine.fingerprint import library_versions, module_hashes, sha256_of
from warehouse.contracts.read import contracts
from warehouse.load.marts import mart_sql


class PlanError(ValueError):
    """The steps do not fit together: a table that nobody makes, or that two steps make."""


@dataclass(frozen=True)
class PlannedStep:
    """A step with everything that decides its result.

    Attributes:
        step: The step.
        step_hash: SHA-256 of the ingredients.
        inputs: Full table name to the name of the step that makes it.
        ingredients: What the hash is made of, each under a name that tells its kind and what
            it is (`snapshot un_votes`, `code transforms.core.votes`, `library polars`); stored
            with the result, so that a later plan can say what has changed.
        user_files: Argument name to the hash of the file that a person handed over for it.
    """

    step: Step
    step_hash: str
    inputs: Mapping[str, str]
    ingredients: Mapping[str, str]
    user_files: Mapping[str, str]


def plan_steps(
    snapshot_hashes: Mapping[str, str], user_files: Mapping[str, str] | None = None
) -> dict[str, PlannedStep]:
    """Plans a build.

    Args:
        snapshot_hashes: Slug to the SHA-256 of its bytes, for every declared source.
        user_files: Name (`covariates`) to the SHA-256 of the file that a person handed over.

    Returns:
        Step name to planned step, in an order in which they can run.

    Raises:
        PlanError: A step reads a table that no earlier step makes, or two make the same.
    """
    makers: dict[str, str] = {}
    planned: dict[str, PlannedStep] = {}
    for step in STEPS:
        for table in step.reads:
            if table not in makers:
                raise PlanError(f"step {step.name} reads {table}, which no earlier step makes")
        ingredients = {f"library {name}": text for name, text in library_versions().items()}
        ingredients["wiring"] = step.wiring
        if step.source:
            ingredients[f"snapshot {step.source}"] = snapshot_hashes[step.source]
            ingredients["row counts"] = sha256_of(pinned_row_counts())
        for table in step.reads:
            ingredients[f"table {table}"] = planned[makers[table]].step_hash
        for name in sorted(step.references.values()):
            ingredients[f"list {name}"] = reference_hash(name)
        provided = user_files or {}
        here = {arg: provided[name] for arg, name in step.user_files.items() if name in provided}
        for name in sorted(step.user_files.values()):
            ingredients[f"handed over {name}"] = provided.get(name, "nothing")
        ingredients |= _code(step)
        for table in step.outputs:
            if table in makers:
                raise PlanError(f"{table} is made by {makers[table]} and by {step.name}")
            makers[table] = step.name
        inputs = {table: makers[table] for table in step.reads}
        parts = [part for item in ingredients.items() for part in item]
        step_hash = sha256_of(step.name, *parts)
        planned[step.name] = PlannedStep(step, step_hash, inputs, ingredients, here)
    return planned


def _code(step: Step) -> dict[str, str]:
    suites = suite_modules(step)
    found: dict[str, str] = {}
    for root in ("expectations.gate.run", "warehouse.load.tables", *step.modules, *suites):
        for name, text_hash in module_hashes(root).items():
            found[f"{'suite' if name in suites else 'code'} {name}"] = text_hash
    for table in step.outputs:
        if step.stage == "marts":
            found[f"sql {table}"] = sha256_of(mart_sql(table))
        found[f"contract {table}"] = _contract_hash(table)
    return found


@cache
def _contract_hash(table: str) -> str:
    return sha256_of(json.dumps(asdict(contracts()[table]), sort_keys=True))


def suite_modules(step: Step) -> list[str]:
    """Dotted names of the modules that hold the suites of a step's gates."""
    if step.source:
        return [f"expectations.{stage}.{step.source}" for stage in ("raw", "staged")]
    return [f"expectations.{table}" for table in step.outputs]


def pinned_row_counts() -> str:
    """The text of `expectations/row_counts.csv`, which the gates of staging steps read."""
    return (files("expectations") / "row_counts.csv").read_text("utf-8")


def reference_text(name: str) -> str:
    """The text of a hand-coded list, or of a file of rules (`claims.yml`)."""
    return (files("transforms") / "reference" / reference_file(name)).read_text("utf-8")


def reference_file(name: str) -> str:
    """The file in `transforms/reference/`: `<name>.csv`, unless the name has an ending."""
    return name if name.endswith(".yml") else f"{name}.csv"


def reference_hash(name: str) -> str:
    """SHA-256 of a hand-coded list's text."""
    return sha256_of(reference_text(name))
