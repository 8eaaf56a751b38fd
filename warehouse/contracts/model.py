"""What a contract is: a table's grain, key and columns.

Every step depends on this module (`conform`). What a reader is told of a contract is made in
`warehouse.contracts.comments` and `dictionary`, on which none does.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

SCHEMAS = ("staging", "core", "marts", "metrics", "meta")


POLARS_TYPES = {
    "int16": pl.Int16(),
    "int32": pl.Int32(),
    "int64": pl.Int64(),
    "float64": pl.Float64(),
    "string": pl.String(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
}


DUCKDB_TYPES = {
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "string": "VARCHAR",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


class ContractError(ValueError):
    """A contract that contradicts itself or the field catalogue; the message names the file."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Column name; the same meaning has the same name in every table.
        type: Key of the type table above (`int16`, …, `timestamp`).
        description: One sentence for a reader.
        unit: Unit or scale, where there is one.
        codes: Value to meaning, where the column takes a closed set of values.
        minimum: Least value allowed, where there is one.
        maximum: Greatest value allowed, where there is one.
        null_when: When the value is NULL; `None` for a column that never is.
        formula: SQL over other columns, for a column that is computed when it is read;
            `None` for a stored one.
    """

    name: str
    type: str
    description: str
    unit: str | None = None
    codes: dict[Any, str] | None = None
    minimum: float | None = None
    maximum: float | None = None
    null_when: str | None = None
    formula: str | None = None

    @property
    def polars_type(self) -> pl.DataType:
        """The Polars type of the column."""
        return POLARS_TYPES[self.type]

    @property
    def duckdb_type(self) -> str:
        """The DuckDB type of the column."""
        return DUCKDB_TYPES[self.type]

    @property
    def ddl(self) -> str:
        """The line of a stored column in CREATE TABLE."""
        parts = [f'"{self.name}"', self.duckdb_type]
        if self.null_when is None:
            parts.append("NOT NULL")
        if self.codes:
            codes = ", ".join(sql_literal(c) for c in self.codes)
            parts.append(f'CHECK ("{self.name}" IN ({codes}))')
        return " ".join(parts)


@dataclass(frozen=True)
class Contract:
    """One table's contract.

    Attributes:
        table: Full name, `schema.table`.
        title: A few words.
        grain: What one row is.
        description: What a reader has to know.
        key: Columns that are unique together, never NULL, and give the stored order.
        columns: In stored order.
        sources: Slugs of the datasets that it is made of.
        usage_warnings: Traps, each a sentence.
        formula_order: Computed columns, each after those that its formula uses.
    """

    table: str
    title: str
    grain: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sources: tuple[str, ...]
    usage_warnings: tuple[str, ...]
    formula_order: tuple[str, ...] = ()

    @property
    def schema_name(self) -> str:
        """The DuckDB schema, for example `core`."""
        return self.table.split(".")[0]

    @property
    def polars_schema(self) -> dict[str, pl.DataType]:
        """Column name to Polars type, in stored order."""
        return {c.name: c.polars_type for c in self.columns}

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns whose values are in the file."""
        return tuple(c for c in self.columns if c.formula is None)

    @property
    def computed(self) -> tuple[Column, ...]:
        """The columns that are computed when they are read."""
        return tuple(c for c in self.columns if c.formula is not None)

    @property
    def stored_table(self) -> str:
        """Where the stored columns are: the table itself, unless some are computed."""
        return f"{self.table}__stored" if self.computed else self.table

    @property
    def ddl(self) -> str:
        """CREATE TABLE for the stored columns."""
        lines = ",\n  ".join(c.ddl for c in self.stored)
        return f"CREATE TABLE {self.stored_table} (\n  {lines}\n)"

    @property
    def view_ddl(self) -> str:
        """CREATE VIEW of the whole table, for one with computed columns.

        Formulas stand in the order of their file, since one may use those above it. (Columns
        that are GENERATED in the table itself would do the same, but DuckDB binds them anew
        for each 2,048 rows that are loaded, which takes ten times as long as the rows.)
        """
        order = {name: position for position, name in enumerate(self.formula_order)}
        formulas = ",\n    ".join(
            f'CAST({c.formula} AS {c.duckdb_type}) AS "{c.name}"'
            for c in sorted(self.computed, key=lambda c: order[c.name])
        )
        names = ", ".join(f'"{c.name}"' for c in self.columns)
        return (
            f"CREATE VIEW {self.table} AS\nWITH computed AS (\n  SELECT *,\n    {formulas}\n"
            f"  FROM {self.stored_table}\n)\nSELECT {names} FROM computed"
        )

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Orders, casts and sorts a frame as the contract says.

        Args:
            frame: Rows of the table; extra or missing columns are refused.

        Returns:
            The same rows with the contract's column order, types and key order.

        Raises:
            ContractError: The frame's columns are not the contract's, or a value does not
                fit the contract's type.
        """
        names = [c.name for c in self.columns]
        if missing := [n for n in names if n not in frame.columns]:
            raise ContractError(f"{self.table}: the rows lack {missing}, which its contract names")
        if extra := [n for n in frame.columns if n not in names]:
            raise ContractError(f"{self.table}: {extra} are not in its contract")
        try:
            frame = frame.select(names).cast(pl.Schema(self.polars_schema), strict=True)
        except pl.exceptions.PolarsError as error:
            raise ContractError(f"{self.table}: a value does not fit its type: {error}") from error
        return frame if _is_sorted(frame, self.key) else frame.sort(self.key)


def _is_sorted(frame: pl.DataFrame, key: tuple[str, ...]) -> bool:
    """Whether rows are in the order of the key: much cheaper than sorting wide rows again."""
    in_order = pl.lit(True)
    for name in reversed(key):
        here, before = pl.col(name), pl.col(name).shift(1)
        in_order = (here > before) | ((here == before) & in_order)
    return bool(frame.select(in_order.fill_null(True).all()).item())


def sql_literal(value: Any) -> str:
    """A text or number as SQL writes it."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)
