"""A table's contract as the gates want it: `expectations` does not import `warehouse`."""

from functools import cache

from expectations.gate.contract_rules import ColumnShape, TableShape
from warehouse.contracts.read import contracts


@cache
def shape_of(table: str) -> TableShape | None:
    """A table's contract as the gate wants it; None for a raw table, which has no contract."""
    contract = contracts().get(table)
    if contract is None:
        return None
    columns = tuple(
        ColumnShape(
            name=column.name,
            dtype=column.polars_type,
            nullable=column.null_when is not None,
            codes=tuple(column.codes or ()),
            minimum=column.minimum,
            maximum=column.maximum,
        )
        for column in contract.columns
    )
    return TableShape(table, contract.key, columns)
