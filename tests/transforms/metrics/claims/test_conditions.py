"""Conditions over tests, and what is not known."""

import pytest

from transforms.metrics.claims import estimate as finding
from transforms.metrics.claims.conditions import Condition, Falsifier, FalsifierError, fires


def row(name, estimate=0.3, low=0.1, high=0.5, expected="positive"):
    estimator, _, specification = name.partition(": ")
    return finding.Tested(estimator, specification, "grid", expected, estimate, low, high, 0.03)


def missing(name):
    return row(name, None, None, None)


def one(rows, holds, **more):
    return Falsifier("it fires", (Condition((rows,), holds, **more),))


US, UK = row("LP4: United States"), row("LP4: United Kingdom", 0.4)
NONE = row("LP2: United States", 0.1, -0.1, 0.3)


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        (row("a: b", 0.1, -0.1, 0.3), "includes_zero"),
        (row("a: b", 0.1, -0.1, 0.3), "not_as_expected"),
        (row("a: b"), "as_expected"),
        (row("a: b", -0.1, -0.2, 0.1), "wrong_sign"),
        (row("a: b", 0.0, -0.2, 0.2), "wrong_sign"),
        (row("a: b", 0.01, -0.01, 0.03), "within_bound"),
        (row("a: b", 0.01, -0.01, 0.03), "zero_or_opposite"),
        (row("a: b", -0.3, -0.5, -0.1), "zero_or_opposite"),
    ],
)
def test_what_can_be_true_of_a_test(test, holds):
    assert fires(one("a: b", holds), [test]) is True


def test_an_unsure_interval_is_neither_zero_nor_opposite():
    assert fires(one("a: *", "zero_or_opposite"), [row("a: b", 0.1, -0.1, 0.3)]) is False


def test_numbers_and_other_tests():
    assert fires(one("LP4: United States", "at_least", value=0.3), [US]) is True
    assert fires(one("LP4: United States", "at_most", value=0.29), [US]) is False
    than = {"than": ("*: United States",), "same_estimator": True}
    assert fires(one("*: United Kingdom", "as_large_as", **than), [US, UK, NONE]) is True
    assert fires(one("LP4: United States", "as_large_as", than=("*Kingdom",)), [US, UK]) is False


def test_an_estimate_is_above_another_only_if_its_interval_is():
    low, high = row("a: low", 0.1, 0.05, 0.15), row("a: high", 0.12, 0.11, 0.3)
    assert fires(one("a: high", "not_above", than=("a: low",)), [low, high]) is False
    assert fires(one("a: low", "not_above", than=("a: high",)), [low, high]) is True
    near = row("a: near", 0.11, 0.0, 0.2)
    assert fires(one("a: high", "not_above", than=("a: low", "a: near")), [low, near, high]) is True


def test_quantifiers():
    rows = [US, UK, NONE]
    assert fires(one("*", "includes_zero"), rows) is False
    assert fires(one("*", "includes_zero", quantifier="any"), rows) is True
    assert fires(one("*", "includes_zero", quantifier="more_than", share=0.33), rows) is True
    assert fires(one("*", "includes_zero", quantifier="more_than", share=0.34), rows) is False


def test_what_is_missing_makes_it_unknown_unless_the_rest_settles_it():
    gone = missing("LP3: United States")
    assert fires(one("*", "includes_zero"), [NONE, gone]) is None
    assert fires(one("*", "includes_zero"), [US, gone]) is False
    assert fires(one("*", "includes_zero", quantifier="any"), [US, gone]) is None
    assert fires(one("*", "includes_zero", quantifier="any"), [NONE, gone]) is True
    assert fires(one("LP3*", "includes_zero", quantifier="more_than"), [gone]) is None
    both = Falsifier(
        "it fires", (Condition(("LP3*",), "includes_zero"), Condition(("LP4*",), "includes_zero"))
    )
    assert fires(both, [US, gone]) is False
    assert fires(both, [row("LP4: x", 0.1, -0.1, 0.3), gone]) is None


def test_all_conditions_must_hold():
    both = Falsifier(
        "it fires",
        (Condition(("LP2*",), "includes_zero"), Condition(("LP4*",), "as_expected")),
    )
    assert fires(both, [US, NONE]) is True
    assert fires(both, [row("LP4: x", 0.1, -0.1, 0.3), NONE]) is False


def test_a_pattern_that_fits_nothing_is_an_error():
    with pytest.raises(FalsifierError, match="LP9"):
        fires(one("LP9: *", "includes_zero"), [US])
