"""Claims by leaders on the page of findings."""

from collections.abc import Iterator

import duckdb
import pytest

from flows.engine.reference import read_reference
from flows.reports.claims_by_leader import claims_by_leader, letter_of
from transforms.metrics.claims.claim_definitions import Claim, read_claims
from warehouse.db import Connection

CLAIMS = tuple(c for c in read_claims(read_reference("claims.yml")) if c.name in ("C2a", "C5"))
LEADERS = {2: "United States", 365: "Russia", 710: "China"}
ONE_WAVE, ONCE = "most left in one wave", "it is judged once"


@pytest.fixture
def built() -> Iterator[Connection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA metrics")
        connection.execute(
            "CREATE TABLE metrics.claim_verdict (edition INT, claim VARCHAR, leader INT,"
            " verdict VARCHAR, one_line VARCHAR, estimate DOUBLE, ci_low DOUBLE, ci_high DOUBLE)"
        )
        for claim, leader, verdict, line, *figures in (
            ("C2a", 2, "mixed", "Mixed: more.", 0.049, 0.014, 0.084),
            ("C2a", 365, "not_testable", f"Cannot say, because {ONE_WAVE}.", 0.28, 0.1, 0.4),
            ("C5", 2, "inconclusive", "Inconclusive: …", -0.04, -0.67, 0.58),
            ("C5", 365, "not_testable", f"Cannot say, because {ONCE}.", None, None, None),
            ("C5", 710, "not_testable", f"Cannot say, because {ONCE}.", None, None, None),
        ):
            row = [2, claim, leader, verdict, line, *figures]
            connection.execute("INSERT INTO metrics.claim_verdict VALUES (?,?,?,?,?,?,?,?)", row)
        yield connection


def test_a_cell_is_a_verdict_or_the_letter_of_its_reason(built: Connection) -> None:
    text = claims_by_leader(built, CLAIMS, 2, LEADERS)
    assert "| | United States | Russia | China |" in text
    assert (
        "| [C2a](#c2a) | **Mixed** +0.049 [+0.014, +0.084] | cannot say (a) |"
        " not judged in this build |"
    ) in text
    assert "| cannot say (b) | cannot say (b) |" in text, "a reason has one letter"
    assert f"* **a**: {ONE_WAVE}.\n* **b**: {ONCE}.\n" in text
    assert "+0.280" not in text, "an estimate that decides nothing is not shown"


def test_every_claim_has_a_line(built: Connection) -> None:
    claims: tuple[Claim, ...] = read_claims(read_reference("claims.yml"))
    text = claims_by_leader(built, claims, 2, LEADERS)
    assert [line.split("]")[0][3:] for line in text.splitlines() if line.startswith("| [")] == [
        claim.name for claim in claims
    ]


def test_letters_go_on_after_z() -> None:
    assert [letter_of(place) for place in (0, 25, 26, 27)] == ["a", "z", "aa", "ab"]
