"""The history of a home: what was new in each run."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from flows.home.paths import Home
from flows.home.run_history import past_runs, read_records, what_changed
from tests.processes import asymmetry

AT = "2026-11-29T10:00:00+00:00"


def write_run(home: Home, name: str, **record: Any) -> None:
    home.runs.mkdir(parents=True, exist_ok=True)
    whole = {"profile": "live", "started_at": AT, "seconds": 1.0, **record}
    (home.runs / f"{name}-{record['result']}.json").write_text(json.dumps(whole))


def test_history_says_what_was_new(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    steps = {"a": {"reused": False}, "b": {"reused": True}}
    first = {"gdp": "gdp.1", "atop": "atop.1"}
    write_run(home, "1", result="published", build_id="a" * 64, snapshots=first, steps=steps)
    write_run(home, "2", result="unchanged", build_id="a" * 64, snapshots=first)
    second = {**first, "gdp": "gdp.2"}
    write_run(home, "3", result="published", build_id="b" * 64, snapshots=second, steps=steps)
    write_run(home, "4", result="published", build_id="c" * 64, snapshots=second, steps=steps)
    write_run(home, "5", result="rolled_back", build_id="b" * 64, snapshots=second)
    write_run(home, "6", result="failed", error="GateFailedError: rows\nkeys")
    (home.runs / "7-published.json").write_text("{")
    runs = past_runs(home)
    assert [what_changed(run, runs[:i]) for i, run in enumerate(runs)] == [
        "first build, 1 of 2 steps run",
        "nothing new",
        "new bytes of gdp; 1 of 2 steps run",
        "code, lists or libraries; 1 of 2 steps run",
        "an earlier build was put back",
        "GateFailedError: rows",
    ]
    done = asymmetry(tmp_path, "history", "-n", "2", "--format", "json")
    assert [run["result"] for run in json.loads(done.stdout)] == ["failed", "rolled_back"]
    assert "(1 of 6 runs" in asymmetry(tmp_path, "history", "-n", "1").stdout


@pytest.mark.parametrize(
    "record",
    [
        *("null", "[]", "5", "", "\x00", "[" * 5_000, "{}"),
        *(
            '{"seconds": "many"}',
            '{"seconds": Infinity}',
            '{"snapshots": [1]}',
            '{"snapshots": {"gdp": 5}}',
        ),
        *('{"steps": 5}', '{"steps": {"a": {}}}', '{"build_id": 5}', '{"parameters": [1]}'),
        *('{"started_at": 5}', '{"started_at": "noon"}', '{"ended_at": "2026-11-29T10:00:00"}'),
        *('{"source_errors": {"gdp": null}}', '{"verified": "all"}', '{"result": null}'),
    ],
)
def test_what_is_no_record_is_named_and_hides_no_other(tmp_path: Path, record: str) -> None:
    home = Home.at(tmp_path)
    write_run(home, "1", result="published", build_id="a" * 64)
    damaged = home.runs / "2-published.json"
    whole = json.loads((home.runs / "1-published.json").read_text())
    changed = json.loads(record) if record.startswith("{") else None
    damaged.write_text(json.dumps({**whole, **changed}) if changed else record)
    records = read_records(home)
    assert [run.run for run in records.runs] == ["1-published"]
    (line,) = records.lines_of_damaged()
    assert line.startswith(f"1 record of runs cannot be read: {damaged} (")
    assert "1 other was read" in line
    assert "from a backup, or delete" in line


def test_of_many_damaged_records_three_are_named_and_all_are_counted(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    home.runs.mkdir()
    assert not [*read_records(home).lines_of_damaged()]
    for number in range(5):
        (home.runs / f"{number}-failed.json").write_text("{")
    (line,) = read_records(home).lines_of_damaged()
    assert line.startswith("5 records of runs cannot be read")
    assert line.count("-failed.json") == 3
    assert "; and 2 more" in line


@pytest.mark.parametrize("verb", ["history", "status", "doctor"])
def test_every_verb_that_reads_records_says_which_it_cannot_read(tmp_path: Path, verb: str) -> None:
    home = Home.at(tmp_path)
    write_run(home, "1", result="published", build_id="a" * 64)
    (home.runs / "2-published.json").write_text("null")
    done = asymmetry(tmp_path, verb)
    said = " ".join((done.stdout + done.stderr).replace("│", " ").split())
    assert "1 record of runs cannot be read: /" in said
    assert done.returncode == (0 if verb == "history" else 1)


def test_a_pipe_among_the_records_keeps_nobody_waiting(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    write_run(home, "1", result="published", build_id="a" * 64)
    os.mkfifo(home.runs / "2-published.json")
    records = read_records(home)
    assert [run.run for run in records.runs] == ["1-published"]
    assert "it is no file" in next(iter(records.lines_of_damaged()))
