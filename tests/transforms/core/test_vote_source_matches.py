from datetime import date

import polars as pl
import pytest

from transforms.core.resolution_keys import resolution_key, roman
from transforms.core.vote_source_matches import session_of

VOTES = {2: 3, 200: 2, 365: 1, 651: 1}
LETTERS = {"USA": "N", "GBR": "A", "RUS": "Y", "EGY": "Y"}


def roll_call(rcid, resolution="R/60/5", votes=VOTES, **more):
    constant = {"rcid": rcid, "session": 60, "date": "2005-12-05", "unres": resolution}
    return constant | {"votes": votes} | more


def record(undl_id, resolution="A/RES/60/5", votes=LETTERS, **more):
    constant = {"undl_id": undl_id, "date": "2005-12-05", "session": "60"}
    return constant | {"resolution": resolution, "votes": votes} | more


@pytest.fixture
def match(trunk, vote_file, library_file):
    """Matches by undl_id, and the trunk that they come from."""

    def build(roll_calls, records):
        built = trunk(vote_file(*roll_calls), library_file(*records))
        rows = built.tables["vote_source_matches"].iter_rows(named=True)
        return {row["undl_id"]: row for row in rows}, built

    return build


def test_two_notations_of_one_resolution_are_one_vote(match):
    rows, built = match([roll_call(7)], [record(40)])
    row = rows[40]
    assert (row["rcid"], row["is_matched"], row["match_rule"]) == (7, True, "only_candidate")
    assert (row["n_votes_compared"], row["n_votes_equal"]) == (4, 4)
    assert built.lost("also_in_un_votes") == 4 + 1
    assert built.tables["votes"].height == 4


def test_paragraphs_and_amendments_are_no_candidates(match):
    rows, _ = match([roll_call(7, para="1"), roll_call(8, amend="1")], [record(40)])
    assert (rows[40]["rcid"], rows[40]["unmatched_reason"]) == (None, "only_flagged_votes")
    rows, _ = match([roll_call(7, para="1"), roll_call(8, para="NA", amend="NA")], [record(40)])
    assert (rows[40]["rcid"], rows[40]["n_candidates"]) == (8, 1)


def test_other_totals_are_another_vote(match):
    rows, built = match([roll_call(7, votes=VOTES | {651: 3})], [record(40)])
    assert (rows[40]["rcid"], rows[40]["unmatched_reason"]) == (None, "totals_differ")
    assert built.lost("totals_differ") == 4 + 1


def test_of_several_candidates_the_one_with_most_equal_votes_is_taken_and_said(match):
    swapped = {2: 1, 200: 2, 365: 3, 651: 1}
    rows, _ = match([roll_call(7, votes=swapped), roll_call(8)], [record(40)])
    row = rows[40]
    assert (row["rcid"], row["n_candidates"], row["match_rule"]) == (8, 2, "most_equal_votes")
    assert (row["n_votes_compared"], row["n_votes_equal"]) == (4, 4)


def test_equally_good_candidates_are_said_to_be_tied(match):
    rows, _ = match([roll_call(8), roll_call(7)], [record(40)])
    assert (rows[40]["rcid"], rows[40]["match_rule"]) == (7, "most_equal_votes_tied")


def test_one_roll_call_is_not_two_resolutions(match):
    rows, _ = match([roll_call(7)], [record(40), record(41)])
    assert [rows[i]["rcid"] for i in (40, 41)] == [7, None]
    assert rows[41]["unmatched_reason"] == "roll_call_taken"


def test_a_resolution_that_the_vote_file_lacks_is_not_added_in_its_middle(match):
    later = roll_call(8, "R/61/1", session=61, date="2006-12-05")
    rows, built = match([roll_call(7), later], [record(40, "A/RES/60/6")])
    assert rows[40]["unmatched_reason"] == "resolution_not_in_un_votes"
    assert built.tables["roll_calls"]["rcid"].to_list() == [7, 8]


def test_a_resolution_without_a_number_is_said_to_have_none(match):
    rows, _ = match([roll_call(7)], [record(40, "")])
    assert rows[40]["unmatched_reason"] == "no_resolution"


def test_newer_resolutions_extend_the_vote_file(match):
    newer = record(40, "A/RES/76/1", date="2021-12-06", session="76", votes=LETTERS | {"TWN": "X"})
    rows, built = match([roll_call(7)], [newer])
    assert (rows[40]["rcid"], rows[40]["extends_un_votes"]) == (10_000_040, True)
    added = built.tables["roll_calls"].filter(pl.col("source") == "undl_votes").row(0, named=True)
    assert (added["rcid"], added["session"], added["vote_date"]) == (
        10_000_040,
        76,
        date(2021, 12, 6),
    )
    assert (added["in_final_only"], added["is_important"]) == (True, None)
    assert (added["n_yes"], added["n_no"], added["n_abstain"]) == (2, 1, 1)
    votes = built.tables["votes"].filter(pl.col("source") == "undl_votes")
    assert dict(votes.select("ccode", "choice").iter_rows()) == {
        2: "no",
        200: "abstain",
        365: "yes",
        651: "yes",
    }
    assert built.lost("unknown_code") == 1


def test_a_later_day_of_the_last_session_is_newer_too(match):
    rows, _ = match([roll_call(7)], [record(40, "A/RES/60/9", date="2006-06-01")])
    assert rows[40]["extends_un_votes"]


def test_an_emergency_session_is_filed_under_the_regular_one(match):
    emergency = record(40, "A/RES/ES-10/19", session="10emsp")
    rows, _ = match([roll_call(7, "A/RES/ES-10/19")], [emergency])
    assert (rows[40]["rcid"], rows[40]["session"]) == (7, 60)


def test_votes_are_compared_under_the_successors_code(match):
    old = roll_call(7, "R/45/5", votes={260: 1, 2: 3}, session=45, date="1990-11-03")
    new = record(40, "A/RES/45/5", date="1990-11-13", session="45", votes={"DEU": "Y", "USA": "N"})
    rows, _ = match([old], [new])
    assert (rows[40]["n_votes_compared"], rows[40]["n_votes_equal"]) == (2, 2)


@pytest.mark.parametrize(
    ("published", "key"),
    [
        ("R/60/260", "60/260"),
        ("A/RES/60/260", "60/260"),
        ("a/res/60/260 ", "60/260"),
        ("R/63/68A", "63/68A"),
        ("A/RES/63/68 A", "63/68A"),
        ("A/RES/75/254[A]", "75/254A"),
        ("A/RES/377(V)[A]", "5/377A"),
        ("A/RES/3379(XXX)", "30/3379"),
        ("A/RES/998(ES-I)", "ES-1/998"),
        ("A/RES/ES-10/19", "ES-10/19"),
        ("", None),
        (None, None),
    ],
)
def test_resolutions_in_one_notation(published, key):
    frame = pl.DataFrame({"r": [published]}, schema={"r": pl.String})
    assert frame.select(resolution_key(pl.col("r"))).item() == key


@pytest.mark.parametrize(
    ("number", "text"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (29, "XXIX"), (40, "XL")]
)
def test_roman_numerals(number, text):
    assert roman(number) == text


@pytest.mark.parametrize(
    ("day", "session"),
    [
        (date(2021, 9, 14), 75),
        (date(2021, 9, 15), 76),
        (date(2022, 3, 2), 76),
        (date(2022, 12, 1), 77),
    ],
)
def test_sessions_open_in_mid_september(day, session):
    assert pl.DataFrame({"d": [day]}).select(session_of(pl.col("d"))).item() == session
