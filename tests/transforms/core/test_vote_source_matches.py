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
    differs = LETTERS | {"EGY": "A", "GBR": "Y"}
    rows, _ = match([roll_call(7)], [record(40), record(41, votes=differs)])
    assert [rows[i]["rcid"] for i in (40, 41)] == [7, None]
    assert rows[41]["unmatched_reason"] == "roll_call_taken"


@pytest.mark.parametrize(
    ("more", "rcid"),
    [({}, 7), ({"date": "2022-12-07", "session": "77", "resolution": "A/RES/77/40"}, 10_000_040)],
)
def test_a_record_that_is_there_twice_is_one_ballot_in_every_branch(match, more, rcid):
    """Within the vote file's years, and after them (the case of two records of 77/40)."""
    records = [record(40) | more, record(41) | more]
    rows, built = match([roll_call(7)], records)
    assert (rows[40]["rcid"], rows[40]["repeats_undl_id"]) == (rcid, None)
    assert (rows[41]["rcid"], rows[41]["repeats_undl_id"]) == (None, 40)
    assert rows[41]["unmatched_reason"] == "record_repeated"
    assert not rows[41]["extends_un_votes"]
    assert built.lost("record_repeated") == 4 + 1
    assert built.tables["roll_calls"].filter("in_all_recorded").height == (1 if rcid == 7 else 2)


def test_sections_and_range_in_the_library_alone_are_one_ballot(match):
    common = {"date": "2022-12-07", "session": "77"}
    symbols = ("A/RES/77/254[A]", "A/RES/77/254[B]", "A/RES/77/254A-B")
    rows, built = match(
        [roll_call(7)], [record(40 + k, s, **common) for k, s in enumerate(symbols)]
    )
    assert all(row["extends_un_votes"] for row in rows.values())
    added = built.tables["roll_calls"].filter(pl.col("source") == "undl_votes")
    assert added["duplicate_of"].to_list() == [None, 10_000_040, 10_000_040]


def test_a_resolution_that_the_vote_file_lacks_is_added_in_its_middle_too(match):
    later = roll_call(8, "R/61/1", session=61, date="2006-12-05")
    rows, built = match([roll_call(7), later], [record(40, "A/RES/60/6")])
    assert rows[40]["unmatched_reason"] == "lacking_in_un_votes"
    assert (rows[40]["extends_un_votes"], rows[40]["rcid"]) == (True, 10_000_040)
    added = built.tables["roll_calls"].filter(pl.col("rcid") == 10_000_040).row(0, named=True)
    assert (added["session"], added["in_final_only"], added["source"]) == (60, True, "undl_votes")
    assert built.tables["votes"].filter(pl.col("rcid") == 10_000_040).height == 4


def test_a_letter_that_the_vote_file_lacks_is_added(match):
    other = VOTES | {651: 3}
    rows, _ = match([roll_call(7, "R/60/5A", votes=other)], [record(40, "A/RES/60/5B")])
    assert rows[40]["unmatched_reason"] == "lacking_in_un_votes"


def test_a_final_vote_of_which_the_file_has_the_paragraphs_only_is_added(match):
    paragraph = dict.fromkeys((2, 200, 365, 651, 710, 750, 840, 850), 1)
    rows, _ = match([roll_call(7, votes=paragraph, para="1")], [record(40)])
    assert rows[40]["unmatched_reason"] == "lacking_in_un_votes"


@pytest.mark.parametrize(
    "session",
    [{"session": "6emsp"}, {"session": "ES-6"}],
)
def test_an_emergency_session_that_the_vote_file_lacks_is_added_outside_the_sessions(
    match, session
):
    """A/RES/ES-6/2 of January 1980, inside the file's years."""
    emergency = record(40, "A/RES/ES-6/2", date="1980-01-14", **session)
    rows, built = match([roll_call(7)], [emergency])
    assert (rows[40]["unmatched_reason"], rows[40]["emergency_session"]) == (
        "lacking_in_un_votes",
        6,
    )
    added = built.tables["roll_calls"].filter(pl.col("rcid") == 10_000_040).row(0, named=True)
    assert (added["session"], added["emergency_session"]) == (None, 6)
    assert (added["year"], added["n_yes"], added["n_no"], added["n_abstain"]) == (1980, 2, 1, 1)
    votes = built.tables["votes"].filter(pl.col("rcid") == 10_000_040)
    assert (votes.height, votes["session"].null_count()) == (4, 4)


def test_afghanistan_1980(trunk, vote_file, library_file, state_list, reference):
    """A/RES/ES-6/2 was adopted by 104 to 18 with 18 abstentions."""
    day = "1980-01-14"
    then = (pl.col("valid_from").fill_null("") <= day) & (pl.col("valid_to").fill_null("9") >= day)
    seated = reference("un_members").filter(then & (pl.col("status") != "seat_disputed"))
    aliases = (
        reference("state_aliases")
        .filter(then & (pl.col("scheme") == "un_library"))
        .join(seated, on="ccode", how="semi", maintain_order="left")
    )
    members = aliases.unique("ccode", keep="first", maintain_order=True).head(140)
    letters = ["Y"] * 104 + ["N"] * 18 + ["A"] * 18
    spells = "\n".join(f"S{c},{c},State {c},1945,1,1,2024,12,31" for c in members["ccode"])
    built = trunk(
        vote_file(roll_call(7)),
        library_file(
            record(
                40,
                "A/RES/ES-6/2",
                date=day,
                session="6emsp",
                votes=dict(zip(members["code"], letters, strict=True)),
            )
        ),
        state_list(spells),
    )
    row = built.tables["roll_calls"].filter(pl.col("rcid") == 10_000_040).row(0, named=True)
    assert (row["n_yes"], row["n_no"], row["n_abstain"]) == (104, 18, 18)
    assert (row["session"], row["emergency_session"], row["year"]) == (None, 6, 1980)
    assert (row["in_final_only"], row["duplicate_of"]) == (True, None)


def test_letters_of_the_vote_file_are_no_other_resolution(match):
    """R/26/2758G is A/RES/2758(XXVI): only the letter differs, and every vote is the same."""
    file = {"session": 26, "date": "1971-10-02"}
    of_library = {"date": "1971-10-25", "session": "26"}
    calls = [
        roll_call(1188, "R/26/2758E", votes=VOTES | {651: 2}, **file),
        roll_call(1190, "R/26/2758G", **file),
    ]
    rows, built = match(calls, [record(40, "A/RES/2758(XXVI)", **of_library)])
    row = rows[40]
    assert (row["rcid"], row["match_rule"]) == (1190, "letter_differs")
    assert (row["resolution"], row["resolution_un_votes"]) == ("A/RES/2758(XXVI)", "R/26/2758G")
    assert built.tables["roll_calls"].height == 2


def test_the_letter_does_not_decide_where_a_vote_differs(match):
    swapped = VOTES | {365: 3, 2: 1}
    rows, _ = match([roll_call(7, "R/60/5G", votes=swapped)], [record(40)])
    assert (rows[40]["rcid"], rows[40]["unmatched_reason"]) == (None, "resolution_not_in_un_votes")


def test_a_page_of_the_record_is_matched_by_its_votes_and_never_added(match):
    file = {"session": 10, "date": "1955-12-04"}
    of_library = {"date": "1955-12-14", "session": "10"}
    records = [
        record(40, "A/RES/995(X)", **of_library),
        record(41, "A/RES/996(X)", votes=LETTERS | {"EGY": "N"}, **of_library),
    ]
    rows, _ = match([roll_call(7, "R/10/434A", **file)], records)
    assert (rows[40]["rcid"], rows[40]["match_rule"]) == (7, "same_votes")
    assert rows[41]["unmatched_reason"] == "resolution_not_in_un_votes"


def test_a_special_session_is_filed_as_the_vote_file_does(match):
    """ES-5 of July 1967 stands under session 22, where the calendar gives 21."""
    file = {"session": 22, "date": "1967-07-02"}
    records = [
        record(40, "A/RES/2252(ES-V)", date="1967-07-04", session="5emsp"),
        record(41, "A/RES/2253(ES-V)", date="1967-07-04", session="5emsp", votes={"USA": "A"}),
    ]
    rows, built = match([roll_call(7, "ESS/5/101", **file)], records)
    assert (rows[40]["rcid"], rows[40]["session"]) == (7, 22)
    assert (rows[41]["session"], rows[41]["extends_un_votes"]) == (22, False)
    assert built.tables["roll_calls"]["emergency_session"].to_list() == [5]


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
        ("ESS/5/100", "ES-5/100"),
        ("SS/1/59", "S-1/59"),
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
