"""Writes one table of a built file in one format, with its labels."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.catalog.builds import PublishedBuild
from warehouse.contracts.comments import column_comment
from warehouse.db import Connection
from warehouse.export.csv_json import write_csv
from warehouse.export.parquet import write_parquet
from warehouse.export.stata import write_stata
from warehouse.export.table_facts import ColumnFacts, TableFacts

_ROWS_OF_A_BATCH = 100_000
_LONGEST_IN_STATA = 32


def write_table(
    connection: Connection, table: TableFacts, form: str, path: Path, build: PublishedBuild
) -> int:
    """Writes every row of a table, in the order of its key (a view's in that of all its columns).

    Args:
        connection: The built file, read-only.
        table: What is written.
        form: `csv`, `parquet` or `dta`.
        path: The file.
        build: The build, for what the file says of itself.

    Returns:
        How many rows.

    Raises:
        RefusedError: The format does not hold the table.
        OSError: The file cannot be written.
    """
    order = ", ".join(f'"{name}"' for name in table.contract.key) if table.contract else "ALL"
    reader = connection.sql(f"FROM {table.relation} ORDER BY {order}").to_arrow_reader(
        _ROWS_OF_A_BATCH
    )
    counted = _Counted(reader)
    if form == "parquet":
        write_parquet(counted, reader.schema, path, _of_file(table, build), _of_columns(table))
    elif form == "csv":
        with path.open("wb") as file:
            write_csv(_frames(counted, reader.schema), file, safe=False)
    else:
        names = stata_names(c.name for c in table.columns)
        write_stata(
            (f.rename(names) for f in _frames(counted, reader.schema)),
            path,
            title=table.title,
            labels={names.get(c.name, c.name): _label(c) for c in table.columns},
            codes={names.get(n, n): codes for n, codes in _number_codes(table).items()},
        )
    return counted.n_rows


def stata_names(columns: Iterable[str]) -> dict[str, str]:
    """Column to a name that Stata takes, for those that it does not take as they are."""
    names = list(columns)
    found: dict[str, str] = {}
    for name in names:
        if len(name) > _LONGEST_IN_STATA:
            n, other = 1, name[:_LONGEST_IN_STATA]
            while other in names or other in found.values():
                n += 1
                other = f"{name[: _LONGEST_IN_STATA - 2]}_{n}"
            found[name] = other
    return found


class _Counted:
    """Batches, counted."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.n_rows = 0

    def __iter__(self) -> Iterator[Any]:
        for batch in self._reader:
            self.n_rows += batch.num_rows
            yield batch


def _frames(batches: Iterable[Any], schema: Any) -> Iterator[pl.DataFrame]:
    for batch in (schema.empty_table(), *()):
        yield pl.DataFrame(pl.from_arrow(batch))
    for batch in batches:
        yield pl.DataFrame(pl.from_arrow(batch))


def _of_file(table: TableFacts, build: PublishedBuild) -> dict[str, str]:
    return {
        "asymmetry.table": table.table,
        "asymmetry.description": table.comment,
        "asymmetry.covers": table.covers,
        "asymmetry.sources": ", ".join(table.sources),
        "asymmetry.build_id": build.build_id,
        "asymmetry.profile": build.profile,
        "asymmetry.is_simulated": str(build.is_simulated).lower(),
        "asymmetry.code_version": build.code_version,
    }


def _of_columns(table: TableFacts) -> Mapping[str, Mapping[str, str]]:
    found = {}
    for column in table.columns:
        stated = column.column
        said = {"description": column_comment(stated) if stated else column.description}
        if stated and stated.unit:
            said["unit"] = stated.unit
        found[column.name] = said
    return found


def _label(column: ColumnFacts) -> str:
    unit = f" ({column.column.unit})" if column.column and column.column.unit else ""
    first = re.split(r"(?<=[a-z])[.;:] ", column.description, maxsplit=1)[0].rstrip(".")
    return f"{first}{unit}"


def _number_codes(table: TableFacts) -> dict[str, dict[int | float, str]]:
    """Meanings of codes that are whole numbers: Stata labels no others."""
    found: dict[str, dict[int | float, str]] = {}
    for column in table.columns:
        codes = column.column.codes if column.column else None
        if codes and all(isinstance(code, int) and not isinstance(code, bool) for code in codes):
            found[column.name] = {int(code): str(meaning) for code, meaning in codes.items()}
    return found
