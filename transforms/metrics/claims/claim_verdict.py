"""`metrics.claim_verdict`: the verdict on each claim, by each edition of the claims.

It depends only on `metrics.claim_test`, `metrics.claim_joint_test` and the files of claims. Both
editions are judged, each by its own rule, and both are shown.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.metrics.claims import first_edition, second_edition
from transforms.metrics.claims.claim_definitions import (
    Claim,
    edition_of,
    leaders_of,
    read_claims,
)
from transforms.metrics.claims.editions import FIRST_EDITION
from transforms.metrics.claims.leaders import PAPER_LEADER
from transforms.metrics.claims.replications import said_of_replication
from transforms.metrics.claims.verdict_rule import NOT_TESTABLE
from transforms.step_result import StepResult

TABLE = "metrics.claim_verdict"

CANNOT_SAY = "cannot_say"
KEY = ("edition", "leader", "claim")
_OF_PRIMARY = ("estimate", "ci_low", "ci_high", "ci_low_holm", "ci_high_holm", "p_holm")
_SCHEMA = {
    "claim": pl.String,
    "edition": pl.Int16,
    "leader": pl.Int16,
    "origin": pl.String,
    "statement": pl.String,
    "verdict": pl.String,
    "rule": pl.String,
    "primary_specification": pl.String,
    **dict.fromkeys(_OF_PRIMARY, pl.Float64),
    "n_grid": pl.Int32,
    "n_grid_listed": pl.Int32,
    "n_grid_as_expected": pl.Int32,
    "n_grid_contradicting": pl.Int32,
    "p_joint": pl.Float64,
    "falsifiers_fired": pl.String,
    "falsifiers_weakening": pl.String,
    "falsifiers_not_testable": pl.String,
    "strongest_counter_specification": pl.String,
    "one_line": pl.String,
}


def build_claim_verdict(
    *,
    claims: Mapping[str, Any],
    claims_edition_1: Mapping[str, Any],
    claim_test: pl.DataFrame,
    claim_joint_test: pl.DataFrame,
) -> StepResult:
    """Judges every claim of both editions.

    Args:
        claims: `transforms/reference/claims.yml`, the newest edition.
        claims_edition_1: `transforms/reference/claims_edition_1.yml`.
        claim_test: `metrics.claim_test`.
        claim_joint_test: `metrics.claim_joint_test`.

    Returns:
        One row per claim, edition and leader. Nothing is lost.

    Raises:
        ValueError: A listed test has no row.
    """
    judged = [
        judge_edition(raw, claim_test, claim_joint_test, leader)
        for raw in (claims_edition_1, claims)
        for leader in leaders_of(raw)
    ]
    return StepResult({TABLE: pl.concat(judged).sort(KEY)})


def judge_edition(
    raw: Mapping[str, Any],
    claim_test: pl.DataFrame,
    claim_joint_test: pl.DataFrame,
    leader: int | None = None,
) -> pl.DataFrame:
    """Judges every claim of one edition for one leader.

    Args:
        raw: The file of claims.
        claim_test: `metrics.claim_test`; rows of other editions and leaders are not read.
        claim_joint_test: `metrics.claim_joint_test`, likewise.
        leader: COW code; None: the first of the file.

    Returns:
        Rows of `metrics.claim_verdict`.
    """
    leader = leader or leaders_of(raw)[0]
    is_own = (pl.col("edition") == edition_of(raw)) & (pl.col("leader") == leader)
    rows, joint = claim_test.filter(is_own), claim_joint_test.filter(is_own)
    found = [_row(raw, claim, rows, joint, leader) for claim in read_claims(raw, leader)]
    return pl.DataFrame(found, schema=_SCHEMA, orient="row")


def _row(
    raw: Mapping[str, Any], claim: Claim, rows: pl.DataFrame, joint: pl.DataFrame, leader: int
) -> dict[str, Any]:
    if edition_of(raw) == FIRST_EDITION:
        verdict = first_edition.verdict_of(raw, claim, rows)
        verdict |= {"n_grid_contradicting": None, "p_joint": None}
    else:
        verdict = second_edition.verdict_of(raw, claim, rows, joint)
        if claim.cannot_say and verdict["verdict"] != NOT_TESTABLE:
            verdict |= {"verdict": NOT_TESTABLE, "rule": CANNOT_SAY}
        if leader != PAPER_LEADER:
            verdict |= {"one_line": said_of_replication(claim, rows, verdict)}
    (primary,) = (test for test in claim.tests if test.role == "primary")
    of_primary = rows.filter((pl.col("claim") == claim.name) & pl.col("is_primary"))
    return {
        "claim": claim.name,
        "edition": edition_of(raw),
        "leader": leader,
        "origin": claim.origin,
        "statement": claim.statement,
        "primary_specification": f"{primary.estimator}: {primary.specification}",
        **of_primary.select(_OF_PRIMARY).row(0, named=True),
        **verdict,
    }
