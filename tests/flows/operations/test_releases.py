"""Accepting a release, and what status and plan say before and afterwards."""

from pathlib import Path

import pytest

from expectations.releases.findings import Finding
from expectations.suite import Severity
from flows.home.paths import Home
from flows.home.release_records import Comparison, Release, ReleaseRecords
from flows.operations.releases import ReleaseNameError, accept_release, release_warnings
from tests.processes import asymmetry

OLD, NEW = "a" * 64, "b" * 64
PUBLISHED, NEWEST = {"gdp": f"gdp.{OLD[:12]}"}, {"gdp": f"gdp.{NEW[:12]}"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path)


def keep(home: Home, severity: Severity, name: str = "BRA") -> Comparison:
    release = Release("gdp", NEWEST["gdp"], NEW, PUBLISHED["gdp"], OLD)
    example = {"entity_code": name, "n": 24, "first": 2000, "last": 2023}
    finding = Finding("keys_lost", "staging.t", None, 24, 100, (example,), severity, "why", 0.05)
    found = Comparison(release, (finding,), "2026-11-29T10:00:00+00:00")
    ReleaseRecords(home).keep(found)
    return found


def attention(home: Home) -> list[str]:
    return list(release_warnings(home, PUBLISHED, NEWEST))


@pytest.mark.parametrize("version", [NEW, NEW[:8], f"gdp.{NEW[:12]}", f" GDP.{NEW[:12].upper()}"])
def test_a_release_is_accepted_by_its_snapshot_or_its_hash(home: Home, version: str) -> None:
    keep(home, "critical")
    (line,) = attention(home)
    assert "is held" in line
    assert "24 of 100 (24.0%) keys are gone" in line
    assert f"asymmetry releases accept gdp {NEWEST['gdp']}" in line
    accepted = accept_release("gdp", version, "  the publisher\nsays so ", home)
    assert accepted.acceptance is not None
    assert accepted.acceptance.because == "the publisher says so"
    (line,) = attention(home)
    assert "the next refresh publishes it" in line


@pytest.mark.parametrize(
    ("slug", "version", "because", "said"),
    [
        ("nothing", NEW, "a reason", "There are: atop"),
        ("gdp", "c" * 12, "a reason", f"gdp.{NEW[:12]}"),
        ("gdp", NEW[:7], "a reason", "8 digits"),
        ("gdp", "", "a reason", "8 digits"),
        ("gdp", NEW, " \n ", "needs a reason"),
        ("gdp", NEW, "x" * 1_001, "needs a reason"),
        ("atop", NEW, "a reason", "(none)"),
    ],
)
def test_what_cannot_be_accepted_is_refused_in_words(
    home: Home, slug: str, version: str, because: str, said: str
) -> None:
    keep(home, "critical")
    with pytest.raises(ReleaseNameError, match="Nothing was changed") as error:
        accept_release(slug, version, because, home)
    assert said in str(error.value)
    assert not ReleaseRecords(home).accepted_file.exists()


def test_where_nothing_was_lost_there_is_nothing_to_accept(home: Home) -> None:
    keep(home, "info")
    assert attention(home) == []
    with pytest.raises(ReleaseNameError, match="nothing to accept"):
        accept_release("gdp", NEW, "a reason", home)


def test_an_unreadable_acceptance_is_told(home: Home) -> None:
    file = ReleaseRecords(home).accepted_file
    file.parent.mkdir(parents=True)
    file.write_text("{\n")
    assert attention(home) == [
        "releases/accepted.jsonl: line 1 cannot be read, and accepts nothing."
    ]


def test_the_verb_lists_shows_and_accepts(home: Home) -> None:
    assert "No earlier release" in asymmetry(home.path, "releases").stdout
    keep(home, "critical", name="BRA\x1b[31m\x07")
    assert "held" in asymmetry(home.path, "releases").stdout
    shown = asymmetry(home.path, "releases", "gdp").stdout
    assert "entity_code=BRA\\x1b[31m\\x07, 2000 to 2023, 24 rows" in shown
    assert "\x1b" not in shown
    assert '"state": "held"' in asymmetry(home.path, "releases", "--format", "json").stdout
    done = asymmetry(home.path, "releases", "accept", "gdp", NEW[:12], "--because", "a\x1b[2Jb")
    assert done.returncode == 0
    assert "exactly these bytes" in done.stdout
    shown = asymmetry(home.path, "releases", "gdp").stdout
    assert "accepted" in shown
    assert "a\\x1b[2Jb" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    "words",
    [
        ("accept", "gdp", NEW),
        ("accept", "gdp", "--because", "x"),
        ("gdp", "--because", "x"),
        ("gdp", "atop"),
        ("nothing",),
        ("accept", "gdp", "c" * 12, "--because", "x"),
    ],
)
def test_wrong_usage_ends_with_code_2(home: Home, words: tuple[str, ...]) -> None:
    done = asymmetry(home.path, "releases", *words)
    assert done.returncode == 2
    assert done.stderr
    assert not home.releases.exists()
