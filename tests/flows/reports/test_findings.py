"""A claim on the page of findings and in the terminal: falsifiers that only weaken are shown."""

from typing import Any

import polars as pl
import pytest

from flows.cli.claims import _print_one
from flows.engine.reference import read_reference
from flows.reports.findings import _section
from transforms.metrics.claims.claim_definitions import Claim, read_claims
from transforms.metrics.claims.claim_verdict import build_claim_verdict

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
