"""Tables in R data files (.rda), as cells of text.

R keeps a year as a floating-point number, a day as the number of days since 1970-01-01, and a
missing value as NA. What comes out are the cells that a CSV of the same table would have: whole
numbers without a point, days as YYYY-MM-DD, TRUE and FALSE, and NULL for NA, so that the raw gate
and the casts are those of every other source. A column that should be whole and is not is refused
by its cast (`transforms.parsing.cells.cast_cells`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rdata.conversion import convert
from rdata.missing import is_na
from rdata.parser import parse_data

from transforms.parsing.cells import cast_cells, rename_columns, sole_file
from transforms.parsing.dates import parse_days
from transforms.step_result import StepResult

_LARGEST_WHOLE = 2.0**53
"""Above it a float no longer tells neighbouring whole numbers apart."""


class _NoTableError(ValueError):
    """Why a file is no such table, before its name is known."""


@dataclass(frozen=True)
class _Days:
    """A column of days, as R keeps them."""

    since_1970: Any


class _Classes(dict[str | bytes, Any]):
    """Makers by R class; one that is not known is refused, not passed over."""

    def get(self, name: str | bytes, _default: Any = None) -> Any:
        if name not in self:
            raise _NoTableError(f"an object of the R class {name!r}, which is not read here")
        return self[name]


def read_r_table(
    files: Mapping[str, bytes], *, source: str, table: str, columns: Collection[str]
) -> dict[str, pl.DataFrame]:
    """Reads a source that is one R data file with one data frame.

    Args:
        files: Member name to content, unpacked; exactly one.
        source: Slug, for messages.
        table: Full name of the raw table.
        columns: Columns that must be there; others are kept too.

    Returns:
        The raw table by its name, every cell a string; NULL only where R has NA.

    Raises:
        ValueError: There is not exactly one file, it is no R data with one data frame, a column is
            missing, or a value is none that a table can have.
    """
    member, content = sole_file(files, source)
    try:
        frame = _frame(content)
        cells = pl.DataFrame([_cells(name, values) for name, values in frame.items()])
    except (_NoTableError, NotImplementedError, EOFError, IndexError, TypeError) as error:
        raise ValueError(
            f"{source}, {member}: no R data with one table ({error}); the snapshot is intact,"
            " open it in R and compare with the publisher's page"
        ) from error
    if missing := [c for c in columns if c not in cells.columns]:
        raise ValueError(
            f"{source}, {member}: columns {missing} are missing, found {cells.columns};"
            " the publisher may have changed the layout"
        )
    return {table: cells}


def stage_r_table(
    raw: Mapping[str, pl.DataFrame],
    types: Mapping[str, type[pl.DataType]],
    *,
    days: Collection[str] = (),
    columns: Mapping[str, str],
    staged: str,
    missing: Collection[str],
) -> StepResult:
    """Casts and names the columns of a source that `read_r_table` has read.

    Args:
        raw: What that has returned.
        types: Published name to Polars type; columns that are in neither stay text.
        days: Published names of columns of days.
        columns: Published name to name in the warehouse, in stored order.
        staged: Full name of the staged table.
        missing: As for `cast_cells`.

    Returns:
        One row per raw row; NULL where R has NA.

    Raises:
        ValueError: A cell is no value of its column's type.
    """
    ((table, cells),) = raw.items()
    cells = cast_cells(cells, types, table=table, missing=missing)
    if days:
        cells = parse_days(cells, days, table=table)
    return StepResult({staged: rename_columns(cells, columns)})


def _frame(content: bytes) -> Mapping[str, Any]:
    makers = _Classes(
        {
            **dict.fromkeys(("data.frame", "tbl_df", "tbl"), _columns),
            "Date": lambda days, _: _Days(days),
            "factor": _labels,
        }
    )
    try:
        objects = convert(parse_data(content), constructor_dict=makers)
    except (ValueError, AssertionError) as error:
        raise _NoTableError(str(error) or "damaged") from error
    frames = [found for found in objects.values() if isinstance(found, _Frame)]
    if len(objects) != 1 or len(frames) != 1:
        raise _NoTableError(f"it holds {', '.join(map(str, objects)) or 'nothing'}")
    return frames[0].columns


@dataclass(frozen=True)
class _Frame:
    """A data frame: name to values."""

    columns: Mapping[str, Any]


def _columns(values: Any, attributes: Mapping[str, Any]) -> _Frame:
    names = [str(name) for name in attributes["names"]]
    if len(set(names)) != len(names) or set(values) != set(names):
        raise _NoTableError(f"columns that share a name: {names}")
    return _Frame({name: values[name] for name in names})


def _labels(codes: Any, attributes: Mapping[str, Any]) -> NDArray[np.object_]:
    levels = [None, *attributes["levels"]]
    return np.array([levels[c] for c in np.ma.filled(codes, 0).tolist()], dtype=object)


def _cells(name: str, values: Any) -> pl.Series:
    """A column as text.

    Raises:
        _NoTableError: It is no column of a table, or has a number that stands for none.
    """
    if isinstance(values, _Days):
        days = _numbers(name, np.asarray(values.since_1970, dtype=np.float64))
        if (days != days.floor()).any():
            raise _NoTableError(f"column {name}: a day with a fraction")
        return days.cast(pl.Int32).cast(pl.Date).dt.to_string("%Y-%m-%d").alias(name)
    array = np.ma.asarray(values)
    if array.ndim != 1:
        raise _NoTableError(f"column {name} is no vector")
    if array.dtype.kind == "f":
        return _numbers_as_text(_numbers(name, np.asarray(values)))
    masked = np.ma.getmaskarray(array)
    plain = [None if gone else v for v, gone in zip(array.data.tolist(), masked, strict=True)]
    if array.dtype.kind == "b":
        plain = [None if v is None else str(v).upper() for v in plain]
    elif array.dtype.kind not in "iuOU":
        raise _NoTableError(f"column {name} has values of the kind {array.dtype}")
    return pl.Series(name, [None if v is None else str(v) for v in plain], dtype=pl.String)


def _numbers(name: str, values: NDArray[np.float64]) -> pl.Series:
    """Floats with NULL for NA; R's other numbers that are none are refused."""
    values = np.ascontiguousarray(values)
    absent = np.asarray(is_na(values))
    if not np.isfinite(values[~absent]).all():
        row = int(np.flatnonzero(~absent & ~np.isfinite(values))[0])
        raise _NoTableError(f"column {name}, row {row + 1}: {values[row]} is no number and no NA")
    return pl.Series(name, np.where(absent, 0.0, values)).set(pl.Series(absent), None)


def _numbers_as_text(numbers: pl.Series) -> pl.Series:
    """Whole numbers without a point, all others as short as they can be told apart."""
    whole = (numbers == numbers.floor()) & (numbers.abs() < _LARGEST_WHOLE)
    frame = pl.DataFrame({"x": numbers, "whole": whole})
    text = (
        pl.when("whole")
        .then(pl.col("x").cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(pl.col("x").cast(pl.String))
    )
    return frame.select(text.alias(numbers.name)).to_series()
