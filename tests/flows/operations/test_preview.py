"""`asymmetry plan`: what would run and why, and that it then turns out so."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.cli.plan import _time_in_words
from flows.dag import STEPS
from flows.engine.build_identity import computing_libraries
from flows.engine.invalidation import reasons_to_run
from flows.engine.plan import plan_steps
from flows.home.paths import Home
from flows.operations.preview import RefreshPreview, preview_refresh
from flows.sources import load_declarations
from tests.processes import asymmetry

HASHES = {slug: f"{number:064x}" for number, slug in enumerate(load_declarations())}


def test_an_empty_home_knows_nothing_and_says_so(tmp_path: Path) -> None:
    preview = preview_refresh(Home.at(tmp_path), "live")
    assert (preview.outcome, preview.build_id) == ("unknown", None)
    assert len(running(preview)) == len(STEPS)
    assert running(preview)["stage_gdp"] == ("gdp: never fetched here (live)",)
    assert list(tmp_path.iterdir()) == []


def test_a_locked_plan_knows_the_bytes_before_they_are_here(tmp_path: Path) -> None:
    preview = preview_refresh(Home.at(tmp_path), "mirror", locked=True)
    assert preview.build_id is not None
    assert {source.basis for source in preview.sources} == {"pinned; to be fetched"}


def test_ingredients_tell_what_has_changed() -> None:
    now = plan_steps(HASHES)["core.votes"].ingredients
    assert reasons_to_run(now, now) == []
    library = "library polars"
    before = {
        **now,
        library: "0.1",
        "code transforms.core.votes": "another",
        "list succession": "another",
        "contract core.votes": "another",
        "rules core.votes": "another",
    }
    assert reasons_to_run(now, before) == [
        "list succession has changed",
        "code has changed: transforms.core.votes",
        "rules have changed: core.votes",
        "contract of core.votes has changed",
        f"other versions: polars 0.1 → {computing_libraries()['polars']}",
    ]
    assert reasons_to_run(now, {}) == ["its earlier result does not say what it was made of"]


@pytest.mark.parametrize("step", plan_steps(HASHES).values(), ids=lambda p: p.step.name)
def test_every_ingredient_has_its_words(step: Any) -> None:
    assert len(reasons_to_run(step.ingredients, {"wiring": ""})) >= 3


def running(preview: RefreshPreview) -> dict[str, tuple[str, ...]]:
    return {step.name: step.reasons for step in preview.steps if step.runs}


def test_how_long_a_step_takes_that_never_ran_is_not_known(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "plan")
    assert "how long they take is not known here" in done.stdout
    assert " 0 s" not in done.stdout
    assert done.stdout.count("not known") > 2 * len(STEPS)
    told = json.loads(asymmetry(tmp_path, "plan", "--json").stdout)
    assert (told["seconds"], told["n_seconds_unknown"]) == (0.0, len(STEPS))


def test_known_and_unknown_times_are_counted_apart(tmp_path: Path) -> None:
    preview = preview_refresh(Home.at(tmp_path), "live")
    steps = [replace(s, seconds=2.0 if n < 3 else None) for n, s in enumerate(preview.steps)]
    words = _time_in_words(replace(preview, steps=tuple(steps)), len(steps))
    n_unknown = len(steps) - 3
    assert (
        words == f"6 s of computing, going by the last time; of {n_unknown} of them it is not known"
    )
