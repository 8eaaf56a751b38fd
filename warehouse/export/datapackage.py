"""`datapackage.json`: the export described for programs (Frictionless Data Package, version 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.catalog.builds import PublishedBuild
from warehouse.export.citation import AUTHORS, TITLE, used_sources
from warehouse.export.table_facts import ColumnFacts, SourceFacts, TableFacts

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "DOUBLE": "number",
    "FLOAT": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "VARCHAR": "string",
}


@dataclass(frozen=True)
class WrittenFile:
    """A file of an export.

    Attributes:
        path: In the folder, with `/`.
        form: csv, parquet or dta.
        table: What it holds.
        n_rows: Its rows.
        n_bytes: Its size.
        sha256: Of its bytes, in hex.
    """

    path: str
    form: str
    table: TableFacts
    n_rows: int
    n_bytes: int
    sha256: str


def data_package(
    build: PublishedBuild, files: Sequence[WrittenFile], sources: Mapping[str, SourceFacts]
) -> dict[str, Any]:
    """The descriptor: a resource for each CSV file, with its schema.

    Parquet and Stata files describe themselves, and programs that read a package take every
    table for text.

    Args:
        build: The build that was exported.
        files: What was written.
        sources: Every dataset of the build.
    """
    tables = list({file.table.table: file.table for file in files}.values())
    used = used_sources(tables, sources)
    return {
        "$schema": PROFILE,
        "name": f"alliance-asymmetry-{build.build_id[:12]}",
        "id": f"urn:sha256:{build.build_id}",
        "title": TITLE + (" (SIMULATED)" if build.is_simulated else ""),
        "version": build.code_version,
        "created": f"{build.built_at:%Y-%m-%dT%H:%M:%SZ}",
        "contributors": [{"title": AUTHORS, "roles": ["creator"]}],
        "sources": [_source(source) for source in used],
        "resources": [_resource(file, sources) for file in files if file.form == "csv"],
    }


def _source(source: SourceFacts) -> dict[str, str]:
    return {"title": source.title, "path": source.landing_page, "version": source.version}


def _resource(file: WrittenFile, sources: Mapping[str, SourceFacts]) -> dict[str, Any]:
    return {
        "name": file.table.table,
        "type": "table",
        "path": file.path,
        "title": file.table.title,
        "description": file.table.comment,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.n_bytes,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ",", "header": True, "doubleQuote": True},
        "sources": [_source(source) for source in used_sources([file.table], sources)],
        "schema": _schema(file.table),
    }


def _schema(table: TableFacts) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.contract and set(table.contract.key) <= {c.name for c in table.columns}:
        schema["primaryKey"] = list(table.contract.key)
    return schema


def _field(column: ColumnFacts) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.duckdb_type, "any"),
        "description": column.description,
    }
    stated = column.column
    if stated is None:
        return field
    constraints: dict[str, Any] = {}
    if stated.null_when is None:
        constraints["required"] = True
    if stated.codes:
        constraints["enum"] = list(stated.codes)
        field["categories"] = [
            {"value": code, "label": meaning} for code, meaning in stated.codes.items()
        ]
    for name, bound in (("minimum", stated.minimum), ("maximum", stated.maximum)):
        if bound is not None and field["type"] in ("integer", "number"):
            constraints[name] = bound
    if stated.unit:
        field["unit"] = stated.unit
    if constraints:
        field["constraints"] = constraints
    return field
