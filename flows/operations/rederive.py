"""Published cells against what `flows.rederivation` makes of the publishers' bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.fetch.errors import FetchError
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.operations.compare_cells import Asked, Comparison
from flows.operations.open_faults import Fault
from flows.rederivation.derived import RawFile
from flows.rederivation.registry import DERIVABLE, Sources
from flows.rederivation.vote_sources import Judged
from flows.sources import load_declarations
from transforms.coverage import coverage_of
from warehouse.catalog.builds import PublishedBuild
from warehouse.catalog.cells import (
    columns_of,
    tables_there,
)
from warehouse.db import Connection

_OTHER_LAYOUT = (ValueError, KeyError, IndexError, AttributeError)


@dataclass
class Rederived:
    """What came of it.

    Attributes:
        n_cells: Table to cells that were derived.
        rows: Table to the keys of the rows whose cells these were.
        n_keys: Table to keys that were compared as a whole.
        faults: What differs, each with what is published, what the bytes give, and where.
        left_out: Table to why nothing of it was derived.
    """

    n_cells: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[Mapping[str, str]]] = field(default_factory=dict)
    n_keys: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def derivable_tables() -> tuple[str, ...]:
    """Full names of the tables that can be derived."""
    return tuple(one.table for one in DERIVABLE)


def rederive(
    connection: Connection,
    build: PublishedBuild,
    home: Home,
    asked: Asked,
    damaged: Sequence[str] = (),
) -> Rederived:
    """Derives cells of the published file from the snapshots that it was made of, and compares.

    Args:
        connection: The published file.
        build: What it says that it was made of.
        home: Where the snapshots are.
        asked: Which cells.
        damaged: Ids of snapshots that are not what they were: nothing is derived from them.
    """
    files = raw_files(build, home, damaged)
    found, there = Rederived(), tables_there(connection)
    wanted = []
    for one in DERIVABLE:
        if asked.table not in (None, one.table) or one.table not in there:
            continue
        if absent := [slug for slug in one.sources if slug not in files]:
            found.left_out[one.table] = f"the bytes of {', '.join(absent)} are not intact"
        else:
            wanted.append(one)
    sources = Sources(files, judged(connection))
    for one in wanted:
        try:
            derivation = one.make(sources)
        except _OTHER_LAYOUT as error:
            reason = f"a file has a layout that is not read here ({type(error).__name__}: {error})"
            found.left_out[one.table] = reason
            continue
        needed = {*derivation.key, *derivation.columns}
        if lacking := needed - set(columns_of(connection, derivation.table)):
            found.left_out[one.table] = f"it lacks the columns {', '.join(sorted(lacking))}"
            continue
        compare = Comparison(connection, derivation, build, asked, len(wanted))
        found.n_cells[derivation.table] = compare.cells()
        if (n_keys := compare.keys()) is not None:
            found.n_keys[derivation.table] = n_keys
        found.faults += compare.faults
        found.rows[derivation.table] = compare.rows
    return found


def raw_files(build: PublishedBuild, home: Home, damaged: Sequence[str] = ()) -> dict[str, RawFile]:
    """The snapshots of a build that can be read, with what their declarations say.

    Args:
        build: The build.
        home: Where they are.
        damaged: Ids of those that are not what they were.
    """
    store, found = SnapshotStore(home.snapshots), {}
    for slug, declaration in load_declarations().items():
        snapshot_id = build.snapshots.get(slug)
        if snapshot_id is None or snapshot_id in damaged:
            continue
        try:
            path = store.load(snapshot_id).path
        except FetchError:
            continue  # whoever looks at the snapshots has said so
        covered = coverage_of(declaration.coverage)
        found[slug] = RawFile(
            snapshot_id=snapshot_id,
            path=path,
            members=declaration.members,
            last_day=covered.last,
            carried_to=covered.carried_to,
            flagged=covered.columns,
        )
    return found


def judged(connection: Connection) -> Judged:
    """What is taken over from the published file: ballots, and resolutions of both sources."""
    if not {"core.roll_calls", "core.vote_source_matches"} <= tables_there(connection):
        return Judged(frozenset(), {}, {})
    duplicates = connection.execute(
        "SELECT rcid FROM core.roll_calls WHERE duplicate_of IS NOT NULL"
    ).fetchall()
    matches = connection.execute(
        """
        SELECT undl_id, rcid, extends_un_votes, is_matched,
               CASE WHEN emergency_session IS NULL THEN session END
        FROM core.vote_source_matches WHERE extends_un_votes OR is_matched ORDER BY undl_id
        """
    ).fetchall()
    same: dict[int, tuple[int, ...]] = {}
    added: dict[int, tuple[int, int | None]] = {}
    for number, rcid, extends, is_matched, session in matches:
        if extends:
            added[rcid] = (number, session)
        elif is_matched:
            same[rcid] = (*same.get(rcid, ()), number)
    return Judged(frozenset(rcid for (rcid,) in duplicates), same, added)
