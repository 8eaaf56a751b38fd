"""Which rows break a rule: conditions on whole rows, and the keys behind a count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.results import SAMPLE_ROWS
from expectations.suite import Expectation, Suite

_LABEL_LENGTH = 110
_KINDS_BY_ROW = ("ColumnValues", "ColumnPairValues", "CompoundColumns", "SelectColumnValues")

Cells = dict[str, pl.Expr]


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


# Rules on single cells of many columns: from a rule's arguments to what has to hold in each.
_CELLS_OF: Mapping[str, Callable[..., Cells]] = {
    "NoValueToBeMissing": _all_present,
    "NumbersToBeFinite": _all_finite,
    "CodesToBeKnown": _all_known,
    "NumbersToBeInRange": _all_in_range,
}


@dataclass(frozen=True)
class StatedRule:
    """An expectation with the name it goes by while it is evaluated.

    Attributes:
        name: Unique in its gate. Results are matched by it: their order means nothing.
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
        """Whether a Boolean column, made here, says for each row if the rule holds."""
        return self.kind == "RowsToSatisfy" or self.kind in _CELLS_OF

    @property
    def is_of_every_row(self) -> bool:
        """Whether the rule asks something of every row, and tolerates no breach."""
        is_by_row = self.is_flagged or self.kind.startswith(_KINDS_BY_ROW)
        return is_by_row and "mostly" not in self.kwargs

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that Great Expectations needs to see; none for a flagged rule."""
        if self.is_flagged:
            return ()
        named = [self.kwargs[k] for k in ("column", "column_A", "column_B") if k in self.kwargs]
        return (*named, *self.kwargs.get("column_list", ()))


def flag_of(rule: StatedRule, frame: pl.DataFrame) -> pl.Series:
    """For each row whether a flagged rule holds; NULL, as in SQL's CHECK, counts as holding.

    Raises:
        polars.exceptions.PolarsError: The condition cannot be evaluated on this frame.
    """
    if cells_of := _CELLS_OF.get(rule.kind):
        condition = pl.all_horizontal(cells_of(**rule.kwargs).values())
    else:
        condition = pl.sql_expr(rule.kwargs["condition"])
    return frame.select(condition.fill_null(value=True).alias(rule.name)).to_series()


def type_mismatches(types: Mapping[str, pl.DataType], frame: pl.DataFrame) -> Mapping[str, Any]:
    """Compares Polars types, which pandas cannot show (a nullable integer is a float there)."""
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
    if expectation.kind == "ColumnTypesToMatch" or expectation.kind in _CELLS_OF:
        return expectation.kind
    subjects = [str(kwargs.pop(k)) for k in ("column", "column_A", "column_B") if k in kwargs]
    subjects += map(str, kwargs.pop("column_list", ()))
    rest = [f"{name}: {_listed(value)}" for name, value in kwargs.items()]
    label = f"{expectation.kind}({', '.join([*subjects, *rest])})"
    return label if len(label) <= _LABEL_LENGTH else f"{label[: _LABEL_LENGTH - 2]}…)"


def found_breaches(
    rule: StatedRule, outcome: Mapping[str, Any], frame: pl.DataFrame, suite: Suite, numbered: bool
) -> tuple[Mapping[str, Any], ...]:
    """The first rows behind a failure, or what was found in place of what was expected.

    Args:
        rule: The rule that does not hold.
        outcome: `error`, or `result` with what Great Expectations counted and saw.
        frame: The table.
        suite: Its suite; the key names the rows.
        numbered: Whether to give row numbers (1 = first data row), as for a file.

    Returns:
        At most `SAMPLE_ROWS` entries: row number, key, and the columns of the rule.
    """
    if error := outcome.get("error"):
        return ({"error": str(error).strip().splitlines()[0]},)
    found = outcome["result"]
    if mismatched := found.get("details", {}).get("mismatched"):
        return tuple(_plainly(entry) for entry in mismatched[:SAMPLE_ROWS])
    if "element_count" not in found:
        return (_as_found(found),)
    shown = [c for c in dict.fromkeys((*suite.key, *_concerned(rule))) if c in frame.columns]
    rows = frame.select(*shown, *_wrong_cells(rule))
    if numbered or not shown:
        rows = rows.with_row_index("row", offset=1)
    if rule.is_flagged:
        rows = rows.filter(~flag_of(rule, frame))
    else:
        rows = _with_values(rows, rule, found["partial_unexpected_list"])
    return tuple(rows.head(SAMPLE_ROWS).to_dicts())


def _concerned(rule: StatedRule) -> Sequence[str]:
    if rule.kind == "RowsToSatisfy":
        names: list[str] = pl.sql_expr(rule.kwargs["condition"]).meta.root_names()
        return names
    return rule.columns


def _wrong_cells(rule: StatedRule) -> list[pl.Expr]:
    """For a rule on cells, those that break it in a row: `choice=maybe, share=1.25`."""
    if not (cells_of := _CELLS_OF.get(rule.kind)):
        return []
    told = [
        pl.when(~holds).then(
            pl.format(f"{column}={{}}", pl.col(column).cast(pl.String).fill_null("NULL"))
        )
        for column, holds in cells_of(**rule.kwargs).items()
    ]
    return [pl.concat_str(told, separator=", ", ignore_nulls=True).alias("wrong_in")]


def _with_values(rows: pl.DataFrame, rule: StatedRule, seen: Sequence[Any]) -> pl.DataFrame:
    """Rows whose values are among those that Great Expectations saw fail."""
    columns = list(dict.fromkeys(rule.columns))
    if rule.kind == "ColumnValuesToNotBeNull":
        return rows.filter(pl.col(columns[0]).is_null())
    if rule.kind == "ColumnValuesToBeNull":
        return rows.filter(pl.col(columns[0]).is_not_null())
    cells = [tuple(v.values()) if isinstance(v, dict) else v for v in seen]
    tuples = [v if isinstance(v, tuple) else (v,) for v in cells]
    values = pl.DataFrame(
        {
            c: pl.Series([t[i] for t in tuples], strict=False).cast(rows.schema[c], strict=False)
            for i, c in enumerate(columns)
        }
    )
    kept = rows.join(values, on=columns, how="semi", nulls_equal=True, maintain_order="left")
    return kept.sort(columns, maintain_order=True) if "Unique" in rule.kind else kept


def _plainly(entry: Mapping[str, Any]) -> dict[str, Any]:
    if "Expected Column Position" not in entry:
        return dict(entry)
    position = entry["Expected Column Position"] + 1
    return {"position": position, "expected": entry["Expected"], "found": entry["Found"]}


def _as_found(found: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "observed_value": "found",
        "partial_unexpected_list": "unexpected",
        "partial_missing_list": "missing",
    }
    return {names[k]: v for k, v in found.items() if k in names and v not in (None, [])}


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
