"""Another program writes to a file of builds: nobody is given its figures, a refresh mends it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flows.home.build_files import build_file, checksum_file
from flows.home.paths import Home
from flows.operations.integrity import hash_builds
from flows.operations.open_faults import BUILDS
from flows.operations.verification import verify_bytes, verify_file
from tests.integration.loaded_process import LoadedProcess
from tests.processes import asymmetry
from warehouse.catalog.builds import require_build
from warehouse.swap_in import unmerged_changes

pytestmark = pytest.mark.prefect
ASKED = "SELECT cinc FROM core.capabilities WHERE ccode = 2 ORDER BY year DESC LIMIT 1"
WRITES = (
    "import duckdb, os, sys\n"
    "c = duckdb.connect(sys.argv[1])\n"
    "c.execute('UPDATE core.capabilities SET cinc = 99 WHERE ccode = 2')\n"
    "os._exit(9) if sys.argv[2] == 'is killed' else c.close()\n"
)


@pytest.fixture(scope="module")
def home(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.at(sample_home.copy(tmp_path_factory.mktemp("changed") / "home"))


def write(path: Path, how: str) -> None:
    path.chmod(0o600)
    subprocess.run([sys.executable, "-c", WRITES, str(path), how], check=how != "is killed")


def test_changes_that_were_not_merged_are_in_no_answer_and_go_with_the_file(
    home: Home, refresher: LoadedProcess, tmp_path: Path
) -> None:
    right = asymmetry(home.path, "query", ASKED, "--format", "csv").stdout
    write(home.warehouse, "is killed")
    assert unmerged_changes(home.warehouse).exists()
    exported = ("export", "core.capabilities", "--to", str(tmp_path / "out"), "--as", "csv")
    for words in (("query", ASKED), exported, ("country", "Poland"), ("cite",)):
        done = asymmetry(home.path, *words)
        assert done.returncode == 1, words
        assert "warehouse.duckdb.wal lies beside it" in done.stderr
        assert "asymmetry refresh builds it anew" in done.stderr
    assert not list(tmp_path.glob("out/*.csv"))
    assert "lies beside it" in asymmetry(home.path, "status").stdout
    mended = refresher.asymmetry(home.path, "refresh")
    assert mended.returncode == 0, mended.stderr
    assert "Published build" in mended.stdout
    assert not unmerged_changes(home.warehouse).exists()
    assert asymmetry(home.path, "query", ASKED, "--format", "csv").stdout == right


def test_a_file_with_nothing_to_compare_it_with_is_made_anew(
    home: Home, refresher: LoadedProcess
) -> None:
    right = asymmetry(home.path, "query", ASKED, "--format", "csv").stdout
    write(home.warehouse, "ends")
    checksum_file(build_file(require_build(home.warehouse).build_id, home)).unlink()
    unknown = "so whether its file is as it was written is not known"
    assert unknown in asymmetry(home.path, "cite").stderr
    status = asymmetry(home.path, "status")
    assert status.returncode == 1
    assert unknown in status.stdout
    assert "All is well" not in status.stdout
    done = refresher.asymmetry(home.path, "refresh")
    assert done.returncode == 0, done.stderr
    assert "Published build" in done.stdout
    assert asymmetry(home.path, "query", ASKED, "--format", "csv").stdout == right


def test_a_program_that_has_it_open_for_writing_is_named_and_nothing_is_called_wrong(
    home: Home,
) -> None:
    holds = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    arguments = [sys.executable, "-c", holds, str(home.warehouse)]
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, stdin=pipe, stdout=pipe) as other:
        assert other.stdout is not None
        other.stdout.readline()
        status, found = asymmetry(home.path, "status"), verify_file(home)
        other.communicate(b"\n")
    assert status.returncode == 1
    assert f"process {other.pid}, has it open for writing" in " ".join(status.stdout.split())
    assert "rollback" not in status.stdout
    assert found.subjects == frozenset()
    assert [fault.subject for fault in found.faults] == [""]  # which nobody remembers
    assert verify_file(home).faults == ()


def test_a_kept_build_without_a_checksum_is_read_to_its_end(home: Home) -> None:
    kept = build_file(require_build(home.warehouse).build_id, home)
    checksum_file(kept).unlink()
    assert hash_builds(home).unrecorded == (kept.name,)
    assert BUILDS not in verify_bytes(home).subjects  # so what was found wrong of it stays said
    kept.chmod(0o600)
    size = kept.stat().st_size
    with kept.open("r+b") as file:
        for place in range(size // 4, size, size // 8):
            file.seek(place)
            file.write(b"ZZZZ")
    hashed = hash_builds(home)
    assert hashed.damaged == (kept.name,)
    assert "cannot be read (" in hashed.faults[0]
