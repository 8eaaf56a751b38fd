"""When an estimate says nothing, and where one lies among the variants."""

import pytest

from transforms.arguing.answer import Counts, answer_as_published, answer_of
from transforms.arguing.place import implied_t, place_on_curve

ENOUGH = Counts(100, 30, 5, 3, 3, 10, (1, 10))
FOUND = {
    "estimate": 0.1,
    "std_error": 0.02,
    "ci_low": 0.06,
    "ci_high": 0.14,
    "p_value": 0.001,
    "inference": "cluster_t",
    "n": 90,
}


def said(counts: Counts, row: dict[str, object] | None = None, switchers: bool = True) -> str:
    found = FOUND if row is None else row
    return answer_of(found, counts, needs_switchers=switchers, classes="ten votes").cannot_say


def test_enough_allies_clusters_and_roll_calls_are_an_estimate() -> None:
    answer = answer_of(FOUND, ENOUGH, needs_switchers=True, classes="ten votes")
    assert answer.cannot_say == ""
    assert answer.figures["estimate"] == 0.1
    assert answer.counts.rows == 90, "rows are those of the estimate"


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (Counts(100, 30, 4, 3, 3, 10, (1, 10)), "allies with votes: 4 (at least 5)"),
        (Counts(100, 30, 5, 2, 3, 10, (1, 10)), "clusters of allies: 2 (at least 3)"),
        (Counts(100, 30, 5, 3, 3, 9, (1, 10)), "roll calls of the class in the window: 9"),
        (Counts(100, 30, 5, 3, 2, 10, (1, 10)), "states that change their status: 2"),
        (Counts(100, 30, 30, 3, 3, 10, (1, 10)), "every state is an ally"),
        (Counts(0, 0, 0, 0, 0, 0, None), "no state-session in the window has ten votes"),
    ],
)
def test_too_little_is_said_and_no_figure_shown(counts: Counts, message: str) -> None:
    answer = answer_of(FOUND, counts, needs_switchers=True, classes="ten votes")
    assert message in answer.cannot_say
    assert set(answer.figures.values()) == {None}


def test_between_states_nobody_has_to_change_its_status() -> None:
    assert said(Counts(100, 30, 5, 3, 0, 10, (1, 10)), switchers=False) == ""


def test_what_the_design_explains_is_said() -> None:
    assert "explain who is an ally" in said(ENOUGH, {"estimate": None, "inference": "none"})
    assert "for an interval" in said(ENOUGH, {"estimate": 0.1, "inference": "few_switchers"})


def test_a_function_that_says_itself_why_is_believed() -> None:
    answer = answer_as_published({"null_reason": "no_variation"}, Counts(rows=7))
    assert answer.cannot_say == "nothing varies that could tell"
    assert set(answer.figures.values()) == {None}
    nothing = answer_as_published({"null_reason": "unit_not_in_source"}, Counts(rows=0))
    assert nothing.cannot_say == "nothing is left to estimate from with these choices"
    no_ends = answer_as_published({**FOUND, "ci_low": None}, Counts(rows=7))
    assert no_ends.cannot_say == "too few cases are known"


def test_four_allies_say_nothing_whatever_the_estimate() -> None:
    answer = answer_as_published(FOUND, Counts(rows=7, allies=4))
    assert answer.cannot_say == "allies in what is compared: 4 (at least 5)"
    assert answer.figures["estimate"] is None
    assert answer_as_published(FOUND, Counts(rows=7, allies=5)).figures["estimate"] == 0.1


def test_figures_are_as_many_digits_as_the_build_publishes_and_p_is_never_missing() -> None:
    row = {**FOUND, "estimate": 0.1234567891234, "p_value": None}
    answer = answer_as_published(row, Counts(rows=7), is_rounded=True)
    assert answer.figures["estimate"] == 0.123456789
    assert answer.figures["p_value"] is not None
    assert answer.counts.rows == 90
    exact = answer_as_published(row, Counts(rows=7))
    assert exact.figures["estimate"] == 0.1234567891234


def test_t_is_above_the_quantile_exactly_where_the_interval_leaves_0_out() -> None:
    assert implied_t((0.1, 0.06, 0.14)) == pytest.approx(4.9, abs=0.01)
    assert implied_t((0.1, 0.0, 0.9)) == pytest.approx(1.96, abs=0.001)
    assert implied_t((-0.1, -0.9, 0.0)) == pytest.approx(-1.96, abs=0.001)
    assert implied_t((0.0, 0.0, 0.0)) == 0


def test_the_place_counts_variants_below() -> None:
    variants = [(-0.1, -0.2, 0.0), (0.05, 0.04, 0.06), (0.2, -0.2, 0.6)]
    place = place_on_curve((0.1, 0.06, 0.14), variants, True)
    assert (place.n_variants, place.n_lower, place.n_lower_t) == (3, 2, 2)
    assert place_on_curve((0.1, 0.06, 0.14), variants, False).n_lower is None
