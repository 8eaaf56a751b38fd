"""Choices that make no sense, and choices that cannot tell: refused, or no figure, in words."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.integration.arguing import argued
from transforms.arguing.errors import ArgumentError

REFUSED_OF_ALLIANCES: list[tuple[str, dict[str, str], str]] = [
    ("C1a", {"tier": "core"}, "C1a has no choice tier"),
    ("C1a", {"ratio": "0.5"}, "a number from 1 to 1000"),
    ("C1a", {"design": "dyad_year", "clusters": "alliance"}, "are no alliances"),
    ("C1a", {"design": "alliance_year_trend", "period": "from 1992"}, "Set years"),
    ("C2c", {"specification": "ordinal", "level": "3"}, "all levels at once"),
    ("C3", {"leader": "USA", "without_leaders": "USA"}, "name the same state"),
    ("C1b", {"years": "1700-1800"}, "The build has data of years"),
    ("C2c", {"term": "aspirant", "specification": "fisher"}, "Known for term: ally"),
    ("C2c", {"as_of": "2003-03-18", "list_version": "without_angola"}, "disputed"),
    ("C2d", {"as_of": "2015-01-01"}, "2014-12-31, 2016-01-31, 2017-12-31"),
    ("C2e", {"leader": "Russia"}, "C2e has no choice leader"),
    ("C4", {"region_other": "asia_pacific"}, "is the region itself"),
    ("C5", {"estimator": "cox_adjusted", "term": "log_ratio"}, "Known for term: asym"),
    ("C7", {}, "exactly the parties to the Rio treaty"),
]


@pytest.mark.parametrize(("claim", "choices", "message"), REFUSED_OF_ALLIANCES)
def test_choices_of_alliances_that_make_no_sense_are_refused(
    sample_home: Any, claim: str, choices: dict[str, str], message: str
) -> None:
    with pytest.raises(ArgumentError, match=re.escape(message)):
        argued(sample_home.home, claim, **choices)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("", "the list is empty"),
        ("2,1949,\n", "is the leader, and no ally of itself"),
        ("220,1949,1960\n220,1955,1970\n", "two spells of France overlap"),
        ("220,1960,1950\n", "before it begins"),
    ],
)
def test_a_list_that_would_say_something_false_is_refused(
    sample_home: Any, tmp_path: Path, rows: str, message: str
) -> None:
    (tmp_path / "mine.csv").write_text(f"ccode,from,to\n{rows}", "utf-8")
    with pytest.raises(ArgumentError, match=message):
        argued(sample_home.home, "C8", allies=str(tmp_path / "mine.csv"))


def test_a_short_list_cannot_say(sample_home: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("ccode,from,to\n220,1966,\n200,1966,\n", "utf-8")
    found = argued(sample_home.home, "C8", allies=str(tmp_path / "mine.csv"))
    assert "allies with votes: 2 (at least 5)" in found.answer["cannot_say"]
    assert found.answer["estimate"] is None


@pytest.mark.parametrize(
    ("claim", "choices", "why"),
    [
        ("C1a", {"ratio": "1"}, "nothing varies"),
        ("C1a", {"ratio": "1", "design": "alliance_year_trend"}, "nothing varies"),
        ("C1a", {"years": "1950-2018"}, "outside the sources"),
        ("C3", {"leader": "Luxembourg"}, "nothing is left"),
        ("C6", {"ratio": "1000"}, "nothing is left"),
    ],
)
def test_what_cannot_tell_gives_no_figure(
    sample_home: Any, claim: str, choices: dict[str, str], why: str
) -> None:
    found = argued(sample_home.home, claim, **choices)
    assert why in found.answer["cannot_say"]
    assert found.answer["estimate"] is None


@pytest.mark.parametrize("claim", ["C1c", "C2c", "C4"])
def test_a_list_of_two_says_nothing_of_an_alliance(
    sample_home: Any, tmp_path: Path, claim: str
) -> None:
    (tmp_path / "mine.csv").write_text("ccode,from,to\n220,1966,\n200,1966,\n", "utf-8")
    found = argued(sample_home.home, claim, allies=str(tmp_path / "mine.csv"))
    assert found.answer["estimate"] is None
    assert found.answer["cannot_say"]


def test_a_list_of_everybody_cannot_say(sample_home: Any, tmp_path: Path) -> None:
    codes = sample_home.rows("SELECT DISTINCT ccode FROM core.states WHERE ccode <> 2 ORDER BY 1")
    lines = "".join(f"{code},1900,\n" for (code,) in codes)
    (tmp_path / "mine.csv").write_text(f"ccode,from,to\n{lines}", "utf-8")
    for claim in ("C2a", "C8"):
        found = argued(sample_home.home, claim, allies=str(tmp_path / "mine.csv"))
        assert found.answer["estimate"] is None
        assert found.answer["cannot_say"]
