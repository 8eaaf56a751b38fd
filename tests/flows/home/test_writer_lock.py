"""One writer at a time, and a record of every run."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.home.run_record import RunRecord
from flows.home.writer_lock import AnotherRunError, LockTimeout, only_writer
from tests.processes import asymmetry_process, writing


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that writes in a home, until its standard input is closed."""
    with writing(tmp_path) as process:
        yield process


def test_a_second_writer_is_told_who_writes(
    holder: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    summary = rf"process {holder.pid}\) is writing in .* Nothing was changed"
    with pytest.raises(AnotherRunError, match=summary), only_writer(tmp_path):
        pass
    # however it ends, its lock goes with it
    holder.kill()
    holder.wait()
    with only_writer(tmp_path):
        pass


def test_a_patient_run_says_that_it_waits_and_goes_on_when_the_other_has_ended(
    holder: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    summary: list[str] = []

    def tell(words: str) -> None:
        summary.append(words)
        holder.kill()

    with only_writer(tmp_path, LockTimeout(60, tell)):
        assert holder.wait() != 0
    (words,) = summary
    assert f"process {holder.pid}) is writing in {tmp_path}: waiting" in words
    assert "up to 1 minutes more" in words


def test_patience_has_an_end(holder: "subprocess.Popen[str]", tmp_path: Path) -> None:
    summary = r"is writing in .* This run has waited 1 s for it to end\. Nothing was changed"
    with pytest.raises(AnotherRunError, match=summary), only_writer(tmp_path, LockTimeout(0.6)):
        pass
    assert holder.poll() is None


@pytest.mark.parametrize("arguments", [("refresh",), ("rollback", "abababab")])
def test_a_command_does_not_wait_and_says_so_with_code_5(
    holder: "subprocess.Popen[str]", tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    build = tmp_path / "builds" / f"{'ab' * 8}.duckdb"
    build.parent.mkdir()
    build.touch()
    done = asymmetry_process(tmp_path, *arguments, timeout=60)
    assert done.returncode == 5, done.stderr
    summary = " ".join(done.stderr.split())
    assert f"Another run (process {holder.pid}) is writing in {tmp_path}." in summary
    assert "Wait for it to end" in summary
    assert not (tmp_path / "sample_world").exists()


def test_a_run_leaves_its_record(tmp_path: Path) -> None:
    record = RunRecord("sample", "published", details={"build_id": "abc"})
    path = record.write(tmp_path / "runs")
    read = json.loads(path.read_text())
    assert path.name.endswith("-published.json")
    assert (read["profile"], read["result"], read["build_id"]) == ("sample", "published", "abc")
    assert read["seconds"] >= 0
