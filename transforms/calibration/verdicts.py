"""Tests and verdict of one claim in one world, by the pipeline's own functions.

Every claim is judged alone, without Holm's correction. A build corrects over all claims that it
can test, so false support is at most as frequent there as here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.calibration.scenario import Tables
from transforms.metrics.claims.claim_test import TABLE as TESTS
from transforms.metrics.claims.claim_test import build_claim_test
from transforms.metrics.claims.claim_verdict import TABLE as VERDICTS
from transforms.metrics.claims.claim_verdict import build_claim_verdict


@dataclass(frozen=True)
class Judged:
    """The verdict of one claim.

    Attributes:
        claim: The claim.
        verdict: supported, mixed, not_supported or not_testable.
        rule: The clause that gave it.
        tests: Its rows of `metrics.claim_test`.
    """

    claim: str
    verdict: str
    rule: str
    tests: pl.DataFrame


def judge_world(claims: Mapping[str, Any], names: tuple[str, ...], tables: Tables) -> list[Judged]:
    """Tests and judges claims.

    Args:
        claims: `transforms/reference/claims.yml`.
        names: The claims to judge.
        tables: Tables of the world, by their names without the schema; those that the claims
            do not read may be missing.

    Returns:
        One verdict per claim, in the order of `names`.
    """
    return [_judge({**claims, "claims": {n: claims["claims"][n]}}, tables) for n in names]


def _judge(claims: Mapping[str, Any], tables: Tables) -> Judged:
    tests = build_claim_test(claims=claims, **tables).tables[TESTS]
    verdict = build_claim_verdict(claims=claims, claim_test=tests).tables[VERDICTS]
    found = verdict.row(0, named=True)
    return Judged(found["claim"], found["verdict"], found["rule"], tests)
