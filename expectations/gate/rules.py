"""Stated rules: name, kind, columns, and the Polars masks of rules on cells and rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.suite import Expectation

_LABEL_LENGTH = 110
_KINDS_BY_ROW = ("ColumnValues", "ColumnPairValues", "CompoundColumns", "SelectColumnValues")
Cells = dict[str, pl.Expr]


@dataclass(frozen=True)
class StatedRule:
    """An expectation with the name it goes by while it is evaluated.

    Attributes:
        name: Unique in its gate. Results are matched by it, since their order is not kept.
        expectation: As stated.
    """

    name: str
    expectation: Expectation

    @property
    def kind(self) -> str:
        """The expectation's kind."""
        return self.expectation.kind

    @property
    def kwargs(self) -> Mapping[str, Any]:
        """The expectation's arguments."""
        return self.expectation.kwargs

    @property
    def is_flagged(self) -> bool:
        """Whether the rule is evaluated as a Boolean column by Polars (`flag_of`)."""
        return self.kind == "RowsToSatisfy" or self.kind in CELLS_OF

    @property
    def is_of_every_row(self) -> bool:
        """Whether the rule applies to every row and tolerates no breach."""
        is_by_row = self.is_flagged or self.kind.startswith(_KINDS_BY_ROW)
        return is_by_row and "mostly" not in self.kwargs

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that Great Expectations needs to see; none for a flagged rule."""
        if self.is_flagged:
            return ()
        named = [self.kwargs[k] for k in ("column", "column_A", "column_B") if k in self.kwargs]
        return (*named, *self.kwargs.get("column_list", ()))


def _all_present(columns: Sequence[str]) -> Cells:
    return {column: pl.col(column).is_not_null() for column in columns}


def _all_finite(columns: Sequence[str]) -> Cells:
    return {column: pl.col(column).is_finite() for column in columns}


def _all_known(codes: Mapping[str, Sequence[Any]]) -> Cells:
    return {column: pl.col(column).is_in(list(known)) for column, known in codes.items()}


def _all_in_range(bounds: Mapping[str, tuple[float | None, float | None]]) -> Cells:
    cells = {}
    for column, (least, greatest) in bounds.items():
        above = pl.lit(value=True) if least is None else pl.col(column) >= least
        below = pl.lit(value=True) if greatest is None else pl.col(column) <= greatest
        cells[column] = above & below
    return cells


# Rules on single cells of many columns: a rule's arguments to the condition on each column.
CELLS_OF: Mapping[str, Callable[..., Cells]] = {
    "NoValueToBeMissing": _all_present,
    "NumbersToBeFinite": _all_finite,
    "CodesToBeKnown": _all_known,
    "NumbersToBeInRange": _all_in_range,
}


def condition_of(rule: StatedRule) -> pl.Expr:
    """What a flagged rule says of a row; NULL counts as holding, as in a SQL CHECK.

    Raises:
        polars.exceptions.PolarsError: It is no condition.
    """
    if cells_of := CELLS_OF.get(rule.kind):
        condition = pl.all_horizontal(cells_of(**rule.kwargs).values())
    else:
        condition = pl.sql_expr(rule.kwargs["condition"])
    return condition.fill_null(value=True)


def flag_of(rule: StatedRule, frame: pl.DataFrame) -> pl.Series:
    """Whether a flagged rule holds, row by row (`condition_of`).

    Raises:
        polars.exceptions.PolarsError: The condition cannot be evaluated on this frame.
    """
    return frame.select(condition_of(rule).alias(rule.name)).to_series()


def type_mismatches(types: Mapping[str, pl.DataType], frame: pl.DataFrame) -> Mapping[str, Any]:
    """Compares Polars types; pandas would show a nullable integer as a float."""
    wrong = [
        {"column": name, "expected": str(dtype), "found": str(frame.schema[name])}
        for name, dtype in types.items()
        if name in frame.columns and frame.schema[name] != dtype
    ]
    return {"success": not wrong, "result": {"details": {"mismatched": wrong}}}


def label_of(expectation: Expectation) -> str:
    """A rule in one line: `ColumnValuesToBeInSet(vote, value_set: 1, 2, 3)`."""
    kwargs = dict(expectation.kwargs)
    if expectation.kind == "RowsToSatisfy":
        return str(kwargs["name"])
    if expectation.kind == "ColumnTypesToMatch" or expectation.kind in CELLS_OF:
        return expectation.kind
    subjects = [str(kwargs.pop(k)) for k in ("column", "column_A", "column_B") if k in kwargs]
    subjects += map(str, kwargs.pop("column_list", ()))
    rest = [f"{name}: {_listed(value)}" for name, value in kwargs.items()]
    label = f"{expectation.kind}({', '.join([*subjects, *rest])})"
    return label if len(label) <= _LABEL_LENGTH else f"{label[: _LABEL_LENGTH - 2]}…)"


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
