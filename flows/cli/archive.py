"""`asymmetry archive`: a build as one zip for a repository of record, without publishers' files."""

import shutil
import uuid
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.cli.published import opened_whole
from flows.home.output_file import OutputError, output_target, replacing, unfinished
from flows.operations.archive import (
    RECORD,
    ROOT,
    SNAPSHOTS,
    ArchiveError,
    code_files,
    kept_build,
    need_this_code,
    record_of,
    snapshots_of,
)
from flows.reports.data_licences import data_licences
from flows.reports.method_references import method_references
from flows.runtime.interrupts import say_when_interrupted
from warehouse.catalog.builds import PublishedBuild, current_build
from warehouse.db import Connection
from warehouse.export.archive_texts import REBUILD, archive_readme, ro_crate, zenodo
from warehouse.export.folder import SUMS, checksums, write_export
from warehouse.export.limits import close_off
from warehouse.export.table_facts import exported_tables, source_facts
from warehouse.export.zip_file import write_zip

app = typer.Typer(rich_markup_mode="markdown")

_MEMORY_MB = 6144
_SCHEMA = "metrics."


@app.command(epilog="Example: `asymmetry archive --to build.zip`")
def archive(
    build: Annotated[
        str | None,
        typer.Argument(help="Id of a kept build; the published one, if none.", metavar="[BUILD]"),
    ] = None,
    *,
    to: Annotated[Path, typer.Option("--to", help="The zip to write.", metavar="FILE.zip")],
) -> None:
    """Write a build's code, pins and metrics, and the way to make it again, into one zip.

    The same build and code give the same bytes. It holds no publisher's file.
    """
    home = current_home()
    try:
        target = output_target(to, home)
        with opened_whole(kept_build(build, home)) as connection:
            close_off(connection, _MEMORY_MB)
            build_id, n_tables = _write(connection, target)
        say_when_interrupted(lambda: f"{to} was written")
    except ArchiveError as error:
        console.fail(f"No archive: {error}", 2)
    except OutputError as error:
        console.fail(f"--to: {error}", 2)
    console.out.print(
        f"{to}: build {build_id[:12]}, {n_tables} tables of metrics and the code"
        f" ({to.stat().st_size / 1e6:,.1f} MB). Its README.md says how it is made again.",
        markup=False,
        soft_wrap=True,
    )


def _write(connection: Connection, target: Path) -> tuple[str, int]:
    """Writes the zip.

    Returns:
        The build's id, and how many tables there are.
    """
    found = current_build(connection)
    if found is None:
        raise ArchiveError("the file holds no build. Nothing was written.")
    need_this_code(connection, found)
    scratch = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.d")
    with unfinished(scratch) as folder, replacing(target) as file:
        folder.mkdir()
        n_tables = _fill(folder, connection, found)
        write_zip(folder, file, root=f"alliance-asymmetry-{found.build_id[:12]}")
    return found.build_id, n_tables


def _fill(folder: Path, connection: Connection, build: PublishedBuild) -> int:
    """Puts everything into a folder.

    Returns:
        How many tables.
    """
    for path in code_files():
        place = folder / "code" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, place)
    tables = [table for table in exported_tables(connection) if table.startswith(_SCHEMA)]
    (folder / "tables").mkdir()
    write_export(
        connection,
        tables,
        ["parquet"],
        folder / "tables",
        methods=method_references(),
        licences=data_licences(),
        progress=lambda _: None,
    )
    sources = [source for _, source in sorted(source_facts(connection).items())]
    texts = {
        "README.md": archive_readme(build, sources, tables),
        RECORD: record_of(build),
        SNAPSHOTS: snapshots_of(connection),
        "rebuild.sh": REBUILD,
        ".zenodo.json": zenodo(build, sources),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    listed = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    own = sorted(name for name in listed if not name.startswith("code/"))
    (folder / "ro-crate-metadata.json").write_text(ro_crate(build, sources, own), "utf-8")
    (folder / SUMS).write_text("".join(checksums(folder)), "utf-8")
    return len(tables)
