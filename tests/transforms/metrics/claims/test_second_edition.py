"""Falsifiers by interval, distinct cells, and a verdict from rows to sentence."""

from typing import Any

import polars as pl
import pytest

from transforms.metrics.claims import estimate as finding
from transforms.metrics.claims.claim_definitions import read_claims
from transforms.metrics.claims.claim_test import tests_frame as frame_of
from transforms.metrics.claims.claim_verdict import judge_edition
from transforms.metrics.claims.columns import JOINT_SCHEMA
from transforms.metrics.claims.interval_falsifiers import IntervalFalsifier, fired
from transforms.metrics.claims.specification_curve import are_distinct, curve_of


def row(name: str, estimate=0.3, low=0.1, high=0.5, *, role="grid", n=10):
    estimator, _, specification = name.partition(": ")
    return finding.Tested(
        estimator, specification, role, "positive", estimate, low, high, 0.03, n=n
    )


def below(name: str, value: float) -> IntervalFalsifier:
    return IntervalFalsifier("it fires", name, "below", value)


def test_a_point_estimate_fires_nothing():
    sure, unsure = row("a: x", -0.3, -0.5, -0.1), row("a: y", -0.3, -0.7, 0.1)
    assert fired([below("a: x", 0.0)], [sure, unsure], 0.05) == [True]
    assert fired([below("a: y", 0.0)], [sure, unsure], 0.05) == [False]
    above = IntervalFalsifier("it fires", "a: x", "above", -0.6)
    assert fired([above], [sure, unsure], 0.05) == [True]


def test_many_falsifiers_need_more_each():
    barely = row("a: x", -0.21, -0.41, -0.01)
    others = [row(f"b: {k}", 0.3, 0.1, 0.5) for k in range(4)]
    tests = [barely, *others]
    assert fired([below("a: x", 0.0)], tests, 0.05) == [True]
    all_of_them = [below("a: x", 0.0), *(below(f"b: {k}", 0.3) for k in range(4))]
    assert fired(all_of_them, tests, 0.05) == [False] * 5


def test_what_could_not_be_computed_fires_nothing():
    assert fired([below("a: x", 0.0)], [row("a: x", None, None, None)], 0.05) == [None]


def test_cells_with_equal_figures_count_once_and_the_primary_first():
    tests = [
        row("a: same"),
        row("a: again"),
        row("p: primary", role="primary"),
        row("a: other n", n=11),
        row("a: missing", None, None, None),
        row("a: missing too", None, None, None),
        row("a: against", -0.3, -0.5, -0.1),
        row("a: placebo", role="placebo"),
    ]
    assert are_distinct(tests) == [False, False, True, True, True, True, True, None]
    curve = curve_of(tests)
    assert (curve.n_listed, curve.n_tested, curve.n_agree, curve.n_contradict) == (5, 3, 2, 1)


RAW: dict[str, Any] = {
    "edition": 2,
    "leader": 2,
    "rule": {"tested": "1/2", "agree": "2/3", "some": "1/3", "alpha": 0.05},
    "claims": {
        name: {
            "origin": origin,
            "statement": "It is so.",
            "reading": "difference",
            "limits": "Few.",
            "expected": "positive",
            "estimand": "difference",
            "equivalence": 0.03,
            "in_holm": name != "C2e",
            "caution": "hardly any power" if name == "C2e" else "",
            "tests": [
                {
                    "role": "primary" if place == "p" else "grid",
                    "measure": "legitimation_premium",
                    "estimator": "e",
                    "each": {"vote_class": place},
                    "specification": "{vote_class}",
                }
                for place in ("p", "q")
            ],
        }
        for name, origin in (
            *(("C1a", "abstract"), ("C2a", "abstract")),
            *(("C6", "derived"), ("C2e", "derived")),
        )
    },
}


def judged(*findings: finding.Finding):
    claims = read_claims(RAW)
    rows = frame_of(RAW, claims, findings)
    joint = [{"claim": c.name, "edition": 2, "leader": 2, "p_value": 0.01} for c in claims]
    return rows, judge_edition(RAW, rows, pl.DataFrame(joint, schema=JOINT_SCHEMA))


GOOD = finding.Finding(0.3, 0.05, 0.55, p_value=0.02, n=10)
SURE = finding.Finding(0.3, 0.2, 0.4, p_value=0.0001, n=12)


def test_families_are_corrected_apart_and_those_outside_not_at_all():
    rows, _ = judged(*[GOOD, SURE] * 4)
    primaries = {r["claim"]: r for r in rows.filter("is_primary").iter_rows(named=True)}
    assert primaries["C1a"]["p_holm"] == pytest.approx(0.04)  # of two abstract claims
    assert primaries["C6"]["p_holm"] == pytest.approx(0.02)  # alone: C2e is in no family
    assert primaries["C2e"]["p_holm"] is None


def test_other_leaders_are_not_adjusted():
    claims = read_claims(RAW)
    rows = frame_of({**RAW, "leader": 365}, claims, [GOOD, SURE] * 4)
    assert rows["p_holm"].null_count() == rows.height


def test_a_verdict_says_its_figures_its_variants_and_its_caution():
    _, verdicts = judged(*[GOOD, SURE] * 4)
    by_claim = {r["claim"]: r for r in verdicts.iter_rows(named=True)}
    assert by_claim["C6"]["verdict"] == "supported"
    assert by_claim["C6"]["one_line"] == (
        "Supported: difference: +0.300 [+0.050, +0.550]; of 2 distinct variants 2 agree and 0"
        " contradict; jointly p 0.010; no falsifier fires, and nothing weakens it."
    )
    assert by_claim["C2e"]["one_line"].endswith("hardly any power.")
