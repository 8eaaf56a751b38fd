"""The store of fetched files: content-addressed, write-once, safe for several writers.

Layout: `<home>/snapshots/<slug>/<slug>.<first 12 of sha256>/` holds the file and `record.json`,
both read-only; `<home>/snapshots/<slug>/fetches.jsonl` is the log of fetches.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from flows.fetch import fetch_log
from flows.fetch.arrival import ByteCheck
from flows.fetch.errors import SnapshotDamagedError
from flows.fetch.fetch_log import Channel, Fetch
from flows.fetch.incoming import IncomingFile
from flows.fetch.snapshot_record import RECORD, Snapshot, compare_hash, read_snapshot
from flows.home.drafts import beginning_draft
from flows.sources import SourceDeclaration

_ID_LENGTHS = (12, 16, 24, 32, 64)


class SnapshotStore:
    """The snapshots below one folder."""

    def __init__(self, folder: Path) -> None:
        """Sets the folder; nothing is created before the first snapshot is stored."""
        self.folder = folder

    @property
    def incoming(self) -> Path:
        """Folder of incomplete files; in the same file system, so that a move is atomic."""
        return self.folder / "_incoming"

    @property
    def rejected(self) -> Path:
        """Folder of the last refused file of each source, for inspection."""
        return self.folder / "_rejected"

    def put(
        self,
        incoming: IncomingFile,
        declaration: SourceDeclaration,
        fetch: Fetch,
        checks: Sequence[ByteCheck],
    ) -> Snapshot:
        """Stores a complete file, unless it is there already, and logs the fetch.

        Args:
            incoming: The file; it has passed its checks.
            declaration: Its source.
            fetch: The fetch; its `snapshot_id` is filled in here.
            checks: Results of the byte checks.

        Returns:
            The snapshot; of two writers with the same bytes both get the same one. Where it is
            there and damaged, these bytes mend it; what was there is kept under `_rejected`.
        """
        incoming.close()
        slug, sha256 = declaration.slug, incoming.sha256
        for length in _ID_LENGTHS:
            snapshot_id = f"{slug}.{sha256[:length]}"
            if self._is_damaged(snapshot_id, sha256):
                self._set_aside(snapshot_id)
            if not (self.folder / slug / snapshot_id).exists():
                self._move_in(
                    incoming, self._record(snapshot_id, incoming, declaration, fetch), checks
                )
            # another writer may have been first, with the same file or with the same prefix
            if self.load(snapshot_id).sha256 == sha256:
                break
        self.log(snapshot_id, fetch)
        return self.load(snapshot_id)

    def _is_damaged(self, snapshot_id: str, sha256: str) -> bool:
        """Whether a snapshot is there, and neither whole nor of other bytes than these."""
        if not self._folder(snapshot_id).exists():
            return False
        try:
            found = read_snapshot(self._folder(snapshot_id))
            if found.sha256 == sha256:
                self.verify(found)
        except SnapshotDamagedError:
            return True
        return False

    def _set_aside(self, snapshot_id: str) -> None:
        aside = self.rejected / snapshot_id
        shutil.rmtree(aside, ignore_errors=True)
        self.rejected.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # another writer was first
            self._folder(snapshot_id).rename(aside)

    def _folder(self, snapshot_id: str) -> Path:
        return self.folder / snapshot_id.partition(".")[0] / snapshot_id

    @staticmethod
    def _record(
        snapshot_id: str, incoming: IncomingFile, declaration: SourceDeclaration, fetch: Fetch
    ) -> dict[str, object]:
        return {
            "snapshot_id": snapshot_id,
            "slug": declaration.slug,
            "sha256": incoming.sha256,
            "n_bytes": incoming.n_bytes,
            "url": declaration.url,
            "asked": fetch.asked,
            "via": fetch.via,
            "version": declaration.version,
            "fetched_at": fetch.fetched_at,
            "etag": fetch.etag,
            "last_modified": fetch.last_modified,
            "is_simulated": fetch.is_simulated,
            "file": declaration.file_name,
        }

    def _move_in(
        self, incoming: IncomingFile, record: dict[str, object], checks: Sequence[ByteCheck]
    ) -> None:
        record = {**record, "checks": [asdict(check) for check in checks]}
        staged = self.incoming / f"{record['snapshot_id']}-{os.getpid()}-{uuid.uuid4().hex}"
        with beginning_draft():
            staged.mkdir(parents=True)
        file = staged / str(record["file"])
        incoming.path.rename(file)
        (staged / RECORD).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
        for part in staged.iterdir():
            part.chmod(0o444)
        target = self.folder / str(record["slug"]) / str(record["snapshot_id"])
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            staged.rename(target)  # atomic, and refused where another writer was first
        except OSError:
            file.rename(incoming.path)  # the caller compares it with the other writer's file
            shutil.rmtree(staged)
            if not target.exists():
                raise

    def log(self, snapshot_id: str, fetch: Fetch) -> None:
        """Logs that a snapshot was fetched again, without touching it."""
        seen = replace(fetch, snapshot_id=snapshot_id)
        fetch_log.append(self.log_path(snapshot_id.partition(".")[0]), seen)

    def fetches(self, slug: str) -> list[Fetch]:
        """Every fetch of a source that ended with a snapshot, oldest first."""
        return fetch_log.read(self.log_path(slug))

    def log_path(self, slug: str) -> Path:
        """Where the log of a source's fetches is."""
        return self.folder / slug / "fetches.jsonl"

    def snapshots(self, slug: str) -> list[Snapshot]:
        """Every snapshot of a source, by the time at which it first came."""
        home = self.folder / slug
        records = home.glob(f"{slug}.*/{RECORD}") if home.is_dir() else ()
        found = [self.load(record.parent.name) for record in records]
        return sorted(found, key=lambda s: (s.fetched_at, s.snapshot_id))

    def find(self, slug: str, sha256: str) -> Snapshot | None:
        """The snapshot with this hash, if it is stored."""
        for length in _ID_LENGTHS:
            snapshot_id = f"{slug}.{sha256[:length]}"
            if not (self.folder / slug / snapshot_id).exists():
                return None
            snapshot = self.load(snapshot_id)
            if snapshot.sha256 == sha256:
                return snapshot
        return None

    def latest(self, slug: str, channel: Channel) -> Snapshot | None:
        """The last snapshot of a channel; `None` where there is none."""
        for fetch in reversed(self.fetches(slug)):
            if fetch.channel == channel and (self.folder / slug / fetch.snapshot_id).exists():
                return self.load(fetch.snapshot_id)
        return None

    def latest_loaded(self, slug: str, channel: Channel) -> Snapshot | None:
        """As `latest`, passing over those that are damaged: what a new file is compared with."""
        for fetch in reversed(self.fetches(slug)):
            if fetch.channel == channel and (found := self.loaded(fetch.snapshot_id)):
                return found
        return None

    def last_answer(self, slug: str, channel: Channel, asked: str) -> Fetch | None:
        """The last fetch from this very address in this channel, for a conditional request."""
        for fetch in reversed(self.fetches(slug)):
            if (fetch.channel, fetch.asked) == (channel, asked):
                return fetch if (self.folder / slug / fetch.snapshot_id).exists() else None
        return None

    def loaded(self, snapshot_id: str) -> Snapshot | None:
        """As `load`; None where that finds it gone or damaged."""
        with suppress(SnapshotDamagedError):
            return self.load(snapshot_id)
        return None

    def intact(self, snapshot_id: str) -> Snapshot | None:
        """As `loaded`, its file hashed; None where it has other bytes than it should, too."""
        with suppress(SnapshotDamagedError):
            found = self.load(snapshot_id)
            self.verify(found)
            return found
        return None

    def load(self, snapshot_id: str) -> Snapshot:
        """Reads a snapshot's record.

        Raises:
            SnapshotDamagedError: There is none, it cannot be read, or its file is missing or of
                another size.
        """
        snapshot, slug = read_snapshot(self._folder(snapshot_id)), snapshot_id.partition(".")[0]
        simulated = any(f.is_simulated for f in self.fetches(slug) if f.snapshot_id == snapshot_id)
        # once simulated, always simulated: no later fetch removes the mark
        return snapshot if not simulated else replace(snapshot, is_simulated=True)

    def verify(self, snapshot: Snapshot) -> None:
        """Hashes a stored file again.

        Raises:
            SnapshotDamagedError: It is not what its record says.
        """
        with snapshot.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        compare_hash(found, snapshot)
