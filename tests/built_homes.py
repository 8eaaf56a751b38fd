"""What is dear to make and never changed: made once, kept between runs, shared by workers.

A home lies in `.pytest_cache/built` (or `$ASYMMETRY_TEST_HOMES`) under a hash of everything that
can change it: the four rooms, the versions of the libraries, the command's words, the mirror's
files. Workers of pytest-xdist make it once: the others wait for the first. When the hash
changes, a new home is built by the command anew, but it starts with the finished steps of the one
before, so that only those run that the change concerns: what a user's home would do. In a clean
clone everything is built from nothing.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from filelock import FileLock
from packaging.requirements import Requirement

from tests.processes import ROOT, asymmetry_process, environment_of
from tests.tiers import note
from warehouse.contracts.read import contracts

ROOMS = ("flows", "expectations", "transforms", "warehouse")
SUFFIXES = (".py", ".sql", ".yml", ".yaml", ".csv", ".json")
N_KEPT = 2
DAYS_KEPT = 7
"""Sources of a home grow stale after a month, which `asymmetry status` would say."""


class ChangedHomeError(AssertionError):
    """A test has written into what all tests share."""


@dataclass(frozen=True)
class BuiltHome:
    """A home in which `asymmetry refresh` has published a warehouse. Copy it to change it.

    Attributes:
        home: The home.
        output: What the command printed.
        arguments: How it was called.
    """

    home: Path
    output: str
    arguments: tuple[str, ...]

    @property
    def warehouse(self) -> Path:
        """The published file."""
        return self.home / "warehouse.duckdb"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query finds in the published file."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def table(self, name: str) -> pl.DataFrame:
        """A table (`schema.table`), as its step has made it: types and order of its contract."""
        return _table(self.warehouse, name)

    def losses(self) -> pl.DataFrame:
        """What the steps lost on the way, by reason and state (`meta.row_losses`)."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.sql("FROM meta.row_losses").pl()

    def copy(self, target: Path) -> Path:
        """A copy that a test may change; tables of finished steps are linked."""

        def link_or_copy(source: str, destination: str) -> None:
            (os.link if source.endswith(".parquet") else shutil.copy2)(source, destination)

        shutil.copytree(self.home, target, copy_function=link_or_copy)
        return target

    def copy_without_steps(self, target: Path) -> Path:
        """A copy of what is published and was fetched, which a test may change."""
        for name in ("builds", "snapshots", "runs"):
            shutil.copytree(self.home / name, target / name)
        shutil.copy2(self.warehouse, target / "warehouse.duckdb")
        return target


@cache
def _table(warehouse: Path, name: str) -> pl.DataFrame:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return contracts()[name].conform(connection.sql(f"FROM {name}").pl())


# --- the homes ----------------------------------------------------------------------------------


def prefect_database() -> Path:
    """What `make install` leaves of Prefect: a database with all its migrations, to copy."""

    def make(folder: Path, _: Path | None) -> None:
        subprocess.run(
            [sys.executable, "-m", "flows.runtime.prefect_config"],
            env=environment_of(folder),
            cwd=ROOT,
            check=True,
            timeout=900,
        )

    runtime = (ROOT / "flows" / "runtime").rglob("*.py")
    return _kept("prefect", _hash(*_versions(), *_texts(runtime)), make) / "prefect"


def sample_world() -> Path:
    """The files of the simulated world."""

    def make(folder: Path, _: Path | None) -> None:
        from flows.sample.write import write_sample_world

        write_sample_world(folder / "world")

    parts = [*(ROOT / "flows" / "sample").rglob("*.py"), *(ROOT / "transforms").rglob("*.csv")]
    parts += (ROOT / "flows" / "sources").glob("*")
    return _kept("world", _hash(*_versions(), *_texts(parts)), make) / "world"


def built_home(name: str, arguments: Sequence[str], files: Path | None = None) -> BuiltHome:
    """A home that `asymmetry refresh` has built.

    Args:
        name: What to call it.
        arguments: Words after `asymmetry refresh`.
        files: Folder of source files that the command reads.
    """

    def make(folder: Path, before: Path | None) -> None:
        home = folder / "home"
        shutil.copytree(prefect_database(), home / "prefect")
        if before:
            shutil.copytree(before / "home" / "steps", home / "steps", copy_function=os.link)
        done = asymmetry_process(home, "refresh", *arguments)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        (folder / "output").write_text(done.stdout + done.stderr, "utf-8")
        _drop_other_steps(home)

    rooms = (path for room in ROOMS for path in (ROOT / room).rglob("*"))
    key = _hash(*arguments, *_versions(), *_texts(rooms), *(_listing(files) if files else []))
    folder = _kept(name, key, make)
    return BuiltHome(folder / "home", (folder / "output").read_text("utf-8"), tuple(arguments))


def assert_unchanged(home: BuiltHome) -> None:
    """Fails where a test has written into a shared home.

    Raises:
        ChangedHomeError: Files were added, changed or removed.
    """
    folder = home.home.parent
    before, now = json.loads((folder / "made.json").read_text("utf-8"))["files"], _files_of(folder)
    changed = sorted(
        p for p in before.keys() | now.keys() if list(before.get(p, ())) != list(now.get(p, ()))
    )
    if changed:
        (folder / "made.json").unlink()  # the next run builds it anew
        raise ChangedHomeError(f"a test has written into the shared {home.home}: {changed[:10]}")


# --- keeping ------------------------------------------------------------------------------------


def _kept(name: str, key: str, make: Callable[[Path, Path | None], None]) -> Path:
    """The folder of a name and key: the kept one, or made now.

    Args:
        name: What is kept.
        key: Hash of what decides it.
        make: Fills an empty folder; its second argument is the newest whole folder of the name
            with another key, if there is one.
    """
    place = Path(os.environ.get("ASYMMETRY_TEST_HOMES") or ROOT / ".pytest_cache" / "built")
    place.mkdir(parents=True, exist_ok=True)
    folder = place / f"{name}-{key[:16]}"
    began = time.monotonic()
    with FileLock(place / f"{name}.lock"):
        waited = time.monotonic() - began
        if _is_whole(folder):
            if waited > 1:
                note(f"waited for {name}", waited)
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        others = sorted(filter(_is_whole, place.glob(f"{name}-*")), key=lambda p: p.stat().st_mtime)
        folder.mkdir()
        began = time.monotonic()
        make(folder, others[-1] if others else None)
        seconds = time.monotonic() - began
        text = json.dumps({"seconds": round(seconds, 1), "files": _files_of(folder)})
        (folder / "made.json").write_text(text, "utf-8")
        note(f"built {name}" + (" on the steps of the one before" if others else ""), seconds)
        for old in others[: 1 - N_KEPT or None]:
            shutil.rmtree(old)
    return folder


def _is_whole(folder: Path) -> bool:
    """Whether a folder is complete, as it was made, and not too old."""
    record = folder / "made.json"
    if not record.exists() or time.time() - record.stat().st_mtime > DAYS_KEPT * 86_400:
        return False
    files = json.loads(record.read_text("utf-8"))["files"]
    return {p: tuple(seen) for p, seen in files.items()} == _files_of(folder)


def _files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file, but Prefect's, whose server may still be writing them."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and path.name != "made.json" and "prefect" not in path.parts[-3:]
    }


def _drop_other_steps(home: Path) -> None:
    """Removes steps of earlier code, which nobody would find again."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute("SELECT step, step_hash FROM meta.lineage").fetchall()
    wanted = {(step, step_hash[:16]) for step, step_hash in rows}
    for folder in (home / "steps").glob("*/*"):
        if (folder.parent.name, folder.name) not in wanted:
            shutil.rmtree(folder)


def _versions() -> list[str]:
    needed = [Requirement(text) for text in requires("alliance-asymmetry") or []]
    always = [r.name for r in needed if r.marker is None or r.marker.evaluate({"extra": ""})]
    return [sys.version, *(f"{name} {version(name)}" for name in sorted(always))]


def _texts(paths: Any) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}\0{path.read_text('utf-8')}"
        for path in sorted(paths)
        if path.suffix in SUFFIXES
    ]


def _listing(folder: Path) -> list[str]:
    return [f"{path} {path.stat().st_size}" for path in sorted(folder.rglob("*")) if path.is_file()]


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
