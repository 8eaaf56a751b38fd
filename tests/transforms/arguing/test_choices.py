"""Choices: what is known, what is refused, and with which words."""

import pytest

from flows.engine.reference import read_reference
from transforms.arguing.choices import (
    ARGUABLE,
    NOT_TESTABLE,
    arguable,
    count,
    resolved,
    share,
    times,
)
from transforms.arguing.errors import ArgumentError
from transforms.arguing.window import window_of, years_of

CLAIMS = ("C1a", "C2a", "C2g", "C8")


def test_without_a_choice_every_choice_is_the_primarys() -> None:
    name, about = arguable("c2A", CLAIMS)
    assert name == "C2a"
    asked = resolved(name, about, {})
    assert set(asked) == set(about.keys)
    assert (asked["tier"], asked["design"], asked["controls"]) == ("core", "two_way", "popular")


def test_a_claim_that_is_unknown_or_cannot_be_argued_with_yet() -> None:
    with pytest.raises(ArgumentError, match=r"did you mean C2a.*C1a, C2a"):
        arguable("C2aa", CLAIMS)
    with pytest.raises(ArgumentError, match=r"C99 cannot be argued with by --set: .*C1a, C1b"):
        arguable("C99", (*CLAIMS, "C99"))


def test_why_nobody_can_argue_with_c7_is_said_with_what_can_be_argued() -> None:
    with pytest.raises(ArgumentError, match=r"Rio treaty.*C3 \(item=dipaid\).*C2a.*C1a, C1b, C1c"):
        arguable("c7", (*CLAIMS, "C7"))


def test_all_other_claims_of_the_edition_can_be_argued_with() -> None:
    assert {*ARGUABLE, *NOT_TESTABLE} == set(read_reference("claims.yml")["claims"])
    assert list(ARGUABLE)[:3] == ["C1a", "C1b", "C1c"]
    assert list(ARGUABLE)[-1] == "C10"


@pytest.mark.parametrize("claim", ARGUABLE)
def test_what_asks_something_else_is_a_choice_of_the_claim(claim: str) -> None:
    about = ARGUABLE[claim]
    primary = resolved(claim, about, {})
    for key, value in about.asks:
        assert value in about.words[key]
        assert primary[key] != value


@pytest.mark.parametrize("text", ["0.5", "-3", "nan", "many", "10000"])
def test_a_ratio_is_a_number_from_1(text: str) -> None:
    with pytest.raises(ArgumentError, match="ratio="):
        times("ratio", text)
    assert times("ratio", "2.5") == 2.5


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"window": "1991-2000"}, r"no choice window.*Known for C2a: .*years, sessions"),
        ({"tiers": "core"}, r"did you mean tier"),
        ({"tier": "cor"}, r"tier=cor: not known \(did you mean core\?\).*core, treaty, guarantee"),
        ({"tier": "core", "allies": "mine.csv"}, "tier and allies exclude each other"),
        ({"years": "1991-2000", "sessions": "46-55"}, "years and sessions exclude each other"),
    ],
)
def test_what_is_refused_is_said_with_what_is_known(settings: dict[str, str], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        resolved("C2a", ARGUABLE["C2a"], settings)


def test_a_regressor_has_designs_of_its_own() -> None:
    about = ARGUABLE["C2g"]
    assert resolved("C2g", about, {"regressor": "size_between_allies"})["design"] == "session"
    with pytest.raises(ArgumentError, match="Known for design: two_way"):
        resolved("C2g", about, {"regressor": "ally_by_size_of_year", "design": "state_era"})


@pytest.mark.parametrize("text", ["0", "1", "-0.1", "nan", "half"])
def test_a_threshold_lies_strictly_between_0_and_1(text: str) -> None:
    with pytest.raises(ArgumentError, match=f"threshold={text}"):
        share("threshold", text)


def test_a_threshold_of_0_says_what_it_would_mean() -> None:
    with pytest.raises(ArgumentError, match="no vote is unpopular"):
        share("threshold", "0")
    assert share("threshold", ".4") == 0.4


@pytest.mark.parametrize("text", ["0", "-3", "2.5", "many", "1000", "²"])
def test_a_count_is_a_whole_number(text: str) -> None:
    with pytest.raises(ArgumentError, match="whole number"):
        count("least", text)


@pytest.mark.parametrize(
    ("years", "sessions", "found"),
    [
        ("all", "all", (1, 75)),
        ("1991-2010", "all", (46, 65)),
        ("1991–2010", "all", (46, 65)),
        ("all", "46 to 65", (46, 65)),
        ("1991-1991", "all", (46, 46)),
    ],
)
def test_windows(years: str, sessions: str, found: tuple[int, int]) -> None:
    assert window_of(years, sessions, (1, 75)) == found


@pytest.mark.parametrize(
    ("years", "sessions", "message"),
    [
        ("1991", "all", r"no range. Write years=1946-2020"),
        ("nineties", "all", "no range"),
        ("2010-1991", "all", "ends before it begins"),
        ("1900-1910", "all", r"no votes in part of it. The build has votes of years 1946-2020"),
        ("2015-2090", "all", "no votes in part of it"),
        ("all", "0-5", "The build has votes of sessions 1-75"),
    ],
)
def test_a_window_without_votes_is_refused(years: str, sessions: str, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        window_of(years, sessions, (1, 75))


def test_windows_of_years_lie_within_the_data() -> None:
    assert years_of("1816-1913", (1815, 2018)) == (1816, 1913)
    assert years_of("all", (1815, 2018)) == (1815, 2018)
    with pytest.raises(ArgumentError, match=r"no data in part of it.*years 1815-2018"):
        years_of("1800-1900", (1815, 2018))
