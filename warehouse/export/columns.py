"""Which columns of an answer a format can hold, and as what: decided before a row is written.

| type in DuckDB | csv | json | parquet | xlsx | dta |
|---|---|---|---|---|---|
| whole numbers to 64 bits | as they are | as they are | as they are | to 2^53 | to 2^53 |
| HUGEINT, UHUGEINT (sums of whole numbers) | every digit | 64 bits | 64 bits | 2^53 | 2^53 |
| DECIMAL | as DOUBLE; without places as whole numbers | | | | |
| DATE, TIMESTAMP | ISO 8601 | ISO 8601 | as they are | as dates; text before 1900 | %td, %tc |
| TIMESTAMP WITH TIME ZONE | UTC, without the zone | | | | |
| TIME, INTERVAL, UUID, ENUM, BIT | text | text | text | text | text |
| lists, structs, maps | refused | as they are | as they are | refused | refused |
| BLOB | refused | refused | as they are | refused | refused |
"""

from collections.abc import Sequence

from warehouse.db import Relation
from warehouse.export.limits import RefusedError

_KEPT = (
    *("boolean", "tinyint", "smallint", "integer", "bigint"),
    *("utinyint", "usmallint", "uinteger", "ubigint"),
    *("float", "double", "varchar", "date", "timestamp"),
)
_AS_TEXT = ("uuid", "enum", "time", "time with time zone", "time_ns", "interval", "bit")
_AS_TIMES = ("timestamp with time zone", "timestamp_s", "timestamp_ms", "timestamp_ns")
_CASTS: dict[str, str | None] = {
    **dict.fromkeys(_KEPT, None),
    **dict.fromkeys((*_AS_TEXT, "null", '"null"'), "VARCHAR"),
    **dict.fromkeys(_AS_TIMES, "TIMESTAMP"),
}
"""What columns of a type are cast to in every format; None where they stay."""
_DATED = ("date", "timestamp", *_AS_TIMES)
"""What is only shown as DuckDB prints it: Python knows no date before the year 1, nor infinity."""
_WIDE = ("hugeint", "uhugeint", "bignum")
_NESTED = ("list", "array", "struct", "map")
_HOLD_NESTED = ("json", "parquet", "rows")
_HOLD_BYTES = ("parquet", "rows")


def as_format_holds(relation: Relation, form: str) -> Relation:
    """An answer whose columns a format can hold, under names that differ.

    Args:
        relation: The answer.
        form: `csv`, `json`, `parquet`, `xlsx`, `dta`, or `rows` for what is only shown.

    Returns:
        The same rows and columns. A second column of a name has `_1` at its end, as DuckDB
        itself writes it.

    Raises:
        RefusedError: The format holds no such column.
    """
    names = names_that_differ(relation.columns)
    selected = []
    for position, (name, data_type) in enumerate(zip(names, relation.dtypes, strict=True), start=1):
        target = _target_type(name, str(data_type.id), str(data_type), form)
        value = f"CAST(#{position} AS {target})" if target else f"#{position}"
        selected.append(f'{value} AS "{name.replace(chr(34), chr(34) * 2)}"')
    return relation.project(", ".join(selected))


def names_that_differ(names: Sequence[str]) -> list[str]:
    """Column names of which each is there once, in capitals or not."""
    found: list[str] = []
    for name in names:
        other, n = name, 0
        while other.lower() in {f.lower() for f in found}:
            n += 1
            other = f"{name}_{n}"
        found.append(other)
    return found


def _target_type(name: str, kind: str, data_type: str, form: str) -> str | None:
    """What a column is cast to, or None where it stays.

    Raises:
        RefusedError: The format holds no such column.
    """
    if form == "rows" and kind in _DATED:
        return "VARCHAR"
    if kind in _CASTS:
        return _CASTS[kind]
    if kind in _WIDE:
        return "VARCHAR" if form in ("csv", "rows") else "BIGINT"
    if kind == "decimal":
        return "BIGINT" if data_type.endswith(",0)") else "DOUBLE"
    held = _HOLD_NESTED if kind in _NESTED else _HOLD_BYTES if kind == "blob" else ()
    if form in held:
        return None
    if form == "rows":
        return "VARCHAR"
    raise RefusedError(_not_held(name, kind, _short(data_type), form))


def _not_held(name: str, kind: str, data_type: str, form: str) -> str:
    if kind in _NESTED:
        return (
            f"Column {name} is a {kind} ({data_type}), which no .{form} file holds: take it apart"
            " in SQL (unnest, list[1], struct.field), make it text (array_to_string,"
            " CAST(… AS VARCHAR)), or write .json or .parquet."
        )
    if kind == "blob":
        return (
            f"Column {name} holds bytes, which no .{form} file does: write hex({name}) or"
            f" base64({name}), or a .parquet file."
        )
    return (
        f"Column {name} has the type {data_type}, which no .{form} file holds: say"
        f" CAST({name} AS VARCHAR)."
    )


def _short(data_type: str) -> str:
    return data_type if len(data_type) <= 60 else f"{data_type[:60]}…"
