"""Options that several commands share, and the checks that belong to them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.home.addresses import refuse_password
from flows.home.paths import Home


class Profile(StrEnum):
    """Where bytes come from."""

    sample = "sample"
    live = "live"
    mirror = "mirror"


class Runner(StrEnum):
    """Where steps and chunks run."""

    threads = "threads"
    processes = "processes"
    dask = "dask"


ProfileOption = Annotated[
    Profile,
    typer.Option(
        help="sample: the simulated world, offline. live: the publishers. mirror: copies of"
        " their files, see --mirror."
    ),
]
MirrorOption = Annotated[
    str | None,
    typer.Option(
        help="Folder or base URL with HOST/PATH below it (profile mirror).", metavar="DIR|URL"
    ),
]
LockedOption = Annotated[
    bool, typer.Option("--locked", help="Use exactly the bytes pinned in sources.lock.json.")
]

RunnerOption = Annotated[
    Runner,
    typer.Option(
        help="Where steps run: threads (with two processes beside them), a process per core,"
        " or an existing Dask cluster"
        " (see --dask-address). No number depends on it."
    ),
]
DaskAddressOption = Annotated[
    str | None,
    typer.Option(help="Address of the Dask scheduler (runner dask).", metavar="tcp://HOST:PORT"),
]

VerboseOption = Annotated[
    bool, typer.Option("--verbose", help="Print the log of the run, a line for each thing done.")
]

CovariatesOption = Annotated[
    Path | None,
    typer.Option(
        help="A CSV of yours with ccode, year and columns of core.covariates (`asymmetry tables"
        " core.covariates` lists them): allies are then matched on them, too."
        " A column of yours takes precedence over that of a source.",
        metavar="FILE",
    ),
]


def current_home() -> Home:
    """The home that `$ASYMMETRY_HOME` names."""
    return Home.from_environment()


def check_mirror(profile: Profile, mirror: str | None) -> None:
    """Ends the program with code 2 where --profile and --mirror do not go together."""
    if profile is Profile.mirror and not mirror:
        console.fail(
            "--profile mirror needs --mirror: a folder, or the base URL of a server, with"
            " HOST/PATH below it.",
            2,
        )
    if profile is not Profile.mirror and mirror:
        console.fail(f"--mirror goes with --profile mirror, not with {profile.value}.", 2)
    try:
        refuse_password(mirror)
    except ValueError as error:
        console.fail(f"{error}.", 2)
    if mirror and "://" not in mirror and not Path(mirror).is_dir():
        console.fail(f"The mirror {mirror} is no folder (nor a base URL: http://…).", 2)


def check_locked(profile: Profile, locked: bool) -> None:
    """Ends the program with code 2 where --locked cannot mean anything."""
    if locked and profile is Profile.sample:
        console.fail(
            "--locked pins the publishers' files; the simulated world is never pinned. Use"
            " it with --profile mirror or live.",
            2,
        )


class Form(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"


FormOption = Annotated[
    Form, typer.Option("--format", help="table is for people, json for programs.")
]
