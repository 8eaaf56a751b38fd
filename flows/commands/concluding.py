"""Commands that draw conclusions: `claims`, `findings`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows import console
from flows.commands.options import check_output, settings

commands = typer.Typer()


class Format(StrEnum):
    """How `claims` writes."""

    table = "table"
    csv = "csv"
    json = "json"


@commands.command(epilog="Example: `asymmetry claims C2a`")
def claims(
    claim: Annotated[
        str | None, typer.Argument(help="One claim, for every test of it; none: the verdicts.")
    ] = None,
    format: Annotated[Format, typer.Option(help="table is for people.")] = Format.table,
) -> None:
    """Tell what became of each claim, or one claim with its whole grid."""
    from flows.claims_told import tell_claims

    tell_claims(settings().warehouse, claim, format.value)


@commands.command(epilog="Example: `asymmetry findings --output docs/findings.md`")
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
    from flows.findings.page import write_findings

    write_findings(settings().warehouse, output, simulated)
