"""`core.un_members`: the dated list of UN members, on the UN's own totals and on single cases."""

from datetime import date

import polars as pl
import pytest

from tests.transforms.trunk import read_reference
from transforms.core.un_members import build_un_members

MEMBERS_AT_THE_END_OF = {
    **{1945: 51, 1946: 55, 1947: 57, 1948: 58, 1949: 59, 1950: 60, 1955: 76, 1956: 80, 1957: 82},
    **{1958: 82, 1960: 99, 1961: 104, 1962: 110, 1963: 113, 1964: 115, 1965: 117, 1966: 122},
    **{1967: 123, 1968: 126, 1970: 127, 1971: 132, 1973: 135, 1974: 138, 1975: 144, 1976: 147},
    **{1977: 149, 1978: 151, 1979: 152, 1980: 154, 1981: 157, 1983: 158, 1984: 159, 1990: 159},
    **{1991: 166, 1992: 179, 1993: 184, 1994: 185, 1999: 188, 2000: 189, 2002: 191, 2006: 192},
    **{2011: 193, 2024: 193},
}
"""United Nations, Growth in United Nations membership."""

STATES = pl.DataFrame(
    {"ccode": [*range(2, 999)], "valid_from": date(1816, 1, 1), "valid_to": date(2024, 12, 31)},
    schema_overrides={"ccode": pl.Int16},
)


@pytest.fixture(scope="module")
def members():
    outcome = build_un_members(un_members=read_reference("un_members"), states=STATES)
    assert outcome.losses.is_empty()
    return outcome.tables["core.un_members"]


def status_on(members, ccode, day):
    """The status of a state on a day, or None."""
    last = pl.col("valid_to").fill_null(date(9999, 12, 31))
    day = date.fromisoformat(day)
    found = members.filter(
        (pl.col("ccode") == ccode) & (pl.col("valid_from") <= day) & (last >= day)
    )["membership_status"].to_list()
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(("year", "n"), MEMBERS_AT_THE_END_OF.items())
def test_as_many_members_as_the_un_counts(members, year, n):
    last = pl.col("valid_to").fill_null(date(9999, 12, 31))
    held = (pl.col("valid_from") <= date(year, 12, 31)) & (last >= date(year, 12, 31))
    assert members.filter(held)["ccode"].n_unique() == n == members.filter(held).height


@pytest.mark.parametrize("ccode", [369, 370], ids=["ukraine", "byelorussia"])
def test_the_soviet_republics_are_members_from_1945(members, ccode):
    assert status_on(members, ccode, "1945-10-23") is None
    assert status_on(members, ccode, "1945-10-24") == "member"
    assert status_on(members, ccode, "1991-12-26") == "member"


def test_india_is_a_member_before_its_independence(members):
    assert status_on(members, 750, "1945-10-29") is None
    assert status_on(members, 750, "1945-10-30") == "member"
    assert status_on(members, 770, "1947-09-29") is None
    assert status_on(members, 770, "1947-09-30") == "member"


def test_both_germanys_from_1973_and_one_from_1990(members):
    days = ("1973-09-17", "1973-09-18", "1990-10-02", "1990-10-03")
    both = [None, "member", "member", None]
    assert [status_on(members, 260, day) for day in days] == both
    assert [status_on(members, 265, day) for day in days] == both
    assert [status_on(members, 255, day) for day in days] == [None, None, None, "member"]


def test_two_yemens_and_one_from_1990(members):
    days = ("1947-09-30", "1967-12-13", "1967-12-14", "1990-05-21", "1990-05-22")
    assert [status_on(members, 678, day) for day in days] == [*["member"] * 4, None]
    assert [status_on(members, 680, day) for day in days] == [None, None, "member", "member", None]
    assert [status_on(members, 679, day) for day in days] == [*[None] * 4, "member"]


def test_syria_is_no_member_of_its_own_in_the_united_arab_republic(members):
    days = ("1958-02-21", "1958-02-22", "1961-10-12", "1961-10-13")
    assert [status_on(members, 652, day) for day in days] == ["member", None, None, "member"]
    assert [status_on(members, 651, day) for day in days] == ["member"] * 4


def test_yugoslavia_has_a_disputed_seat_from_1992_to_2000(members):
    days = ("1992-09-21", "1992-09-22", "2000-10-31", "2000-11-01")
    expected = ["member", "seat_disputed", "seat_disputed", "member"]
    assert [status_on(members, 345, day) for day in days] == expected


def test_south_africa_has_a_disputed_seat_from_1974_to_1994(members):
    days = ("1974-11-11", "1974-11-12", "1994-06-22", "1994-06-23")
    expected = ["member", "seat_disputed", "seat_disputed", "member"]
    assert [status_on(members, 560, day) for day in days] == expected


def test_indonesia_is_no_member_in_1965_and_66(members):
    days = ("1950-09-27", "1965-01-19", "1965-01-20", "1966-09-27", "1966-09-28")
    expected = [None, "member", None, None, "member"]
    assert [status_on(members, 850, day) for day in days] == expected


def test_cambodia_is_contested_and_then_has_an_empty_seat(members):
    days = ("1979-09-20", "1979-09-21", "1990-12-01", "1997-09-19", "1998-12-06", "1998-12-07")
    expected = ["member", *["credentials_contested"] * 2, *["seat_disputed"] * 2, "member"]
    assert [status_on(members, 811, day) for day in days] == expected


def test_china_and_taiwan_hold_one_seat_after_one_another(members):
    days = ("1945-10-24", "1949-12-31", "1950-01-01", "1971-10-25", "1971-10-26")
    taipei = [None, None, "credentials_contested", "credentials_contested", None]
    assert [status_on(members, 713, day) for day in days] == taipei
    mainland = ["member", "member", None, None, "member"]
    assert [status_on(members, 710, day) for day in days] == mainland


def test_the_congo_has_a_seat_before_a_delegation(members):
    days = ("1960-09-19", "1960-09-20", "1960-11-21", "1960-11-22")
    expected = [None, "seat_disputed", "seat_disputed", "member"]
    assert [status_on(members, 490, day) for day in days] == expected


def test_memberships_that_others_continue_or_end(members):
    assert status_on(members, 315, "1992-12-31") == "member"  # Czechoslovakia
    assert [status_on(members, c, "1993-01-18") for c in (315, 316, 317)] == [None] * 3
    assert [status_on(members, c, "1993-01-19") for c in (315, 316, 317)] == [None, *["member"] * 2]
    assert status_on(members, 511, "1964-04-25") == "member"  # Zanzibar
    assert status_on(members, 511, "1964-04-26") is None
    assert status_on(members, 510, "1961-12-14") == "member"  # Tanganyika, Tanzania
    assert status_on(members, 820, "1957-09-17") == "member"  # Malaya, Malaysia
    assert status_on(members, 365, "1991-12-25") == "member"  # the Soviet Union, Russia
    assert status_on(members, 225, "2002-09-09") is None  # Switzerland
    assert status_on(members, 225, "2002-09-10") == "member"


@pytest.mark.parametrize(
    ("column", "value", "row"),
    [("valid_to", "1940-01-01", "2 from 1945-10-24"), ("ccode", "20", "20 from 1945-11-09")],
    ids=["reversed", "overlapping"],
)
def test_a_day_with_two_statuses_or_none_is_refused(column, value, row):
    first = pl.col("ccode") == "2"
    faulty = read_reference("un_members").with_columns(
        pl.when(first).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
    )
    with pytest.raises(ValueError, match=row):
        build_un_members(un_members=faulty, states=STATES)
