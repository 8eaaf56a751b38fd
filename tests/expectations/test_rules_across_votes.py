"""Rules across tables of votes, on invented ones: what breaks them is found, the rest is not."""

import datetime as dt

from tests.expectations.broken_rules import broken
from tests.expectations.right_rows import (
    ROLL_CALL,
    SIMILARITY,
    WEIGHTED,
    Row,
)


def vote(rcid: int, ccode: int, **more: object) -> Row:
    right = {"session": 1, "choice": "yes", "is_sovereign": True, "source": "un_votes"}
    return {"rcid": rcid, "ccode": ccode, "ccode_source": ccode, **right, **more}


def test_a_vote_without_roll_call_or_with_another_session_is_found() -> None:
    tables = {
        "core.votes": [vote(1, 2), vote(2, 2), vote(3, 2, session=2)],
        "core.roll_calls": [ROLL_CALL | {"rcid": n, "session": 1} for n in (1, 3)],
    }
    found = broken("core.votes", "every_vote_has_its_roll_call", tables)
    assert sorted(row["rcid"] for row in found) == [2, 3]


def test_eighty_votes_outside_the_system_are_the_most() -> None:
    reason = {"is_sovereign": False, "sovereignty_reason": "un_member_before_cow_entry"}
    eighty = [vote(n, 581, **reason) for n in range(80)]
    absent = [vote(n, 581, **reason | {"choice": "absent"}) for n in range(100, 190)]
    assert (
        broken("core.votes", "few_votes_outside_the_system", {"core.votes": eighty + absent}) == []
    )
    found = broken(
        "core.votes",
        "few_votes_outside_the_system",
        {"core.votes": [*eighty, vote(99, 581, **reason)]},
    )
    assert found == [{"ccode": 581, "n_votes": 81}]


def test_both_chinas_vote_in_session_26_only() -> None:
    both = [vote(n, ccode, session=n) for n in (26, 27) for ccode in (710, 713)]
    found = broken("core.votes", "both_chinas_only_in_session_26", {"core.votes": both})
    assert found == [{"session": 27, "n_chinas": 2}]


def test_a_sovereign_vote_before_the_state_exists_is_found() -> None:
    august = ROLL_CALL | {"rcid": 1, "vote_date": None, "vote_month": dt.date(1947, 8, 1)}
    july = august | {"rcid": 2, "vote_month": dt.date(1947, 7, 1)}
    india = {"ccode": 750, "valid_from": dt.date(1947, 8, 15), "counts_to": dt.date(2100, 12, 31)}
    tables = {
        "core.votes": [vote(1, 750), vote(2, 750), vote(2, 750, is_sovereign=False)],
        "core.roll_calls": [august, july],
        "core.states": [india],
    }
    found = broken("core.votes", "sovereign_voters_are_in_the_system", tables)
    assert found == [{"ccode": 750, "vote_month": dt.date(1947, 7, 1)}]


def test_a_vote_that_is_lost_is_found_but_for_those_left_out_on_purpose() -> None:
    def staged(rcid: int, ccode: int, code: int, session: int = 18) -> Row:
        return {"rcid": rcid, "ccode_source": ccode, "vote_code": code, "session": session}

    tables = {
        "core.votes": [vote(1, 2), vote(2, 2, choice="absent")],
        "staging.stg_un_votes__votes": [
            *(staged(1, 2, 1), staged(2, 2, 3), staged(2, 20, 8), staged(2, 31, 9)),
            *(staged(1, 511, 1), staged(1, 560, 1, session=48), staged(1, 950, 3, session=25)),
        ],
        "core.vote_contradictions": [
            {"rcid": 1, "ccode": 950, "contradiction_kind": "vote_outside_membership"}
        ],
    }
    found = broken("core.votes", "every_vote_of_the_file_is_kept", tables)
    assert found == [{"rcid": 2, "ccode_source": 2, "vote_code": 3}]


MEMBERS = [
    {"ccode": 2, "valid_from": dt.date(1945, 10, 24), "membership_status": "member"},
    {
        **{"ccode": 345, "valid_from": dt.date(1992, 9, 22), "valid_to": dt.date(2000, 10, 31)},
        "membership_status": "seat_disputed",
    },
]


def month(rcid: int, first: dt.date) -> Row:
    return {"rcid": rcid, "session": 50, "source": "un_votes", "vote_month": first}


def test_a_member_without_a_row_is_found_and_is_never_a_value() -> None:
    tables = {
        "core.un_members": MEMBERS,
        "core.roll_calls": [month(1, dt.date(1995, 12, 1)), month(2, dt.date(1995, 12, 1))],
        "core.votes": [vote(1, 2), vote(1, 345, choice="seat_disputed"), vote(2, 345)],
    }
    assert broken("core.votes", "every_member_has_a_row", tables) == [{"rcid": 2, "ccode": 2}]


def test_choices_that_contradict_the_list_of_members_are_found() -> None:
    days = [dt.date(1995, 12, 1), dt.date(1992, 9, 1), dt.date(2001, 12, 1)]
    tables = {
        "core.un_members": MEMBERS,
        "core.roll_calls": [month(n, day) for n, day in enumerate(days, start=1)],
        "core.votes": [
            # its seat was disputed: an absence is none, a vote stays as cast
            *(vote(1, 345, choice="absent"), vote(2, 345, choice="no"), vote(3, 345)),
            *(vote(1, 2, choice="no_row"), vote(3, 225, choice="not_member")),
        ],
    }
    found = broken("core.votes", "choices_agree_with_the_list_of_members", tables)
    assert sorted(found, key=lambda row: row["rcid"]) == [
        {"rcid": 1, "ccode": 345, "choice": "absent"},
        {"rcid": 3, "ccode": 345, "choice": "yes"},
    ]


def test_an_unknown_vote_that_is_not_listed_is_found() -> None:
    tables = {
        "core.votes": [vote(1, 2, choice="no_row"), vote(1, 20, choice="no_row")],
        "core.vote_contradictions": [{"rcid": 1, "ccode": 2, "choice": "no_row"}],
    }
    found = broken("core.vote_contradictions", "every_unknown_vote_is_listed", tables)
    assert found == [{"rcid": 1, "ccode": 20}]


def test_a_194th_member_is_found() -> None:
    many = [
        {"ccode": n, "valid_from": dt.date(2011, 7, 14), "membership_status": "member"}
        for n in range(2, 196)
    ]
    found = broken(
        "core.un_members", "never_more_members_than_the_un_has", {"core.un_members": many}
    )
    assert found[0] == {"last_day": dt.date(2011, 12, 31), "n_members": 194}


def test_a_missing_session_is_found() -> None:
    held = [{"rcid": n, "session": n} for n in (1, 2, 4)]
    table = "staging.stg_un_votes__roll_calls"
    assert broken(table, "sessions_follow_each_other", {table: held}) == [{"session": 3}]


def test_more_important_votes_than_a_session_has_are_found() -> None:
    table = "staging.stg_un_votes__roll_calls"
    flagged = [{"rcid": n, "session": 50, "is_important_published": True} for n in range(28)]
    found = broken(table, "important_votes_per_session", {table: flagged})
    assert found == [{"session": 50, "n_important": 28}]


def test_more_joint_votes_than_roll_calls_are_found() -> None:
    tables = {
        "metrics.vote_similarity": [
            SIMILARITY | {"n_both_member": 2},
            SIMILARITY | {"n_both_member": 2, "vote_set": "all_recorded"},
        ],
        "core.roll_calls": [
            ROLL_CALL | {"rcid": 1},
            ROLL_CALL | {"rcid": 2, "in_final_only": False},
            ROLL_CALL | {"rcid": 3, "is_unanimous": True},
        ],
    }
    found = broken("metrics.vote_similarity", "joint_votes_are_at_most_the_roll_calls", tables)
    assert [row["vote_set"] for row in found] == ["final_only"]


def test_years_that_do_not_hold_the_votes_of_the_sessions_are_found() -> None:
    tables = {
        "metrics.vote_similarity": [SIMILARITY, SIMILARITY | {"session": 59}],
        "metrics.vote_similarity_year": [SIMILARITY | {"year": 2003}],
    }
    rule = "joint_votes_by_year_equal_those_by_session"
    found = broken("metrics.vote_similarity_year", rule, tables)
    assert [(row["n_by_year"], row["n_by_session"]) for row in found] == [(8, 16)]


def test_weighted_votes_that_are_not_among_all_are_found() -> None:
    tables = {
        "metrics.vote_similarity": [SIMILARITY, SIMILARITY | {"session": 59, "s_abs": 1.0}],
        "metrics.vote_similarity_weighted": [
            WEIGHTED | {"n_joint": 9},
            WEIGHTED | {"session": 59},
        ],
    }
    table = "metrics.vote_similarity_weighted"
    found = broken(table, "weighted_votes_are_among_all", tables)
    assert [row["session"] for row in found] == [58]
    found = broken(table, "full_agreement_holds_under_any_weight", tables)
    assert [row["session"] for row in found] == [59]


def test_totals_that_are_not_those_of_the_votes_are_found() -> None:
    right = ROLL_CALL | {"rcid": 1, "n_yes": 2, "n_abstain": 0, "n_no": 1}
    cast = [vote(1, 2), vote(1, 20), vote(1, 31, choice="no"), vote(1, 40, choice="absent")]
    tables = {"core.votes": cast, "core.roll_calls": [right, right | {"rcid": 2}]}
    found = broken("core.roll_calls", "totals_are_those_of_the_votes", tables)
    assert [row["rcid"] for row in found] == [2]
