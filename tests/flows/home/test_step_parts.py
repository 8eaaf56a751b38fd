"""What the seconds of a step go to: added up, and told of steps and of runs."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.home.step_parts import PARTS, StepClock, in_words, parts_of_run, sum_of, timed
from tests.processes import asymmetry


def spent(seconds: float, processor: float) -> dict[str, float]:
    return {"seconds": seconds, "processor_seconds": processor}


def test_what_is_done_in_several_goes_is_added_up() -> None:
    ticks = iter(range(100))
    clock = StepClock(lambda: float(next(ticks) ** 2))
    for part in ("gate", "read", "gate"):
        with clock.at(part):
            pass
    parts = clock.parts()
    assert list(parts) == ["read", "gate"]  # in the order of the parts, not of the calls
    assert parts["read"]["processor_seconds"] == 9 - 4
    assert parts["gate"]["processor_seconds"] == (1 - 0) + (25 - 16)
    assert all(0 <= part["seconds"] < 1 for part in parts.values())


def test_what_fails_has_taken_its_time_too() -> None:
    ticks = iter((1.0, 4.0))
    clock = StepClock(lambda: next(ticks))
    with pytest.raises(ValueError, match="broken"), clock.at("compute"):
        raise ValueError("broken")
    assert clock.parts()["compute"]["processor_seconds"] == 3.0


def _busy(size: int, *, clock: StepClock) -> int:
    with clock.at("compute"):
        return sum(range(size))


def test_a_call_brings_its_parts_with_it() -> None:
    result, parts = timed(partial(_busy, 300_000))
    assert result == sum(range(300_000))
    assert list(parts) == ["compute"]
    assert 0 < parts["compute"]["processor_seconds"] <= parts["compute"]["seconds"] + 0.05


def test_parts_of_several_are_added_up() -> None:
    one = {"read": spent(0.1, 0.2), "compute": spent(1.0, 1.5)}
    other = {"compute": spent(0.25, 0.5), "gate": spent(0.5, 0.5)}
    whole = sum_of([one, {}, other])
    assert whole == {"read": spent(0.1, 0.2), "compute": spent(1.25, 2.0), "gate": spent(0.5, 0.5)}
    assert [part for part in PARTS if part in whole] == list(whole)
    assert sum_of([]) == {}
    assert in_words(whole) == "read 0.1 s, compute 1.2 s, gate 0.5 s"


def test_a_run_has_the_parts_of_what_it_has_computed(tmp_path: Path) -> None:
    steps: dict[str, dict[str, Any]] = {
        "a": {"reused": False, "seconds": 2.0, "parts": {"compute": spent(1.0, 2.0)}},
        "b": {"reused": True, "seconds": 9.0, "parts": {"compute": spent(9.0, 9.0)}},
        "c": {"reused": False, "seconds": 1.0, "parts": {"gate": spent(0.5, 0.5)}},
        "older": {"reused": False, "seconds": 3.0},
    }
    expected = {"compute": spent(1.0, 2.0), "gate": spent(0.5, 0.5)}
    assert parts_of_run(steps) == expected
    home = Home.at(tmp_path)
    home.runs.mkdir(parents=True)
    run = {
        "profile": "live",
        "started_at": "2026-11-29T10:00:00+00:00",
        "seconds": 1.0,
        "result": "published",
    }
    (home.runs / "1-published.json").write_text(json.dumps({**run, "steps": steps}))
    assert [past.parts for past in past_runs(home)] == [expected]
    shown = asymmetry(tmp_path, "history").stdout
    assert "compute 1.0 s, gate 0.5 s" in " ".join(shown.split())
