"""Verdicts in the terminal, and the page of findings."""

import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli.claims import _print_one
from flows.cli.main import app
from flows.engine.reference import read_reference
from flows.reports.findings import _section, findings_of
from transforms.metrics.claims.claim_definitions import Claim, read_claims
from transforms.metrics.claims.claim_verdict import build_claim_verdict
from warehouse.contracts.read import contracts

CLAIMS = list(contracts()["metrics.claim_test"].columns[0].codes or {})


def asymmetry(home: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), env={"ASYMMETRY_HOME": str(home)})


def test_the_verdicts_in_one_table(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "claims", "--format", "csv")
    assert done.exit_code == 0
    table = pl.read_csv(done.stdout.encode())
    assert table["claim"].to_list() == CLAIMS
    assert set(table["verdict"]) <= {"supported", "mixed", "not_supported", "not_testable"}
    assert table["one_line"].null_count() == 0


def test_one_claim_with_its_whole_grid(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "claims", "c1a", "--format", "json")
    rows = json.loads(done.stdout)
    listed = sample_home.rows("SELECT count(*) FROM metrics.claim_test WHERE claim = 'C1a'")
    assert len(rows) == listed[0][0]
    assert {row["role"] for row in rows} == {"primary", "grid", "falsifier"}


def test_a_person_sees_verdict_falsifiers_and_grid(sample_home: Any) -> None:
    for arguments in (("claims",), ("claims", "C3")):
        done = asymmetry(sample_home.home, *arguments)
        assert done.exit_code == 0


def test_an_unknown_claim_is_told_the_known_ones(sample_home: Any) -> None:
    assert asymmetry(sample_home.home, "claims", "C9").exit_code == 2


def test_verdicts_follow_from_the_tests_that_are_stored(sample_home: Any) -> None:
    with duckdb.connect(str(sample_home.warehouse), read_only=True) as connection:
        tests = connection.sql("SELECT * FROM metrics.claim_test").pl()
        stored = connection.sql("SELECT * FROM metrics.claim_verdict").pl()
    outcome = build_claim_verdict(claims=read_reference("claims.yml"), claim_test=tests)
    again = contracts()["metrics.claim_verdict"].conform(outcome.tables["metrics.claim_verdict"])
    assert again.equals(stored.sort("claim"))


def test_findings_of_a_made_up_world_are_refused(sample_home: Any, tmp_path: Path) -> None:
    page = tmp_path / "findings.md"
    assert asymmetry(sample_home.home, "findings", "--output", str(page)).exit_code == 2
    assert not page.exists()


def test_the_page_has_every_claim_its_charts_and_says_simulated(
    sample_home: Any, tmp_path: Path
) -> None:
    page = tmp_path / "findings.md"
    done = asymmetry(sample_home.home, "findings", "--simulated", "--output", str(page))
    assert done.exit_code == 0
    text = page.read_text("utf-8")
    assert [line[3:] for line in text.splitlines() if line in {f"## {c}" for c in CLAIMS}] == CLAIMS
    assert "SIMULATED" in text
    pictures = sorted((tmp_path / "findings").glob("*.svg"))
    assert len(pictures) >= 10
    for picture in pictures:
        svg = picture.read_text("utf-8")
        assert svg.startswith("<svg")
        assert "SIMULATED" in svg
        assert f"findings/{picture.name}" in text


def test_the_same_build_gives_the_same_page(sample_home: Any) -> None:
    with duckdb.connect(str(sample_home.warehouse), read_only=True) as connection:
        first, second = (findings_of(connection, "findings", True) for _ in range(2))
    assert first == second


SLOPES = {
    "within: tier_steps, unpopular, whole": (0.036, 0.016, 0.056),
    "cross_section: tier_steps, unpopular, whole": (0.036, 0.016, 0.056),
    "within: tier_steps, popular, whole": (0.023, 0.010, 0.036),
}


def weakly_told() -> tuple[Claim, pl.DataFrame, dict[str, Any]]:
    """C2b with slopes above 0, but not above those on popular votes, and with an unsure grid."""
    claims = read_reference("claims.yml")
    claims = {**claims, "claims": {"C2b": claims["claims"]["C2b"]}}
    (claim,) = read_claims(claims)
    rows = []
    for test in claim.tests:
        name = f"{test.estimator}: {test.specification}"
        estimate, low, high = SLOPES.get(name, (0.01, -0.02, 0.04))
        is_primary = test.role == "primary"
        rows.append(
            {
                "claim": claim.name,
                "estimator": test.estimator,
                "specification": test.specification,
                "role": test.role,
                "is_primary": is_primary,
                "estimate": estimate,
                "ci_low": low,
                "ci_high": high,
                "ci_low_holm": 0.01 if is_primary else None,
                "ci_high_holm": 0.062 if is_primary else None,
                "p_holm": 0.01 if is_primary else None,
                "p_value": 0.01,
                "n": 100,
                "window_from": 1946,
                "window_to": 2020,
                "excludes_zero": low > 0,
                "is_as_expected": low > 0,
                "null_reason": None,
            }
        )
    tests = pl.DataFrame(rows, infer_schema_length=None)
    (judged,) = build_claim_verdict(claims=claims, claim_test=tests).tables.values()
    return claim, tests, judged.row(0, named=True)


def test_a_falsifier_that_only_weakens_is_told_where_an_earlier_clause_decides(
    capsys: pytest.CaptureFixture[str],
) -> None:
    claim, tests, verdict = weakly_told()
    (weakening,) = (f.says for f in claim.falsifiers if f.only_weakens)
    (refuting,) = (f.says for f in claim.falsifiers if not f.only_weakens)
    assert (verdict["verdict"], verdict["rule"]) == ("mixed", "grid_disagrees")
    assert (verdict["falsifiers_fired"], verdict["falsifiers_weakening"]) == (None, weakening)
    assert verdict["one_line"].endswith(f"variants agree; weakened: {weakening}.")

    section = _section(claim, verdict, tests)
    assert f"* Falsifier, fires (only weakens): {weakening}.\n" in section
    assert f"* Falsifier, does not fire: {refuting}.\n" in section

    _print_one(verdict, tests)
    message = " ".join(capsys.readouterr().out.split())
    assert f"falsifier (fires (only weakens)): {weakening}" in message
