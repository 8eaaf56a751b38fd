"""What a run's record says, however the run ends."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from prefect.exceptions import CancelledRun, TerminationSignal

from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.home.run_record import is_cancellation, recorded_run, swapping
from flows.home.writer_lock import only_writer

ROOT = Path(__file__).resolve().parents[3]

ENDED_FROM_OUTSIDE = """
import sys, threading
from pathlib import Path
from flows.home.paths import Home
from flows.home.run_record import end_run, recorded_run, swapping

home, moment = Home.at(sys.argv[1]), sys.argv[2]
home.warehouse.write_text("earlier")
with recorded_run("sample", home) as record:
    record.details["build_id"] = "ab" * 32
    record.planned = {"a": home.steps / "a" / "1", "b": home.steps / "b" / "2"}
    (home.steps / "a" / "1").mkdir(parents=True)
    (home.steps / "b" / ".2.half").mkdir(parents=True)
    def publish():
        with swapping(home.warehouse):
            new = home.path / ".warehouse.new"
            new.write_text("new")
            new.replace(home.warehouse)
    if moment == "after":
        publish()
    print(end_run("cancelled"), flush=True)
    if moment == "before":  # nobody can publish any more
        late = threading.Thread(target=publish, daemon=True)
        late.start()
        late.join(0.5)
        assert late.is_alive()
    import os
    os._exit(0)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path)


def record_of(home: Home) -> dict[str, Any]:
    (path,) = home.runs.glob("*.json")
    found: dict[str, Any] = json.loads(path.read_text())
    assert path.stem.endswith(found["result"])
    return found


CANCELLATIONS = (
    KeyboardInterrupt(),
    TerminationSignal(signal=15),
    CancelledRun("a click"),
    asyncio.CancelledError(),
)


@pytest.mark.parametrize("error", CANCELLATIONS, ids=lambda error: type(error).__name__)
def test_a_run_that_somebody_ends_is_cancelled(home: Home, error: BaseException) -> None:
    def run() -> None:
        with recorded_run("sample", home) as record:
            record.planned = {"a": home.steps / "a" / "1"}
            raise error

    with pytest.raises(type(error)):
        run()
    found = record_of(home)
    assert found["result"] == "cancelled"
    assert found["error"] == "Interrupted; 0 of 1 steps are kept, nothing was published."
    assert past_runs(home)[0].result == "cancelled"


def test_a_run_that_takes_too_long_has_failed() -> None:
    from prefect._internal.concurrency.cancellation import CancelledError

    assert not is_cancellation(CancelledError())


def test_an_error_after_the_swap_does_not_deny_the_publication(home: Home) -> None:
    home.warehouse.write_text("earlier")
    new = home.path / "new"
    new.write_text("new")

    def run() -> None:
        with recorded_run("sample", home) as record:
            record.details["build_id"] = "ab" * 32
            with swapping(home.warehouse):
                new.replace(home.warehouse)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    assert record_of(home)["result"] == "published"
    assert record_of(home)["error"] == "Interrupted; build abababababab was published."


def test_a_record_that_cannot_be_written_does_not_hide_the_error(home: Home) -> None:
    def run() -> None:
        with recorded_run("sample", home):
            home.runs.write_text("a file where a folder should be")
            raise ValueError("row 7")

    with pytest.raises(ValueError, match="row 7"):
        run()


@pytest.mark.parametrize(
    ("moment", "said", "result"),
    [
        ("before", "1 of 2 steps are kept, nothing was published", "cancelled"),
        ("after", "build abababababab was published", "published"),
    ],
)
def test_whoever_ends_a_run_says_what_is_so(
    home: Home, moment: str, said: str, result: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDED_FROM_OUTSIDE, str(home.path), moment],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, said), done.stderr
    assert record_of(home)["result"] == result
    assert home.warehouse.read_text() == ("new" if moment == "after" else "earlier")
    assert not list(home.steps.glob("*/.*"))


def test_the_next_run_removes_what_the_last_one_left_half_made(home: Home) -> None:
    drafts = [
        home.steps / "core.votes" / ".0123456789abcdef.01234567" / "core.votes.parquet",
        home.steps / "core.votes" / "0123456789abcdef.chunks" / ".0001-of-0002.01234567",
        home.builds / ".0123456789abcdef.duckdb.99",
        home.path / ".warehouse.99.duckdb",
        home.sample_world / "www.atopdata.org" / ".atop.zip.4194305",  # no process has that id
    ]
    stays = [
        home.steps / "core.votes" / "0123456789abcdef" / "core.votes.parquet",
        home.steps / "core.votes" / "0123456789abcdef.chunks" / "0000-of-0002.ab.parquet",
        home.builds / "0123456789abcdef.duckdb",
        home.sample_world / "www.atopdata.org" / f".atop.zip.{os.getppid()}",
        home.warehouse,
    ]
    for path in [*drafts, *stays]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with recorded_run("sample", home):
        assert not [path for path in drafts if path.exists()]
        assert not [path for path in stays if not path.exists()]


def test_drafts_of_a_run_that_goes_on_stay(home: Home) -> None:
    draft = home.builds / ".0123456789abcdef.duckdb.99"
    draft.parent.mkdir(parents=True)
    draft.touch()
    with (
        only_writer(home.path),
        pytest.raises(RuntimeError, match="is writing"),
        recorded_run("sample", home),
    ):
        pass
    assert draft.exists()
