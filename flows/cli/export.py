"""`asymmetry export`: tables as files for other programs, with codebook, licences and citation."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.cli.published import opened_whole
from flows.home.output_file import OutputError
from flows.home.output_folder import filling_folder, folder_target
from flows.reports.data_licences import data_licences
from flows.reports.method_references import method_references
from flows.runtime.interrupts import say_when_interrupted
from warehouse.catalog.tables import nearest_tables
from warehouse.export.folder import Exported, write_export
from warehouse.export.limits import close_off
from warehouse.export.table_facts import UnknownTableError

app = typer.Typer(rich_markup_mode="markdown")

_MEMORY_MB = 6144


class ExportFormat(StrEnum):
    """A format of an export."""

    parquet = "parquet"
    csv = "csv"
    dta = "dta"


@app.command(epilog="Example: `asymmetry export metrics.ideal_point core.votes --to poland`")
def export(
    tables: Annotated[
        list[str] | None,
        typer.Argument(
            help="Tables and views; without any, all of core, marts and metrics.",
            metavar="[TABLE]…",
        ),
    ] = None,
    *,
    to: Annotated[
        Path, typer.Option("--to", help="A folder that is not there yet.", metavar="FOLDER")
    ],
    formats: Annotated[
        list[ExportFormat] | None,
        typer.Option(
            "--as", help="parquet, csv or dta (Stata); may be named several times. All, if none."
        ),
    ] = None,
) -> None:
    """Write tables as Parquet, CSV and Stata files, with codebook, licences and citation."""
    forms = [form.value for form in dict.fromkeys(formats or ExportFormat)]
    with opened_whole(current_home().warehouse) as connection:
        close_off(connection, _MEMORY_MB)
        try:
            target = folder_target(to, current_home())
            with filling_folder(target) as folder:
                done = write_export(
                    connection,
                    list(dict.fromkeys(tables or ())),
                    forms,
                    folder,
                    methods=method_references(),
                    licences=data_licences(),
                    progress=_say,
                )
            say_when_interrupted(lambda: f"{to} was written")
        except UnknownTableError as error:
            table = str(error).rpartition(" ")[2]
            near = ", ".join(nearest_tables(connection, table))
            console.fail(f"{error}. Near: {near}. Nothing was written.", 2)
        except OutputError as error:
            console.fail(f"--to: {error}", 2)
    _print(done, to)


def _say(what: str) -> None:
    """Says on a terminal which table is written."""
    if console.err.is_terminal:
        console.err.print(what, style="dim", markup=False)


def _print(done: Exported, to: Path) -> None:
    for missing in done.not_written:
        console.err.print(
            f"{missing.table} is not among the .{missing.form} files: {missing.reason}",
            markup=False,
        )
    n_tables = len({file.table.table for file in done.files})
    megabytes = sum(file.n_bytes for file in done.files) / 1e6
    console.out.print(
        f"{to}: {_counted(n_tables, 'table')} in {_counted(len(done.files), 'file')}"
        f" ({megabytes:,.1f} MB), with codebook, citation, licences and checksums. Whose data they"
        " are and what may be passed on is in its README.md.",
        markup=False,
    )


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
