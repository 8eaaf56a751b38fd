"""Fixtures that every test may use."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest

from flows.sample.write import write_sample_world
from flows.sources import load_declarations

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The publishers' real files, laid out as HOST/PATH.

    They are not part of the project: without them these tests are skipped, but under
    `CI=true` a missing mirror is a failure.
    """
    folder = Path(os.environ.get("ASYMMETRY_TEST_MIRROR", ROOT.parent / "shared" / "mirror"))
    if not (folder / "dataverse.harvard.edu").is_dir():
        reason = f"no mirror of the source files at {folder} (set ASYMMETRY_TEST_MIRROR)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def refresh(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `asymmetry refresh` as a user would: a process of its own, a home of its own."""
    environment = {**os.environ, "ASYMMETRY_HOME": str(home), "PREFECT_HOME": str(home / "prefect")}
    environment.pop("PREFECT_API_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", "refresh", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@dataclass(frozen=True)
class BuiltHome:
    """A home in which `asymmetry refresh` has published a warehouse.

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
        return self.home / "warehouse.duckdb"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def laid_out_prefect(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make install` leaves of Prefect: a database with all its migrations (15 s), to copy."""
    home = tmp_path_factory.mktemp("laid out")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    subprocess.run(
        [sys.executable, "-m", "flows.runtime.prefect_config"],
        env=environment | {"ASYMMETRY_HOME": str(home), "PREFECT_HOME": str(home / "prefect")},
        cwd=ROOT,
        check=True,
        timeout=300,
    )
    return home / "prefect"


def _built(home: Path, prefect: Path, *arguments: str) -> BuiltHome:
    shutil.copytree(prefect, home / "prefect")
    done = refresh(home, *arguments)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return BuiltHome(home, done.stdout + done.stderr, arguments)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory, laid_out_prefect: Path) -> BuiltHome:
    """The simulated world, built and published by the command."""
    return _built(tmp_path_factory.mktemp("sample"), laid_out_prefect, "--profile", "sample")


@pytest.fixture(scope="session")
def mirror_home(
    tmp_path_factory: pytest.TempPathFactory, laid_out_prefect: Path, mirror: Path
) -> BuiltHome:
    """The real files, built and published by the command."""
    home = tmp_path_factory.mktemp("mirror")
    real = ("--profile", "mirror", "--mirror", str(mirror), "--locked")
    return _built(home, laid_out_prefect, *real)


@pytest.fixture(scope="session")
def sample_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the simulated world; to be copied before they are changed."""
    world = tmp_path_factory.mktemp("sample") / "world"
    write_sample_world(world)
    return world


@pytest.fixture(scope="session")
def drop_last_line() -> Callable[[Path, str], None]:
    """Changes a text file of a world: one row less.

    What follows from `us_troops` is computed within seconds, a sixth of what follows from `gdp`.
    """

    def drop(world: Path, slug: str) -> None:
        path = world / load_declarations()[slug].url.removeprefix("https://")
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))

    return drop


@pytest.fixture(scope="session")
def pack_anew() -> Callable[[Path, str], None]:
    """Changes the bytes of a workbook or archive of a world, and nothing that it says."""

    def pack(world: Path, slug: str) -> None:
        path = world / load_declarations()[slug].url.removeprefix("https://")
        with ZipFile(path, "a") as archive:
            archive.comment = b"packed anew"

    return pack
