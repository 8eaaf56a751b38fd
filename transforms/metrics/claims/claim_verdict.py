"""`metrics.claim_verdict`: the verdict on each claim.

It depends only on `metrics.claim_test` and the file of claims, by the rule of
`transforms.metrics.claims.verdict_rule`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from transforms.metrics.claims.claim_definitions import Claim, read_claims, read_rules
from transforms.metrics.claims.claim_test import tested_of
from transforms.metrics.claims.estimate import Tested
from transforms.metrics.claims.falsifiers import fires
from transforms.metrics.claims.verdict_rule import Judgement, Rules, judge, strongest_counter
from transforms.step_result import StepResult

TABLE = "metrics.claim_verdict"

BETWEEN = " | "
WORDS = {
    "supported": "Supported",
    "mixed": "Mixed",
    "not_supported": "Not supported",
    "not_testable": "Not testable",
}
_SCHEMA = {
    "claim": pl.String,
    "statement": pl.String,
    "verdict": pl.String,
    "rule": pl.String,
    "primary_specification": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "ci_low_holm": pl.Float64,
    "ci_high_holm": pl.Float64,
    "p_holm": pl.Float64,
    "n_grid": pl.Int32,
    "n_grid_listed": pl.Int32,
    "n_grid_as_expected": pl.Int32,
    "falsifiers_fired": pl.String,
    "falsifiers_weakening": pl.String,
    "falsifiers_not_testable": pl.String,
    "strongest_counter_specification": pl.String,
    "one_line": pl.String,
}


def build_claim_verdict(*, claims: Mapping[str, Any], claim_test: pl.DataFrame) -> StepResult:
    """Judges every claim.

    Args:
        claims: `transforms/reference/claims.yml`.
        claim_test: `metrics.claim_test`.

    Returns:
        One row per claim. Nothing is lost.

    Raises:
        ValueError: A listed test has no row.
    """
    rules = read_rules(claims)
    rows = [_row(claim, claim_test, rules) for claim in read_claims(claims)]
    return StepResult({TABLE: pl.DataFrame(rows, schema=_SCHEMA, orient="row")})


def _row(claim: Claim, claim_test: pl.DataFrame, rules: Rules) -> dict[str, Any]:
    tests = tested_of(claim_test, claim)
    (primary,) = (test for test in tests if test.role == "primary")
    answers = [(falsifier, fires(falsifier, tests)) for falsifier in claim.falsifiers]
    fired = [f.says for f, answer in answers if answer and not f.only_weakens]
    weakened = [f.says for f, answer in answers if answer and f.only_weakens]
    untestable = [f.says for f, answer in answers if answer is None]
    grid = [test for test in tests if test.role == "grid"]
    judgement = judge(primary, grid, fired, untestable, rules, weakened=weakened)
    counter = strongest_counter(tests)
    primary_row = claim_test.filter((pl.col("claim") == claim.name) & pl.col("is_primary"))
    return {
        "claim": claim.name,
        "statement": claim.statement,
        "verdict": judgement.verdict,
        "rule": judgement.rule,
        "primary_specification": primary.name,
        **primary_row.select(
            "estimate", "ci_low", "ci_high", "ci_low_holm", "ci_high_holm", "p_holm"
        ).row(0, named=True),
        "n_grid": judgement.n_grid,
        "n_grid_listed": judgement.n_grid_listed,
        "n_grid_as_expected": judgement.n_grid_as_expected,
        "falsifiers_fired": BETWEEN.join(fired) or None,
        "falsifiers_weakening": BETWEEN.join(weakened) or None,
        "falsifiers_not_testable": BETWEEN.join(untestable) or None,
        "strongest_counter_specification": counter.name if counter else None,
        "one_line": one_line(claim, primary, judgement, fired, untestable, weakened=weakened),
    }


def one_line(
    claim: Claim,
    primary: Tested,
    judgement: Judgement,
    fired: Sequence[str],
    untestable: Sequence[str],
    *,
    weakened: Sequence[str] = (),
) -> str:
    """Verdict, figures and reason in one line.

    Args:
        claim: The claim.
        primary: Its primary test.
        judgement: Result of the verdict rule.
        fired: Falsifiers that fire.
        untestable: Falsifiers that could not be evaluated.
        weakened: Falsifiers that fire and only weaken the claim; named whatever the rule.
    """
    figures = "not computed in this build"
    if primary.estimate is not None:
        figures = f"{primary.estimate:+.3f} [{primary.ci_low:+.3f}, {primary.ci_high:+.3f}]"
    grid = f"{judgement.n_grid_as_expected} of {judgement.n_grid} tested variants agree"
    reasons = {
        "falsifier_fired": f"falsified: {'; '.join(fired)}",
        "primary_not_testable": "the primary specification could not be computed",
        "primary_equivalent_to_zero": "an effect so small counts as none",
        "primary_on_other_side": "the effect has the opposite sign",
        "primary_includes_zero": "after Holm's correction the interval includes 0",
        "grid_too_thin": f"only {judgement.n_grid} of {judgement.n_grid_listed} listed variants"
        " could be tested",
        "grid_disagrees": "less than two thirds of the variants agree",
        "falsifier_not_testable": f"could not be ruled out: {'; '.join(untestable)}",
        "weakened": "",
        "all_conditions_hold": "no falsifier fires",
    }
    parts = [figures, grid, reasons[judgement.rule]]
    parts += [f"weakened: {'; '.join(weakened)}"] if weakened else []
    return f"{WORDS[judgement.verdict]}: {claim.reading}: {'; '.join(filter(None, parts))}."
