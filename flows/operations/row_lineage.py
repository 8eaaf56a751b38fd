"""The last step of a row's lineage: from staged rows to the lines of the snapshots."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.fetch.errors import SnapshotDamagedError
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.operations.rederive import raw_files
from flows.rederivation.places import PUBLISHED, places_of
from warehouse.catalog.builds import current_build
from warehouse.catalog.row_lineage import RowLineage
from warehouse.db import Connection


@dataclass(frozen=True)
class FileRows:
    """Rows of a snapshot that published rows come from.

    Attributes:
        table: The staged table.
        snapshot_id: The snapshot.
        url: Where its bytes came from.
        sha256: Hash of the file.
        n_rows: Staged rows that count.
        is_whole: Whether all of them do.
        rows: Key of each of the first ones, and its places in the file; none where those are not
            known.
        fault: Why its file has no places that could be relied on; empty where it is as it was.
    """

    table: str
    snapshot_id: str
    url: str
    sha256: str
    n_rows: int
    is_whole: bool
    rows: Mapping[str, tuple[str, ...]]
    fault: str = ""


def file_rows(connection: Connection, home: Home, found: RowLineage) -> list[FileRows]:
    """Finds the staged rows behind published ones in their files.

    Args:
        connection: The published file.
        home: Where the snapshots are; one that is gone or damaged has no places. Each that is
            read is hashed.
        found: The rows.

    Returns:
        One for each staged table that is read, in the order of the tables.
    """
    build = current_build(connection)
    files = raw_files(build, home) if build else {}
    rows = connection.execute("SELECT slug, snapshot_id, url, sha256 FROM meta.snapshots")
    snapshots = {slug: facts for slug, *facts in rows.fetchall()}
    answer, faults = [], dict[str, str]()
    for table, selection in found.selections.items():
        published = PUBLISHED.get(table.partition(".")[2])
        if published is None or not selection.n_rows:
            continue
        staged, file = found.staged.get(table, ()), files.get(published.slug)
        snapshot_id, url, sha256 = snapshots[published.slug]
        if staged and snapshot_id not in faults:
            faults[snapshot_id] = fault_of_snapshot(snapshot_id, sha256, home)
        if faults.get(snapshot_id):
            file = None
        places = places_of(table, staged, file) if file and staged else [()] * len(staged)
        keys = [", ".join(f"{n}={row[n]}" for n in selection.keys[0]) for row in staged]
        answer.append(
            FileRows(
                table=table,
                snapshot_id=snapshot_id,
                url=url,
                sha256=sha256,
                n_rows=selection.n_rows,
                is_whole=selection.is_all,
                rows=dict(zip(keys, places, strict=True)),
                fault=faults.get(snapshot_id, ""),
            )
        )
    return answer


def fault_of_snapshot(snapshot_id: str, sha256: str, home: Home) -> str:
    """Why a file is not the one that a build was made of; empty where it is, or is not here.

    Args:
        snapshot_id: The snapshot.
        sha256: The hash of its file, by the build.
        home: Where the snapshots are.
    """
    store = SnapshotStore(home.snapshots)
    if not (store.folder / snapshot_id.partition(".")[0] / snapshot_id).exists():
        return ""
    try:
        snapshot = store.load(snapshot_id)
        store.verify(snapshot)
    except SnapshotDamagedError as error:
        return str(error)
    if snapshot.sha256 != sha256:
        return f"snapshot {snapshot_id} has the hash {snapshot.sha256}, the build names {sha256}."
    return ""
