"""Descriptions of tables, views and columns, as COMMENT ON in the build file. Decides no number.

Those of tables come from the contracts; those of a view's columns from `sql/views/columns.yml`,
or from the contracts of the tables that it names.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import yaml

from warehouse.contracts.model import Column, Contract, sql_literal
from warehouse.contracts.read import contracts


class ViewColumnError(ValueError):
    """A view's column has no meaning, or one is declared for a column that is not there."""


def table_comment(contract: Contract) -> str:
    """The text of COMMENT ON TABLE: title, grain, key, description, warnings, sources."""
    parts = [contract.title + ".", f"Grain: {contract.grain}.", f"Key: {', '.join(contract.key)}."]
    parts.append(" ".join(contract.description.split()))
    parts += [f"Warning: {w}" for w in contract.usage_warnings]
    if contract.sources:
        parts.append(f"Sources: {', '.join(contract.sources)}.")
    return " ".join(parts)


def column_comment(column: Column) -> str:
    """The text of COMMENT ON COLUMN: description, unit, codes and null rule."""
    text = column.description
    if column.unit:
        text += f" Unit: {column.unit}."
    if column.codes:
        text += " Codes: " + "; ".join(f"{c} = {m}" for c, m in column.codes.items()) + "."
    if column.null_when:
        text += f" NULL {column.null_when}."
    if column.formula is not None:
        text += " Computed from other columns when it is read."
    return text


def comment_on_table(
    connection: duckdb.DuckDBPyConnection, contract: Contract, covers: str = ""
) -> None:
    """Describes a table, which is there, and its columns.

    Args:
        connection: Connection to the build file.
        contract: The table's contract.
        covers: What its rows cover, in a sentence (`meta.coverage`).
    """
    kind = "TABLE"
    if contract.computed:
        kind = "VIEW"
        stored = f"The stored columns of {contract.table}; query that, which has all of them."
        connection.execute(f"COMMENT ON TABLE {contract.stored_table} IS {sql_literal(stored)}")
    text = sql_literal(" ".join(part for part in (table_comment(contract), covers) if part))
    connection.execute(f"COMMENT ON {kind} {contract.table} IS {text}")
    for column in contract.columns:
        text = sql_literal(column_comment(column))
        connection.execute(f'COMMENT ON COLUMN {contract.table}."{column.name}" IS {text}')


def comment_on_view(connection: duckdb.DuckDBPyConnection, view: str) -> None:
    """Describes the columns of a view, which is there.

    Raises:
        ViewColumnError: A column has no meaning, or a declared one is not in the view.
    """
    columns = [str(row[0]) for row in connection.execute(f'DESCRIBE "{view}"').fetchall()]
    for column, comment in view_column_comments(view, columns).items():
        connection.execute(f'COMMENT ON COLUMN "{view}"."{column}" IS {sql_literal(comment)}')


def view_column_comments(view: str, columns: Sequence[str]) -> dict[str, str]:
    """The comment of each column of a view.

    Args:
        view: Its name.
        columns: Its columns.

    Returns:
        Column to comment: what `columns.yml` says, or else the first contract there that has a
        column of that name.

    Raises:
        ViewColumnError: A column has no meaning, or a declared one is not in the view.
    """
    declared = _declared().get(view, {})
    found: dict[str, str] = {}
    for table in declared.get("of", ()):
        for column in contracts()[table].columns:
            found.setdefault(column.name, column_comment(column))
    found |= declared.get("columns", {})
    wrong = [f"{name} has no meaning" for name in columns if name not in found]
    wrong += [f"{n} is no column" for n in declared.get("columns", {}) if n not in columns]
    if wrong:
        raise ViewColumnError(f"warehouse/sql/views/columns.yml: {view}: {'; '.join(wrong)}")
    return {name: found[name] for name in columns}


@cache
def _declared() -> dict[str, Any]:
    text = (files("warehouse") / "sql" / "views" / "columns.yml").read_text("utf-8")
    declared: dict[str, Any] = yaml.safe_load(text)
    return declared
