"""Which steps a build needs, and the hash of each, known before anything runs.

A step's hash is made of its ingredients: the hashes of its inputs (snapshots, hand-coded lists,
other steps), its code with all that the code imports, its SQL, the contracts and rules of its
tables, and the versions of the libraries that its code uses. What has a finished result under its
hash need not run again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from expectations.gate.contract_rules import implied_expectations
from expectations.registry import all_suites, suite_for
from flows.dag import STEPS, Step, step_named
from flows.engine.coverage import hash_of_coverage
from flows.engine.fingerprint import (
    hash_of_contract,
    hash_of_data,
    hash_of_expectations,
    hash_of_reference,
    hash_of_row_counts,
    hash_of_sql,
    sha256_of,
)
from flows.engine.source_code import libraries_of, module_hashes
from flows.engine.table_shape import shape_of
from flows.sources import load_declarations
from warehouse.contracts.read import contracts
from warehouse.load.marts import mart_sql

GATE = "expectations.gate.run"
CONFORM = "warehouse.contracts.model"
RUN_MART = "warehouse.load.marts"

# They make rules, which are hashed as data.
_RULE_WRITERS = frozenset({"expectations.suite", "expectations.gate.contract_rules"})


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
        user_files: Argument name to the hash of the user file that it reads.
    """

    step: Step
    step_hash: str
    inputs: Mapping[str, str]
    ingredients: Mapping[str, str]
    user_files: Mapping[str, str]


def plan_steps(
    snapshot_hashes: Mapping[str, str],
    user_files: Mapping[str, str] | None = None,
    steps: Sequence[Step] = STEPS,
) -> dict[str, PlannedStep]:
    """Plans the steps of a build.

    Args:
        snapshot_hashes: Slug to the SHA-256 of its bytes, for every source of the steps.
        user_files: Name (`covariates`) to the SHA-256 of the user file.
        steps: Those to plan, all unless given.

    Returns:
        Step name to planned step, in an order in which they can run.

    Raises:
        PlanError: A step reads a table that no earlier step makes, or two make the same.
    """
    provided = user_files or {}
    makers: dict[str, str] = {}
    planned: dict[str, PlannedStep] = {}
    for step in steps:
        for table in step.reads:
            if table not in makers:
                raise PlanError(f"step {step.name} reads {table}, which no earlier step makes")
        inputs = {table: makers[table] for table in step.reads}
        ingredients = dict(_own_ingredients(step.name))
        if step.source:
            ingredients[f"snapshot {step.source}"] = snapshot_hashes[step.source]
        for table, maker in inputs.items():
            ingredients[f"table {table}"] = planned[maker].step_hash
        for name in sorted(step.user_files.values()):
            ingredients[f"user file {name}"] = provided.get(name, "nothing")
        for table in step.outputs:
            if table in makers:
                raise PlanError(f"{table} is made by {makers[table]} and by {step.name}")
            makers[table] = step.name
        step_hash = sha256_of(step.name, *(p for item in ingredients.items() for p in item))
        used = {arg: provided[name] for arg, name in step.user_files.items() if name in provided}
        planned[step.name] = PlannedStep(step, step_hash, inputs, ingredients, used)
    return planned


@cache
def _own_ingredients(name: str) -> Mapping[str, str]:
    """What decides a step's result besides its inputs; read once in a process."""
    return dict(_read_ingredients(step_named(name)))


def _read_ingredients(step: Step) -> Iterator[tuple[str, str]]:
    yield "wiring", step.wiring
    for library, version in libraries_of(*step.modules).items():
        yield f"library {library}", version
    for name in sorted(step.references.values()):
        yield f"list {name}", hash_of_reference(name)
    if step.source:
        declaration = load_declarations()[step.source]
        packed = [layout.member for layout in declaration.layouts if layout.member]
        read = [declaration.file_format, dict(declaration.members), *packed]
        yield f"members {step.source}", hash_of_data(read)
        yield "row counts", hash_of_row_counts(step.source)
    for name in sorted({*step.coverage, *([step.source] if step.source else [])}):
        yield f"coverage {name}", hash_of_coverage(name)
    if step.stage == "marts":
        (table,) = step.outputs
        yield f"sql {table}", hash_of_sql(mart_sql(table))
    for table in step.outputs:
        yield f"contract {table}", hash_of_contract(contracts()[table])
    yield from _rules(step)
    yield from _code(step)


def _rules(step: Step) -> Iterator[tuple[str, str]]:
    """What the step's gates expect of each table, by its contract and by its suite."""
    suites = [suite_for(table) for table in step.outputs]
    if step.source:
        suites += [s for s in all_suites() if s.table.startswith(f"raw.{step.source}__")]
    for suite in suites:
        shape = shape_of(suite.table)
        implied = implied_expectations(shape) if shape else ()
        expected = (*implied, *suite.expectations)
        yield (
            f"rules {suite.table}",
            hash_of_expectations(expected, shape.key if shape else suite.key),
        )


def _code(step: Step) -> Iterator[tuple[str, str]]:
    roots = (GATE, CONFORM, *([RUN_MART] if step.stage == "marts" else step.modules))
    found = {name: code for root in roots for name, code in module_hashes(root).items()}
    yield from ((f"code {n}", code) for n, code in found.items() if n not in _RULE_WRITERS)
