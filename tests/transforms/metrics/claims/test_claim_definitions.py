"""The files of claims: complete, without contradictions, as it was agreed."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from transforms.metrics.claims import estimate as finding
from transforms.metrics.claims.claim_definitions import read_claims
from transforms.metrics.claims.conditions import picked
from transforms.metrics.claims.estimators import MEASURES
from transforms.metrics.claims.falsifier_definitions import ClaimsError
from transforms.metrics.claims.verdict_rule import read_thresholds
from transforms.metrics.claims.verdict_rule_edition_1 import read_rules
from warehouse.contracts.read import contracts

FOLDER = Path(__file__).resolve().parents[4] / "transforms" / "reference"
FIRST, SECOND = (
    yaml.safe_load((FOLDER / name).read_text("utf-8"))
    for name in ("claims_edition_1.yml", "claims.yml")
)
FIRST_CLAIMS, SECOND_CLAIMS = read_claims(FIRST), read_claims(SECOND)
OF_FIRST = ["C1a", "C1b", "C1c", "C2a", "C2b", "C2c", "C2d", "C2e", "C3", "C4", "C5", "C6"]

MINIMAL = {
    "edition": 1,
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


def test_the_first_edition_never_changes():
    assert [claim.name for claim in FIRST_CLAIMS] == OF_FIRST
    rules = read_rules(FIRST)
    assert (rules.grid_share, rules.grid_tested, rules.alpha) == (2 / 3, 1 / 2, 0.05)


def test_every_claim_of_the_second_edition_is_a_code_of_the_contract():
    codes = contracts()["metrics.claim_test"].columns[0].codes or {}
    assert {claim.name for claim in SECOND_CLAIMS} <= set(codes)
    rules = read_thresholds(SECOND["rule"])
    assert (rules.agree, rules.some, rules.tested, rules.alpha) == (2 / 3, 1 / 3, 1 / 2, 0.05)


@pytest.mark.parametrize("claim", [*FIRST_CLAIMS, *SECOND_CLAIMS], ids=lambda c: c.name)
def test_a_claim_has_limits_known_measures_and_an_expectation(claim):
    assert claim.limits
    assert {test.measure for test in claim.tests} <= set(MEASURES)
    (primary,) = (test for test in claim.tests if test.role == "primary")
    assert primary.expected != "zero"


@pytest.mark.parametrize("claim", FIRST_CLAIMS, ids=lambda c: c.name)
def test_a_claim_of_the_first_edition_has_a_grid_and_falsifiers(claim):
    assert sum(test.role == "grid" for test in claim.tests) >= 9
    assert claim.falsifiers


@pytest.mark.parametrize("claim", [*FIRST_CLAIMS, *SECOND_CLAIMS], ids=lambda c: c.name)
def test_every_pattern_of_a_condition_picks_tests(claim):
    rows = [
        finding.Tested(t.estimator, t.specification, t.role, t.expected, None, None, None)
        for t in claim.tests
    ]
    for falsifier in (*claim.falsifiers, *claim.weakening):
        for condition in falsifier.conditions:
            assert picked(condition.rows, rows)
            assert not condition.than or picked(condition.than, rows)


def test_a_block_stands_for_its_combinations_and_the_primary_counts_once():
    (claim,) = read_claims(MINIMAL)
    assert [(t.role, t.specification) for t in claim.tests] == [
        ("primary", "x three"),
        ("grid", "x 5"),
    ]
    assert claim.tests[1].cell == {"q": 5, "v": "x"}


def broken(change, raw=MINIMAL):
    raw = copy.deepcopy(raw)
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


NEWER: dict[str, Any] = copy.deepcopy(MINIMAL)
NEWER["edition"] = 2
NEWER["claims"]["X"] |= {
    "origin": "derived",
    "falsifiers": [{"says": "f", "test": "a: x three", "below": 0.1}],
    "weakening": [{"says": "w", "when": [{"every": "a: x 5", "is": "wrong_sign"}]}],
}


def test_a_falsifier_of_the_second_edition_is_a_test_a_side_and_a_number():
    (claim,) = read_claims(NEWER)
    (falsifier,) = claim.interval_falsifiers
    assert (falsifier.test, falsifier.side, falsifier.value) == ("a: x three", "below", 0.1)
    assert [w.says for w in claim.weakening] == ["w"]
    assert claim.origin == "derived"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(origin="rumour"), "origin 'rumour'"),
        (lambda c: c["falsifiers"][0].update(above=0), "below or above"),
        (lambda c: c["falsifiers"][0].update(test="a: z"), "not listed"),
    ],
)
def test_contradictions_of_the_second_edition_are_refused(change, message):
    with pytest.raises(ClaimsError, match=message):
        read_claims(broken(change, NEWER))
