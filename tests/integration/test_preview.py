"""asymmetry plan on a built home: what would run and why."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from flows.dag import STEPS
from flows.engine.plan import plan_steps
from flows.fetch.fetch_source import fetch_source
from flows.fetch.selection import known_sources
from flows.home.paths import Home
from flows.operations.preview import RefreshPreview, preview_refresh
from flows.sources import load_declarations
from tests.processes import asymmetry


@pytest.fixture
def home(sample_home: Any, tmp_path: Path) -> Home:
    """The built home once more; what is never changed in place is shared."""

    def copy(source: str, target: str) -> None:
        (os.link if source.endswith(".parquet") else shutil.copy2)(source, target)

    shutil.copytree(sample_home.home, tmp_path / "home", copy_function=copy)
    return Home.at(tmp_path / "home")


def running(preview: RefreshPreview) -> dict[str, tuple[str, ...]]:
    return {step.name: step.reasons for step in preview.steps if step.runs}


def test_after_a_build_nothing_would_run(home: Home) -> None:
    preview = preview_refresh(home, "sample")
    assert (preview.outcome, running(preview)) == ("nothing", {})
    assert preview.build_id == preview.published
    assert {step.reasons for step in preview.steps} == {("as published",)}


def test_damaged_bytes_are_named_and_what_a_refresh_would_run_is_said(home: Home) -> None:
    file = next(home.snapshots.glob("gdp/gdp.*/*.csv"))
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1])
    done = asymmetry(home.path, "plan")
    assert done.returncode == 0, done.stderr
    assert "damaged here, to be fetched again" in done.stdout
    assert f"{file} has" in done.stdout
    assert "asymmetry fetch gdp" in done.stdout
    preview = preview_refresh(home, "sample")
    assert preview.outcome == "unknown"
    assert running(preview)["stage_gdp"] == ("gdp: damaged here, to be fetched again",)


def test_new_bytes_run_what_reads_them_and_what_follows(home: Home, tmp_path: Path) -> None:
    hashes = {s.slug: str(s.sha256) for s in known_sources(home, "sample", locked=False)}
    world = tmp_path / "world"
    shutil.copytree(home.sample_world, world)
    declaration = load_declarations()["gdp"]
    file = world / declaration.url.removeprefix("https://")
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))  # a row fewer
    fetched = fetch_source(declaration, home, "sample", mirror=world)

    preview = preview_refresh(home, "sample")
    reasons = running(preview)
    assert preview.outcome == "publish"
    assert preview.build_id != preview.published
    assert reasons["stage_gdp"] == ("new bytes of gdp",)
    assert reasons["core.gdp"] == ("staging.stg_gdp__entity_years changes",)
    before, after = plan_steps(hashes), plan_steps({**hashes, "gdp": fetched.snapshot.sha256})
    assert set(reasons) == {n for n in after if after[n].step_hash != before[n].step_hash}
    assert not reasons.keys() & {"stage_un_votes", "core.votes", "core.alliances"}


def test_a_removed_result_is_made_again(home: Home) -> None:
    shutil.rmtree(home.steps / "core.gdp")
    assert running(preview_refresh(home, "sample")) == {
        "core.gdp": ("its finished result has been removed",)
    }


def test_the_command_answers_people_and_programs(sample_home: Any) -> None:
    def plan(*arguments: str) -> str:
        done = asymmetry(sample_home.home, "plan", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Nothing to do" in plan()
    answer = json.loads(plan("--format", "json"))
    assert answer["outcome"] == "nothing"
    assert {step["name"] for step in answer["steps"]} == {step.name for step in STEPS}
