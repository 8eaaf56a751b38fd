"""Findings in words: figures first, and no character that acts on a terminal."""

import pytest

from expectations.releases.findings import Finding, example_words, gravest_first, severity_of
from expectations.shown_text import shown


def test_a_finding_names_table_column_count_and_share() -> None:
    finding = Finding("values_revised", "staging.t", "gdp_usd", 1_200, 16_000)
    assert finding.words() == "staging.t.gdp_usd: 1,200 of 16,000 (7.5%) values are revised"


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ({"code": "BRA", "n": 24, "first": 2000, "last": 2023}, "code=BRA, 2000 to 2023, 24 rows"),
        ({"code": "BRA", "n": 1, "first": 2000, "last": 2000}, "code=BRA, 2000, 1 row"),
        ({"rcid": 5, "before": 1.0, "after": None}, "rcid=5, 1 became None"),
        ({"code": "BRA", "n": 3, "ratio": 1e-3}, "code=BRA, 3 rows, times 0.001"),
    ],
)
def test_an_example_is_one_line(example: dict[str, object], words: str) -> None:
    assert example_words(example) == words


def test_control_characters_are_shown_and_not_sent() -> None:
    assert shown("a\x1b[31mb\x07\nc") == "a\\x1b[31mb\\x07\\nc"
    assert shown("Côte d'Ivoire …") == "Côte d'Ivoire …"
    name = example_words({"name": "\x1b]0;owned\x07", "before": "\x9b1m", "after": "\u202e"})
    assert name.isprintable()


def test_the_gravest_comes_first() -> None:
    findings = [
        Finding("keys_lost", "t", None, 1, 10, severity="info"),
        Finding("rows_lost", "t", None, 1, 10, severity="critical"),
        Finding("series_lost", "t", None, 5, 10, severity="critical"),
    ]
    assert [f.kind for f in gravest_first(findings)] == ["series_lost", "rows_lost", "keys_lost"]
    assert severity_of(findings) == "critical"
    assert severity_of([]) is None
