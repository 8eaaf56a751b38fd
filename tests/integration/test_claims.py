"""Verdicts in the terminal, and the page of findings."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from flows.engine.reference import read_reference
from flows.reports.estimator_words import estimator_in_words
from flows.reports.findings import findings_of
from tests.built_homes import BuiltHome
from tests.processes import asymmetry
from transforms.metrics.claims.claim_verdict import build_claim_verdict
from warehouse.contracts.read import contracts

NEWEST, FIRST = (read_reference(name)["claims"] for name in ("claims.yml", "claims_edition_1.yml"))
LINES_OF_A_SCREEN, COLUMNS_OF_A_SCREEN = 36, 100
VERDICTS = {
    *("supported", "contradicted", "negligible"),
    *("mixed", "inconclusive", "not_testable"),
}


def test_the_verdicts_in_one_table(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "claims", "--format", "csv")
    assert done.returncode == 0
    table = pl.read_csv(done.stdout.encode())
    assert table["claim"].to_list() == list(NEWEST)
    assert set(table["verdict"]) <= VERDICTS
    assert table["one_line"].null_count() == 0


def test_the_first_edition_can_be_asked_for(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "claims", "--format", "csv", "--edition", "1")
    table = pl.read_csv(done.stdout.encode())
    assert table["claim"].to_list() == list(FIRST)
    assert set(table["verdict"]) <= {"supported", "mixed", "not_supported", "not_testable"}
    unknown = asymmetry(sample_home.home, "claims", "--edition", "7")
    assert unknown.returncode == 2
    assert "There is no edition 7" in unknown.stderr


@pytest.mark.parametrize(
    ("view", "claims"),
    [("claims", NEWEST), ("claims_edition_1", FIRST)],
)
def test_views_have_one_row_a_claim(sample_home: Any, view: str, claims: dict[str, Any]) -> None:
    found = [row[0] for row in sample_home.rows(f"SELECT claim FROM {view}")]
    assert sorted(found) == sorted(claims)


def test_each_leader_has_each_claim_or_a_reason(sample_home: Any) -> None:
    found = sample_home.rows("SELECT leader, claim, verdict, one_line FROM claims_by_leader")
    assert len(found) == len(NEWEST) * 5
    for leader, _, verdict, one_line in found:
        if leader != 2 and verdict == "not_testable":
            assert one_line.startswith("Cannot say, because ")


def test_claims_of_another_leader(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "claims", "--leader", "china", "--format", "csv")
    table = pl.read_csv(done.stdout.encode())
    assert set(table["leader"]) == {710}
    assert table["claim"].to_list() == list(NEWEST)
    unknown = asymmetry(sample_home.home, "claims", "--leader", "narnia")
    assert unknown.returncode == 2
    assert "russia (365)" in unknown.stderr


def test_one_claim_with_its_whole_grid(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "claims", "c1c", "--format", "json")
    rows = json.loads(done.stdout)
    listed = sample_home.rows(
        "SELECT count(*) FROM metrics.claim_test WHERE claim = 'C1c' AND edition = 2 AND leader = 2"
    )
    assert len(rows) == listed[0][0]
    assert {row["role"] for row in rows} == {"primary", "grid", "placebo"}


@pytest.mark.parametrize("edition", [(), ("--edition", "1"), ("--leader", "russia")])
def test_every_claim_fits_a_screen(sample_home: Any, edition: tuple[str, ...]) -> None:
    listed = asymmetry(sample_home.home, "claims", *edition, "--json").stdout
    for row in json.loads(listed):
        done = asymmetry(sample_home.home, "claims", row["claim"], *edition)
        assert done.returncode == 0
        lines = done.stdout.splitlines()
        assert len(lines) <= LINES_OF_A_SCREEN
        assert max(map(len, lines[:-1])) <= COLUMNS_OF_A_SCREEN
        words = " ".join(done.stdout.split())
        assert " ".join(row["statement"].split()) in words
        assert row["verdict"].replace("_", " ").upper() in words


def test_the_list_has_the_wording_of_each_claim(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "claims")
    words = " ".join(re.sub("[│┃]", " ", done.stdout).split())
    for claim in NEWEST.values():
        assert claim["statement"].split("; ")[0].split(", ")[0] in words


def test_a_claim_says_what_would_change_our_mind(sample_home: Any) -> None:
    words = " ".join(asymmetry(sample_home.home, "claims", "C2a").stdout.split())
    for part in ("falsifiers", "weakening"):
        for condition in NEWEST["C2a"][part]:
            assert condition["says"] in words


def test_all_shows_the_whole_grid_with_estimators_in_words(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "claims", "C5", "--all")
    assert "Primary specification" in done.stdout
    assert "cox_" not in done.stdout
    for words in (("claims", "--all"), ("claims", "C3", "--edition", "1", "--all")):
        assert asymmetry(sample_home.home, *words).returncode == 0


def test_every_estimator_has_words(sample_home: Any) -> None:
    named = sample_home.rows("SELECT DISTINCT estimator, source_table FROM metrics.claim_test")
    for estimator, table in named:
        words = estimator_in_words(estimator, table)
        assert not set(estimator.split(", ")) & {w.strip("()") for w in words.split("; ")}
        assert " " in words


def test_an_unknown_claim_is_told_the_known_ones(sample_home: Any) -> None:
    assert asymmetry(sample_home.home, "claims", "C99").returncode == 2


def test_verdicts_follow_from_the_tests_that_are_stored(sample_home: Any) -> None:
    with duckdb.connect(str(sample_home.warehouse), read_only=True) as connection:
        tests = connection.sql("SELECT * FROM metrics.claim_test").pl()
        joint = connection.sql("SELECT * FROM metrics.claim_joint_test").pl()
        stored = connection.sql("SELECT * FROM metrics.claim_verdict").pl()
    outcome = build_claim_verdict(
        claims=read_reference("claims.yml"),
        claims_edition_1=read_reference("claims_edition_1.yml"),
        claim_test=tests,
        claim_joint_test=joint,
    )
    again = contracts()["metrics.claim_verdict"].conform(outcome.tables["metrics.claim_verdict"])
    assert again.equals(stored.sort("edition", "leader", "claim"))


def test_findings_of_a_made_up_world_are_refused(sample_home: Any, tmp_path: Path) -> None:
    page = tmp_path / "findings.md"
    assert asymmetry(sample_home.home, "findings", "--output", str(page)).returncode == 2
    assert not page.exists()


@pytest.fixture(scope="module")
def page(sample_home: BuiltHome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of findings, written by the command."""
    page = tmp_path_factory.mktemp("page") / "findings.md"
    done = asymmetry(sample_home.home, "findings", "--simulated", "--output", str(page))
    assert done.returncode == 0, done.stderr
    return page


def test_the_page_has_every_claim_its_charts_and_says_simulated(page: Path) -> None:
    text = page.read_text("utf-8")
    heads = [line[3:] for line in text.splitlines() if line in {f"## {c}" for c in NEWEST}]
    assert heads == list(NEWEST)
    assert "SIMULATED" in text
    pictures = sorted((page.parent / "findings").glob("*.svg"))
    assert len(pictures) >= 10
    for picture in pictures:
        svg = picture.read_text("utf-8")
        assert svg.startswith("<svg")
        assert "SIMULATED" in svg
        assert f"findings/{picture.name}" in text


def test_the_same_build_gives_the_same_page(sample_home: BuiltHome, page: Path) -> None:
    with duckdb.connect(str(sample_home.warehouse), read_only=True) as connection:
        text, pictures = findings_of(connection, "findings", True)
    assert text == page.read_text("utf-8")
    written = {path.stem: path.read_text("utf-8") for path in page.parent.glob("findings/*.svg")}
    assert pictures == written
