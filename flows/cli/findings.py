"""`asymmetry findings`: the findings of the published warehouse as a page with charts."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.cli.published import opened_whole
from flows.home.output_file import OutputError, output_target, write_output
from flows.home.paths import Home
from flows.reports.findings import findings_of
from flows.runtime.interrupts import say_when_interrupted
from warehouse.catalog.builds import current_build
from warehouse.db import UNREADABLE, QueryError

_ENDINGS = (".md", ".markdown")

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry findings --output docs/findings.md`")
def findings(
    output: Annotated[
        Path, typer.Option(help="Page to write; pictures go into a folder of its name.")
    ] = Path("findings.md"),
    simulated: Annotated[
        bool,
        typer.Option(
            "--simulated", help="Write the page of a simulated world, too; it says so throughout."
        ),
    ] = False,
) -> None:
    """Write the findings of the published warehouse: verdicts, tables, charts, queries."""
    home = current_home()
    try:
        page = _target(output, home)
    except OutputError as error:
        console.fail(f"--output: {error}", 2)
    write_findings(home, page, simulated)


def _target(output: Path, home: Home) -> Path:
    """The page itself, whose pictures go into a folder beside it.

    Raises:
        OutputError: One of them cannot be written, or belongs to the home.
    """
    page = output_target(output, home)
    folder = page.with_suffix("")
    if page.suffix.lower() not in _ENDINGS or (folder.exists() and not folder.is_dir()):
        raise OutputError(
            f"The page is Markdown, and its pictures go into a folder {folder.name} beside it:"
            " give it a name like findings.md whose first part no other file has. Nothing was"
            " written."
        )
    output_target(folder / "chart.svg" if folder.exists() else folder, home)
    return page


def write_findings(home: Home, page: Path, simulated_too: bool) -> None:
    """Writes the page, and its pictures into a folder of its name beside it.

    Args:
        home: The home with the published file.
        page: The Markdown file (`flows.home.output_file.output_target`).
        simulated_too: Write the page of a simulated world, which then says so everywhere;
            otherwise such a world is refused.
    """
    with opened_whole(home.warehouse) as connection:
        build = current_build(connection)
        simulated = bool(build and build.is_simulated)
        if simulated and not simulated_too:
            console.fail(
                f"{home.warehouse} holds the simulated world, and findings about it are none."
                " Build from the publishers' files first (`asymmetry refresh --profile"
                " live`), or say --simulated for a page that is marked as such. Nothing was"
                " written.",
                2,
            )
        try:
            text, pictures = findings_of(connection, page.stem, simulated)
        except QueryError as error:
            if isinstance(error, UNREADABLE):
                raise
            console.fail(
                f"The published warehouse lacks what the findings are made of ({error}). Build it"
                " anew with `asymmetry refresh`; nothing was written.",
                1,
            )
            return
    folder = page.with_suffix("")
    say_when_interrupted(lambda: f"{page} and its pictures were being written")
    try:
        folder.mkdir(exist_ok=True)
        for name, svg in pictures.items():
            picture = output_target(folder / f"{name}.svg", home)
            write_output(picture, svg.encode())
        write_output(page, text.encode())
    except OutputError as error:
        console.fail(f"--output: {error}", 1)
    say_when_interrupted(lambda: f"{page} was written")
    console.out.print(f"{page}: {text.count('## C')} claims, {len(pictures)} charts", markup=False)
