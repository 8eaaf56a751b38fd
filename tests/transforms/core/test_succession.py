"""Every case of succession in the UN, by name, from the publisher's layout to core.votes."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.core.succession import apply_rules, read_rules


def roll_call(rcid, session, day, votes):
    return {"rcid": rcid, "session": session, "date": day, "votes": votes}


@pytest.fixture
def votes_of(trunk, vote_file):
    """The trunk on some roll calls."""
    return lambda *roll_calls: trunk(vote_file(*roll_calls))


def test_germany_votes_after_unification_under_255(votes_of):
    built = votes_of(
        roll_call(1, 44, "1989-12-04", {260: 1, 265: 3}),
        roll_call(2, 45, "1990-11-03", {260: 2, 255: 9, 265: 9}),
    )
    assert built.vote(1, 260)["choice"] == "yes"
    assert built.vote(1, 255) is None
    after = built.vote(2, 255)
    assert (after["choice"], after["ccode_source"], after["identity_precision"]) == (
        "abstain",
        260,
        "month",
    )
    assert after["is_sovereign"]
    assert built.vote(2, 260) is None
    assert built.lost("superseded_by_succession") == 1
    assert built.lost("not_in_system") == 1


def test_yemen_votes_after_unification_under_679(votes_of):
    built = votes_of(
        roll_call(1, 44, "1989-12-04", {678: 1, 680: 3}),
        roll_call(2, 45, "1990-11-03", {678: 1, 680: 9}),
    )
    assert built.vote(1, 678)["choice"] == "yes"
    assert built.vote(1, 680)["choice"] == "no"
    assert built.vote(2, 679)["ccode_source"] == 678
    assert built.vote(2, 678) is None


def test_vietnam_votes_under_816_and_the_republic_of_vietnam_never(votes_of):
    built = votes_of(roll_call(1, 32, "1977-11-05", {816: 1, 817: 9}))
    assert built.vote(1, 816)["choice"] == "yes"
    assert built.vote(1, 817) is None
    assert built.lost("not_in_system") == 1


def test_vietnam_before_its_admission_is_not_member(votes_of):
    built = votes_of(roll_call(1, 28, "1973-11-05", {816: 9, 817: 9}))
    assert [built.vote(1, c)["choice"] for c in (816, 817)] == ["not_member", "not_member"]


def test_the_soviet_union_and_russia_are_one_actor(votes_of):
    built = votes_of(
        roll_call(1, 46, "1991-12-05", {365: 1}), roll_call(2, 46, "1992-08-03", {365: 1})
    )
    assert {built.vote(r, 365)["ccode_source"] for r in (1, 2)} == {365}
    assert {built.vote(r, 365)["identity_precision"] for r in (1, 2)} == {"day"}


@pytest.mark.parametrize("ccode", [369, 370], ids=["ukraine", "byelorussia"])
def test_the_soviet_republics_are_not_sovereign_before_1992(votes_of, ccode):
    built = votes_of(
        roll_call(1, 2, "1947-11-05", {ccode: 1}),
        roll_call(2, 46, "1991-12-05", {ccode: 8}),
        roll_call(3, 46, "1992-08-03", {ccode: 2}),
    )
    first, last, after = (built.vote(r, ccode) for r in (1, 2, 3))
    assert (first["is_sovereign"], first["sovereignty_reason"]) == (False, "soviet_republic")
    assert (last["choice"], last["sovereignty_reason"]) == ("absent", "soviet_republic")
    assert (last["identity_precision"], first["identity_precision"]) == ("month", "day")
    assert (after["is_sovereign"], after["sovereignty_reason"]) == (True, None)


def test_yugoslavia_has_a_disputed_seat_in_sessions_48_to_54(votes_of):
    built = votes_of(
        roll_call(1, 46, "1991-12-05", {345: 1}),
        roll_call(2, 50, "1995-12-05", {345: 9}),
        roll_call(3, 54, "1999-12-05", {345: 8}),
        roll_call(4, 56, "2001-12-05", {345: 2}),
        roll_call(5, 47, "1992-09-03", {345: 3}),
    )
    assert [built.vote(r, 345)["choice"] for r in (1, 2, 3, 4)] == [
        "yes",
        "seat_disputed",
        "seat_disputed",
        "abstain",
    ]
    # it voted on the resolution that took its seat
    assert built.vote(5, 345)["choice"] == "no"
    assert built.kinds(345) == {
        2: "disputed_seat_coded_not_member",
        3: "disputed_seat_coded_absent",
    }


def test_czechoslovakia_is_not_linked_to_its_successors(votes_of):
    built = votes_of(
        roll_call(1, 47, "1992-12-06", {315: 1, 316: 9, 317: 9}),
        roll_call(2, 48, "1993-11-02", {315: 9, 316: 2, 317: 3}),
    )
    assert built.vote(1, 315)["choice"] == "yes"
    assert [built.vote(1, c) for c in (316, 317)] == [None, None]
    assert [built.vote(2, c)["choice"] for c in (316, 317)] == ["abstain", "no"]
    assert built.vote(2, 315) is None
    assert built.lost("not_in_system") == 3


def test_china_holds_its_seat_as_710_in_sessions_1_to_4(votes_of):
    built = votes_of(
        roll_call(1, 1, "1946-01-02", {713: 1, 710: 9}),
        roll_call(2, 4, "1949-12-05", {713: 3, 710: 9}),
    )
    for rcid, choice in ((1, "yes"), (2, "no")):
        row = built.vote(rcid, 710)
        assert (row["choice"], row["ccode_source"], row["is_sovereign"]) == (choice, 713, True)
        assert row["identity_precision"] == "month"
        assert built.vote(rcid, 713) is None
    assert built.lost("superseded_by_succession") == 2


def test_china_from_session_5_is_whoever_voted(votes_of):
    built = votes_of(roll_call(1, 5, "1950-11-02", {713: 3, 710: 9}))
    assert built.vote(1, 713)["choice"] == "no"
    assert built.vote(1, 713)["ccode_source"] == 713
    assert built.vote(1, 710)["choice"] == "not_member"


def test_china_in_session_26_is_two_actors(votes_of):
    built = votes_of(
        roll_call(1, 26, "1971-10-02", {713: 1, 710: 9}),
        roll_call(2, 26, "1971-12-02", {713: 9, 710: 3}),
    )
    assert [built.vote(1, c)["choice"] for c in (713, 710)] == ["yes", "not_member"]
    assert [built.vote(2, c)["choice"] for c in (713, 710)] == ["not_member", "no"]


def test_syria_in_the_united_arab_republic_is_no_member_of_its_own(votes_of):
    built = votes_of(
        roll_call(1, 12, "1957-12-05", {652: 1, 651: 1}),
        roll_call(2, 14, "1959-12-05", {652: 8, 651: 3}),
        roll_call(3, 16, "1961-12-05", {652: 2, 651: 1}),
        roll_call(4, 16, "1961-10-03", {652: 8, 651: 1}),
    )
    assert [built.vote(r, 651)["choice"] for r in (1, 2, 3)] == ["yes", "no", "yes"]
    # neither a state of the system then nor a member: the row is lost, and listed
    assert built.vote(2, 652) is None
    assert built.lost("not_in_system") == 1
    assert built.kinds(652) == {2: "absent_outside_membership"}
    assert [built.vote(r, 652)["choice"] for r in (1, 3)] == ["yes", "abstain"]
    # it resumed its membership in October 1961, on a day that the vote file does not tell
    assert built.vote(4, 652)["choice"] == "absent"


def test_south_africa_has_a_disputed_seat_from_november_1974_to_june_1994(votes_of):
    built = votes_of(
        roll_call(1, 29, "1974-10-02", {560: 3}),
        roll_call(2, 47, "1992-12-05", {560: 8}),
        roll_call(3, 48, "1993-12-05", {560: 8}),
        roll_call(4, 48, "1994-07-06", {560: 1}),
        roll_call(5, 49, "1994-12-05", {560: 8}),
    )
    choices = [(built.vote(r, 560) or {}).get("choice") for r in (1, 2, 3, 4, 5)]
    # its one vote of session 48, after its return, is dropped by the rule of succession
    assert choices == ["no", "seat_disputed", "seat_disputed", None, "absent"]
    assert built.lost("south_africa_session_48") == 1


def test_zanzibar_is_dropped_and_counted(votes_of):
    built = votes_of(roll_call(1, 18, "1963-12-03", {511: 2, 510: 1}))
    assert built.vote(1, 511) is None
    assert built.vote(1, 510)["choice"] == "yes"
    assert built.lost("zanzibar") == 1


def test_india_is_not_sovereign_before_august_1947(votes_of):
    built = votes_of(
        roll_call(1, 1, "1946-12-05", {750: 1}),
        roll_call(2, 2, "1947-05-06", {750: 3}),
        roll_call(3, 2, "1947-09-04", {750: 1}),
    )
    assert [built.vote(r, 750)["sovereignty_reason"] for r in (1, 2)] == ["british_india"] * 2
    assert built.vote(3, 750)["is_sovereign"]


def test_indonesia_is_no_member_from_january_1965_to_september_1966(votes_of):
    built = votes_of(
        roll_call(1, 18, "1963-12-03", {850: 8}),
        roll_call(2, 19, "1965-02-06", {850: 8}),
        roll_call(3, 20, "1965-11-03", {850: 8}),
        roll_call(4, 21, "1966-11-03", {850: 8}),
    )
    choices = [built.vote(r, 850)["choice"] for r in (1, 2, 3, 4)]
    assert choices == ["absent", "not_member", "not_member", "absent"]
    assert built.kinds(850) == dict.fromkeys((2, 3), "absent_outside_membership")


def test_session_19_keeps_its_one_roll_call(votes_of):
    built = votes_of(roll_call(1, 19, "1965-02-06", {2: 3, 365: 1}))
    assert built.tables["roll_calls"]["session"].to_list() == [19]
    assert built.tables["votes"].height == 2


def test_states_that_never_vote_have_no_row_of_their_own(votes_of):
    built = votes_of(roll_call(1, 65, "2010-12-05", {2: 1, 713: 9}))
    assert built.vote(1, 347) is None
    assert built.vote(1, 713)["choice"] == "not_member"


def test_a_un_member_that_cow_has_never_had_goes_to_the_losses(votes_of):
    built = votes_of(roll_call(1, 65, "2010-12-05", {2: 1, 998: 1, 997: 9}))
    assert built.tables["votes"]["ccode"].to_list() == [2]
    assert (built.lost("unknown_entity"), built.lost("not_in_system")) == (1, 1)


def test_mid_year_entry_of_namibia_and_liechtenstein(votes_of):
    built = votes_of(
        roll_call(1, 44, "1989-12-05", {565: 9, 223: 9}),
        roll_call(2, 45, "1990-09-05", {565: 1, 223: 9}),
        roll_call(3, 45, "1990-11-05", {565: 1, 223: 1}),
    )
    assert [built.vote(1, c) for c in (565, 223)] == [None, None]
    # entered on 1990-09-18, vote of an unknown day of that month: not_member says nothing
    assert built.vote(2, 223) is None
    assert [built.vote(3, c)["choice"] for c in (565, 223)] == ["yes", "yes"]
    assert built.lost("not_in_system") == 3


def test_comoros_voted_before_its_entry_of_31_december_1975(votes_of):
    built = votes_of(
        roll_call(1, 30, "1975-12-05", {581: 1}), roll_call(2, 31, "1976-11-05", {581: 1})
    )
    early = built.vote(1, 581)
    assert (early["is_sovereign"], early["sovereignty_reason"], early["identity_precision"]) == (
        False,
        "un_member_before_cow_entry",
        "month",
    )
    assert built.vote(2, 581)["is_sovereign"]


def test_founding_members_before_their_cow_entry_are_kept_as_not_sovereign(votes_of):
    built = votes_of(
        roll_call(1, 1, "1946-02-05", {840: 1, 652: 3}), roll_call(2, 1, "1946-12-05", {840: 1})
    )
    reasons = {built.vote(1, c)["sovereignty_reason"] for c in (840, 652)}
    assert reasons == {"un_member_before_cow_entry"}
    assert built.vote(2, 840)["is_sovereign"]


def test_a_vote_in_the_month_of_entry_is_the_states_own(votes_of):
    # Tanganyika became independent on 9 December 1961 and a UN member on the 14th; the file
    # says "day 4", which is a Wednesday
    built = votes_of(roll_call(1, 16, "1961-12-04", {510: 1}))
    row = built.vote(1, 510)
    assert (row["is_sovereign"], row["identity_precision"]) == (True, "month")


def test_from_session_58_on_membership_is_judged_by_the_day(votes_of):
    built = votes_of(
        roll_call(1, 60, "2006-06-05", {341: 9}),
        roll_call(2, 60, "2006-06-20", {341: 9}),
        roll_call(3, 61, "2006-12-05", {341: 1}),
    )
    assert built.vote(1, 341) is None
    assert built.vote(2, 341)["choice"] == "not_member"
    assert built.vote(2, 341)["identity_precision"] == "day"
    assert built.vote(3, 341)["choice"] == "yes"


def test_a_state_with_two_votes_on_one_roll_call_is_refused(votes_of):
    with pytest.raises(ValueError, match=r"state 710 has 2 rows on roll call 1, from codes \[7"):
        votes_of(roll_call(1, 1, "1946-01-02", {713: 1, 710: 3}))


def test_more_than_80_votes_outside_the_system_stop_the_build(trunk, vote_file):
    early = [roll_call(n, 1, "1946-02-05", {840: 1, 2: 1}) for n in range(1, 82)]
    with pytest.raises(ValueError, match=r"\[\(840, 81\)\] have more than 80 votes outside"):
        trunk(vote_file(*early))
    assert trunk(vote_file(*early[:80])).tables["votes"].height == 160


def test_a_rule_with_an_unknown_action_is_refused(reference):
    broken = reference("succession").with_columns(pl.col("action").replace("drop", "remove"))
    with pytest.raises(ValueError, match=r"south_africa_48.*zanzibar"):
        read_rules(broken)


def test_two_rules_for_one_vote_are_refused(reference):
    rules = read_rules(reference("succession"))
    twice = pl.concat([rules, rules.filter(pl.col("rule_id") == "india")])
    ballots = pl.DataFrame(
        {
            "ccode_source": [750],
            "session": [1],
            "vote_month": [date(1946, 1, 1)],
            "choice": ["yes"],
        },
        schema_overrides={"ccode_source": pl.Int16, "session": pl.Int16},
    )
    with pytest.raises(ValueError, match=r"\['india', 'india'\] apply to the same votes of 750"):
        apply_rules(ballots, twice)


MONTHS = {
    1: "1946-02-03",
    4: "1949-12-02",
    18: "1963-12-03",
    26: "1971-11-04",
    45: "1990-11-03",
    46: "1991-12-05",
    48: "1994-07-06",
    60: "2006-06-05",
}
CODES = [2, 223, 260, 315, 316, 345, 369, 511, 560, 581, 652, 678, 680, 713, 750, 817, 840, 998]


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(CODES), st.sampled_from([1, 2, 3, 8, 9]), min_size=1))
def test_rows_in_and_cells_added_are_rows_out_plus_losses(trunk, vote_file, votes):
    content = vote_file(*(roll_call(s, s, day, votes) for s, day in MONTHS.items()))
    built = trunk(content)
    assert built.tables["stg_un_votes__votes"].height == (
        built.tables["votes"].filter(pl.col("ccode_source").is_not_null()).height
        + built.lost_rows()["n_rows"].sum()
    )
    assert not built.tables["votes"].select("rcid", "ccode").is_duplicated().any()
