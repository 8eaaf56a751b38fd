"""`asymmetry sources`: the declared sources, and the newest snapshot of each."""

from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
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
    """List the declared sources and the newest snapshot of each, or tell all about one."""
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
    store = SnapshotStore(home.snapshots)
    rows = []
    for declaration in known.values():
        snapshots = store.snapshots(declaration.slug)
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


def _print_source(home: Home, declaration: SourceDeclaration) -> None:
    facts = [(name, getattr(declaration, name)) for name in _SHOWN_OF_A_SOURCE]
    rows = [[name, str(value)] for name, value in facts if value]
    for snapshot in SnapshotStore(home.snapshots).snapshots(declaration.slug):
        mark = " SIMULATED" if snapshot.is_simulated else ""
        seen = f"{snapshot.fetched_at}, {snapshot.n_bytes:,} bytes, {snapshot.via}{mark}"
        rows.append([snapshot.snapshot_id, seen])
    console.print_rows([declaration.slug, ""], rows, wrap=[""])
