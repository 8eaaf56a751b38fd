"""Finished steps on disk: what makes a rebuild do only what has changed.

A step's outputs lie in `steps/<step>/<first 16 of its hash>/`, complete or not at all: they
are written into a neighbouring folder and renamed. The hash covers inputs, code, contracts,
rules and library versions, so a folder that exists is right. That its bytes are still those that
were written is checked once per run, when the step is first looked up, and by the flow `verify`.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from flows.home.drafts import beginning_draft
from flows.home.error_words import in_words


class StepDamagedError(RuntimeError):
    """A finished step's folder has been changed from outside."""


@dataclass(frozen=True)
class FinishedStep:
    """The stored result of one step."""

    step: str
    step_hash: str
    folder: Path

    def table(self, name: str) -> Path:
        """Parquet file of one of the step's tables, by full table name."""
        return self.folder / f"{name}.parquet"

    def losses(self) -> pl.DataFrame:
        """Rows that the step did not hand on, counted (`meta.row_losses`)."""
        return pl.read_parquet(self.folder / "_losses.parquet")

    def validation(self) -> pl.DataFrame:
        """Results of the step's gates (`meta.validation_results`)."""
        return pl.read_parquet(self.folder / "_validation.parquet")

    def quarantine(self) -> pl.DataFrame:
        """Rows that broke a rule which only warns (`meta.quarantine`)."""
        return pl.read_parquet(self.folder / "_quarantine.parquet")

    def record(self) -> dict[str, Any]:
        """How long the step took, what its hash is made of, and the rows of its tables."""
        record: dict[str, Any] = json.loads((self.folder / "_step.json").read_text("utf-8"))
        return record


@dataclass(frozen=True)
class Draft:
    """A step whose tables are being written, each once (`write_table`).

    Attributes:
        step: The step's name.
        step_hash: Its hash.
        folder: Where its tables are written.
        target: Where the finished step will be.
    """

    step: str
    step_hash: str
    folder: Path
    target: Path

    def read(self, table: str) -> pl.DataFrame:
        """The rows of a table that was written."""
        return pl.read_parquet(self.folder / f"{table}.parquet")

    def close(self, notes: dict[str, pl.DataFrame]) -> dict[str, Any]:
        """Writes the notes, the last files beside the tables, and has the disk keep them all.

        Args:
            notes: Frames `losses`, `validation` and `quarantine`.

        Returns:
            What the record says of them: rows of the tables, hash of every file.
        """
        n_rows = {
            path.stem: pl.scan_parquet(path).select(pl.len()).collect().item()
            for path in sorted(self.folder.glob("*.parquet"))
        }
        for name, frame in notes.items():
            frame.write_parquet(self.folder / f"_{name}.parquet")
        files = sorted(self.folder.iterdir())
        for path in files:
            _sync(path)
        return {
            "tables": {name: {"n_rows": n} for name, n in n_rows.items()},
            "files": {path.name: _sha256(path) for path in files},
        }

    def finish(self, closed: dict[str, Any], record: dict[str, Any]) -> FinishedStep:
        """Puts the folder in its place, with the record.

        Args:
            closed: What `close` has returned.
            record: What else to remember (seconds, inputs).

        Returns:
            The stored step. When another process was faster, its result is kept: the same
            hash means the same tables.
        """
        text = {**record, "step": self.step, "step_hash": self.step_hash, **closed}
        written = self.folder / "_step.json"
        written.write_text(json.dumps(text, indent=1, default=str), "utf-8")
        _sync(written)
        try:
            os.rename(self.folder, self.target)  # noqa: PTH104 - fails where replace would not
        except OSError:
            if not self.target.is_dir():
                raise
        return FinishedStep(self.step, self.step_hash, self.target)


def write_table(folder: Path, table: str, frame: pl.DataFrame) -> None:
    """Writes a table of a step: full table name, rows that conform to the contract."""
    frame.write_parquet(folder / f"{table}.parquet", compression="zstd", compression_level=1)


class StepStore:
    """The folder of finished steps. A run opens it once and passes it on.

    Args:
        root: `$ASYMMETRY_HOME/steps`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._verified: set[Path] = set()

    def folder(self, step: str, step_hash: str) -> Path:
        """Where a step with this hash is stored, finished or not."""
        return self.root / step / step_hash[:16]

    def place(self, step: str, step_hash: str) -> FinishedStep:
        """A step that is finished, or will be when it is read; nothing is looked at."""
        return FinishedStep(step, step_hash, self.folder(step, step_hash))

    def find(self, step: str, step_hash: str) -> FinishedStep | None:
        """The finished step with this hash, if there is one.

        Its files are hashed at the first look-up through this object, and not again.

        Raises:
            StepDamagedError: Its folder exists, but a file is missing or has other bytes than
                were written.
        """
        found = self.place(step, step_hash)
        if not found.folder.is_dir():
            return None
        if found.folder not in self._verified:
            if self.verify(found.folder) != step_hash:
                raise StepDamagedError(_advice(found.folder, "its record is of another step"))
            self._verified.add(found.folder)
        return found

    def folders(self) -> list[Path]:
        """The folder of every finished step, of any hash, in alphabetical order."""
        found = sorted(self.root.glob("*/[!.]*"))
        return [path for path in found if path.is_dir() and not path.suffix]  # no chunks

    def find_or_remove(
        self, step: str, step_hash: str, warn: Callable[[str], None]
    ) -> FinishedStep | None:
        """As `find`; a damaged step is removed, to be computed anew. Only for the one writer.

        Args:
            step: The step's name.
            step_hash: Its hash.
            warn: Called with what was damaged.
        """
        try:
            return self.find(step, step_hash)
        except StepDamagedError as error:
            warn(f"{error} This one does.")
        folder = self.folder(step, step_hash)
        # renamed first: a removal that is interrupted leaves a draft, and no half of a step
        trash = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}")
        folder.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)
        return None

    @staticmethod
    def verify(folder: Path) -> str:
        """Compares every file of a finished step with the hash that its record states.

        Args:
            folder: The step's.

        Returns:
            The step's hash, by its record.

        Raises:
            StepDamagedError: A file is missing or has other bytes, or the record cannot be read.
        """
        try:
            record: dict[str, Any] = json.loads((folder / "_step.json").read_text("utf-8"))
            wrong = [n for n, sha256 in record["files"].items() if _sha256(folder / n) != sha256]
            step_hash, _ = str(record["step_hash"]), (record["tables"], float(record["seconds"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StepDamagedError(_advice(folder, in_words(error))) from error
        if wrong or not step_hash.startswith(folder.name):
            what = ", ".join(wrong) or "its record"
            raise StepDamagedError(_advice(folder, f"{what} is not as it was written"))
        return step_hash

    def record_of(self, step: str, step_hash: str) -> dict[str, Any] | None:
        """The record of a finished step, its files not looked at; None where there is none."""
        record = _record_in(self.folder(step, step_hash))
        return record if record and record.get("step_hash") == step_hash else None

    def newest_record(self, step: str) -> dict[str, Any] | None:
        """The record of a step's newest result, whatever its hash; None where it never ran."""
        if not (self.root / step).is_dir():
            return None
        folders = [f for f in (self.root / step).iterdir() if not f.name.startswith(".")]
        newest_first = sorted(folders, key=lambda f: f.stat().st_mtime, reverse=True)
        return next((record for f in newest_first if (record := _record_in(f))), None)

    @contextmanager
    def draft(self, step: str, step_hash: str) -> Iterator["Draft"]:
        """Opens a folder in which a step's tables are written; it is gone unless finished.

        Args:
            step: The step's name.
            step_hash: Its hash.
        """
        target = self.folder(step, step_hash)
        partial = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
        with beginning_draft():
            partial.mkdir(parents=True)
        try:
            yield Draft(step, step_hash, partial, target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _advice(folder: Path, reason: str) -> str:
    return (
        f"The finished step in {folder} is damaged ({reason}). The published warehouse is"
        " untouched. Delete that folder, or leave it: a build that needs it computes it anew."
    )


def _record_in(folder: Path) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = json.loads((folder / "_step.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
