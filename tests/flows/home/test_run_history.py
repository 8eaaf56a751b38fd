"""The history of a home: what was new in each run."""

import json
from pathlib import Path
from typing import Any

import pytest

from flows.home.paths import Home
from flows.home.run_history import past_runs, what_changed
from tests.processes import asymmetry


def write_run(home: Home, name: str, **record: Any) -> None:
    home.runs.mkdir(parents=True, exist_ok=True)
    whole = {"profile": "live", "started_at": name, "seconds": 1.0, **record}
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
    ["null", "[]", "5", '{"seconds": "many"}', '{"snapshots": [1]}', '{"steps": 5}'],
)
def test_json_that_is_no_record_is_passed_over(tmp_path: Path, record: str) -> None:
    home = Home.at(tmp_path)
    write_run(home, "1", result="published", build_id="a" * 64)
    whole = json.loads((home.runs / "1-published.json").read_text())
    found = json.loads(record)
    damaged = json.dumps({**whole, **found}) if isinstance(found, dict) else record
    (home.runs / "2-published.json").write_text(damaged)
    assert [run.run for run in past_runs(home)] == ["1-published"]
