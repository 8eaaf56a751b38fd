"""The data dictionary in the warehouse: rows of `meta.dictionary`, made from the contracts.

Pages for people are made from the same by `flows.reports.dictionary`.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from warehouse.contracts.comments import column_comment
from warehouse.contracts.model import Contract
from warehouse.contracts.read import contracts as all_contracts
from warehouse.db import Connection


def dictionary_rows(
    contracts: Iterable[Contract], covers: Mapping[str, str], views: pl.DataFrame
) -> pl.DataFrame:
    """Rows of `meta.dictionary`: one per column of every contract and view.

    Args:
        contracts: The tables.
        covers: Table to the years or sessions of its rows, for those that have any.
        views: Rows of the views (`view_rows`).
    """
    rows = [
        {
            "table_name": contract.table,
            "ordinal": position,
            "column_name": column.name,
            "data_type": column.duckdb_type,
            "description": column_comment(column),
            "grain": contract.grain,
            "relation_kind": "table",
            "unit": column.unit,
            "code_meanings": "; ".join(f"{c} = {m}" for c, m in (column.codes or {}).items())
            or None,
            "null_rule": column.null_when,
            "covers": covers.get(contract.table),
        }
        for contract in contracts
        for position, column in enumerate(contract.columns, start=1)
    ]
    schema = all_contracts()["meta.dictionary"].polars_schema
    return pl.concat([pl.DataFrame(rows, schema=schema), views.cast(pl.Schema(schema))])


def view_rows(connection: Connection) -> pl.DataFrame:
    """Rows of `meta.dictionary` for the views of a build file, whose columns have comments."""
    found: pl.DataFrame = connection.sql(
        """
        SELECT c.table_name, c.column_index AS ordinal, c.column_name, c.data_type,
            c.comment AS description, v.comment AS grain, 'view' AS relation_kind,
            NULL::VARCHAR AS unit, NULL::VARCHAR AS code_meanings, NULL::VARCHAR AS null_rule,
            NULL::VARCHAR AS covers
        FROM duckdb_columns() AS c
        JOIN duckdb_views() AS v
            ON v.schema_name = c.schema_name AND v.view_name = c.table_name
        WHERE c.schema_name = 'main' AND NOT v.internal
        ORDER BY ALL
        """
    ).pl()
    return found
