"""An argument in words: the side, what is negligible, the place, and what cannot be said."""

from dataclasses import replace
from typing import Any

import pytest

from flows.home.arguments import Argument
from flows.reports.argument_list import arguments_page
from flows.reports.argument_page import (
    NO_VERDICT,
    changes_in_words,
    comparison,
    sentences_of,
)

PUBLISHED: dict[str, Any] = {
    "estimate": 0.05,
    "ci_low": 0.01,
    "ci_high": 0.09,
    "p_value": 0.01,
    "n": 7619,
    "null_reason": None,
}
ARGUMENT = Argument(
    name="0123456789abcdef",
    claim="C2a",
    statement="Allies pay.",
    estimand="share",
    expected="positive",
    bound=0.03,
    asked={"tier": "atop"},
    changed={"tier": ["core", "atop"]},
    allies=None,
    build_id="b" * 64,
    is_simulated=False,
    made_at="2026-01-01T00:00:00+00:00",
    seconds=0.8,
    answer={"estimate": 0.1, "ci_low": 0.06, "ci_high": 0.14, "p_value": 0.0004, "cannot_say": ""},
    counts={
        **{"rows": 1200, "states": 30, "allies": 5, "waves": 3, "switchers": 4},
        **{"roll_calls": 99, "sessions": [46, 65]},
    },
    published=PUBLISHED,
    place={"n_variants": 11, "n_lower": 7, "n_lower_t": 8, "t": 2.7},
    notes=["Only 4 states change their status in these rows."],
)


def with_figures(low: float, high: float, expected: str = "positive") -> str:
    own = {**ARGUMENT.answer, "estimate": (low + high) / 2, "ci_low": low, "ci_high": high}
    return sentences_of(replace(ARGUMENT, answer=own, expected=expected))[0]


@pytest.mark.parametrize(
    ("low", "high", "expected", "words"),
    [
        (0.06, 0.14, "positive", "leaves 0 out, on the expected side; it is not within ±0.03"),
        (0.06, 0.14, "negative", "leaves 0 out, on the other side"),
        (-0.02, 0.02, "positive", "includes 0; it is within ±0.03"),
        (0.0, 0.02, "positive", "includes 0"),
    ],
)
def test_the_side_and_what_is_negligible(
    low: float, high: float, expected: str, words: str
) -> None:
    assert words in with_figures(low, high, expected)


def test_the_place_the_basis_the_notes_and_that_it_is_no_verdict() -> None:
    said = sentences_of(ARGUMENT)
    assert "by estimate above 7 of 11 distinct variants, by t (+2.70) above 8 of 11" in said[1]
    assert "1,200 rows, 30 states, 5 allies" in said[2]
    assert "sessions 46–65 (1991–2010), 0.8 seconds" in said[2]
    assert said[3:] == [*ARGUMENT.notes, NO_VERDICT]
    assert changes_in_words(ARGUMENT) == "tier: core → atop"
    assert comparison(ARGUMENT)[1] == ("p", "0.010", "<.001")


def test_on_another_scale_it_has_no_place_by_estimate_and_no_bound() -> None:
    other = replace(ARGUMENT, place={"n_variants": 11, "n_lower": None, "n_lower_t": 8, "t": 2.7})
    said = sentences_of(other)
    assert "±" not in said[0]
    assert "so not by estimate" in said[1]


def test_what_cannot_be_said_has_its_reason_and_no_figure() -> None:
    empty = dict.fromkeys(ARGUMENT.answer)
    silent = replace(
        ARGUMENT, answer={**empty, "cannot_say": "allies with votes: 2 (at least 5)"}, place=None
    )
    assert sentences_of(silent)[0] == "Cannot say, because: allies with votes: 2 (at least 5)."
    assert comparison(silent)[0][2] == "cannot say"
    text, svg = arguments_page([silent], "class")
    assert "cannot say: allies with votes: 2" in text
    assert svg is not None, "the published primary is drawn"


def test_no_argument_is_no_chart() -> None:
    text, svg = arguments_page([], "class")
    assert svg is None
    assert NO_VERDICT in text
