"""Cells that a vote source lacks or contradicts: what they become in `core.votes`."""

import polars as pl
import pytest

from transforms.core.choices import CHOICE_OF_CODE, CHOICE_OF_LETTER, CHOICES
from transforms.rollcall_matrix import CODES, NO, NO_CELL
from warehouse.contracts.read import contracts

STATES = """
USA,2,State A,1950,1,1,2024,12,31
UKG,200,State B,1950,1,1,2024,12,31
SWZ,225,State C,1950,1,1,2024,12,31
RUS,365,State D,1950,1,1,2024,12,31
ZIM,552,State E,1980,4,18,2024,12,31
DRV,816,State F,1954,7,21,2024,12,31
FJI,950,State G,1970,10,10,2024,12,31
"""
PUBLISHED = {"yes": 3, "no": 0, "abstain": 1}


@pytest.fixture
def build(trunk, vote_file, library_file, state_list):
    """The trunk on roll calls and records of the Library."""

    def build(roll_calls, records=()):
        return trunk(vote_file(*roll_calls), library_file(*records), state_list(STATES))

    return build


def short_of_a_member(**more):
    """A roll call whose published total counts a yes that no row has, and one with all rows."""
    day = {"session": 71, "date": "2016-10-26"}
    votes = {2: 2, 200: 1, 365: 1}
    missing = {"rcid": 100, "unres": "A/RES/71/5", "votes": votes} | day | PUBLISHED | more
    whole = {"rcid": 101, "unres": "A/RES/71/6", "votes": {2: 3, 200: 1, 365: 1, 552: 1}} | day
    return [missing, whole | {"yes": 3, "no": 1, "abstain": 0}]


def record(votes):
    constant = {"undl_id": 8, "date": "2016-10-26", "session": "71", "resolution": "A/RES/71/5"}
    totals = {"total_yes": 3, "total_no": 0, "total_abstentions": 1}
    return constant | {"votes": {"USA": "A", "GBR": "Y", "RUS": "Y"} | votes} | totals


def test_a_member_without_a_row_is_filled_from_the_library_when_published_totals_match(build):
    built = build(short_of_a_member(), [record({"ZWE": "Y"})])
    (match,) = built.tables["vote_source_matches"].iter_rows(named=True)
    assert (match["rcid"], match["is_matched"], match["totals_matched"]) == (100, True, "published")
    assert (match["n_votes_compared"], match["n_votes_equal"]) == (3, 3)
    cell = built.vote(100, 552)
    assert (cell["choice"], cell["source"], cell["filled_from"]) == (
        "yes",
        "un_votes",
        "undl_votes",
    )
    assert cell["ccode_source"] is None
    roll_call = built.tables["roll_calls"].row(by_predicate=pl.col("rcid") == 100, named=True)
    assert (roll_call["n_yes"], roll_call["n_no"], roll_call["n_abstain"]) == (3, 0, 1)
    # three of the four votes are in the vote file too; the fourth has been used
    lost = built.losses.filter(pl.col("from_table") == "staging.stg_undl_votes__votes")
    assert lost.filter(pl.col("reason") == "also_in_un_votes")["n_rows"].sum() == 3
    assert built.kinds(552) == {100: "member_without_row"}


def test_a_member_without_a_row_anywhere_is_no_row_and_never_a_non_member(build):
    built = build(short_of_a_member())
    cell = built.vote(100, 552)
    assert (cell["choice"], cell["filled_from"]) == ("no_row", None)
    (listed,) = built.tables["vote_contradictions"].iter_rows(named=True)
    assert (listed["published_choice"], listed["choice"]) == (None, "no_row")
    assert listed["implied_choice"] == "yes"
    roll_call = built.tables["roll_calls"].row(by_predicate=pl.col("rcid") == 100, named=True)
    assert (roll_call["n_yes"], roll_call["n_yes_published"]) == (2, 3)


@pytest.mark.parametrize(
    ("totals", "implied"),
    [
        ({"yes": 2, "no": 0, "abstain": 1}, "absent"),
        ({"yes": 2, "no": 1, "abstain": 1}, "no"),
        ({"yes": 2, "no": "NA", "abstain": 1}, "absent"),
        ({"yes": 2, "no": "NA", "abstain": 2}, "abstain"),
        ({"yes": "NA", "no": 0, "abstain": 1}, None),
        ({"yes": 3, "no": 1, "abstain": 1}, None),
        ({"yes": 1, "no": 0, "abstain": 1}, None),
    ],
)
def test_published_totals_imply_a_vote_only_where_they_can(build, totals, implied):
    built = build(short_of_a_member(**totals))
    assert built.tables["vote_contradictions"]["implied_choice"].to_list() == [implied]


def test_two_unknown_votes_are_implied_only_together(build):
    votes = {2: 2, 200: 1, 552: 1, 816: 1}
    both_missing, whole = short_of_a_member(yes=3)
    both_missing["votes"], whole["votes"] = {2: 2, 200: 1}, votes | {365: 1}
    built = build([both_missing, whole])
    kinds = built.tables["vote_contradictions"].select("ccode", "choice", "implied_choice").rows()
    # yes is short by two, and three are unknown: who they were is not told
    assert kinds == [(c, "no_row", None) for c in (365, 552, 816)]
    both_missing["yes"] = 4
    built = build([both_missing, whole])
    assert built.tables["vote_contradictions"]["implied_choice"].to_list() == ["yes"] * 3


def test_a_member_coded_as_none_has_no_usable_row(build):
    roll_call = {"rcid": 1, "session": 61, "date": "2006-12-06", "votes": {2: 1, 816: 9}}
    built = build([roll_call])
    assert built.vote(1, 816)["choice"] == "no_row"
    assert built.vote(1, 816)["ccode_source"] == 816
    assert built.kinds(816) == {1: "member_coded_not_member"}


def test_the_library_overrules_no_row_that_the_file_has(build):
    missing, whole = short_of_a_member()
    missing["votes"] = missing["votes"] | {552: 8}
    built = build([missing, whole], [record({"ZWE": "Y"})])
    assert built.vote(100, 552)["choice"] == "absent"
    assert built.tables["votes"]["filled_from"].null_count() == built.tables["votes"].height


def test_an_absence_before_admission_is_not_membership(build):
    day = {"session": 52, "date": "1997-12-05"}
    built = build(
        [
            {"rcid": 100, "votes": {2: 3, 200: 1, 225: 9}} | day,
            {"rcid": 101, "votes": {2: 3, 200: 1, 225: 8}} | day,
            {"rcid": 102, "session": 57, "date": "2002-12-05", "votes": {2: 3, 200: 1, 225: 1}},
        ]
    )
    assert [built.vote(r, 225)["choice"] for r in (100, 101, 102)] == [
        "not_member",
        "not_member",
        "yes",
    ]
    assert built.kinds(225) == {101: "absent_outside_membership"}


def test_a_vote_before_admission_is_no_vote_and_is_listed(build):
    september = {"rcid": 1, "session": 25, "date": "1970-09-01", "votes": {2: 1, 950: 3}}
    october = {"rcid": 2, "session": 25, "date": "1970-10-06", "votes": {2: 1, 950: 3}}
    built = build([september, october])
    assert built.vote(1, 950) is None
    assert built.lost("not_in_system") == 1
    # admitted on 13 October; the file does not tell the day of the vote
    assert built.vote(2, 950)["choice"] == "no"
    assert built.kinds(950) == {1: "vote_outside_membership"}


def test_an_absence_in_the_month_of_admission_to_a_disputed_seat_is_none(
    trunk, vote_file, state_list
):
    # the Congo was admitted on 20 September 1960, and nobody sat for it until 22 November
    congo = state_list("DRC,490,Congo,1960,6,30,2024,12,31\nUSA,2,State A,1950,1,1,2024,12,31")
    months = {1: "1960-08-02", 2: "1960-09-06", 3: "1960-10-03", 4: "1960-11-02", 5: "1960-12-01"}
    built = trunk(
        vote_file(
            *(
                {"rcid": n, "session": 15, "date": day, "votes": {2: 1, 490: 8}}
                for n, day in months.items()
            )
        ),
        None,
        congo,
    )
    choices = [built.vote(n, 490)["choice"] for n in months]
    # in November it could vote from the 22nd on: the code stands
    assert choices == ["not_member", "seat_disputed", "seat_disputed", "absent", "absent"]


def test_a_member_that_the_list_lacks_stops_the_build(build):
    early = [
        {"rcid": n, "session": 52, "date": "1997-12-05", "votes": {2: 1, 225: 1}}
        for n in range(1, 22)
    ]
    with pytest.raises(ValueError, match=r"\[\(225, 21\)\].*enter their admission"):
        build(early)
    assert build(early[:20]).lost("not_in_system") == 0


def test_a_state_that_a_source_never_lists_is_outside_it(build):
    built = build([{"rcid": 1, "session": 61, "date": "2006-12-06", "votes": {2: 1, 200: 1}}])
    assert built.tables["votes"]["ccode"].to_list() == [2, 200]
    assert built.tables["vote_contradictions"].is_empty()


def test_newer_resolutions_of_the_library_have_a_row_for_every_member_too(build):
    newer = record({"ZWE": "Y"}) | {
        **{"undl_id": 9, "date": "2021-12-06", "session": "76", "resolution": "A/RES/76/1"},
        "votes": {"USA": "N", "GBR": "Y"},
    }
    also = newer | {"undl_id": 10, "resolution": "A/RES/76/2", "votes": {"USA": "N", "RUS": "X"}}
    built = build(short_of_a_member(), [newer, also])
    choices = {
        rcid: [(built.vote(rcid, c) or {}).get("choice") for c in (2, 200, 365, 552)]
        for rcid in (10_000_009, 10_000_010)
    }
    assert choices == {
        10_000_009: ["no", "yes", "no_row", None],
        10_000_010: ["no", "no_row", "absent", None],
    }


def test_the_choices_have_one_definition():
    (column,) = (c for c in contracts()["core.votes"].columns if c.name == "choice")
    assert set(column.codes or {}) == set(CHOICES) == set(CODES)
    assert set(CHOICE_OF_CODE.values()) | set(CHOICE_OF_LETTER.values()) < set(CHOICES)
    # what is no vote lies above the votes, where no measure reads it
    assert sorted(CODES[c] for c in ("yes", "abstain", "no")) == [1, 2, NO]
    others = [code for choice, code in CODES.items() if choice not in ("yes", "abstain", "no")]
    assert min([*others, NO_CELL]) > NO
    assert NO_CELL not in CODES.values()
