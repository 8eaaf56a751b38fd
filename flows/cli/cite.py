"""`asymmetry cite`: how to cite a table, the data behind it and the methods."""

from enum import StrEnum
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.cli.published import opened_whole
from flows.reports.method_references import method_references
from warehouse.catalog.builds import current_build
from warehouse.catalog.tables import nearest_tables
from warehouse.export.citation import citation_bibtex, citation_text
from warehouse.export.table_facts import UnknownTableError, source_facts, table_facts

app = typer.Typer(rich_markup_mode="markdown")


class CitationForm(StrEnum):
    """How a citation is written."""

    both = "both"
    text = "text"
    bibtex = "bibtex"
    json = "json"


@app.command(epilog="Example: `asymmetry cite metrics.ideal_point --format bibtex >> paper.bib`")
def cite(
    tables: Annotated[
        list[str] | None,
        typer.Argument(
            help="Tables and views; without any, the build with all its sources.",
            metavar="[TABLE]…",
        ),
    ] = None,
    form: Annotated[
        CitationForm, typer.Option("--format", help="text, bibtex (UTF-8), both, or json.")
    ] = CitationForm.both,
) -> None:
    """Print how to cite tables: the build, every source behind them, and the methods."""
    with opened_whole(current_home().warehouse) as connection:
        build = current_build(connection)
        if build is None:
            console.fail("The published file holds no build.", 1)
            return
        sources, facts = source_facts(connection), []
        for table in tables or ():
            try:
                facts.append(table_facts(connection, table))
            except UnknownTableError as error:
                near = ", ".join(nearest_tables(connection, table))
                console.fail(f"{error}. Near: {near}.", 2)
    methods = method_references()
    found = {
        "text": citation_text(build, facts, sources, methods),
        "bibtex": citation_bibtex(build, facts, sources, methods),
    }
    if form is CitationForm.json:
        console.print_json(found)
    else:
        shown = found.values() if form is CitationForm.both else [found[form.value]]
        console.print_bytes(["\n".join(shown).encode()])
