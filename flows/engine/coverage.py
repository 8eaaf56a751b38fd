"""What sources and hand-coded lists cover, as declared: handed to steps and gates as plain data."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from expectations.gate.coverage import DatedColumn
from flows.engine.fingerprint import hash_of_data
from flows.engine.reference import read_reference
from flows.sources import load_declarations
from transforms.coverage import Coverage, coverage_of
from warehouse.contracts.read import contracts

CROSS_SECTION = "cross_section"
"""What a source declares whose rows have no dates."""


class CoverageError(LookupError):
    """Nothing of this name declares what it covers."""


def coverages(names: Iterable[str]) -> dict[str, Coverage]:
    """Name to coverage, as a step gets them in its argument `coverage`.

    Args:
        names: Slugs of sources, and names of hand-coded lists.

    Raises:
        CoverageError: One of them is neither, or the list declares no coverage.
    """
    return {name: coverage_of(declared_coverage(name)) for name in names}


@cache
def declared_coverage(name: str) -> Mapping[str, Any]:
    """The entry `coverage` of a source's declaration, or of the text beside a hand-coded list.

    Raises:
        CoverageError: There is none.
    """
    if declaration := load_declarations().get(name):
        return declaration.coverage
    try:
        declared: Mapping[str, Any] = read_reference(f"{name}.yml")["coverage"]
    except (FileNotFoundError, KeyError) as error:
        raise CoverageError(
            f"{name}: no source, and transforms/reference/{name}.yml declares no coverage"
        ) from error
    return declared


def hash_of_coverage(name: str) -> str:
    """SHA-256 of what decides numbers in it: unit, days and dated columns, no texts."""
    declared = declared_coverage(name)
    carried = declared.get("carried_forward") or {}
    read = [declared[key] for key in ("unit", "from", "to")]
    parts = [declared.get("dated_by"), declared.get("columns")]
    return hash_of_data([*read, carried.get("to"), *parts])


def dated_columns(table: str) -> tuple[DatedColumn, ...]:
    """The columns that date the rows of a staging table, with their bounds; none for others."""
    schema, _, name = table.partition(".")
    slug, _, entity = name.removeprefix("stg_").partition("__")
    if schema != "staging" or slug not in load_declarations():
        return ()
    declared = declared_coverage(slug)
    if declared["dated_by"] == CROSS_SECTION:
        return ()
    types = {column.name: column.type for column in contracts()[table].columns}
    covered = coverage_of(declared)
    by_number = declared["unit"] == "session"

    def bound(day: date | None, key: str, kind: str) -> date | int | None:
        if day is None or kind == "date":
            return day
        return int(declared[key]) if by_number else day.year

    return tuple(
        DatedColumn(
            column,
            bound(covered.first, "from", types[column]),
            bound(covered.last, "to", types[column]),
        )
        for column in declared["dated_by"].get(entity, ())
    )
