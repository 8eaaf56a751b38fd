"""How far a run is: steps counted where they are kept, and the time that is left."""

import json
import os
from pathlib import Path

import pytest

from flows.home.paths import Home
from flows.home.run_progress import ASSEMBLING, PastSeconds, RunProgress, share_done


@pytest.fixture
def progress(tmp_path: Path) -> RunProgress:
    """Four steps: one finished, one of which two pieces of four are there, two not begun."""
    steps = {name: tmp_path / "steps" / name / "ab" for name in "wxyz"}
    steps["w"].mkdir(parents=True)
    pieces = steps["x"].with_name("ab.chunks")
    pieces.mkdir(parents=True)
    for chunk in range(2):
        (pieces / f"{chunk:04d}-of-0004.0123.parquet").touch()
    (pieces / ".0002-of-0004.draft").touch()
    progress = RunProgress()
    progress.compute(steps)
    return progress


def write_run(runs: Path, name: str, seconds: dict[str, float], **stages: float) -> None:
    steps = {step: {"seconds": s, "reused": False} for step, s in seconds.items()}
    record = {"result": "published", "steps": steps, "stages": stages}
    runs.mkdir(exist_ok=True)
    (runs / f"{name}-published.json").write_text(json.dumps(record))


def test_steps_are_counted_where_they_are_kept(progress: RunProgress) -> None:
    assert progress.finished() == {"w"}
    assert share_done(progress.steps["x"]) == 0.5
    assert share_done(progress.steps["y"]) is None
    draft = progress.steps["y"].with_name(".ab.1234")
    draft.mkdir(parents=True)
    assert share_done(progress.steps["y"]) == 0.0
    draft.rename(progress.steps["y"])
    assert progress.finished() == {"w", "y"}


def test_what_is_left_comes_from_the_newest_records(progress: RunProgress, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    write_run(runs, "1", {"w": 90.0, "x": 90.0, "y": 3.0, "z": 5.0})
    write_run(runs, "2", {"w": 8.0, "x": 4.0}, fetching=1.0, computing=6.0, assembling=7.0)
    (runs / "3-published.json").write_text("{")  # killed while it wrote
    past = PastSeconds.of(Home.at(tmp_path))
    assert past.steps == {"w": 8.0, "x": 4.0, "y": 3.0, "z": 5.0}
    assert (past.assembling, past.at_a_time) == (7.0, 2.0)
    # half of x, y and z, two at a time: 5; and then the file is assembled
    assert past.left(progress) == pytest.approx(2.0 / 2 + 3.0 / 2 + 5.0 / 2 + 7.0)


def test_a_step_that_no_run_tells_of_has_a_record_of_its_own(tmp_path: Path) -> None:
    for name, seconds in (("old", 3.0), ("new", 5.0)):
        (tmp_path / "steps" / "y" / name).mkdir(parents=True)
        record = tmp_path / "steps" / "y" / name / "_step.json"
        record.write_text(json.dumps({"seconds": seconds}))
        os.utime(record, (1, 1) if name == "old" else None)
    assert PastSeconds.of(Home.at(tmp_path)).steps == {"y": 5.0}


def test_the_longest_step_holds_up_the_rest(progress: RunProgress, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    write_run(runs, "1", {"x": 2.0, "y": 1.0, "z": 60.0}, computing=6.3)
    assert PastSeconds.of(Home.at(tmp_path)).left(progress) == 60.0


def test_without_records_nothing_is_said_of_the_time_left(
    progress: RunProgress, tmp_path: Path
) -> None:
    past = PastSeconds.of(Home.at(tmp_path / "none"))
    assert past.left(progress) is None
    progress.enter(ASSEMBLING)
    assert past.left(progress) is None


def test_stages_follow_one_another() -> None:
    progress = RunProgress()
    progress.fetch(3)
    progress.note_fetched()
    progress.compute({})
    progress.compute({})
    progress.enter(ASSEMBLING)
    assert (progress.n_fetched, progress.n_sources) == (1, 3)
    assert list(progress.seconds_by_stage()) == ["fetching", "computing", "assembling"]
