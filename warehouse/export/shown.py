"""What is only shown of an answer: its first rows as lines of JSON, for a screen or a page.

The process of the query writes them, and whoever has asked reads them without Polars or Arrow,
which take longer to be imported than most questions to be answered. A value that JSON has not
(a date, bytes, a list) is the text that Python prints of it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Shown:
    """The first rows of an answer.

    Attributes:
        columns: Their names.
        numeric: Of each column, whether it holds numbers.
        rows: Cells, each a text, a number, a truth value or None.
    """

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: list[list[Any]]


def write_shown(batches: Iterator[Any], schema: Any, path: Path, n_shown: int | None) -> None:
    """Writes the first rows of an answer, and reads the others, which are only counted.

    Args:
        batches: Arrow's, of the whole answer.
        schema: Arrow's.
        path: File to write.
        n_shown: Rows that are kept; None for all.
    """
    import pyarrow as pa  # here, for those who only read

    types = pa.types
    numeric = [types.is_integer(f.type) or types.is_floating(f.type) for f in schema]
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps([schema.names, numeric]) + "\n")
        kept = 0
        for batch in batches:
            left = batch.num_rows if n_shown is None else max(n_shown - kept, 0)
            if left:
                columns = [column.to_pylist() for column in batch.slice(0, left).columns]
                for row in zip(*columns, strict=True):
                    file.write(json.dumps([_plain(value) for value in row]) + "\n")
            kept += batch.num_rows


def read_shown(path: Path) -> Shown:
    """Reads what `write_shown` has written."""
    with path.open(encoding="utf-8") as file:
        columns, numeric = json.loads(file.readline())
        rows = [json.loads(line) for line in file]
    return Shown(tuple(columns), tuple(numeric), rows)


def _plain(value: Any) -> Any:
    is_plain = value is None or isinstance(value, bool | int | float | str)
    return value if is_plain else str(value)
