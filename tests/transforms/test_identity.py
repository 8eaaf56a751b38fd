from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.identity import dated_aliases, in_system, resolve


def aliases(*rows):
    names = ["ccode", "scheme", "code", "valid_from", "valid_to"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


GERMANYS = aliases(
    ("260", "iso3", "DEU", "1949-05-23", "1990-10-02"),
    ("255", "iso3", "DEU", "1990-10-03", None),
    ("565", "iso3", "NAM", None, None),
)


def codes(frame, **options):
    found = resolve(frame, code="code", scheme="iso3", on="when", **options)
    return found.rows["ccode"].to_list(), found.unmatched["reason"].to_list()


def test_a_code_means_another_state_on_another_day():
    frame = pl.DataFrame({"code": ["DEU", "DEU"], "when": [date(1990, 10, 2), date(1990, 10, 3)]})
    assert codes(frame, aliases=GERMANYS) == ([260, 255], [])


def test_a_year_stands_for_its_last_day_unless_told_otherwise():
    frame = pl.DataFrame({"code": ["DEU"], "when": [1990]})
    assert codes(frame, aliases=GERMANYS) == ([255], [])
    assert codes(frame, aliases=GERMANYS, year_means="start") == ([260], [])


def test_every_row_that_is_not_resolved_says_why():
    frame = pl.DataFrame(
        {"code": [None, "DEU", "WLD", "DEU", "NAM"], "when": [1990, None, 1990, 1946, 1985]}
    )
    spells = pl.DataFrame(
        {"ccode": [565], "valid_from": [date(1990, 3, 21)], "valid_to": [date(2024, 12, 31)]},
        schema={"ccode": pl.Int16, "valid_from": pl.Date, "valid_to": pl.Date},
    )
    assert codes(frame, aliases=GERMANYS, spells=spells) == (
        [],
        ["no_code", "no_date", "unknown_code", "code_not_valid_then", "not_in_system"],
    )


def test_a_code_of_two_states_on_one_day_is_refused():
    both = aliases(("1", "iso3", "AAA", None, "1950-01-01"), ("2", "iso3", "AAA", "1950-01-01", ""))
    with pytest.raises(ValueError, match=r"AAA from 1950-01-01.*ambiguous"):
        dated_aliases(both, "iso3")


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="reversed"):
        dated_aliases(aliases(("1", "iso3", "AAA", "1950-01-02", "1950-01-01")), "iso3")


def test_an_unknown_scheme_is_refused_with_those_that_exist():
    with pytest.raises(ValueError, match=r"no scheme 'fips'; there are \['iso3'\]"):
        dated_aliases(GERMANYS, "fips")


def test_rows_that_already_have_a_code_are_refused():
    frame = pl.DataFrame({"code": ["DEU"], "when": [1990], "ccode": [255]})
    with pytest.raises(ValueError, match="already have"):
        codes(frame, aliases=GERMANYS)


def test_a_column_of_text_is_no_day():
    with pytest.raises(ValueError, match="must be a Date or a whole year"):
        codes(pl.DataFrame({"code": ["DEU"], "when": ["1990"]}), aliases=GERMANYS)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["DEU", "NAM", "XXX", None]),
            st.one_of(st.none(), st.integers(min_value=1940, max_value=2000)),
        ),
        max_size=30,
    )
)
def test_no_row_is_lost_and_none_is_doubled(rows):
    frame = pl.DataFrame(
        rows, schema={"code": pl.String, "when": pl.Int32}, orient="row"
    ).with_row_index("n")
    found = resolve(frame, code="code", scheme="iso3", on="when", aliases=GERMANYS)
    concat = sorted(found.rows["n"].to_list() + found.unmatched["n"].to_list())
    assert concat == list(range(frame.height))


def test_membership_on_one_day_of_a_period_suffices():
    spells = pl.DataFrame(
        {"ccode": [369], "valid_from": [date(1991, 12, 26)], "valid_to": [date(2024, 12, 31)]}
    )
    frame = pl.DataFrame(
        {
            "ccode": [369, 369, 369, None],
            "a": [date(1991, 12, 1), date(1991, 11, 1), date(1991, 12, 26), date(1991, 12, 26)],
            "b": [date(1991, 12, 31), date(1991, 11, 30), date(1991, 12, 26), date(1991, 12, 26)],
        }
    )
    found = in_system(frame, spells=spells, first_day="a", last_day="b")
    assert found.to_list() == [True, False, True, False]


@pytest.mark.parametrize("scheme", ["iso3", "un_library"])
def test_the_coded_aliases_are_not_ambiguous(reference, scheme):
    assert dated_aliases(reference("state_aliases"), scheme).height > 190


@pytest.mark.parametrize(
    ("code", "year", "ccode"),
    [
        ("NAM", 1995, 565),
        ("DEU", 1989, 260),
        ("DEU", 1990, 255),
        ("YEM", 1989, 678),
        ("YEM", 1990, 679),
        ("YMD", 1989, 680),
        ("VNM", 1974, 817),
        ("VNM", 1985, 816),
        ("SUN", 1990, 365),
        ("RUS", 1991, 365),
        ("CSK", 1991, 315),
        ("YUG", 2002, 345),
        ("SRB", 2006, 345),
        ("DDR", 1989, 265),
        ("COD", 1980, 490),
        ("TWN", 1971, 713),
    ],
)
def test_iso_codes_that_changed_hands(reference, code, year, ccode):
    frame = pl.DataFrame({"code": [code], "when": [year]})
    assert codes(frame, aliases=reference("state_aliases")) == ([ccode], [])


@pytest.mark.parametrize(("code", "year"), [("RUS", 1989), ("SRB", 2001), ("DDR", 1990)])
def test_a_code_of_a_part_is_not_read_as_the_whole(reference, code, year):
    frame = pl.DataFrame({"code": [code], "when": [year]})
    assert codes(frame, aliases=reference("state_aliases")) == ([], ["code_not_valid_then"])
