"""Verdicts of the first edition: its rule, its falsifiers and its sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from transforms.metrics.claims.claim_definitions import Claim
from transforms.metrics.claims.claim_test import tested_of
from transforms.metrics.claims.conditions import fires
from transforms.metrics.claims.estimate import Tested
from transforms.metrics.claims.strongest_counter import strongest_counter
from transforms.metrics.claims.verdict_rule_edition_1 import Judgement, judge, read_rules

BETWEEN = " | "
WORDS = {
    "supported": "Supported",
    "mixed": "Mixed",
    "not_supported": "Not supported",
    "not_testable": "Not testable",
}


def verdict_of(raw: Mapping[str, Any], claim: Claim, rows: pl.DataFrame) -> dict[str, Any]:
    """What the first edition says of one claim.

    Args:
        raw: Its file of claims.
        claim: The claim.
        rows: `metrics.claim_test` of the edition.

    Returns:
        Columns of `metrics.claim_verdict`, but for those of the primary test.
    """
    tests = tested_of(rows, claim)
    (primary,) = (test for test in tests if test.role == "primary")
    answers = [(falsifier, fires(falsifier, tests)) for falsifier in claim.falsifiers]
    fired = [f.says for f, answer in answers if answer and not f.only_weakens]
    weakened = [f.says for f, answer in answers if answer and f.only_weakens]
    untestable = [f.says for f, answer in answers if answer is None]
    grid = [test for test in tests if test.role == "grid"]
    judgement = judge(primary, grid, fired, untestable, read_rules(raw), weakened=weakened)
    counter = strongest_counter(tests)
    return {
        "verdict": judgement.verdict,
        "rule": judgement.rule,
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
