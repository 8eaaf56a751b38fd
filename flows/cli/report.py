"""`asymmetry report`: the published warehouse as a site that opens from disk."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.cli.published import opened_whole
from flows.home.output_file import OutputError
from flows.home.output_folder import filling_folder, folder_target
from flows.home.paths import Home
from flows.reports.site_texts import site_texts
from flows.runtime.interrupts import say_when_interrupted
from warehouse.db import UNREADABLE, QueryError
from warehouse.report.site.write import site_files

MARK = "licences.txt"
"""A file that every site has: a folder without it is none, and is not replaced."""

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry report --output site`, then open site/index.html")
def report(
    output: Annotated[
        Path, typer.Option(help="Folder to write; an earlier site there is replaced.")
    ] = Path("site"),
) -> None:
    """Write a site of the published warehouse: claims, states, leaders, map, network, sources.

    It opens from disk, needs no network, and any static host can serve it.
    """
    write_report(current_home(), output)


def write_report(home: Home, output: Path) -> None:
    """Writes the site: complete or not at all.

    Args:
        home: The home with the published file.
        output: The folder.
    """
    try:
        target = folder_target(output, home, MARK)
    except OutputError as error:
        console.fail(f"--output: {error}", 2)
        return
    with opened_whole(home.warehouse) as connection:
        try:
            files = dict(site_files(connection, site_texts(home, connection)))
        except QueryError as error:
            if isinstance(error, UNREADABLE):
                raise
            console.fail(
                f"The published warehouse lacks what the site is made of ({error}). Build it anew"
                " with `asymmetry refresh`; nothing was written.",
                1,
            )
            return
    say_when_interrupted(lambda: f"{output} was being written; what was there before still is")
    try:
        with filling_folder(target) as folder:
            for name, text in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8", newline="\n")
    except OutputError as error:
        console.fail(f"--output: {error}", 1)
    say_when_interrupted(lambda: f"{output} was written")
    size = sum(len(text.encode()) for text in files.values()) / 1e6
    pages = sum(path.endswith(".html") for path in files)
    console.out.print(
        f"{output / 'index.html'}: {pages} pages, {size:.1f} MB. Open it in a browser.",
        markup=False,
    )
