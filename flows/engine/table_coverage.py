"""`meta.coverage`: what each table of a build covers, and why it ends.

First and last are those of the rows. The reason follows from the inputs: a table ends with its
source, or with an input that ends in the same year. Tables that are carried forward after their own
end (states, major powers) end nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from flows.dag import Step
from flows.engine.coverage import CoverageError, declared_coverage
from transforms.coverage import coverage_of
from transforms.rollcall_matrix import SESSION_OFFSET
from warehouse.catalog.time_spans import TimeSpan, time_span
from warehouse.contracts.read import contracts
from warehouse.db import Connection

STATES = "core.states"
CARRIED = {STATES, "core.major_powers"}
TABLE = "meta.coverage"
SPELLS = ("counts_to", "valid_to")
"""A row with one of these says itself until when it counts: it is of no single year."""

_WORDS = {"source_ends": "the end of its source", "by_definition": "a fixed period"}


@dataclass(frozen=True)
class TableCoverage:
    """One row of `meta.coverage`; the fields are its columns."""

    table_name: str
    coverage_unit: str | None = None
    covered_from: int | None = None
    covered_to: int | None = None
    end_reason: str | None = None
    ends_with: str | None = None
    carried_forward_from: int | None = None

    @property
    def in_short(self) -> str:
        """First and last year or session; empty where its rows have no time."""
        if self.covered_from is None or self.covered_to is None:
            return ""
        sessions = "sessions " if self.coverage_unit == "session" else ""
        return f"{sessions}{self.covered_from}–{self.covered_to}"

    @property
    def sentence(self) -> str:
        """What a reader of the table is told; empty where its rows have no time."""
        if self.covered_from is None or self.covered_to is None:
            return ""
        several = f"{self.covered_from} to {self.covered_to}"
        what = f"sessions {several}" if self.coverage_unit == "session" else several
        reason = _WORDS.get(str(self.end_reason), str(self.end_reason))
        if self.end_reason == "source_ends":
            reason += f" ({self.ends_with})"
        carried = self.carried_forward_from
        more = "" if carried is None else f"; from {carried} on carried forward"
        return f"Covers: {what}, {reason}{more}."


def coverage_of_tables(connection: Connection, steps: Iterable[Step]) -> list[TableCoverage]:
    """What the loaded tables cover.

    Args:
        connection: Connection to the build file; its tables are loaded.
        steps: The steps that made them, in order.
    """
    found: dict[str, TableCoverage] = {}
    resting: set[str] = {STATES}
    for step in steps:
        if resting & set(step.reads):
            resting |= set(step.outputs)
        for table in step.outputs:
            span = time_span(connection, contracts()[table])
            if span is None:
                found[table] = TableCoverage(table)
            else:
                listed = found.get(STATES) if table in resting and table != STATES else None
                found[table] = _covered(table, step, span, found, listed)
    return list(found.values())


def coverage_frame(rows: Iterable[TableCoverage]) -> pl.DataFrame:
    """The rows of `meta.coverage`."""
    return pl.DataFrame([vars(row) for row in rows], schema=contracts()[TABLE].polars_schema)


def _covered(
    table: str,
    step: Step,
    span: TimeSpan,
    earlier: Mapping[str, TableCoverage],
    listed: TableCoverage | None,
) -> TableCoverage:
    """The row of a table with a time; `listed` is the list of states that its rows rest on."""
    if span.last is None:
        return TableCoverage(table, span.unit, end_reason="no_rows")
    last = _declared_end(table, step, span)
    year = _year(span.unit, last)
    reason, ends_with = _reason(step, year, span.unit, earlier)
    carried = span.carried_from
    of_spells = any(column.name in SPELLS for column in contracts()[table].columns)
    if carried is None and not of_spells and listed is not None and listed.covered_to is not None:
        after = listed.covered_to + 1
        if year >= after:
            carried = after if span.unit == "year" else after - SESSION_OFFSET
    return TableCoverage(table, span.unit, span.first, last, reason, ends_with, carried)


def _declared_end(table: str, step: Step, span: TimeSpan) -> int:
    """The last year or session: of the rows or, of a source or list with a declared end, that end.

    A spell without an end has no last day in the rows.
    """
    last = int(str(span.last))
    if span.unit == "session" or table.startswith(("marts.", "metrics.")):
        return last
    for name in (step.source, *step.references.values()):
        try:
            declared = coverage_of(declared_coverage(str(name))).last
        except CoverageError:
            continue
        return max(last, declared.year) if declared else last
    return last


def _reason(
    step: Step, year: int, unit: str, earlier: Mapping[str, TableCoverage]
) -> tuple[str, str | None]:
    """Why the table ends in that year, and with which source."""
    if step.source:
        return "source_ends", step.source
    dated = [earlier[table] for table in step.reads if table not in CARRIED]
    dated = [row for row in dated if row.covered_to is not None]
    for row in dated:
        end = _year(str(row.coverage_unit), int(str(row.covered_to)))
        # a session runs past New Year, so votes by year may end a year later
        if end == year or (row.coverage_unit == "session" and unit == "year" and end == year - 1):
            if row.table_name.startswith("staging."):
                return "source_ends", row.ends_with
            named = f"session {row.covered_to}" if row.coverage_unit == "session" else str(end)
            return f"needs {row.table_name} to {named}", row.ends_with
    of_lists = [*step.coverage, *step.references.values()]
    if not dated and of_lists:
        return "source_ends", of_lists[0]
    return "by_definition", None


def _year(unit: str, value: int) -> int:
    return value + SESSION_OFFSET if unit == "session" else value
