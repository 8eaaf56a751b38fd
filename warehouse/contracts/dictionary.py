"""The data dictionary in the warehouse: rows of `meta.dictionary`, made from the contracts.

Pages for people are made from the same by `flows.reports.dictionary`.
"""

from collections.abc import Iterable

import polars as pl

from warehouse.contracts.comments import column_comment
from warehouse.contracts.model import Contract


def dictionary_rows(contracts: Iterable[Contract]) -> pl.DataFrame:
    """Rows of `meta.dictionary`: one per column of every contract."""
    return pl.DataFrame(
        [
            {
                "table_name": contract.table,
                "ordinal": position,
                "column_name": column.name,
                "data_type": column.duckdb_type,
                "description": column_comment(column),
                "grain": contract.grain,
            }
            for contract in contracts
            for position, column in enumerate(contract.columns, start=1)
        ]
    )
