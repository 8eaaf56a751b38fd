"""Pieces of a step that is computed in chunks, each stored as soon as it is finished.

They lie in `steps/<step>/<first 16 of its hash>.chunks/`, beside where the finished step will be,
as `<chunk>-of-<chunks>.<first 16 of the SHA-256 of its bytes>.parquet`. A piece is written under
another name and renamed, so it is there complete or not at all: what dies costs the chunk it was
at, and the next run finds the others. When the step is finished they are removed.
"""

import hashlib
import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flows.engine.store import StepStore

SUFFIX = ".chunks"
"""What the folder of a step's pieces is called, after the first 16 digits of its hash."""


@dataclass(frozen=True)
class ChunkStore:
    """The finished pieces of one step under one hash, cut into a number of chunks.

    Attributes:
        folder: Where they lie.
        n_chunks: How many there are in all.
    """

    folder: Path
    n_chunks: int

    @classmethod
    def of(cls, store: StepStore, step: str, step_hash: str, n_chunks: int) -> "ChunkStore":
        """The pieces of a step, present or not."""
        finished = store.folder(step, step_hash)
        return cls(finished.with_name(f"{finished.name}{SUFFIX}"), n_chunks)

    def begin(self) -> None:
        """Makes the folder, which shows that the step is being computed."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def find(self, chunk: int) -> Path | None:
        """The finished piece of a chunk (counted from 0), if there is one.

        A file with other bytes than were written is no finished piece: it is removed.
        """
        for path in sorted(self.folder.glob(f"{self._stem(chunk)}.*.parquet")):
            if path.name == f"{self._stem(chunk)}.{_digest(path)}.parquet":
                return path
            path.unlink(missing_ok=True)
        return None

    def save(self, chunk: int, piece: pl.DataFrame) -> Path:
        """Stores the piece of a chunk; a second time is harmless, since it is the same piece."""
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f".{self._stem(chunk)}.{uuid.uuid4().hex[:8]}"
        try:
            piece.write_parquet(partial, compression="zstd", compression_level=1)
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            target = self.folder / f"{self._stem(chunk)}.{_digest(partial)}.parquet"
            return partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def all(self) -> pl.DataFrame:
        """All pieces in order, one after the other.

        Raises:
            LookupError: A piece is not there.
        """
        found = [self.find(chunk) for chunk in range(self.n_chunks)]
        if missing := [str(chunk) for chunk, path in enumerate(found) if path is None]:
            raise LookupError(
                f"{self.folder} lacks the pieces {', '.join(missing)} of {self.n_chunks}. What is"
                " there is kept: run again, and only these are computed."
            )
        return pl.concat([pl.read_parquet(path) for path in found if path], rechunk=True)

    def n_saved(self) -> int:
        """How many pieces there are, by their names alone."""
        return len({path.name.partition(".")[0] for path in self.folder.glob("[!.]*.parquet")})

    def outcome(self) -> str:
        """How many pieces there are, in words."""
        return f"{self.n_saved()} of {self.n_chunks} chunks are kept"

    def delete(self) -> None:
        """Removes the pieces, once the step that is made of them is stored."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _stem(self, chunk: int) -> str:
        if not 0 <= chunk < self.n_chunks:
            raise ValueError(f"chunk {chunk} of {self.n_chunks}: chunks are counted from 0")
        return f"{chunk:04d}-of-{self.n_chunks:04d}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
