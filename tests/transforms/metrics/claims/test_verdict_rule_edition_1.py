"""Every clause of the first edition's rule, and what no set of tests may do to it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.metrics.claims import estimate as finding
from transforms.metrics.claims.estimate import p_from_interval, widened
from transforms.metrics.claims.holm import holm
from transforms.metrics.claims.strongest_counter import strongest_counter
from transforms.metrics.claims.verdict_rule_edition_1 import Rules, judge


def row(estimate=0.3, low=0.1, high=0.5, *, role="grid", expected="positive", **more):
    given: dict[str, Any] = {"estimator": "LP4", "specification": "core", "bound": 0.03} | more
    return finding.Tested(
        role=role, expected=expected, estimate=estimate, ci_low=low, ci_high=high, **given
    )


def primary(estimate=0.3, low=0.1, high=0.5, holm_low=0.02, holm_high=0.58, **more):
    return row(
        estimate, low, high, role="primary", ci_low_holm=holm_low, ci_high_holm=holm_high, **more
    )


NULL = {"estimate": None, "low": None, "high": None}
FOR, UNSURE = row(), row(0.1, -0.1, 0.3)


def decided(judgement):
    return judgement.verdict, judgement.rule


def test_supported_when_everything_holds():
    found = judge(primary(), [FOR, FOR, UNSURE], [])
    assert decided(found) == ("supported", "all_conditions_hold")
    assert (found.n_grid_listed, found.n_grid, found.n_grid_as_expected) == (3, 3, 2)


def test_a_fired_falsifier_decides_whatever_else():
    message = ("not_supported", "falsifier_fired")
    assert decided(judge(primary(), [FOR] * 3, ["it fires"])) == message
    assert decided(judge(primary(**NULL), [], ["it fires"])) == message


def test_nothing_computed_is_not_testable():
    found = judge(primary(**NULL), [row(**NULL)], [], ["unknown"])
    assert decided(found) == ("not_testable", "primary_not_testable")
    assert (found.n_grid_listed, found.n_grid) == (1, 0)


def test_a_negligible_effect_is_none_even_where_it_is_sure():
    sure = primary(0.015, 0.005, 0.025, 0.001, 0.029)
    assert decided(judge(sure, [FOR] * 3, [])) == ("not_supported", "primary_equivalent_to_zero")
    on_the_bound = primary(0.0, -0.03, 0.03, -0.05, 0.05)
    message = ("not_supported", "primary_equivalent_to_zero")
    assert decided(judge(on_the_bound, [FOR] * 3, [])) == message


def test_the_other_side_is_not_supported():
    opposite = primary(-0.3, -0.5, -0.1, -0.58, -0.02)
    message = ("not_supported", "primary_on_other_side")
    assert decided(judge(opposite, [FOR] * 3, [])) == message
    below = primary(0.3, 0.1, 0.5, expected="negative")
    assert decided(judge(below, [FOR] * 3, [])) == message


def test_an_interval_with_zero_at_holms_level_is_mixed():
    found = judge(primary(holm_low=-0.01), [FOR] * 3, [])
    assert decided(found) == ("mixed", "primary_includes_zero")


@pytest.mark.parametrize(("n_for", "verdict"), [(6, "supported"), (5, "mixed")])
def test_two_thirds_of_the_grid(n_for, verdict):
    grid = [FOR] * n_for + [UNSURE] * (9 - n_for)
    assert judge(primary(), grid, []).verdict == verdict


def test_a_grid_that_could_not_be_tested_is_too_thin():
    rows = [FOR] * 2 + [row(**NULL)] * 3
    assert decided(judge(primary(), rows, [])) == ("mixed", "grid_too_thin")
    assert decided(judge(primary(), [], [])) == ("mixed", "grid_too_thin")
    assert judge(primary(), [FOR] * 2 + [row(**NULL)] * 2, []).verdict == "supported"


def test_a_falsifier_that_cannot_be_evaluated_leaves_it_open():
    message = ("mixed", "falsifier_not_testable")
    assert decided(judge(primary(), [FOR] * 3, [], ["unknown"])) == message


def test_what_only_weakens_a_claim_keeps_it_from_being_supported_and_no_more():
    assert decided(judge(primary(), [FOR] * 3, [], weakened=["so"])) == ("mixed", "weakened")
    message = ("not_supported", "falsifier_fired")
    assert decided(judge(primary(), [FOR] * 3, ["no"], weakened=["so"])) == message


def test_the_thresholds_are_those_of_the_file():
    grid = [FOR] + [UNSURE] * 2
    assert judge(primary(), grid, [], rules=Rules(grid_share=1 / 3)).verdict == "supported"


def test_no_effect_expected_means_within_the_bound():
    assert row(0.01, -0.02, 0.03, expected="zero").as_expected
    assert not row(0.01, -0.02, 0.04, expected="zero").as_expected


ESTIMATES = st.tuples(
    st.floats(-2, 2), st.floats(0, 1), st.floats(0, 1), st.sampled_from(["positive", "negative"])
)


def drawn(values, role="grid"):
    estimate, below, above, expected = values
    stretch = 1.4 if role == "primary" else None
    ends = {
        "ci_low_holm": estimate - 1.4 * below if stretch else None,
        "ci_high_holm": estimate + 1.4 * above if stretch else None,
    }
    return row(estimate, estimate - below, estimate + above, role=role, expected=expected, **ends)


def flipped(test):
    sides = {"estimate": -test.estimate, "ci_low": -test.ci_high, "ci_high": -test.ci_low}
    if test.ci_low_holm is not None:
        sides |= {"ci_low_holm": -test.ci_high_holm, "ci_high_holm": -test.ci_low_holm}
    return replace(test, **sides)


@given(ESTIMATES, st.lists(ESTIMATES, max_size=8))
def test_flipping_all_signs_never_leaves_a_claim_supported(first, others):
    main, grid = drawn(first, "primary"), [drawn(values) for values in others]
    if judge(main, grid, []).verdict == "supported":
        assert judge(flipped(main), [flipped(test) for test in grid], []).verdict != "supported"


@given(ESTIMATES, st.lists(ESTIMATES, max_size=8))
def test_a_fired_falsifier_never_leaves_a_claim_supported(first, others):
    main, grid = drawn(first, "primary"), [drawn(values) for values in others]
    assert judge(main, grid, ["it fires"]).verdict == "not_supported"


@given(ESTIMATES, st.lists(ESTIMATES, min_size=1, max_size=8))
def test_a_further_variant_that_disagrees_never_helps(first, others):
    main, grid = drawn(first, "primary"), [drawn(values) for values in others]
    against = row(-0.3, -0.5, -0.1)
    if judge(main, [*grid, against], []).verdict == "supported":
        assert judge(main, grid, []).verdict == "supported"


def test_the_strongest_counter_is_the_surest_opposite():
    weak = row(-0.1, -0.4, 0.2, specification="weak")
    sure = row(-0.1, -0.12, -0.08, specification="sure")
    placebo = row(-9.0, -9.1, -8.9, role="placebo", specification="placebo")
    assert strongest_counter([primary(), FOR, weak, sure, placebo]) is sure
    assert strongest_counter([primary(), FOR, placebo]) is None


def test_holm_by_hand():
    found = holm([0.01, 0.04, None, 0.03])
    assert found[2] is None
    message = [one for one in found if one]
    assert [p for p, _ in message] == pytest.approx([0.03, 0.06, 0.06])
    assert [level for _, level in message] == pytest.approx([0.05 / 3, 0.05 / 2, 0.05 / 2])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_never_makes_a_result_stronger(p_values):
    for p, one in zip(p_values, holm(p_values), strict=True):
        assert one is not None
        adjusted, level = one
        assert p <= adjusted <= 1
        assert level <= 0.05
        assert (adjusted <= 0.05) == (p <= level)


def test_a_normal_interval_has_the_normal_p():
    assert p_from_interval(1.96, 0.0, 3.92) == pytest.approx(0.05, abs=1e-4)
    assert p_from_interval(0.0, -1.0, 1.0) == 1.0
    low, high = widened(-1.959964, 0.0, 1.959964, 0.01)
    assert (low, high) == pytest.approx((-2.575829, 2.575829), abs=1e-5)
