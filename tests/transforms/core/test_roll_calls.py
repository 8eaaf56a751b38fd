from datetime import date

import pytest


def roll_call(rcid, session, day, **more):
    return {"rcid": rcid, "session": session, "date": day, "votes": {2: 1, 200: 3}} | more


@pytest.fixture
def built(trunk, vote_file):
    """Roll calls by rcid, built from the publisher's layout."""

    def build(*roll_calls):
        rows = trunk(vote_file(*roll_calls)).tables["roll_calls"].iter_rows(named=True)
        return {row["rcid"]: row for row in rows}

    return build


@pytest.mark.parametrize(
    # flags: paragraph, amendment; sets: final_only, final_strict
    ("day", "session", "flags", "in_sets"),
    [
        ("1989-12-04", 44, ("0", "0"), (True, True)),
        ("1989-12-04", 44, ("1", "0"), (True, False)),
        ("1989-12-04", 44, ("0", "1"), (True, False)),
        ("1985-12-04", 40, ("NA", "NA"), (True, True)),
        ("1990-11-03", 45, ("NA", "NA"), (True, True)),
        ("1997-12-04", 52, ("1", "NA"), (False, False)),
        ("1997-12-04", 52, ("NA", "1"), (False, False)),
        ("1990-01-04", 44, ("1", "0"), (False, False)),
    ],
)
def test_vote_sets_leave_out_parts_since_1990_and_take_null_as_not_flagged(
    built, day, session, flags, in_sets
):
    row = built(roll_call(1, session, day, para=flags[0], amend=flags[1]))[1]
    assert (row["in_final_only"], row["in_final_strict"]) == in_sets


@pytest.mark.parametrize(
    # flags: important, paragraph, amendment
    ("session", "flags", "is_important", "basis"),
    [
        (37, ("0", "0", "0"), None, "out_of_coverage"),
        (38, ("1", "0", "0"), True, "coded"),
        (38, ("0", "0", "0"), False, "coded"),
        (50, ("1", "NA", "NA"), True, "coded_suspect"),
        (50, ("0", "NA", "NA"), False, "coded_suspect"),
        (52, ("NA", "1", "NA"), False, "assumed"),
        (72, ("NA", "NA", "1"), False, "assumed"),
        (51, ("NA", "1", "NA"), None, "not_coded"),
        (61, ("NA", "NA", "NA"), None, "not_coded"),
        (71, ("1", "1", "NA"), True, "coded"),
        (73, ("NA", "NA", "NA"), None, "out_of_coverage"),
    ],
)
def test_importance_says_what_it_rests_on(built, session, flags, is_important, basis):
    names = dict(zip(("importantvote", "para", "amend"), flags, strict=True))
    day = f"{session + 1945}-12-04"
    row = built(roll_call(1, session, day, **names))[1]
    assert (row["is_important"], row["importance_basis"]) == (is_important, basis)


def test_totals_are_counted_and_the_published_ones_stand_beside_them(built):
    votes = {2: 1, 200: 1, 365: 3, 345: 2, 651: 8, 713: 9}
    row = built(roll_call(1, 30, "1975-11-04", votes=votes, yes=9, no="NA", abstain=1))[1]
    assert (row["n_yes"], row["n_no"], row["n_abstain"]) == (2, 1, 1)
    published = [row[f"n_{c}_published"] for c in ("yes", "no", "abstain")]
    assert published == [9, None, 1]


@pytest.mark.parametrize(
    ("votes", "is_unanimous"),
    [
        ({2: 1, 200: 1, 365: 8, 713: 9}, True),
        ({2: 2, 200: 2}, True),
        ({2: 1, 200: 2}, False),
        ({2: 1, 369: 3}, False),
        ({2: 8, 200: 8}, False),
    ],
)
def test_unanimous_means_all_who_voted_did_the_same(built, votes, is_unanimous):
    assert built(roll_call(1, 30, "1975-11-04", votes=votes))[1]["is_unanimous"] is is_unanimous


def test_t13_no_roll_call_before_session_58_has_a_day(built):
    rows = built(
        roll_call(1, 1, "1946-01-01"),
        roll_call(2, 57, "2003-06-18"),
        roll_call(3, 58, "2003-11-04"),
    )
    assert [rows[r]["vote_date"] for r in (1, 2, 3)] == [None, None, date(2003, 11, 4)]
    assert [rows[r]["vote_month"] for r in (1, 2)] == [date(1946, 1, 1), date(2003, 6, 1)]
    assert [rows[r]["date_precision"] for r in (1, 2, 3)] == ["month", "month", "day"]


def test_the_year_is_that_of_the_date_and_not_the_published_one(built):
    row = built(roll_call(1, 74, "2020-01-14", year=2019))[1]
    assert (row["year"], row["session"]) == (2020, 74)
