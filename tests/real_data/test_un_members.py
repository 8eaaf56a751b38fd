"""UN membership on the real vote file: every cell in which the file and the list disagree."""

import polars as pl
import pytest

from tests.built_homes import BuiltHome


@pytest.fixture(scope="module")
def contradictions(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("core.vote_contradictions")


@pytest.fixture(scope="module")
def sessions(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("marts.state_session")


def count(frame: pl.DataFrame, *by: str) -> dict[object, int]:
    rows = frame.group_by(*by).len().rows()
    return {row[0] if len(by) == 1 else row[:-1]: row[-1] for row in rows}


def test_every_disagreement_by_kind(contradictions):
    assert count(contradictions, "contradiction_kind") == {
        "member_without_row": 248,
        "member_coded_not_member": 129,
        "absent_outside_membership": 335,
        "vote_outside_membership": 2,
        "disputed_seat_coded_absent": 2_452,
        "disputed_seat_coded_not_member": 565,
    }


def test_members_without_a_row_by_state(contradictions):
    missing = contradictions.filter(pl.col("contradiction_kind") == "member_without_row")
    # North Macedonia, Moldova, Zimbabwe, Algeria, Libya, Syria, Yemen, Afghanistan
    assert count(missing, "ccode") == {
        **{343: 6, 359: 31, 552: 73, 615: 1, 620: 28, 652: 65, 679: 43, 700: 1}
    }
    assert missing["rcid"].n_unique() == 220
    assert (missing["session"].min(), missing["session"].max()) == (52, 73)
    assert missing["filled_from"].null_count() == missing.height  # the mirror's Library lacks them


def test_members_coded_as_none_by_state(contradictions):
    coded = contradictions.filter(pl.col("contradiction_kind") == "member_coded_not_member")
    assert count(coded, "ccode") == {816: 128, 679: 1}  # Vietnam, Yemen


def test_absences_and_votes_outside_membership_by_state(contradictions):
    outside = contradictions.filter(pl.col("contradiction_kind") == "absent_outside_membership")
    assert count(outside, "ccode") == {
        **{652: 194, 225: 94, 850: 42},  # Syria in the UAR, Switzerland, Indonesia 1965-66
        **dict.fromkeys((626, 946, 947, 955, 970), 1),
    }
    votes = contradictions.filter(pl.col("contradiction_kind") == "vote_outside_membership")
    assert votes.select("rcid", "ccode").sort("rcid").rows() == [(1110, 950), (1111, 950)]


def test_disputed_seats_by_state(mirror_home: BuiltHome):
    votes = mirror_home.table("core.votes")
    disputed = votes.filter(pl.col("choice").cast(pl.String) == "seat_disputed")
    assert count(disputed, "ccode") == {560: 2_274, 345: 632, 811: 93, 490: 18}


@pytest.mark.parametrize(
    ("resolution", "counted", "published", "unknown"),
    [
        ("A/RES/71/5", (190, 0, 2), (191, 0, 2), 552),
        ("A/RES/ES-10/19", (127, 9, 35), (128, 9, 35), 615),
    ],
)
def test_totals_of_the_day_that_counted_votes_are_short_of(
    mirror_home: BuiltHome, resolution, counted, published, unknown
):
    roll_call = mirror_home.table("marts.roll_call").row(
        by_predicate=pl.col("resolution") == resolution, named=True
    )
    names = ("yes", "no", "abstain")
    assert tuple(roll_call[f"n_{name}"] for name in names) == counted
    assert tuple(roll_call[f"n_{name}_published"] or 0 for name in names) == published
    assert roll_call["n_no_row"] == 1
    contradictions = mirror_home.table("core.vote_contradictions")
    (cell,) = contradictions.filter(pl.col("rcid") == roll_call["rcid"]).rows(named=True)
    assert (cell["ccode"], cell["choice"], cell["implied_choice"]) == (unknown, "no_row", "yes")


def test_most_unknown_votes_are_implied_by_the_published_totals(contradictions):
    unknown = contradictions.filter(pl.col("choice") == "no_row")
    assert unknown.height == 377
    assert count(unknown, "implied_choice") == {
        **{"yes": 154, "abstain": 20, "no": 14, "absent": 129, None: 60}
    }


def test_switzerland_and_others_have_no_session_before_their_admission(sessions):
    swiss = sessions.filter(pl.col("ccode") == 225).sort("session")
    members = swiss.filter("is_un_member")["session"].to_list()
    assert members == list(range(57, members[-1] + 1))
    assert swiss.filter(pl.col("session") == 56)["null_reason"].item() == "not_member"


def test_zimbabwe_has_unknown_votes_in_session_71_and_no_gap_in_membership(sessions):
    row = sessions.row(
        by_predicate=(pl.col("ccode") == 552) & (pl.col("session") == 71), named=True
    )
    assert (row["n_roll_calls"], row["n_member"], row["n_no_row"]) == (119, 119, 73)
    assert row["participation_share"] == row["n_voted"] / 46


def test_south_africa_and_yugoslavia_lack_votes_for_their_seat(sessions):
    for ccode, first, last in ((560, 30, 47), (345, 48, 54)):
        rows = sessions.filter(
            (pl.col("ccode") == ccode) & pl.col("session").is_between(first, last)
        )
        assert rows["null_reason"].cast(pl.String).unique().to_list() == ["seat_disputed"]
        assert rows["is_un_member"].all()
        assert rows["participation_share"].null_count() == rows.height
        assert rows.height == last - first + 1


def test_every_member_has_a_row_on_every_roll_call(mirror_home: BuiltHome):
    votes = mirror_home.table("core.votes").filter(pl.col("choice").cast(pl.String) != "not_member")
    listed = votes.group_by("rcid", "session").len("n_members")
    # 193 members since 2011; South Sudan's admission of 14 July 2011 falls into session 65
    recent = listed.filter(pl.col("session").is_between(66, 75))
    assert recent["n_members"].unique().to_list() == [193]
