"""Tests and verdict of one claim in one world, by the pipeline's own functions.

Every claim is judged alone, without Holm's correction. A build corrects over all claims that it
can test, so false support is at most as frequent there as here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.calibration.scenario import Tables
from transforms.metrics.claims.claim_test import compute_edition
from transforms.metrics.claims.claim_verdict import judge_edition


@dataclass(frozen=True)
class Judged:
    """The verdict of one claim.

    Attributes:
        claim: The claim.
        verdict: One of the edition's.
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
        claims: A file of claims.
        names: The claims to judge.
        tables: Tables of the world, by their names without the schema; those that the claims
            do not read may be missing.

    Returns:
        One verdict per claim, in the order of `names`.
    """
    return [_judge({**claims, "claims": {n: claims["claims"][n]}}, tables) for n in names]


def _judge(claims: Mapping[str, Any], tables: Tables) -> Judged:
    tests, joint = compute_edition(claims, tables)
    found = judge_edition(claims, tests, joint).row(0, named=True)
    return Judged(found["claim"], found["verdict"], found["rule"], tests)


def with_primaries_alone(claims: Mapping[str, Any]) -> dict[str, Any]:
    """A file of claims without all that is not a primary test: what reads others, too.

    Args:
        claims: A file of claims.
    """
    kept = {
        name: {
            **{
                key: value for key, value in entry.items() if key not in ("falsifiers", "weakening")
            },
            "tests": [block for block in entry["tests"] if block["role"] == "primary"],
        }
        for name, entry in claims["claims"].items()
    }
    return {**claims, "claims": kept}
