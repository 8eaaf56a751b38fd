"""No state that a home can be in is an error that nobody expected, whatever verb meets it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli.unexpected import ENDING
from flows.cli.verbs import VERBS
from flows.home.build_files import build_file
from flows.home.builds import put_in_place
from flows.home.paths import Home
from tests.flows.home.test_builds import FIRST, SECOND, write_build
from tests.processes import asymmetry

RUN_A_FLOW = {"refresh", "fetch", "calibrate", "bootstrap", "rebuild"}
"""Verbs that would need a server, and are tried as processes elsewhere; `serve` does not end."""
NEEDS = {
    "country": ("Poland", "--from", "home"),
    "leader": ("Russia", "--from", "home"),
    "alliance": ("NATO", "--from", "home"),
    "query": ("SELECT 1",),
    "lineage": ("core.gdp",),
    "diff": (FIRST[:12],),
    "sources": ("gdp",),
    "argue": ("C2a", "--set", "tier=treaty"),
    "export": ("--to", "new"),
    "archive": ("--to", "new.zip"),
    "report": ("--output", "new"),
    "findings": ("--output", "new.md"),
    "rollback": (FIRST[:12],),
    "restore": ("--check", "."),
}
TRIED = [verb for verb in VERBS if verb not in RUN_A_FLOW | {"serve", "rollback"}] + ["rollback"]
"""The last one changes what is published."""
RAW = re.compile(r"\b\w+Error\b|\[Errno|object has no attribute|__init__|^'\w+'", re.MULTILINE)
"""Words of Python that say nothing to who operates this."""


def _a_folder_for_the_file(home: Home) -> None:
    home.warehouse.unlink()
    home.warehouse.mkdir()


def _nonsense_for_the_file(home: Home) -> None:
    home.warehouse.write_text("nonsense")


def _changed_builds(home: Home) -> None:
    for build_id in (FIRST, SECOND):
        kept = build_file(build_id, home)
        kept.chmod(0o644)
        kept.write_bytes(kept.read_bytes()[:-4096])


def _a_record_without_a_field(home: Home) -> None:
    folder = home.snapshots / "gdp" / "gdp.0123456789ab"
    folder.mkdir(parents=True)
    (folder / "record.json").write_text(json.dumps({"slug": "gdp"}))
    fetch: dict[str, object] = {"snapshot_id": folder.name, "channel": "live", "via": "live"}
    fetch |= {"asked": "x"}
    fetch |= {"fetched_at": "2026-11-01T00:00:00+00:00", "is_simulated": False}
    (folder.parent / "fetches.jsonl").write_text(json.dumps(fetch) + "\n")


def _a_log_of_other_lines(home: Home) -> None:
    (home.snapshots / "gdp").mkdir(parents=True)
    (home.snapshots / "gdp" / "fetches.jsonl").write_text('{"asked": "x"}\n')


STATES = [
    _a_folder_for_the_file,
    _nonsense_for_the_file,
    _changed_builds,
    _a_record_without_a_field,
    _a_log_of_other_lines,
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with two builds, the second of which is published."""
    monkeypatch.chdir(tmp_path)
    home = Home.at(tmp_path / "home")
    for build_id in (FIRST, SECOND):
        put_in_place(write_build(home, build_id), home)
    return home


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("_"))
def test_it_is_told_in_words(home: Home, state: Callable[[Home], None]) -> None:
    state(home)
    raw = {}
    for verb in TRIED:
        done = asymmetry(home.path, verb, *NEEDS.get(verb, ()))
        said = done.stdout + done.stderr
        assert done.returncode in {0, 1, 2, 4}, verb
        if "This was not expected" in said or RAW.search(said):
            raw[verb] = said
    assert not raw
    assert not list(home.runs.glob(f"*{ENDING}"))


def test_a_build_that_was_changed_is_not_put_back(home: Home) -> None:
    _changed_builds(home)
    done = asymmetry(home.path, "rollback", FIRST[:12])
    assert done.returncode == 1
    assert "has other bytes than" in done.stderr
    assert "Nothing was changed" in done.stderr


def test_a_folder_where_the_published_file_belongs_is_named(home: Home) -> None:
    _a_folder_for_the_file(home)
    for words in (("tables",), ("query", "SELECT 1"), ("refresh",), ("rollback", FIRST[:12])):
        done = asymmetry(home.path, *words)
        assert done.returncode == 1
        assert str(home.warehouse) in done.stderr
        assert "is a folder" in done.stderr or "Is a directory" in done.stderr
    assert home.warehouse.is_dir()


@pytest.mark.parametrize("words", [("sources",), ("sources", "gdp")])
def test_sources_are_listed_and_what_is_damaged_is_told(home: Home, words: tuple[str, ...]) -> None:
    _a_record_without_a_field(home)
    done = asymmetry(home.path, *words)
    assert done.returncode == 1
    assert "gdp" in done.stdout
    assert "snapshot gdp.0123456789ab cannot be read: it lacks the field" in done.stderr


@pytest.mark.parametrize("name", ["", "a", "ab", "ababa"])
def test_a_slip_of_the_hand_names_no_build(home: Home, name: str) -> None:
    done = asymmetry(home.path, "rollback", name)
    assert done.returncode == 2
    assert "6 digits of its id at least" in done.stderr
    assert FIRST[:12] in done.stderr
    assert SECOND[:12] in done.stderr
