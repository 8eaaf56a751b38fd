"""Finds the suite of a table by its name.

`raw.<slug>__<entity>` is in `raw/<slug>.py`, `staging.stg_<slug>__<entity>` in
`staged/<slug>.py`, and `core.<table>`, `marts.<table>`, `metrics.<table>` in a module of the
table's own.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from expectations.suite import Suite

STAGE_PACKAGES = {
    "raw": "raw",
    "staging": "staged",
    "core": "core",
    "marts": "marts",
    "metrics": "metrics",
}


class SuiteError(LookupError):
    """No suite, a suite in the wrong module, or one whose key is not where it belongs."""


def module_of(table: str) -> str:
    """The module that holds a table's suite.

    Args:
        table: Full table name.

    Raises:
        SuiteError: The name begins with no schema that has gates.
    """
    schema, _, name = table.partition(".")
    if schema not in STAGE_PACKAGES or not name:
        raise SuiteError(f"{table}: not in a schema that has gates {tuple(STAGE_PACKAGES)}")
    if schema in ("raw", "staging"):
        name = name.removeprefix("stg_").partition("__")[0]
    return f"expectations.{STAGE_PACKAGES[schema]}.{name}"


@cache
def suite_for(table: str) -> Suite:
    """The suite of a table.

    Args:
        table: Full table name, for example `raw.un_votes__votes` or `core.votes`.

    Raises:
        SuiteError: There is no suite. Every table needs one before it passes a gate.
    """
    module = module_of(table)
    for suite in _suites_in(module) if find_spec(module) else ():
        if suite.table == table:
            return suite
    raise SuiteError(
        f"{table} has no suite, and no table passes a gate without one: add it to SUITES in"
        f" {module.replace('.', '/')}.py"
    )


@cache
def all_suites() -> tuple[Suite, ...]:
    """Every suite of every stage, raw first.

    Raises:
        SuiteError: A suite is in the wrong module or states a key that it should not, or a table
            has two.
    """
    found: dict[str, Suite] = {}
    for package in STAGE_PACKAGES.values():
        folder = import_module(f"expectations.{package}").__path__
        for name in sorted(module.name for module in iter_modules(folder)):
            for suite in _suites_in(f"expectations.{package}.{name}"):
                if suite.table in found:
                    raise SuiteError(f"{suite.table} has two suites")
                found[suite.table] = suite
    return tuple(found.values())


def _suites_in(module: str) -> tuple[Suite, ...]:
    suites: tuple[Suite, ...] = import_module(module).SUITES
    for suite in suites:
        if module_of(suite.table) != module:
            raise SuiteError(f"the suite of {suite.table} is in {module}: it is never found there")
        if suite.table.startswith("raw.") != bool(suite.key):
            raise SuiteError(
                f"the suite of {suite.table}: a raw table states its key in its suite, and every"
                " other table in its contract"
            )
    return suites
