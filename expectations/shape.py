"""The shape of a table as its contract has it, and the expectations that the shape implies.

Contracts live in `warehouse`, which this package does not import: whoever holds a contract
hands its columns over as plain data.
"""

from collections.abc import Iterator
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
        Expectations, all critical: a contract is a promise.
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
    for column in shape.columns:
        stated += _of_column(column)
    if floats := [column.name for column in shape.columns if column.dtype.is_float()]:
        why = "NaN and infinity are no values: a missing number is NULL, with a reason"
        stated.append(expect("NumbersToBeFinite", why, columns=floats))
    stated.append(key_is_unique(shape.key))
    return tuple(stated)


def _of_column(column: ColumnShape) -> Iterator[Expectation]:
    if column.codes:
        why = f"{column.name} takes only the codes that its contract explains"
        value_set = list(column.codes)
        yield expect("ColumnValuesToBeInSet", why, column=column.name, value_set=value_set)
    if column.minimum is not None or column.maximum is not None:
        why = f"a value outside the contract's range of {column.name} is an error of source or code"
        bounds = {"min_value": column.minimum, "max_value": column.maximum}
        kwargs = {name: bound for name, bound in bounds.items() if bound is not None}
        yield Expectation("ColumnValuesToBeBetween", why, kwargs={"column": column.name, **kwargs})
