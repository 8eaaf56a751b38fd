"""The rule of the second edition: one verdict for every combination of evidence."""

from collections import Counter
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.metrics.claims.verdict_rule import (
    EXPECTED,
    INCLUDES_ZERO,
    OTHER,
    Evidence,
    Thresholds,
    decide,
    read_thresholds,
)

RULE = Thresholds(tested=1 / 2, agree=2 / 3, some=1 / 3, alpha=0.05)
GOOD = Evidence(
    holm_side=EXPECTED,
    is_within_bound=False,
    share_tested=1.0,
    share_agree=0.8,
    share_contradict=0.0,
    joint_p=0.01,
    is_falsified=False,
    is_weakened=False,
)
SHARES = [(0.0, 0.0), (0.2, 0.5), (0.4, 0.1), (2 / 3, 1 / 3), (1.0, 0.0)]
ALL = [
    Evidence(side, within, tested, agree, contradict, joint, falsified, weakened)
    for side, within, tested, (agree, contradict), joint, falsified, weakened in product(
        (None, EXPECTED, OTHER, INCLUDES_ZERO),
        (False, True),
        (0.0, 0.49, 0.5, 1.0),
        SHARES,
        (None, 0.04, 0.05, 0.9),
        (False, True),
        (False, True),
    )
]


def by_the_words(e: Evidence) -> str:
    """The rule as CLAIMS states it, clause by clause, without the module's own."""
    if e.holm_side is None or e.share_tested < 1 / 2:
        return "not_testable"
    if e.holm_side == OTHER or e.is_falsified:
        return "contradicted"
    if e.is_within_bound:
        return "negligible"
    is_joint = e.joint_p is not None and e.joint_p < 0.05
    if e.holm_side == EXPECTED:
        holds = e.share_agree >= 2 / 3 and is_joint and not e.is_weakened
        return "supported" if holds else "mixed"
    return "mixed" if e.share_agree >= 1 / 3 or e.share_contradict >= 1 / 3 else "inconclusive"


def test_every_combination_has_the_verdict_of_the_words():
    assert [decide(e, RULE)[0] for e in ALL] == [by_the_words(e) for e in ALL]
    assert set(Counter(decide(e, RULE)[0] for e in ALL)) == {
        *("supported", "contradicted", "negligible"),
        *("mixed", "inconclusive", "not_testable"),
    }


@pytest.mark.parametrize(
    ("change", "verdict", "rule"),
    [
        ({}, "supported", "all_conditions_hold"),
        ({"holm_side": None}, "not_testable", "primary_not_testable"),
        ({"share_tested": 0.49}, "not_testable", "cells_not_testable"),
        ({"holm_side": OTHER}, "contradicted", "primary_on_other_side"),
        ({"is_falsified": True}, "contradicted", "falsifier_fired"),
        ({"is_within_bound": True}, "negligible", "primary_equivalent_to_zero"),
        ({"share_agree": 0.66}, "mixed", "grid_disagrees"),
        ({"joint_p": 0.05}, "mixed", "joint_test_fails"),
        ({"joint_p": None}, "mixed", "joint_test_fails"),
        ({"is_weakened": True}, "mixed", "weakened"),
        ({"holm_side": INCLUDES_ZERO}, "mixed", "primary_includes_zero"),
        ({"holm_side": INCLUDES_ZERO, "share_agree": 0.3}, "inconclusive", "nothing_shown"),
    ],
)
def test_each_clause(change: dict[str, Any], verdict: str, rule: str):
    assert decide(replace(GOOD, **change), RULE) == (verdict, rule)


@given(st.sampled_from(ALL), st.sampled_from(ALL))
def test_weaker_evidence_never_makes_a_claim_supported(first: Evidence, second: Evidence):
    worse = replace(
        first,
        share_agree=min(first.share_agree, second.share_agree),
        is_falsified=first.is_falsified or second.is_falsified,
        is_weakened=first.is_weakened or second.is_weakened,
    )
    if decide(worse, RULE)[0] == "supported":
        assert decide(first, RULE)[0] == "supported"


def test_fractions_are_read_as_they_are_written():
    raw = {"tested": "1/2", "agree": "2/3", "some": 0.25, "alpha": 0.05}
    assert read_thresholds(raw) == Thresholds(0.5, 2 / 3, 0.25, 0.05)
