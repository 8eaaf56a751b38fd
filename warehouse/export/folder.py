"""Writes an export: tables in some formats, with all that a reader of them needs."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.catalog.builds import PublishedBuild, current_build
from warehouse.db import Connection, QueryError
from warehouse.export.citation import citation_bibtex, citation_text
from warehouse.export.codebook import codebook_html, codebook_markdown
from warehouse.export.datapackage import WrittenFile, data_package
from warehouse.export.limits import RefusedError
from warehouse.export.readme import readme
from warehouse.export.table_facts import (
    TableFacts,
    exported_tables,
    source_facts,
    table_facts,
)
from warehouse.export.table_files import stata_names, write_table

SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class NotWritten:
    """A table that a format does not hold, and why."""

    table: str
    form: str
    reason: str


@dataclass(frozen=True)
class Exported:
    """What an export has written.

    Attributes:
        build: The build that was exported.
        files: Tables, file by file.
        not_written: Tables that a format does not hold.
    """

    build: PublishedBuild
    files: tuple[WrittenFile, ...]
    not_written: tuple[NotWritten, ...]


def write_export(
    connection: Connection,
    tables: Sequence[str],
    forms: Sequence[str],
    folder: Path,
    *,
    methods: Mapping[str, str],
    licences: str,
    progress: Callable[[str], None],
) -> Exported:
    """Writes tables into an empty folder, with codebook, citation, descriptor and checksums.

    The same build gives the same bytes: nothing says when it was exported.

    Args:
        connection: The built file, read-only and closed off.
        tables: Full names, or views; empty for `core`, `marts` and `metrics`.
        forms: Some of `parquet`, `csv` and `dta`.
        folder: Where to; empty.
        methods: Table to the references of its formula.
        licences: `DATA_LICENSES.md`, which goes with the data.
        progress: Hears of each table before it is written.

    Raises:
        UnknownTableError: There is no such table.
        QueryError: The file holds no build.
        OSError: A file cannot be written.
    """
    build = current_build(connection)
    if build is None:
        raise QueryError("the file holds no build")
    sources = source_facts(connection)
    facts = [table_facts(connection, t) for t in tables or exported_tables(connection)]
    files: list[WrittenFile] = []
    refused: list[NotWritten] = []
    (folder / "data").mkdir()
    for position, table in enumerate(facts, start=1):
        progress(f"{position} of {len(facts)}: {table.table}")
        for form in forms:
            path = folder / "data" / f"{table.table}.{form}"
            try:
                n_rows = write_table(connection, table, form, path, build)
            except RefusedError as error:
                path.unlink(missing_ok=True)
                refused.append(NotWritten(table.table, form, str(error)))
                continue
            files.append(_written(path, folder, form, table, n_rows))
    exported = Exported(build, tuple(files), tuple(refused))
    names = stata_names(sorted({c.name for t in facts for c in t.columns}))
    about = _about(build)
    texts = {
        "README.md": readme(build, files, [vars(r) for r in refused], sources),
        "CODEBOOK.md": codebook_markdown(facts, about, names),
        "codebook.html": codebook_html(facts, about, names),
        "CITATION.txt": citation_text(build, facts, sources, methods),
        "CITATION.bib": citation_bibtex(build, facts, sources, methods),
        "DATA_LICENSES.md": licences,
    }
    if "csv" in forms:
        package = data_package(build, files, sources)
        texts["datapackage.json"] = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    (folder / SUMS).write_text("".join(checksums(folder)), "utf-8")
    return exported


def _about(build: PublishedBuild) -> str:
    simulated = " SIMULATED: a made-up world; its figures say nothing about ours."
    return f"Build {build.build_id}.{simulated if build.is_simulated else ''}"


def _written(path: Path, folder: Path, form: str, table: TableFacts, n_rows: int) -> WrittenFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    name = path.relative_to(folder).as_posix()
    return WrittenFile(name, form, table, n_rows, path.stat().st_size, digest)


def checksums(folder: Path) -> Iterator[str]:
    """Lines that `sha256sum -c SHA256SUMS` reads, one per file of a folder."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        yield f"{digest}  {path.relative_to(folder).as_posix()}\n"
