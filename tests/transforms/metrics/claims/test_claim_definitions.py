"""The file of claims: complete, without contradictions, as it was agreed."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from transforms.metrics.claims import estimate as finding
from transforms.metrics.claims.claim_definitions import ClaimsError, read_claims, read_rules
from transforms.metrics.claims.estimators import MEASURES
from transforms.metrics.claims.falsifiers import picked
from warehouse.contracts.read import contracts

FILE = Path(__file__).resolve().parents[4] / "transforms" / "reference" / "claims.yml"
RAW = yaml.safe_load(FILE.read_text("utf-8"))
CLAIMS = read_claims(RAW)

MINIMAL = {
    "rule": {"grid_share": "2/3", "grid_tested": 0.5, "alpha": 0.05},
    "labels": {"q": {3: "three"}},
    "claims": {
        "X": {
            "statement": "s",
            "reading": "r",
            "limits": "l",
            "expected": "positive",
            "estimand": "e",
            "tests": [
                {"role": "primary", "measure": "m", "estimator": "a", "each": {"q": 3, "v": "x"}}
                | {"specification": "{v} {q}"},
                {"role": "grid", "measure": "m", "estimator": "a", "each": {"q": [3, 5], "v": "x"}}
                | {"specification": "{v} {q}"},
            ],
            "falsifiers": [{"says": "f", "when": [{"every": "a: x three", "is": {"at_most": 0}}]}],
        }
    },
}


def test_every_claim_is_there():
    assert [claim.name for claim in CLAIMS] == list(
        contracts()["metrics.claim_test"].columns[0].codes or {}
    )


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
def test_a_claim_has_a_grid_falsifiers_and_known_measures(claim):
    assert sum(test.role == "grid" for test in claim.tests) >= 9
    assert claim.falsifiers
    assert claim.limits
    assert {test.measure for test in claim.tests} <= set(MEASURES)
    (primary,) = (test for test in claim.tests if test.role == "primary")
    assert primary.expected != "zero"


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
def test_every_pattern_of_a_falsifier_picks_tests(claim):
    rows = [
        finding.Tested(t.estimator, t.specification, t.role, t.expected, None, None, None)
        for t in claim.tests
    ]
    for falsifier in claim.falsifiers:
        for condition in falsifier.conditions:
            assert picked(condition.rows, rows)
            assert not condition.than or picked(condition.than, rows)


def test_the_thresholds_of_the_rule():
    rules = read_rules(RAW)
    assert (rules.grid_share, rules.grid_tested, rules.alpha) == (2 / 3, 1 / 2, 0.05)


def test_a_block_stands_for_its_combinations_and_the_primary_counts_once():
    (claim,) = read_claims(MINIMAL)
    assert [(t.role, t.specification) for t in claim.tests] == [
        ("primary", "x three"),
        ("grid", "x 5"),
    ]
    assert claim.tests[1].cell == {"q": 5, "v": "x"}


def broken(change):
    raw: Any = copy.deepcopy(MINIMAL)
    change(raw["claims"]["X"])
    return raw


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["tests"].pop(0), "exactly one"),
        (lambda c: c["tests"][0].update(role="best"), "role 'best'"),
        (lambda c: c["tests"][1].update(specification="same"), "two tests"),
        (lambda c: c["falsifiers"][0]["when"][0].update({"is": "odd"}), "odd"),
        (lambda c: c["falsifiers"][0]["when"][0].update(any="a: *"), "one of them"),
    ],
)
def test_contradictions_are_refused(change, message):
    with pytest.raises(ClaimsError, match=message):
        read_claims(broken(change))
