"""Text of sources: nothing in it acts on a terminal or on a page of Markdown."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from expectations.gate.failures import GateFailedError
from expectations.gate.results import ExpectationResult, GateReport
from expectations.shown_text import fenced, in_markdown, inert, shown

ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
TEXTS = st.text(st.characters(codec=None), max_size=40)
HOSTILE = "\x1b]0;owned\x07\x1b[31m\x9b2J\x7f\u202eevil\u2066\u200b\ud800\u2028\r[bold]x[/bold]"


def acting(text: str) -> set[str]:
    return {c for c in text if unicodedata.category(c) in ACTING}


@given(TEXTS)
def test_nothing_acts_and_lines_stay(text: str) -> None:
    assert acting(inert(text)) <= {"\n", "\t"}
    assert inert(text).count("\n") == text.count("\n")
    assert inert(inert(text)) == inert(text)


@given(TEXTS)
def test_a_value_is_one_line(text: str) -> None:
    assert not acting(shown(text))
    assert shown(text).isprintable()


def test_names_stay_as_they_are() -> None:
    names = ["Côte d’Ivoire", "Türkiye", "Россия", "中国", "日本", "ישראל", "مصر", "a\xa0b"]
    assert [inert(name) for name in names] == names


def test_what_acts_is_seen_as_its_escape() -> None:
    assert inert("a\x1b[2J\u202eb") == "a\\x1b[2J\\u202eb"


@given(st.text("`a\n", max_size=30))
def test_no_text_ends_its_block(text: str) -> None:
    first, *lines, last = "\n".join(fenced(text)).split("\n")
    assert last == first.removesuffix("text")
    assert not any(line.startswith(last) for line in lines)


def test_markdown_of_a_source_is_text() -> None:
    told = in_markdown("![x](http://a.example/) <b>|`*\n")
    assert told == "!\\[x\\](http://a.example/) \\<b\\>\\|\\`\\*\\\\n"


def test_a_gate_quotes_cells_and_headings_as_text() -> None:
    breach = {f"heading{HOSTILE}": HOSTILE}
    result = ExpectationResult(
        "raw", "raw.x", "InSet", None, "critical", False, 2, 1, (breach,), "reason"
    )
    message = str(GateFailedError([GateReport("raw", "raw.x", (result,))]))
    assert acting(message) == {"\n"}
    assert "evil" in message
