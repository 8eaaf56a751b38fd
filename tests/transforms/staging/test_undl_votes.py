from datetime import date

import pytest

from transforms.staging import undl_votes

RESOLUTION = {
    "undl_id": 4000001,
    "date": "2020-12-07",
    "session": "75",
    "resolution": "A/RES/75/39",
}


def staged(content):
    tables = undl_votes.stage(undl_votes.read({"data": content})).tables
    return tables[undl_votes.STAGED_VOTES], tables[undl_votes.STAGED_RESOLUTIONS]


def test_votes_and_resolutions_are_told_apart(library_file):
    votes, resolutions = staged(
        library_file(RESOLUTION | {"votes": {"USA": "N", "NAM": "Y", "TUV": "X"}})
    )
    assert votes.select("member_code", "vote_letter").rows() == [
        ("USA", "N"),
        ("NAM", "Y"),
        ("TUV", "X"),
    ]
    row = resolutions.row(0, named=True)
    assert (row["session"], row["vote_date"], row["n_yes_published"]) == (75, date(2020, 12, 7), 1)
    assert (row["draft"], row["meeting"]) == (None, None)


def test_a_byte_order_mark_and_float_totals_are_read(library_file):
    content = library_file(
        RESOLUTION | {"total_yes": "121.0", "total_no": "2.00", "votes": {"USA": "N"}}
    )
    row = staged(b"\xef\xbb\xbf" + content)[1].row(0, named=True)
    assert (row["undl_id"], row["n_yes_published"], row["n_no_published"]) == (4000001, 121, 2)


def test_a_total_with_a_fraction_is_refused(library_file):
    content = library_file(RESOLUTION | {"total_yes": "121.5", "votes": {"USA": "N"}})
    with pytest.raises(ValueError, match=r"row 1, column total_yes: '121\.5'"):
        staged(content)


def test_a_special_session_has_no_number_of_a_regular_one(library_file):
    content = library_file(RESOLUTION | {"session": "10emsp", "votes": {"USA": "N"}})
    row = staged(content)[1].row(0, named=True)
    assert (row["session"], row["session_published"]) == (None, "10emsp")


def test_a_resolution_with_two_dates_is_refused(library_file):
    content = library_file(
        RESOLUTION | {"votes": {"USA": "N"}},
        RESOLUTION | {"date": "2020-12-08", "votes": {"CAN": "N"}},
    )
    with pytest.raises(ValueError, match=r"undl_id '4000001' has 2 descriptions.*\['date'\]"):
        staged(content)
