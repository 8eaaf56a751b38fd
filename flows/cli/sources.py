"""`asymmetry sources`: the declared sources, and the newest snapshot of each."""

from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.fetch.errors import SnapshotDamagedError
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.sources import SourceDeclaration, load_declarations
from flows.sources.optional import load_optional_declarations

_SHOWN_OF_A_SOURCE = (
    "title",
    "publisher",
    "version",
    "url",
    "publisher_url",
    "landing_page",
    "citation",
    "licence",
    "licence_url",
    "terms",
    "program_access",
    "accessed",
    "cadence_days",
    "coverage_unit",
    "coverage_from",
    "coverage_to",
    "carried_forward",
    "notes",
)


app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry sources un_votes`")
def sources(
    source: Annotated[
        str | None, typer.Argument(help="One source, for everything about it.")
    ] = None,
) -> None:
    """List the declared sources and the newest snapshot of each, or tell all about one.

    Exit code 1 where a snapshot, or the log of fetches, is damaged.
    """
    print_sources(current_home(), source)


def print_sources(home: Home, slug: str | None) -> None:
    """Prints every declared source with its newest snapshot, or all about one.

    Args:
        home: Where snapshots are.
        slug: One source, or None for the list.
    """
    optional = load_optional_declarations()
    known = load_declarations() | optional
    if slug is not None:
        if slug not in known:
            console.fail(f"No source {slug}. There are: {', '.join(known)}.", 2)
        _print_source(home, known[slug])
        return
    rows, damaged = [], []
    for declaration in known.values():
        snapshots, faults = _stored(home, declaration.slug)
        damaged += faults
        newest = snapshots[-1] if snapshots else None
        rows.append(
            [
                declaration.slug,
                declaration.version,
                f"{declaration.coverage_from} to {declaration.coverage_to or 'last row'}",
                newest.snapshot_id.partition(".")[2] if newest else None,
                f"{newest.via} {newest.fetched_at[:10]}" if newest else None,
                declaration.licence or "terms",
            ]
        )
    columns = ["source", "version", "covers", "newest snapshot", "from", "licence"]
    console.print_rows(columns, rows, wrap=["version"])
    names = ", ".join(optional)
    console.hint(f"Optional, fetched by name only: {names}.")
    console.hint("`asymmetry sources SOURCE` shows URL, terms and citation.")
    _end_with(damaged)


def _print_source(home: Home, declaration: SourceDeclaration) -> None:
    facts = [(name, getattr(declaration, name)) for name in _SHOWN_OF_A_SOURCE]
    rows = [[name, str(value)] for name, value in facts if value]
    snapshots, damaged = _stored(home, declaration.slug)
    for snapshot in snapshots:
        mark = " SIMULATED" if snapshot.is_simulated else ""
        seen = f"{snapshot.fetched_at}, {snapshot.n_bytes:,} bytes, {snapshot.via}{mark}"
        rows.append([snapshot.snapshot_id, seen])
    console.print_rows([declaration.slug, ""], rows, wrap=[""])
    _end_with(damaged)


def _stored(home: Home, slug: str) -> tuple[list[Snapshot], list[str]]:
    """The snapshots of a source, the newest last, and why others cannot be read."""
    store, found, faults = SnapshotStore(home.snapshots), list[Snapshot](), list[str]()
    try:
        store.fetches(slug)  # which each of them is looked up in
    except SnapshotDamagedError as error:
        return found, [str(error)]
    for folder in sorted((store.folder / slug).glob(f"{slug}.*")):
        try:
            found.append(store.load(folder.name))
        except SnapshotDamagedError as error:
            faults.append(str(error))
    return sorted(found, key=lambda s: (s.fetched_at, s.snapshot_id)), faults


def _end_with(damaged: list[str]) -> None:
    if damaged:
        console.fail("\n".join(damaged), 1)
