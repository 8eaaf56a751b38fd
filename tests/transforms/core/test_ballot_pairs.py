"""Which roll calls are one ballot: every rule on roll calls in the publisher's layout."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tests.transforms.trunk import Trunk
from transforms.core.ballot_pairs import build_ballot_pairs
from transforms.core.ballots import assign_ballots

Build = Callable[..., Trunk]
ALIKE = {2: 3, 200: 1, 365: 1, 651: 2}
OTHERWISE = ALIKE | {651: 3}


def roll_call(rcid: int, symbol: str, **more: Any) -> dict[str, Any]:
    constant = {"rcid": rcid, "session": 75, "date": "2020-12-31", "unres": symbol, "votes": ALIKE}
    return constant | more


@pytest.fixture
def build(trunk: Callable[..., Trunk], vote_file: Callable[..., bytes]) -> Build:
    return lambda *roll_calls: trunk(vote_file(*roll_calls))


def decided(built: Trunk) -> dict[tuple[int, int], tuple[str, str]]:
    """Pair to decision and evidence."""
    rows = built.tables["ballot_pairs"].select("rcid1", "rcid2", "decision", "evidence")
    return {(a, b): (decision, evidence) for a, b, decision, evidence in rows.iter_rows()}


def duplicates(built: Trunk) -> dict[int, int]:
    rows = built.tables["roll_calls"].drop_nulls("duplicate_of")
    return dict(rows.select("rcid", "duplicate_of").iter_rows())


def test_one_vote_listed_under_letters_and_their_range_counts_once(build: Build) -> None:
    """The case of 75/254: [A], [B] and A-C."""
    built = build(
        roll_call(100, "A/RES/75/9[A]"),
        roll_call(101, "A/RES/75/9[B]"),
        roll_call(102, "A/RES/75/9A-C"),
    )
    assert set(decided(built).values()) == {("one_ballot", "listed_by_section")}
    assert duplicates(built) == {101: 100, 102: 100}
    rows = built.tables["roll_calls"]
    assert rows["in_final_only"].to_list() == [True, False, False]
    assert rows["in_final_strict"].to_list() == [True, False, False]
    assert rows["in_all_recorded"].to_list() == [True, False, False]
    assert rows["in_final_only_as_listed"].all()
    assert rows["ballot_id"].to_list() == [100] * 3


def test_sections_of_a_resolution_adopted_as_a_whole_are_one_ballot(build: Build) -> None:
    built = build(*(roll_call(n, f"R/75/38B/{s}") for n, s in enumerate(("I", "II", "XII"), 1)))
    assert duplicates(built) == {2: 1, 3: 1}


def test_sections_voted_on_apart_stay_even_where_two_results_are_equal(build: Build) -> None:
    built = build(
        roll_call(1, "R/75/233/I"),
        roll_call(2, "R/75/233/II"),
        roll_call(3, "R/75/233/XI", votes=OTHERWISE),
    )
    assert duplicates(built) == {}
    assert decided(built) == {(1, 2): ("undecided", "undecided")}


def test_the_same_symbol_and_votes_are_one_ballot(build: Build) -> None:
    built = build(roll_call(1, "R/75/84"), roll_call(2, "A/RES/75/84"))
    assert decided(built) == {(1, 2): ("one_ballot", "same_symbol_same_votes")}
    assert built.tables["roll_calls"]["duplicate_evidence"].to_list() == [
        None,
        "same_symbol_same_votes",
    ]


def test_absences_make_no_other_ballot(build: Build) -> None:
    built = build(
        roll_call(1, "R/75/84", votes=ALIKE | {710: 8}),
        roll_call(2, "R/75/84", votes=ALIKE | {710: 9}),
    )
    assert duplicates(built) == {2: 1}


@pytest.mark.parametrize("flag", ["para", "amend"])
def test_parts_are_voted_on_by_themselves(build: Build, flag: str) -> None:
    built = build(roll_call(1, "R/75/84"), roll_call(2, "R/75/84", **{flag: "1"}))
    assert decided(built) == {(1, 2): ("kept_apart", "flagged_part")}
    assert built.tables["roll_calls"]["duplicate_evidence"].to_list() == ["kept_apart"] * 2


def test_letters_are_kept_apart_where_another_letter_was_voted_on_otherwise(build: Build) -> None:
    built = build(
        roll_call(1, "R/75/88A"),
        roll_call(2, "R/75/88B"),
        roll_call(3, "R/75/88C", votes=OTHERWISE),
    )
    assert decided(built) == {(1, 2): ("kept_apart", "other_letters_differ")}


def test_letters_alone_decide_nothing(build: Build) -> None:
    built = build(roll_call(1, "R/75/88A"), roll_call(2, "R/75/88B"))
    assert decided(built) == {(1, 2): ("undecided", "undecided")}
    assert built.tables["roll_calls"]["in_final_only"].all()
    assert set(built.tables["roll_calls"]["duplicate_evidence"]) == {"undecided"}


@pytest.mark.parametrize("symbols", [("R/10/434A", "R/10/434B"), ("ESS/2/78C", "ESS/2/78D")])
def test_letters_on_a_page_of_the_record_number_votes(
    build: Build, symbols: tuple[str, str]
) -> None:
    early = {"session": 11, "date": "1956-11-03"}
    built = build(*(roll_call(n, s, **early) for n, s in enumerate(symbols, 1)))
    assert decided(built) == {(1, 2): ("kept_apart", "page_of_the_record")}


def test_another_month_number_or_session_is_no_pair(build: Build) -> None:
    built = build(
        roll_call(1, "R/75/84"),
        roll_call(2, "R/75/85"),
        roll_call(3, "R/75/84", date="2021-03-02"),
        roll_call(4, "R/74/84", session=74, date="2020-03-02"),
        roll_call(5, "NA"),
        roll_call(6, "NA"),
    )
    assert decided(built) == {}


def test_the_same_symbol_with_a_corrected_vote_is_to_be_looked_up(build: Build) -> None:
    votes = {2: 3, 200: 1, 365: 1, 651: 2, 710: 1}
    more = dict.fromkeys((255, 316, 317, 341, 345, 365, 369, 370, 510, 560, 565, 581, 652, 750), 1)
    several = votes | more | {840: 1, 850: 1}
    built = build(
        roll_call(1, "R/75/84", votes=several),
        roll_call(2, "R/75/84", votes=several | {840: 8}),
    )
    assert decided(built) == {(1, 2): ("undecided", "undecided")}
    row = built.tables["ballot_pairs"].row(0, named=True)
    assert (row["n_votes_compared"], row["n_votes_equal"]) == (20, 19)
    built = build(
        roll_call(1, "R/75/84", votes=several),
        roll_call(2, "R/75/84", votes=several | {840: 8, 850: 3}),
    )
    assert decided(built) == {}


def pairs_of(*rows: tuple[int, int, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["rcid1", "rcid2", "decision", "evidence"], orient="row").cast(
        {"rcid1": pl.Int32, "rcid2": pl.Int32}
    )


def listed(*parts: bool) -> pl.DataFrame:
    return pl.DataFrame({"rcid": range(1, len(parts) + 1), "is_part": parts}).cast(
        {"rcid": pl.Int32}
    )


def test_the_roll_call_that_is_no_part_stands_for_the_ballot() -> None:
    made = assign_ballots(listed(True, False), pairs_of((1, 2, "one_ballot", "reviewed")))
    assert made["duplicate_of"].to_list() == [2, None]


def test_pairs_in_a_chain_are_one_ballot() -> None:
    made = assign_ballots(
        listed(False, False, False),
        pairs_of((2, 3, "one_ballot", "reviewed"), (1, 2, "one_ballot", "listed_by_section")),
    )
    assert made["ballot_id"].to_list() == [1, 1, 1]
    assert made["duplicate_evidence"].to_list() == [None, "listed_by_section", "reviewed"]


def test_a_list_that_contradicts_itself_is_refused() -> None:
    contradiction = pairs_of(
        (1, 2, "one_ballot", "reviewed"),
        (2, 3, "one_ballot", "reviewed"),
        (1, 3, "kept_apart", "reviewed"),
    )
    with pytest.raises(ValueError, match="roll calls 1 and 3 are kept apart"):
        assign_ballots(listed(False, False, False), contradiction)


def test_the_reviewed_list_decides_first_and_only_under_its_symbols(build: Build) -> None:
    built = build(roll_call(1, "R/75/88A"), roll_call(2, "R/75/88B"))
    inputs = {
        name: built.tables[name]
        for name in (
            "stg_un_votes__roll_calls",
            "stg_undl_votes__resolutions",
            "vote_source_matches",
            "votes",
        )
    }
    columns = ["rcid1", "symbol1", "rcid2", "symbol2", "decision", "note"]

    def evidence(symbol: str, decision: str = "one_ballot") -> list[str]:
        row = ("1", "R/75/88A", "2", symbol, decision, "As the minutes say")
        reviewed = pl.DataFrame([row], schema=columns, orient="row")
        outcome = build_ballot_pairs(**inputs, ballots_reviewed=reviewed)
        return outcome.tables["core.ballot_pairs"]["evidence"].to_list()

    assert evidence("R/75/88B") == ["reviewed"]
    assert evidence("R/75/89B") == ["undecided"]
    with pytest.raises(ValueError, match="'perhaps' is none of"):
        evidence("R/75/88B", "perhaps")
