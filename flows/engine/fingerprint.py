"""Hashes of data that decides numbers: contracts, rules, SQL, hand-coded lists.

Data is hashed as it is understood, not as it is written: without descriptions, reasons, comments
and layout. Code is hashed by `flows.engine.source_code`.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from expectations.suite import Expectation, SqlRule
from flows.engine.reference import read_reference, reference_text
from warehouse.contracts.model import Column, Contract

_QUOTED = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$\$.*?\$\$"
_BLANK = re.compile(rf"({_QUOTED})|(?:--[^\n]*|/\*.*?\*/|\s)+", re.DOTALL)
_STATEMENT = re.compile(rf"(?:{_QUOTED}|[^;'\"$]|\$(?!\$))+", re.DOTALL)


def sha256_of(*parts: str) -> str:
    """SHA-256 of texts, each with its length before it so that no two lists collide."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()


def hash_of_data(value: object) -> str:
    """SHA-256 of plain data, in the order in which it is given."""
    return sha256_of(json.dumps(value, default=str))


def bare_sql(text: str) -> str:
    """SQL without comments and descriptions (COMMENT ON), each run of white space one space."""
    bare = _BLANK.sub(lambda found: found[1] or " ", text)
    statements = [s.strip() for s in _STATEMENT.findall(bare)]
    return ";".join(s for s in statements if s and not s.upper().startswith("COMMENT ON "))


def hash_of_sql(text: str) -> str:
    """SHA-256 of what SQL does."""
    return sha256_of(bare_sql(text))


def hash_of_contract(contract: Contract, *, formulas: bool = False) -> str:
    """SHA-256 of a contract's key and of its columns' names, types, nulls, codes and ranges.

    Args:
        contract: The contract; titles, descriptions, units, the meaning of codes, warnings and
            sources do not count.
        formulas: Whether the formulas of computed columns count too: they are evaluated in the
            build file, no step knows them.
    """
    parts: list[object] = [contract.table, contract.key, [_shape(c) for c in contract.columns]]
    if formulas:
        parts.append([(c.name, c.formula and bare_sql(c.formula)) for c in contract.columns])
        parts.append(contract.formula_order)
    return hash_of_data(parts)


def _shape(column: Column) -> tuple[Any, ...]:
    nullable = column.null_when is not None
    codes = None if column.codes is None else [repr(code) for code in column.codes]
    return column.name, column.type, nullable, codes, column.minimum, column.maximum


def hash_of_expectations(expectations: Iterable[Expectation], key: Iterable[str]) -> str:
    """SHA-256 of the rules on one table: which, on what, how severe. The reasons do not count."""
    return hash_of_data([list(key), *((e.kind, e.severity, e.kwargs) for e in expectations)])


def hash_of_rules(rules: Iterable[SqlRule]) -> str:
    """SHA-256 of rules across tables: name, SQL, severity. The reasons do not count."""
    return hash_of_data([(r.name, bare_sql(r.sql), r.severity) for r in rules])


@cache
def hash_of_reference(name: str) -> str:
    """SHA-256 of a hand-coded list's text, or of the content of a file of rules."""
    if name.endswith(".yml"):
        return hash_of_data(read_reference(name))
    return sha256_of(reference_text(name))


@cache
def hash_of_row_counts(slug: str) -> str:
    """SHA-256 of the row counts that `expectations/row_counts.csv` pins for a source."""
    text = (files("expectations") / "row_counts.csv").read_text("utf-8")
    rows = csv.DictReader(io.StringIO(text))
    return hash_of_data([row for row in rows if row["snapshot_id"].startswith(f"{slug}.")])
