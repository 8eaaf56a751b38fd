"""One writer at a time, and a record of every run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows.runs import AnotherRunError, RunRecord, only_writer

HOLD = """
import pathlib, sys
from flows.runs import only_writer
with only_writer(pathlib.Path(sys.argv[1])):
    print('held', flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        told = rf"process {holder.pid}\) is writing in .* Nothing was changed"
        with pytest.raises(AnotherRunError, match=told), only_writer(tmp_path):
            pass
        # however it ends, its lock goes with it
        holder.kill()
        holder.wait()
    with only_writer(tmp_path):
        pass


def test_a_run_leaves_its_record(tmp_path: Path) -> None:
    record = RunRecord("sample", "published", details={"build_id": "abc"})
    path = record.write(tmp_path / "runs")
    read = json.loads(path.read_text())
    assert path.name.endswith("-published.json")
    assert (read["profile"], read["result"], read["build_id"]) == ("sample", "published", "abc")
    assert read["seconds"] >= 0
