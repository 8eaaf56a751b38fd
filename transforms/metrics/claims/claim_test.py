"""`metrics.claim_test`: every listed test of every claim.

The file of claims lists the tests, and measures compute them from metrics and marts. Holm's
correction is taken over the primary specifications of all claims. Estimates read from other tables
keep their interval and p-value; where a table has no p-value it is that of a normal interval.

References: Istomin and Baykov 2019 (MEMO 63(1): 34-48); Holm 1979 (Scandinavian Journal of
Statistics 6: 65-70).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from transforms.metrics.claims.claim_definitions import Claim, Listed, read_claims, read_rules
from transforms.metrics.claims.estimate import Finding, Tested, p_from_interval, widened
from transforms.metrics.claims.estimators import MEASURES, compute
from transforms.metrics.claims.holm import holm
from transforms.step_result import StepResult

TABLE = "metrics.claim_test"

_SCHEMA = {
    "claim": pl.String,
    "estimator": pl.String,
    "specification": pl.String,
    "estimand": pl.String,
    "role": pl.String,
    "is_primary": pl.Boolean,
    "expected_sign": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "p_value": pl.Float64,
    "p_holm": pl.Float64,
    "ci_low_holm": pl.Float64,
    "ci_high_holm": pl.Float64,
    "equivalence_bound": pl.Float64,
    "n": pl.Int64,
    "window_from": pl.Int16,
    "window_to": pl.Int16,
    "seed": pl.Int64,
    "source_table": pl.String,
    "excludes_zero": pl.Boolean,
    "sign_as_expected": pl.Boolean,
    "is_as_expected": pl.Boolean,
    "null_reason": pl.String,
}


def build_claim_test(*, claims: Mapping[str, Any], **tables: pl.DataFrame) -> StepResult:
    """Computes all tests.

    Args:
        claims: `transforms/reference/claims.yml`.
        **tables: The tables that the measures read (`estimators.MEASURES`), by their names
            without the schema.

    Returns:
        One row per listed test, computed or with its `null_reason`; not_computed where its table
        is missing. Nothing is lost.

    Raises:
        ClaimsError: The file of claims contradicts itself.
    """
    listed = [test for claim in read_claims(claims) for test in claim.tests]
    return StepResult(
        {TABLE: tests_frame(listed, _findings(listed, tables), read_rules(claims).alpha)}
    )


def _findings(listed: Sequence[Listed], tables: Mapping[str, pl.DataFrame]) -> list[Finding]:
    """One finding per test; the tests of one measure and claim are computed in one call."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place, test in enumerate(listed):
        groups.setdefault((test.claim, test.measure), []).append(place)
    found: dict[int, Finding] = {}
    for (_, measure), places in groups.items():
        results = compute(measure, [listed[place].cell for place in places], tables)
        found |= dict(zip(places, results, strict=True))
    return [found[place] for place in range(len(listed))]


def tests_frame(
    listed: Sequence[Listed], findings: Sequence[Finding], alpha: float
) -> pl.DataFrame:
    """Tests with their findings as rows of `metrics.claim_test`.

    Args:
        listed: Tests, of all claims.
        findings: One per test.
        alpha: Family-wise error of the primary specifications.
    """
    rows = [_row(test, finding) for test, finding in zip(listed, findings, strict=True)]
    primaries = [row for row in rows if row["is_primary"]]
    for row, adjusted in zip(
        primaries, holm([r["p_value"] for r in primaries], alpha), strict=True
    ):
        if adjusted is not None:
            low, high = widened(row["ci_low"], row["estimate"], row["ci_high"], adjusted[1])
            row |= {"p_holm": adjusted[0], "ci_low_holm": low, "ci_high_holm": high}
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort(
        "claim", "estimator", "specification"
    )


def _row(test: Listed, found: Finding) -> dict[str, Any]:
    estimate, low, high = found.estimate, found.ci_low, found.ci_high
    p_value = found.p_value
    if p_value is None and estimate is not None and low is not None and high is not None:
        p_value = p_from_interval(estimate, low, high)
    tested = Tested(
        test.estimator,
        test.specification,
        test.role,
        test.expected,
        estimate,
        low,
        high,
        test.bound,
    )
    return {
        "claim": test.claim,
        "estimator": test.estimator,
        "specification": test.specification,
        "estimand": test.estimand,
        "role": test.role,
        "is_primary": test.role == "primary",
        "expected_sign": test.expected,
        "estimate": estimate,
        "ci_low": low,
        "ci_high": high,
        "p_value": p_value,
        "p_holm": None,
        "ci_low_holm": None,
        "ci_high_holm": None,
        "equivalence_bound": test.bound,
        "n": found.n,
        "window_from": found.window_from,
        "window_to": found.window_to,
        "seed": found.seed,
        "source_table": MEASURES[test.measure].source_table,
        "excludes_zero": tested.excludes_zero,
        "sign_as_expected": tested.sign_as_expected,
        "is_as_expected": tested.as_expected,
        "null_reason": found.null_reason,
    }


def tested_of(rows: pl.DataFrame, claim: Claim) -> list[Tested]:
    """The tests of a claim, as input of the verdict rule, in the order of the file.

    Args:
        rows: `metrics.claim_test`.
        claim: The claim.

    Raises:
        ValueError: A listed test has no row.
    """
    by_name = {
        (row["estimator"], row["specification"]): row
        for row in rows.filter(pl.col("claim") == claim.name).iter_rows(named=True)
    }
    if absent := [t for t in claim.tests if (t.estimator, t.specification) not in by_name]:
        raise ValueError(
            f"{claim.name}: no row for {absent[0].estimator}: {absent[0].specification}"
        )
    return [
        Tested(
            estimator=test.estimator,
            specification=test.specification,
            role=test.role,
            expected=test.expected,
            estimate=row["estimate"],
            ci_low=row["ci_low"],
            ci_high=row["ci_high"],
            bound=test.bound,
            ci_low_holm=row["ci_low_holm"],
            ci_high_holm=row["ci_high_holm"],
        )
        for test in claim.tests
        for row in (by_name[test.estimator, test.specification],)
    ]
