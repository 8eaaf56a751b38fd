"""The data dictionary for people: every table and column, made from the contracts.

`make docs` writes it to docs/generated/dictionary.md. The same
facts are in the warehouse itself: `meta.dictionary`, and the comments of tables and columns.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from warehouse.contracts.comments import column_comment
from warehouse.contracts.model import SCHEMAS, Column, Contract
from warehouse.contracts.read import contracts

_SCHEMA_TITLES = {
    "staging": "one source each, renamed and typed, nothing joined",
    "core": "states, votes, alliances and yearly figures under one set of codes",
    "marts": "what is joined most, side by side",
    "metrics": "the measures",
    "meta": "where the build came from, and what its gates found",
}


def dictionary_text(tables: Iterable[Contract]) -> str:
    """The dictionary as Markdown.

    Args:
        tables: Contracts, in the order in which they are to stand.

    Returns:
        An index by schema, then a section per table: grain, key, sources, warnings, columns.
        It depends on the contracts alone: no date, no build.
    """
    known = list(tables)
    lines = [
        "# Data dictionary",
        "",
        "Made from the contracts in `warehouse/contracts/` by `make docs`; do not edit it here.",
        "The warehouse holds the same in `meta.dictionary`; `asymmetry tables TABLE` prints it.",
        "A column is never NULL unless its last cell says when.",
        "",
    ]
    for schema in SCHEMAS:
        names = [c.table for c in known if c.schema_name == schema]
        if names:
            links = ", ".join(f"[{name.split('.')[1]}](#{_anchor(name)})" for name in names)
            lines += [f"* **{schema}** ({_SCHEMA_TITLES[schema]}): {links}"]
    for contract in known:
        lines += ["", *_section(contract)]
    return "\n".join(lines) + "\n"


def dictionary_rows(contracts: Iterable[Contract]) -> pl.DataFrame:
    """Rows of `meta.dictionary`: one per column of every contract."""
    return pl.DataFrame(
        [
            {
                "table_name": contract.table,
                "ordinal": position,
                "column_name": column.name,
                "data_type": column.duckdb_type,
                "description": column_comment(column),
                "grain": contract.grain,
            }
            for contract in contracts
            for position, column in enumerate(contract.columns, start=1)
        ]
    )


def _section(contract: Contract) -> list[str]:
    lines = [
        f"## {contract.table}",
        "",
        f"**{contract.title}**: {contract.grain}.",
        f"Key: {', '.join(f'`{name}`' for name in contract.key)}.",
    ]
    if contract.sources:
        lines.append(f"Sources: {', '.join(contract.sources)}.")
    lines += ["", " ".join(contract.description.split()), ""]
    if contract.usage_warnings:
        lines += [f"* {' '.join(warning.split())}" for warning in contract.usage_warnings] + [""]
    lines += ["| column | type | meaning | unit, range or codes | NULL |", "|---|---|---|---|---|"]
    return lines + [_row(column) for column in contract.columns]


def _row(column: Column) -> str:
    cells = [
        f"`{column.name}`",
        column.duckdb_type,
        column.description,
        _values(column),
        column.null_when or "",
    ]
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _values(column: Column) -> str:
    """Unit, then the codes, or else the range."""
    parts = [column.unit] if column.unit else []
    if column.codes:
        parts += [f"`{code}` {meaning}" for code, meaning in column.codes.items()]
    elif column.minimum is not None and column.maximum is not None:
        parts.append(f"{column.minimum:g} to {column.maximum:g}")
    elif column.minimum is not None:
        parts.append(f"at least {column.minimum:g}")
    elif column.maximum is not None:
        parts.append(f"at most {column.maximum:g}")
    return "; ".join(parts)


def _cell(text: str) -> str:
    """A text that cannot break out of its cell."""
    return " ".join(text.split()).replace("|", "\\|")


def _anchor(table: str) -> str:
    """The link that Markdown hosts make of a table's heading."""
    return table.replace(".", "").lower()


def main() -> None:
    """Writes the dictionary to the path given on the command line."""
    parser = argparse.ArgumentParser(description="Write the data dictionary as Markdown.")
    parser.add_argument("path", type=Path, help="for example docs/generated/dictionary.md")
    path: Path = parser.parse_args().path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dictionary_text(contracts().values()), "utf-8")
    print(f"{path}: {len(contracts())} tables")


if __name__ == "__main__":
    main()
