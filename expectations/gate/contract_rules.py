"""The shape of a table in its contract, and the expectations that the shape implies.

This package does not import `warehouse`, where contracts are: the caller (`flows.engine.runner`)
passes their columns as plain data.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.suite import Expectation, columns_exactly, expect, key_is_unique


@dataclass(frozen=True)
class ColumnShape:
    """What a contract says about one column.

    Attributes:
        name: Column name.
        dtype: Polars type.
        nullable: Whether NULL is allowed.
        codes: The closed set of values, empty where any value is allowed.
        minimum: Least value allowed, where there is one.
        maximum: Greatest value allowed, where there is one.
    """

    name: str
    dtype: pl.DataType
    nullable: bool = False
    codes: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class TableShape:
    """What a contract says about a table.

    Attributes:
        table: Full table name.
        key: Columns that are unique together.
        columns: In stored order.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[ColumnShape, ...]


def implied_expectations(shape: TableShape) -> tuple[Expectation, ...]:
    """The expectations that a contract implies: columns, types, nulls, codes, ranges, key.

    Args:
        shape: The contract's columns.

    Returns:
        Critical expectations. Rules on single cells are one expectation for all columns, since
        each expectation takes Great Expectations a hundredth of a second.
    """
    names = [column.name for column in shape.columns]
    stated = [
        columns_exactly(names, "queries and exports name these columns, in this order"),
        expect(
            "ColumnTypesToMatch",
            "the stored table has these types",
            types={column.name: column.dtype for column in shape.columns},
        ),
    ]
    if promised := [column.name for column in shape.columns if not column.nullable]:
        why = "the contract promises these columns in every row"
        stated.append(expect("NoValueToBeMissing", why, columns=promised))
    if codes := {c.name: list(c.codes) for c in shape.columns if c.codes}:
        why = "these columns take only the codes that the contract explains"
        stated.append(expect("CodesToBeKnown", why, codes=codes))
    ranges = {c.name: (c.minimum, c.maximum) for c in shape.columns}
    if bounds := {name: ends for name, ends in ranges.items() if ends != (None, None)}:
        why = "a value outside the contract's range is an error of the source or of our code"
        stated.append(expect("NumbersToBeInRange", why, bounds=bounds))
    if floats := [column.name for column in shape.columns if column.dtype.is_float()]:
        why = "NaN and infinity are no values: a missing number is NULL, with a reason"
        stated.append(expect("NumbersToBeFinite", why, columns=floats))
    stated.append(key_is_unique(shape.key))
    return tuple(stated)
