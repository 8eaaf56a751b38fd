"""`asymmetry findings`: the findings of the published warehouse as a page with charts."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import check_output, current_home
from flows.reports.findings import findings_of
from warehouse.catalog.builds import current_build
from warehouse.db import QueryError, WarehouseMissingError, read_published

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
    check_output(output)
    folder = output.with_suffix("")
    if folder == output or (folder.exists() and not folder.is_dir()):
        console.fail(
            f"--output: the pictures of {output} go into a folder {folder}: give the page a"
            " suffix, for example findings.md, and a name that no other file has. Nothing was"
            " written.",
            2,
        )

    write_findings(current_home().warehouse, output, simulated)


def write_findings(warehouse: Path, page: Path, simulated_too: bool) -> None:
    """Writes the page, and its pictures into a folder of its name beside it.

    Args:
        warehouse: The published file.
        page: The Markdown file.
        simulated_too: Write the page of a simulated world, which then says so everywhere;
            otherwise such a world is refused.
    """
    try:
        with read_published(warehouse) as connection:
            build = current_build(connection)
            simulated = bool(build and build.is_simulated)
            if simulated and not simulated_too:
                console.fail(
                    f"{warehouse} holds the simulated world, and findings about it are none."
                    " Build from the publishers' files first (`asymmetry refresh --profile"
                    " live`), or say --simulated for a page that is marked as such. Nothing was"
                    " written.",
                    2,
                )
            text, pictures = findings_of(connection, page.stem, simulated)
    except WarehouseMissingError as error:
        console.fail(str(error), 1)
        return
    except QueryError as error:
        console.fail(
            f"The published warehouse lacks what the findings are made of ({error}). Build it"
            " anew with `asymmetry refresh`; nothing was written.",
            1,
        )
        return
    folder = page.parent / page.stem
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in pictures.items():
        (folder / f"{name}.svg").write_text(svg, "utf-8")
    page.write_text(text, "utf-8")
    console.out.print(f"{page}: {text.count('## C')} claims, {len(pictures)} charts", markup=False)
