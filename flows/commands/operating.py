"""Commands for whoever operates the pipeline: `plan`, `status`, `history`, `rollback`."""

from enum import StrEnum
from typing import Annotated

import typer

from flows import console
from flows.commands.options import (
    CovariatesOption,
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
    covariates: CovariatesOption = None,
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
        chosen = profile.value if profile else None
        tell_plan(settings(), chosen, locked, form.value, covariates)
    except Exception as error:
        console.fail(str(error), exit_code_of(error))


@commands.command(epilog="Example: `asymmetry status --format json`")
def status(form: FormOption = Form.table) -> None:
    """Say what is published, what ran last, which sources are stale, and what to do.

    Exit code 0 when all is well, 1 when something wants attention.
    """
    from flows.telling import tell_status

    raise SystemExit(tell_status(settings(), form.value))


@commands.command(epilog="Example: `asymmetry history -n 20`")
def history(
    n: Annotated[int, typer.Option("-n", help="Newest runs to show; 0 shows all.", min=0)] = 10,
    form: FormOption = Form.table,
) -> None:
    """List the last runs: result, seconds, build, and what was new."""
    from flows.telling import tell_history

    tell_history(settings(), n, form.value)


@commands.command(epilog="Example: `asymmetry rollback 4018e394c043`")
def rollback(
    build: Annotated[
        str | None, typer.Argument(help="The build's id, or its first digits.")
    ] = None,
    list_builds: Annotated[
        bool, typer.Option("--list", help="Show the builds that are kept.")
    ] = False,
) -> None:
    """Publish an earlier build again, after reading its file through.

    Ends at once with exit code 5 while another run is writing.
    """
    if list_builds == (build is not None):
        console.fail("Name a build, or ask for --list.", 2)
    from flows.plain_errors import exit_code_of
    from flows.rolling_back import tell_kept_builds, tell_rollback

    try:
        if build is None:
            tell_kept_builds(settings())
        else:
            tell_rollback(settings(), build)
    except Exception as error:
        console.fail(str(error), exit_code_of(error))
