"""What `asymmetry fetch` and `sources` do and say."""

from pathlib import Path

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from flows import console
from flows.fetch.route import Profile
from flows.fetch.snapshots import SnapshotStore
from flows.fetch.source import FetchResult, fetch_source
from flows.settings import Settings
from flows.sources import SourceDeclaration, load_declarations

_TOLD_OF_A_SOURCE = (
    "title",
    "publisher",
    "version",
    "url",
    "landing_page",
    "citation",
    "licence",
    "licence_url",
    "terms",
    "program_access",
    "accessed",
    "cadence_days",
    "notes",
)


def fetch_and_tell(
    settings: Settings,
    slugs: list[str],
    *,
    profile: Profile,
    mirror: str | None,
    locked: bool,
    from_file: Path | None,
) -> None:
    """Fetches sources and prints one line each.

    Raises:
        FetchError: The first source that could not be had; the ones before it are stored.
    """
    known = load_declarations()
    if unknown := [slug for slug in slugs if slug not in known]:
        console.fail(f"No source {', '.join(unknown)}. There are: {', '.join(known)}.", 2)
    for declaration in [known[slug] for slug in slugs] or known.values():
        result = _fetch_with_progress(
            settings,
            declaration,
            profile=profile,
            mirror=mirror,
            locked=locked,
            from_file=from_file,
        )
        words = f"{result.snapshot.snapshot_id}  {result.status}"
        console.out.print(f"{words}, {result.bytes_downloaded / 1e6:,.1f} MB came in")
        for check in result.checks:
            if not check.passed:
                console.out.print(f"  {check.severity}: {check.name}: {check.notes}", markup=False)


def _fetch_with_progress(
    settings: Settings,
    declaration: SourceDeclaration,
    *,
    profile: Profile,
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
            settings,
            profile,
            mirror=mirror,
            locked=locked,
            from_file=from_file,
            progress=lambda p: bar.update(task, completed=p.bytes_done, total=p.bytes_total),
        )


def tell_sources(settings: Settings, slug: str | None) -> None:
    """Prints every declared source with its newest snapshot, or all about one.

    Args:
        settings: Where snapshots are.
        slug: One source, or None for the list.
    """
    known = load_declarations()
    if slug is not None:
        if slug not in known:
            console.fail(f"No source {slug}. There are: {', '.join(known)}.", 2)
        _tell_source(settings, known[slug])
        return
    store = SnapshotStore(settings.snapshots)
    rows = []
    for declaration in known.values():
        snapshots = store.snapshots(declaration.slug)
        newest = snapshots[-1] if snapshots else None
        rows.append(
            [
                declaration.slug,
                declaration.version,
                newest.snapshot_id.partition(".")[2] if newest else None,
                f"{newest.via} {newest.fetched_at[:10]}" if newest else None,
                declaration.licence or "terms",
            ]
        )
    columns = ["source", "version", "newest snapshot", "from", "licence"]
    console.print_rows(columns, rows, wrap=["version"])
    console.out.print("`asymmetry sources SOURCE` shows URL, terms and citation.", style="dim")


def _tell_source(settings: Settings, declaration: SourceDeclaration) -> None:
    told = [(name, getattr(declaration, name)) for name in _TOLD_OF_A_SOURCE]
    rows = [[name, str(value)] for name, value in told if value]
    for snapshot in SnapshotStore(settings.snapshots).snapshots(declaration.slug):
        mark = " SIMULATED" if snapshot.is_simulated else ""
        seen = f"{snapshot.fetched_at}, {snapshot.n_bytes:,} bytes, {snapshot.via}{mark}"
        rows.append([snapshot.snapshot_id, seen])
    console.print_rows([declaration.slug, ""], rows, wrap=[""])
