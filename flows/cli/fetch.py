"""`asymmetry fetch`: sources into snapshots, without building anything."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from flows.cli import console
from flows.cli.options import (
    LockedOption,
    MirrorOption,
    Profile,
    ProfileOption,
    check_mirror,
    current_home,
)
from flows.fetch import route
from flows.fetch.admission import FetchResult
from flows.fetch.fetch_source import fetch_source
from flows.fetch.followed import declaration_of
from flows.home.guards import need_writable
from flows.home.paths import Home
from flows.runtime.interrupts import say_when_interrupted
from flows.sources import SourceDeclaration, load_declarations
from flows.sources.optional import load_optional_declarations

app = typer.Typer(rich_markup_mode="markdown")


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
    if from_file and not from_file.is_file():
        console.fail(f"There is no file {from_file} to hand over. Nothing was stored.", 2)
    if not from_file:
        check_mirror(profile, mirror)

    need_writable(current_home().path)
    print_fetches(
        current_home(),
        sources or [],
        profile=profile.value,
        mirror=mirror,
        locked=locked,
        from_file=from_file,
    )


def print_fetches(
    home: Home,
    slugs: list[str],
    *,
    profile: route.Profile,
    mirror: str | None,
    locked: bool,
    from_file: Path | None,
) -> None:
    """Fetches sources and prints one line each.

    Raises:
        FetchError: The first source that could not be had; the ones before it are stored.
    """
    known, optional = load_declarations(), load_optional_declarations()
    if unknown := [slug for slug in slugs if slug not in known | optional]:
        there = ", ".join(known | optional)
        console.fail(f"No source {', '.join(unknown)}. There are: {there}.", 2)
    chosen = [
        optional[slug] if slug in optional else declaration_of(slug, profile, home, locked=locked)
        for slug in slugs or known
    ]
    if profile == "sample" and from_file is None:
        from flows.sample.write import write_sample_world

        write_sample_world(home.sample_world)
        mirror = str(home.sample_world)
    fetched: list[str] = []
    say_when_interrupted(lambda: f"{len(fetched)} of {len(chosen)} sources were fetched")
    for declaration in chosen:
        result = _fetch_with_progress(
            home,
            declaration,
            profile=profile,
            mirror=mirror,
            locked=locked,
            from_file=from_file,
        )
        fetched.append(declaration.slug)
        words = f"{result.snapshot.snapshot_id}  {result.status}"
        console.out.print(f"{words}, {result.bytes_downloaded / 1e6:,.1f} MB came in")
        for check in result.checks:
            if not check.passed:
                console.out.print(f"  {check.severity}: {check.name}: {check.notes}", markup=False)


def _fetch_with_progress(
    home: Home,
    declaration: SourceDeclaration,
    *,
    profile: route.Profile,
    mirror: str | None,
    locked: bool,
    from_file: Path | None,
) -> FetchResult:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console.err, transient=True) as bar:
        task = bar.add_task(declaration.slug, total=None)
        return fetch_source(
            declaration,
            home,
            profile,
            mirror=mirror,
            locked=locked,
            from_file=from_file,
            progress=lambda p: bar.update(task, completed=p.bytes_done, total=p.bytes_total),
        )
