"""The last step of a row's lineage: from staged rows to the lines of the snapshots."""

from collections.abc import Mapping
from dataclasses import dataclass

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
        rows: Key of each of the first ones, and its places in the file.
    """

    table: str
    snapshot_id: str
    url: str
    sha256: str
    n_rows: int
    is_whole: bool
    rows: Mapping[str, tuple[str, ...]]


def file_rows(connection: Connection, home: Home, found: RowLineage) -> list[FileRows]:
    """Finds the staged rows behind published ones in their files.

    Args:
        connection: The published file.
        home: Where the snapshots are; one that is not there has no places.
        found: The rows.

    Returns:
        One for each staged table that is read, in the order of the tables.
    """
    build = current_build(connection)
    files = raw_files(build, home) if build else {}
    rows = connection.execute("SELECT slug, snapshot_id, url, sha256 FROM meta.snapshots")
    snapshots = {slug: facts for slug, *facts in rows.fetchall()}
    answer = []
    for table, selection in found.selections.items():
        published = PUBLISHED.get(table.partition(".")[2])
        if published is None or not selection.n_rows:
            continue
        staged, file = found.staged.get(table, ()), files.get(published.slug)
        places = places_of(table, staged, file) if file and staged else [()] * len(staged)
        keys = [", ".join(f"{n}={row[n]}" for n in selection.keys[0]) for row in staged]
        snapshot_id, url, sha256 = snapshots[published.slug]
        answer.append(
            FileRows(
                table=table,
                snapshot_id=snapshot_id,
                url=url,
                sha256=sha256,
                n_rows=selection.n_rows,
                is_whole=selection.is_all,
                rows=dict(zip(keys, places, strict=True)),
            )
        )
    return answer
