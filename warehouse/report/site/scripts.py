"""Data as scripts: a page opened from disk may load a script, and may not fetch a file."""

import json
import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import polars as pl


def script_of(name: str, value: object) -> str:
    """A script that puts a value under its name into `ASYMMETRY.data`.

    Args:
        name: What the page asks for.
        value: Anything that JSON has, and dates, which become ISO 8601.

    Returns:
        ASCII text in which nothing can end the element that it might stand in.
    """
    text = json_of(value)
    key = json_of(name)
    return f"(window.ASYMMETRY=window.ASYMMETRY||{{data:{{}}}}).data[{key}]={text};\n"


def json_of(value: object) -> str:
    """Compact JSON with `<`, `>` and `&` escaped, so that it may stand in a page."""
    text = json.dumps(value, separators=(",", ":"), default=_plain, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def rows_of(frame: pl.DataFrame, digits: int = 4) -> dict[str, Any]:
    """A frame as its columns and its rows.

    Args:
        frame: Rows in their order.
        digits: Decimals that floats are rounded to.

    Returns:
        `columns`, and `rows` as lists.
    """
    return {"columns": frame.columns, "rows": [rounded(row, digits) for row in frame.rows()]}


def rounded(row: Sequence[object], digits: int = 4) -> list[object]:
    """The values of a row, floats rounded; what is no number becomes None."""
    return [_rounded(value, digits) for value in row]


def _rounded(value: object, digits: int) -> object:
    if not isinstance(value, float):
        return value
    return round(value, digits) if math.isfinite(value) else None


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not written into a page")
