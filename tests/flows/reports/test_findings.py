"""A claim on the page of findings and in the terminal: falsifiers and what weakens it are shown."""

from typing import Any

import polars as pl
import pytest

from flows.cli.claims import _print_grid
from flows.reports.findings import _section
from transforms.metrics.claims.claim_definitions import Claim, read_claims
from transforms.metrics.claims.claim_test import tests_frame as frame_of
from transforms.metrics.claims.claim_verdict import judge_edition
from transforms.metrics.claims.columns import JOINT_SCHEMA
from transforms.metrics.claims.estimate import Finding

RAW: dict[str, Any] = {
    "edition": 2,
    "leader": 2,
    "rule": {"tested": 0.5, "agree": "2/3", "some": "1/3", "alpha": 0.05},
    "claims": {
        "C2b": {
            "origin": "derived",
            "statement": "The stronger the guarantee, the more support.",
            "reading": "slope",
            "limits": "Few.",
            "expected": "positive",
            "estimand": "slope",
            "tests": [
                {
                    "role": role,
                    "measure": "legitimation_dose",
                    "estimator": "within",
                    "each": {"vote_class": vote_class},
                    "specification": "{vote_class}",
                }
                for role, vote_class in (("primary", "unpopular"), ("placebo", "popular"))
            ],
            "falsifiers": [
                {"says": "the slope is falling", "test": "within: unpopular", "below": 0}
            ],
            "weakening": [
                {
                    "says": "popular votes rise as well",
                    "when": [{"every": "within: popular", "is": "as_expected"}],
                }
            ],
        }
    },
}
FOUND = (
    Finding(0.036, 0.016, 0.056, p_value=0.001, n=100),
    Finding(0.023, 0.010, 0.036, p_value=0.001, n=100),
)


def weakly_told() -> tuple[Claim, pl.DataFrame, dict[str, Any]]:
    """C2b with a slope above 0, and one on popular votes, which weakens it."""
    (claim,) = claims = read_claims(RAW)
    tests = frame_of(RAW, claims, FOUND)
    joint = [{"claim": "C2b", "edition": 2, "leader": 2, "p_value": 0.01}]
    judged = judge_edition(RAW, tests, pl.DataFrame(joint, schema=JOINT_SCHEMA))
    return claim, tests, judged.row(0, named=True)


def test_what_weakens_a_claim_and_what_would_refute_it_are_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    claim, tests, verdict = weakly_told()
    assert (verdict["verdict"], verdict["rule"]) == ("mixed", "weakened")
    assert verdict["falsifiers_weakening"] == "popular votes rise as well"
    assert verdict["one_line"].endswith("weakened: popular votes rise as well.")

    section = _section(claim, verdict, tests)
    assert "* Falsifier, does not hold: the slope is falling.\n" in section
    assert "* Weakened if: popular votes rise as well; holds, and weakens it.\n" in section

    _print_grid(verdict, tests)
    message = " ".join(capsys.readouterr().out.split())
    assert "(holds, and weakens it): popular votes rise as well" in message
