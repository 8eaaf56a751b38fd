"""The command `asymmetry`."""

import atexit
import os
import sys
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from flows import console
from flows.prefect_home import quiet_prefect
from flows.settings import Settings


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"alliance-asymmetry {version('alliance-asymmetry')}")
        raise typer.Exit


app = typer.Typer(
    name="asymmetry",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="UN voting and alliance treaties, from the publishers' files to metrics of alliance"
    " asymmetry in one DuckDB file. Everything a run writes lies in $ASYMMETRY_HOME (./var).",
    epilog="Exit codes: 0 done (or nothing new) · 1 failed · 2 wrong usage · 3 a gate stopped the"
    " build · 4 a source could not be fetched · 5 another run is writing.",
)


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_tell_version, is_eager=True),
    ] = False,
) -> None:
    pass


class Profile(StrEnum):
    """Where bytes come from."""

    sample = "sample"
    live = "live"
    mirror = "mirror"


class Format(StrEnum):
    """How `query` writes its result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


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


def _settings() -> Settings:
    return Settings.from_environment()


@app.command(
    epilog="Example: `asymmetry refresh --profile mirror --mirror http://127.0.0.1:8000 --locked`"
)
def refresh(
    profile: ProfileOption = Profile.sample,
    mirror: MirrorOption = None,
    locked: LockedOption = False,
) -> None:
    """Fetch, build, compute the metrics and publish; or say that nothing is new."""
    _check_mirror(profile, mirror)
    if locked and profile is Profile.sample:
        console.fail(
            "--locked pins the publishers' files; the simulated world is never pinned. Use"
            " it with --profile mirror or live.",
            2,
        )
    from flows.plain_errors import exit_code_of
    from flows.refreshing import refresh_and_tell
    from flows.runs import need_writable

    try:
        need_writable(_settings().home)
        quiet_prefect(_settings())
        refresh_and_tell(_settings(), profile.value, mirror, locked)
    except Exception as error:
        console.fail(str(error), exit_code_of(error))


@app.command(epilog="Example: `asymmetry fetch un_votes --from-file ~/Downloads/UNVotes-1.csv`")
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
    if not from_file:
        _check_mirror(profile, mirror)
    from flows.plain_errors import exit_code_of
    from flows.refreshing import fetch_and_tell
    from flows.runs import need_writable

    try:
        need_writable(_settings().home)
        fetch_and_tell(
            _settings(),
            sources or [],
            profile=profile.value,
            mirror=mirror,
            locked=locked,
            from_file=from_file,
        )
    except Exception as error:
        console.fail(str(error), exit_code_of(error))


@app.command(epilog="Example: `asymmetry sources un_votes`")
def sources(
    source: Annotated[
        str | None, typer.Argument(help="One source, for everything about it.")
    ] = None,
) -> None:
    """List the declared sources and the newest snapshot of each, or tell all about one."""
    from flows.refreshing import tell_sources

    tell_sources(_settings(), source)


@app.command(epilog="Example: `asymmetry tables core.votes`")
def tables(
    table: Annotated[str | None, typer.Argument(help="Full name, for example core.votes.")] = None,
) -> None:
    """List the tables of the published warehouse, or explain one table's columns."""
    from flows.reading import tell_tables

    tell_tables(_settings().warehouse, table)


@app.command(
    epilog='Example: `asymmetry query "SELECT year, cinc FROM core.capabilities WHERE ccode = 2"'
    " --format csv`"
)
def query(
    sql: Annotated[str, typer.Argument(help="SQL, or - to read it from standard input.")],
    format: Annotated[Format, typer.Option(help="table is for people.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
    limit: Annotated[int, typer.Option(help="Rows that a table prints; 0 prints all.", min=0)] = 40,
) -> None:
    """Run SQL on the published warehouse, read-only."""
    from flows.reading import answer_query

    text = sys.stdin.read() if sql == "-" else sql
    answer_query(_settings().warehouse, text, format.value, output, limit)


@app.command(epilog="Example: `asymmetry doctor`")
def doctor() -> None:
    """Check the installation, the home, the snapshots and the published warehouse."""
    from flows.doctor import examine

    raise SystemExit(examine(_settings()))


def _check_mirror(profile: Profile, mirror: str | None) -> None:
    if profile is Profile.mirror and not mirror:
        console.fail(
            "--profile mirror needs --mirror: a folder, or the base URL of a server, with"
            " HOST/PATH below it.",
            2,
        )
    if profile is not Profile.mirror and mirror:
        console.fail(f"--mirror goes with --profile mirror, not with {profile.value}.", 2)
    if mirror and "://" not in mirror and not Path(mirror).is_dir():
        console.fail(f"The mirror {mirror} is no folder (nor a base URL: http://…).", 2)


def main() -> None:
    """Runs the command, and leaves quietly.

    Prefect's threads still hold DuckDB's types when the interpreter is torn down, and DuckDB's
    binding would report them as leaks, a screenful of it. So what is registered to run at exit
    is run here, and the process ends without tearing anything down.
    """
    code: int | str | None = 0
    try:
        app()
    except SystemExit as stop:
        code = stop.code
    if "prefect" not in sys.modules:
        raise SystemExit(code)
    if isinstance(code, str):
        console.err.print(code, markup=False)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
