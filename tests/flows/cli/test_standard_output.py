"""Standard output that is full, closed, left by its reader, or of few letters."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import (
    LONGEST_ANSWER,
    asymmetry_process,
    asymmetry_with,
    environment_of,
)

pytestmark = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="a full disk as Linux has it"
)
ANSWERS = [
    ("sources",),
    ("history", "--json"),
    ("queries", "closest_partners", "--sql"),
    ("country", "Poland", "--from", "bundle", "--format", "csv"),
    ("--help",),
]


@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
def test_a_full_disk_is_told_once(tmp_path: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = asymmetry_with(tmp_path, *words, stdout=full)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Standard output cannot be written (No space left on device)" in done.stderr
    assert "As it stands: nothing was changed" in done.stderr
    assert not list(tmp_path.iterdir())


def in_a_shell(home: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    words = " ".join([sys.executable, "-m", "flows.cli.main"])
    return subprocess.run(
        ["bash", "-c", script.replace("asymmetry", words)],
        env=environment_of(home, **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_ANSWER,
    )


def test_a_reader_that_leaves_is_told_nothing(tmp_path: Path) -> None:
    many = "asymmetry country Poland --from bundle --format json | head -c 10"
    assert in_a_shell(tmp_path, many).stderr == ""


@pytest.mark.parametrize("closing", [">&-", "<&- >&- 2>&-"])
def test_what_is_closed_takes_nothing(tmp_path: Path, closing: str) -> None:
    done = in_a_shell(tmp_path, f"asymmetry sources {closing}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_letters_that_an_encoding_lacks_are_escapes(tmp_path: Path) -> None:
    done = asymmetry_process(
        tmp_path, "queries", "closest_partners", "--sql", PYTHONIOENCODING="ascii"
    )
    assert done.returncode == 0, done.stderr
    done = asymmetry_process(tmp_path, "sources", "cow_states", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    done = asymmetry_process(tmp_path, "queries", "--json", PYTHONIOENCODING="ascii")
    assert done.stdout.isascii()
    told = asymmetry_process(tmp_path, "queries", "--json")
    assert json.loads(done.stdout) == json.loads(told.stdout)
