"""A partial build: some tables and what they need, in a file of its own that says so."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.dag import steps_for
from tests.integration.loaded_process import LoadedProcess
from tests.processes import asymmetry
from warehouse.catalog.builds import read_build

pytestmark = pytest.mark.prefect

ONLY = "metrics.vote_similarity"


@pytest.fixture(scope="module")
def home(sample_home: Any, loaded: LoadedProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a published build and a partial one."""
    home = tmp_path_factory.mktemp("partial") / "home"
    for part in ("snapshots", "sample_world", "steps"):
        shutil.copytree(sample_home.home / part, home / part)
    shutil.copy2(sample_home.warehouse, home / "warehouse.duckdb")
    done = loaded.asymmetry(home, "refresh", "--only", ONLY)
    assert done.returncode == 0, done.stderr
    assert "PARTIAL" in done.stdout
    assert "nothing was published" in done.stdout
    return home


def test_it_has_what_the_table_needs_and_says_that_it_is_partial(
    home: Path, sample_home: Any
) -> None:
    (path,) = (home / "partial").glob("*.duckdb")
    build = read_build(path)
    assert build is not None
    assert build.only == (ONLY,)
    assert set(build.step_hashes) == {step.name for step in steps_for([ONLY])}
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "SELECT DISTINCT table_name FROM meta.dictionary"
            " WHERE relation_kind = 'table' AND table_name NOT LIKE 'meta.%'"
        ).fetchall()
        sums = "SELECT count(*), sum(hash(t)::HUGEINT) FROM metrics.vote_similarity AS t"
        assert connection.execute(sums).fetchall() == sample_home.rows(sums)
        parameters = connection.execute(
            "SELECT parameters FROM meta.builds WHERE is_current"
        ).fetchall()
    assert {name for (name,) in tables} == {t for s in steps_for([ONLY]) for t in s.outputs}
    assert ONLY in parameters[0][0]


def test_the_published_file_stays_as_it_is(home: Path, sample_home: Any) -> None:
    published = home / "warehouse.duckdb"
    assert published.read_bytes() == sample_home.warehouse.read_bytes()
    assert "PARTIAL" not in asymmetry(home, "query", "SELECT 1").stderr


def test_where_nothing_else_is_there_it_is_read_and_says_so(home: Path, tmp_path: Path) -> None:
    alone = tmp_path / "home"
    shutil.copytree(home / "partial", alone / "partial")
    done = asymmetry(alone, "query", f"SELECT count(*) FROM {ONLY}")
    assert done.returncode == 0
    assert f"PARTIAL: this file holds {ONLY}" in done.stderr
    assert ONLY in asymmetry(alone, "tables").stdout
    assert "PARTIAL" in asymmetry(alone, "status").stdout
    assert not (alone / "warehouse.duckdb").exists()


def test_a_table_that_no_step_makes_is_refused(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "refresh", "--only", "metrics.vote_similarty")
    assert done.returncode == 2
    assert ONLY in done.stderr
