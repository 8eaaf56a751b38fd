"""Commands that fetch and build: `refresh`, `fetch`, `sources`."""

from pathlib import Path
from typing import Annotated

import typer

from flows import console
from flows.commands.options import (
    CovariatesOption,
    DaskAddressOption,
    LockedOption,
    MirrorOption,
    Profile,
    ProfileOption,
    Runner,
    RunnerOption,
    check_locked,
    check_mirror,
    settings,
)
from flows.prefect_home import quiet_prefect
from flows.workers import Workers

commands = typer.Typer()


@commands.command(
    epilog="Example: `asymmetry refresh --profile mirror --mirror http://127.0.0.1:8000 --locked`"
)
def refresh(
    profile: ProfileOption = Profile.sample,
    mirror: MirrorOption = None,
    locked: LockedOption = False,
    runner: RunnerOption = Runner.threads,
    dask_address: DaskAddressOption = None,
    *,
    covariates: CovariatesOption = None,
) -> None:
    """Fetch, build, compute the metrics and publish; or say that nothing is new.

    One run writes in a home at a time: while another one does, this command ends at once with
    exit code 5 and the id of the other's process. Deployed runs wait instead.
    """
    check_mirror(profile, mirror)
    check_locked(profile, locked)
    from flows.plain_errors import exit_code_of
    from flows.refreshing import refresh_and_tell
    from flows.runs import need_writable

    try:
        need_writable(settings().home)
        quiet_prefect(settings())
        workers = Workers(runner.value, dask_address)
        refresh_and_tell(settings(), profile.value, mirror, locked, workers, covariates=covariates)
    except Exception as error:
        console.fail(str(error), exit_code_of(error))


@commands.command(
    epilog="Example: `asymmetry fetch un_votes --from-file ~/Downloads/UNVotes-1.csv`"
)
def fetch(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Slugs, as `asymmetry sources` lists them; none: all."),
    ] = None,
    profile: ProfileOption = Profile.live,
    mirror: MirrorOption = None,
    locked: LockedOption = False,
    from_file: Annotated[
        Path | None, typer.Option(help="A file that you downloaded yourself (one source).")
    ] = None,
) -> None:
    """Fetch sources into snapshots, without building anything."""
    if from_file and len(sources or []) != 1:
        console.fail(
            "--from-file needs exactly one SOURCE, for example `asymmetry fetch un_votes"
            " --from-file UNVotes-1.csv`.",
            2,
        )
    if from_file and not from_file.is_file():
        console.fail(f"There is no file {from_file} to hand over. Nothing was stored.", 2)
    if not from_file:
        check_mirror(profile, mirror)
    from flows.plain_errors import exit_code_of
    from flows.runs import need_writable
    from flows.telling_sources import fetch_and_tell

    try:
        need_writable(settings().home)
        fetch_and_tell(
            settings(),
            sources or [],
            profile=profile.value,
            mirror=mirror,
            locked=locked,
            from_file=from_file,
        )
    except Exception as error:
        console.fail(str(error), exit_code_of(error))


@commands.command(epilog="Example: `asymmetry sources un_votes`")
def sources(
    source: Annotated[
        str | None, typer.Argument(help="One source, for everything about it.")
    ] = None,
) -> None:
    """List the declared sources and the newest snapshot of each, or tell all about one."""
    from flows.telling_sources import tell_sources

    tell_sources(settings(), source)
