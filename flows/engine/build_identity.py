"""The id of a build: the same id means the same tables.

It is made of the hashes of all steps, of what assembles their results (the code that loads them,
contracts, formulas, views, rules across tables) and of the parameters. Neither the date nor the
profile nor the machine enters it; nor do texts, charts, exports, the catalogue or `flows`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from expectations.registry import all_suites
from flows.dag import PARAMETERS, STEPS, steps_for
from flows.engine.fingerprint import (
    hash_of_contract,
    hash_of_data,
    hash_of_rules,
    hash_of_sql,
)
from flows.engine.plan import PlannedStep, plan_steps
from flows.engine.source_code import libraries_of, module_hashes
from flows.sources import load_declarations
from warehouse.catalog.builds import ONLY
from warehouse.contracts.read import contracts
from warehouse.load.macros import macro_sql
from warehouse.load.views import view_sql

_LOADING = ("warehouse.load.tables", "warehouse.load.views", "warehouse.load.macros")


@dataclass(frozen=True)
class PlannedBuild:
    """A build before anything of it runs.

    Attributes:
        build_id: 64 hex digits.
        parameters: Parameters that change numbers, and hashes of user files; part of the id.
        steps: Step name to planned step, in an order in which they can run.
    """

    build_id: str
    parameters: Mapping[str, object]
    steps: Mapping[str, PlannedStep]

    @property
    def step_hashes(self) -> dict[str, str]:
        """Step name to hash."""
        return {name: planned.step_hash for name, planned in self.steps.items()}


def plan_build(
    snapshot_hashes: Mapping[str, str],
    user_files: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
) -> PlannedBuild:
    """Plans a build.

    Args:
        snapshot_hashes: Slug to the SHA-256 of its bytes, for every declared source.
        user_files: Name (`covariates`) to the SHA-256 of a user file.
        only: Tables of a partial build, which has them and what they need; a parameter of its id.

    Raises:
        PlanError: The steps do not fit together.
    """
    parameters = {**PARAMETERS, **(user_files or {})}
    if only:
        parameters[ONLY] = sorted(set(only))
    steps = plan_steps(snapshot_hashes, user_files, steps_for(only) if only else STEPS)
    hashes = {name: planned.step_hash for name, planned in steps.items()}
    return PlannedBuild(build_id(hashes, parameters), parameters, steps)


def build_id(step_hashes: Mapping[str, str], parameters: Mapping[str, object]) -> str:
    """The id of a build with these steps.

    Args:
        step_hashes: Step name to hash, in any order.
        parameters: Parameters that change numbers (seeds, switches), in any order.

    Returns:
        64 hex digits.
    """
    made_of = [sorted(step_hashes.items()), assembly(), sorted(parameters.items())]
    return hash_of_data(made_of)


@cache
def assembly() -> Mapping[str, str]:
    """What decides the build besides its steps: kind and name to hash, read once in a process."""
    found: dict[str, str] = {}
    for root in _LOADING:
        found |= {f"code {name}": code for name, code in module_hashes(root).items()}
    for table, contract in contracts().items():
        found[f"contract {table}"] = hash_of_contract(contract, formulas=True)
    found |= {f"view {name}": hash_of_sql(sql) for name, sql in view_sql().items()}
    found |= {f"macro {name}": hash_of_sql(sql) for name, sql in macro_sql().items()}
    found |= {f"rules across {s.table}": hash_of_rules(s.rules) for s in all_suites() if s.rules}
    return found


@cache
def computing_libraries() -> Mapping[str, str]:
    """Versions of all libraries that some step computes with."""
    plan = plan_steps(dict.fromkeys(load_declarations(), ""))
    modules = {module for planned in plan.values() for module in planned.step.modules}
    return libraries_of(*sorted(modules))


@cache
def code_identity() -> str:
    """One hash of all that decides numbers but bytes and parameters.

    Two machines with the same one give each step the same hash, and the same tables.
    """
    return plan_build(dict.fromkeys(load_declarations(), "any bytes")).build_id
