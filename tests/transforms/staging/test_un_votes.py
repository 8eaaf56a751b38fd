from datetime import date

import polars as pl
import pytest

from transforms.staging import un_votes


def staged(content):
    tables = un_votes.stage(un_votes.read({"data": content})).tables
    return tables[un_votes.STAGED_VOTES], tables[un_votes.STAGED_ROLL_CALLS]


def test_all_26_columns_are_kept_in_one_of_the_two_raw_tables(vote_file):
    raw = un_votes.read(
        {"data": vote_file({"rcid": 3, "session": 1, "date": "1946-01-01", "votes": {2: 1}})}
    )
    kept = set(raw[un_votes.RAW_VOTES].columns) | set(raw[un_votes.RAW_ROLL_CALLS].columns)
    assert len(kept) == 26
    assert all(t == pl.String for frame in raw.values() for t in frame.dtypes)


def test_a_roll_call_is_kept_once_and_every_vote_stays(vote_file):
    content = vote_file(
        {"rcid": 3, "session": 1, "date": "1946-01-01", "votes": {2: 1, 200: 3, 365: 9}},
        {"rcid": 4, "session": 1, "date": "1946-01-02", "votes": {2: 2, 200: 8, 365: 1}},
    )
    votes, roll_calls = staged(content)
    assert votes.height == 6
    assert votes["vote_code"].to_list() == [1, 3, 9, 2, 8, 1]
    assert votes["is_member_published"].to_list() == [True, True, None, True, True, True]
    assert roll_calls["rcid"].to_list() == [3, 4]


def test_rows_of_a_roll_call_need_not_stand_together(vote_file):
    content = vote_file(
        {"rcid": 3, "session": 1, "date": "1946-01-01", "votes": {2: 1}},
        {"rcid": 4, "session": 1, "date": "1946-01-02", "votes": {2: 1}},
        {"rcid": 3, "session": 1, "date": "1946-01-01", "votes": {200: 1}},
    )
    votes, roll_calls = staged(content)
    assert (votes.height, roll_calls.height) == (3, 2)


def test_a_roll_call_that_contradicts_itself_is_refused(vote_file):
    content = vote_file(
        {"rcid": 3, "session": 1, "date": "1946-01-01", "yes": 10, "votes": {2: 1}},
        {"rcid": 3, "session": 1, "date": "1946-01-01", "yes": 11, "votes": {200: 1}},
    )
    with pytest.raises(ValueError, match=r"roll_calls: rcid '3' has 2 descriptions.*\['yes'\]"):
        staged(content)


def test_t13_the_weekday_before_session_58_is_no_day(vote_file):
    content = vote_file(
        {"rcid": 1, "session": 57, "date": "2002-11-03", "votes": {2: 1}},
        {"rcid": 2, "session": 58, "date": "2003-11-03", "votes": {2: 1}},
    )
    _, roll_calls = staged(content)
    columns = ["vote_date", "vote_month", "date_precision", "date_published"]
    assert roll_calls.select(columns).rows() == [
        (None, date(2002, 11, 1), "month", "2002-11-03"),
        (date(2003, 11, 3), date(2003, 11, 1), "day", "2003-11-03"),
    ]


def test_na_is_no_value_and_no_title(vote_file):
    content = vote_file(
        {
            "rcid": 1,
            "session": 73,
            "date": "2018-10-16",
            "importantvote": "NA",
            "para": "NA",
            "amend": "NA",
            "no": "NA",
            "short": "NA",
            "unres": "",
            "votes": {2: 1},
        }
    )
    row = staged(content)[1].row(0, named=True)
    missing = ["is_important_published", "is_paragraph", "is_amendment", "n_no_published"]
    assert [row[c] for c in [*missing, "short_title", "resolution"]] == [None] * 6


def test_a_cell_that_is_no_number_is_named(vote_file):
    content = vote_file({"rcid": 1, "session": 1, "date": "1946-01-01", "votes": {2: 1, 20: "Y"}})
    with pytest.raises(ValueError, match="un_votes__votes, row 2, column vote: 'Y'"):
        staged(content)


def test_a_day_that_does_not_exist_is_named(vote_file):
    content = vote_file({"rcid": 1, "session": 60, "date": "2005-02-30", "votes": {2: 1}})
    with pytest.raises(ValueError, match="row 1, column date: '2005-02-30'"):
        staged(content)


def test_a_file_without_a_column_is_refused(vote_file):
    content = vote_file({"rcid": 1, "session": 1, "date": "1946-01-01", "votes": {2: 1}})
    with pytest.raises(ValueError, match=r"columns \['unres'\] are missing"):
        un_votes.read({"data": content.replace(b"unres", b"resolution")})


def test_a_column_that_the_publisher_adds_reaches_the_raw_gate(vote_file):
    content = vote_file({"rcid": 1, "session": 1, "date": "1946-01-01", "votes": {2: 1}})
    added = b"\n".join(
        line + extra for line, extra in zip(content.splitlines(), [b",new", b",7"], strict=True)
    )
    assert "new" in un_votes.read({"data": added})[un_votes.RAW_ROLL_CALLS].columns
