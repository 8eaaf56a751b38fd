"""Comparisons and acceptances on disk: each acceptance for exactly its bytes, none ever lost."""

import json
from pathlib import Path

import pytest

from expectations.releases.findings import Finding
from expectations.suite import Severity
from flows.home.paths import Home
from flows.home.release_records import Comparison, Release, ReleaseRecords

OLD, NEW, NEWER = "a" * 64, "b" * 64, "c" * 64


def comparison(sha256: str = NEW, severity: Severity = "critical") -> Comparison:
    release = Release("gdp", f"gdp.{sha256[:12]}", sha256, f"gdp.{OLD[:12]}", OLD)
    example = {"entity_code": "BRA", "n": 24, "first": 2000, "last": 2023}
    finding = Finding("keys_lost", "staging.t", None, 24, 100, (example,), severity, "why", 0.05)
    return Comparison(release, (finding,), "2026-11-29T10:00:00+00:00")


def test_a_comparison_is_read_back_as_it_was(tmp_path: Path) -> None:
    records = ReleaseRecords(Home.at(tmp_path))
    assert records.comparisons() == []
    assert list(tmp_path.iterdir()) == []  # looking writes nothing
    records.keep(comparison())
    assert records.comparisons() == [comparison()]
    assert records.comparison("gdp", NEW, OLD) == comparison()
    assert records.comparison("gdp", NEWER, OLD) is None


def test_an_acceptance_counts_for_exactly_these_bytes_in_place_of_those(tmp_path: Path) -> None:
    records = ReleaseRecords(Home.at(tmp_path))
    for found in (comparison(NEW), comparison(NEWER)):
        records.keep(found)
    assert comparison().is_held
    acceptance = records.accept(comparison(NEW), "a reason")
    kept = {c.release.sha256: c for c in records.comparisons()}
    assert kept[NEW].acceptance == acceptance
    assert not kept[NEW].is_held
    assert kept[NEWER].is_held
    other = Release("gdp", f"gdp.{NEW[:12]}", NEW, f"gdp.{NEWER[:12]}", NEWER)
    assert records.with_acceptance(Comparison(other, (), "")).acceptance is None


def test_acceptances_are_only_ever_added(tmp_path: Path) -> None:
    records = ReleaseRecords(Home.at(tmp_path))
    records.accept(comparison(), "first")
    before = records.accepted_file.read_bytes()
    last = records.accept(comparison(), 'second, with a\n line, "quotes" and ünïcode')
    assert records.accepted_file.read_bytes().startswith(before)
    lines = [json.loads(line) for line in records.accepted_file.read_text().splitlines()]
    assert [line["because"] for line in lines] == ["first", last.because]
    assert lines[0]["sha256"] == NEW
    assert lines[0]["previous_sha256"] == OLD
    assert "@" in lines[0]["by"]
    assert lines[0]["at"].endswith("+00:00")
    assert lines[0]["findings"] == ["staging.t: 24 of 100 (24.0%) keys are gone"]
    assert records.acceptances()[NEW, OLD] == last


@pytest.mark.parametrize("damage", ["{", "[]", "1", '{"sha256": "x"}', "\x00\xff"])
def test_a_damaged_line_accepts_nothing_and_hides_no_other(tmp_path: Path, damage: str) -> None:
    records = ReleaseRecords(Home.at(tmp_path))
    records.accept(comparison(NEW), "first")
    with records.accepted_file.open("a", encoding="latin-1") as file:
        file.write(damage + "\n")
    records.accept(comparison(NEWER), "third")
    assert records.unreadable_lines() == [2]
    assert set(records.acceptances()) == {(NEW, OLD), (NEWER, OLD)}


def test_a_damaged_comparison_is_as_good_as_none(tmp_path: Path) -> None:
    records = ReleaseRecords(Home.at(tmp_path))
    records.keep(comparison()).write_text("{")
    assert records.comparisons() == []
    assert records.comparison("gdp", NEW, OLD) is None


@pytest.mark.parametrize(
    ("severity", "is_held", "wants"),
    [("critical", True, True), ("warning", False, True), ("info", False, False)],
)
def test_what_is_held_and_what_is_told(severity: Severity, is_held: bool, wants: bool) -> None:
    found = comparison(severity=severity)
    assert (found.is_held, found.wants_attention) == (is_held, wants)
    assert len(found.notable()) == int(wants)
