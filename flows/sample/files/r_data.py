"""Writes a table as R data (.rda), as the publishers' tools do."""

import bz2
import gzip
import lzma
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

Value = str | float | bool | date | None

PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


@dataclass(frozen=True)
class _Table:
    """Columns of equal length, each a vector as R has it."""

    columns: Mapping[str, Any]


@dataclass(frozen=True)
class _Days:
    """Days since 1970-01-01."""

    since_1970: Any


def rda_bytes(name: str, columns: Mapping[str, Sequence[Value]], packing: str = "xz") -> bytes:
    """Writes one table under a name, as `save()` in R does.

    Args:
        name: Of the object.
        columns: Name to values of one kind: numbers, texts, days or truth values; None is NA.
        packing: gzip, bzip2 or xz.

    Returns:
        The file; equal input gives equal bytes.
    """
    # late: it loads pandas and xarray, which nothing else of the simulated world needs
    from rdata.conversion import convert_python_to_r_data
    from rdata.unparser import unparse_data

    table = _Table({column: _vector(values) for column, values in columns.items()})
    makers: dict[Any, Any] = {_Table: _table_of, _Days: _days_of}
    data = convert_python_to_r_data({name: table}, constructor_dict=makers, file_type="rda")
    return PACKERS[packing](unparse_data(data, file_type="rda"))


def _vector(values: Sequence[Value]) -> Any:
    from rdata.missing import R_FLOAT_NA

    known = [value for value in values if value is not None]
    if known and isinstance(known[0], str):
        return np.array(values, dtype=object)
    if known and isinstance(known[0], bool):
        return np.array(values, dtype=bool)
    if known and isinstance(known[0], date):
        since = [(v - date(1970, 1, 1)).days if isinstance(v, date) else None for v in values]
        return _Days(_vector(since))
    numbers = [R_FLOAT_NA if value is None else value for value in values]
    return np.array(numbers, dtype=np.float64)


def _table_of(table: _Table, converter: Any) -> Any:
    from rdata.conversion.to_r import build_r_object
    from rdata.parser import RObjectType

    n_rows = next((len(_plain(v)) for v in table.columns.values()), 0)
    attributes = {
        "class": np.array(["tbl_df", "tbl", "data.frame"]),
        "row.names": np.array([np.iinfo(np.int32).min, -n_rows], dtype=np.int32),
        "names": np.array(list(table.columns)),
    }
    return build_r_object(
        RObjectType.VEC,
        value=[converter.convert_to_r_object(values) for values in table.columns.values()],
        is_object=True,
        attributes=converter.convert_to_r_attributes(attributes),
    )


def _days_of(days: _Days, converter: Any) -> Any:
    made = converter.convert_to_r_object(days.since_1970)
    made.info.object, made.info.attributes = True, True
    made.attributes = converter.convert_to_r_attributes({"class": np.array(["Date"])})
    return made


def _plain(values: Any) -> Any:
    return values.since_1970 if isinstance(values, _Days) else values
