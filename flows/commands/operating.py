"""Commands for whoever operates the pipeline: `plan`, `status`, `history`, `rollback`."""

from enum import StrEnum
from typing import Annotated

import typer

from flows import console
from flows.commands.options import (
    LockedOption,
    MirrorOption,
    Profile,
    check_locked,
    check_mirror,
    settings,
)

commands = typer.Typer()


class Form(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"


FormOption = Annotated[
    Form, typer.Option("--format", help="table is for people, json for programs.")
]


@commands.command(epilog="Example: `asymmetry plan --profile mirror --locked`")
def plan(
    profile: Annotated[
        Profile | None,
        typer.Option(help="As for refresh; that of the published build unless given."),
    ] = None,
    mirror: MirrorOption = None,
    locked: LockedOption = False,
    form: FormOption = Form.table,
) -> None:
    """Say which steps a refresh would run, and why, without fetching or computing anything."""
    if mirror:
        check_mirror(profile or Profile.mirror, mirror)
    if profile:
        check_locked(profile, locked)
    from flows.plain_errors import exit_code_of
    from flows.telling import tell_plan

    try:
        tell_plan(settings(), profile.value if profile else None, locked, form.value)
    except Exception as error:
        console.fail(str(error), exit_code_of(error))
