"""Commands that draw conclusions: `claims`."""

from enum import StrEnum
from typing import Annotated

import typer

from flows.commands.options import settings

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
