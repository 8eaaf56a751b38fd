"""Members of alliances and the obligations between them, on small treaties made up here."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.coverage import coverages
from transforms.core.alliance_members import MEMBER_ITEMS, build_alliance_members
from transforms.core.alliances import build_alliances
from transforms.core.obligations import build_obligations, owes
from warehouse.contracts.read import contracts

ATOP = coverages(("atop",))
STATES = pl.DataFrame(
    [(c, date(1816, 1, 1), date(2024, 12, 31)) for c in (2, 200, 740, 900, 920)]
    + [(345, date(1878, 7, 13), date(2006, 6, 3)), (345, date(2006, 6, 3), date(2024, 12, 31))]
    + [(260, date(1955, 5, 5), date(1990, 10, 2))],
    schema={"ccode": pl.Int16, "valid_from": pl.Date, "counts_to": pl.Date},
    orient="row",
)
TO_OTHERS = pl.DataFrame(
    [("2130", "defense", "200", "900"), ("2130", "nonagg", "200", "900")],
    schema=dict.fromkeys(("atopid", "item", "ccode_from", "ccode_to"), pl.String),
    orient="row",
)
PARTS = ("entry_year", "entry_month", "entry_day", "exit_year", "exit_month", "exit_day")


def members(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Staged member rows: (atopid, phase, member, entry, exit, {items}); entry, exit as y-m-d."""
    records = []
    for atopid, phase, member, entry, leave, items in rows:
        parts = [*_parts(entry), *_parts(leave)]
        record = {"atopid": atopid, "phase": phase, "member": member, "cowsys": 1, "termmode": 0}
        record |= dict(zip(PARTS, parts, strict=True))
        record |= dict.fromkeys(MEMBER_ITEMS, 0) | dict(items)
        records.append(record)
    integers = dict.fromkeys(("phase", "member", "cowsys", "termmode", *PARTS, *MEMBER_ITEMS))
    return pl.DataFrame(
        records, schema={"atopid": pl.Int32} | dict.fromkeys(integers, pl.Int16)
    )  # fmt: skip


def _parts(text: object) -> list[int | None]:
    if text is None:
        return [None, None, None]
    found: list[int | None] = [int(part) for part in str(text).split("-")]
    return [*found, None][:3]


def member_table(*rows: tuple[object, ...]) -> pl.DataFrame:
    table = build_alliance_members(atop_members=members(*rows), coverage=ATOP).tables[
        "core.alliance_members"
    ]
    return contracts()["core.alliance_members"].conform(table)


def obligations(*rows: tuple[object, ...]) -> pl.DataFrame:
    outcome = build_obligations(
        alliance_members=member_table(*rows),
        states=STATES,
        promises_to_others=TO_OTHERS,
        coverage=ATOP,
    )
    return contracts()["core.obligations"].conform(outcome.tables["core.obligations"])


def years(table: pl.DataFrame, giver: int, taker: int) -> list[int]:
    chosen = table.filter(pl.col("ccode_from") == giver, pl.col("ccode_to") == taker)
    return sorted(chosen["year"].to_list())


DEFENDS = {"defense": 1}


def test_a_promise_goes_one_way() -> None:
    table = obligations(
        (9001, 0, 2, "1951-9-8", "1953-1-19", DEFENDS),
        (9001, 0, 740, "1951-9-8", "1953-1-19", {"terrres": 1}),
    )
    given_ = {(f, t): (d, r) for f, t, d, r in table.filter(pl.col("year") == 1952)
              .select("ccode_from", "ccode_to", "defense", "terrres").iter_rows()}  # fmt: skip
    assert given_ == {(2, 740): (1, 0), (740, 2): (0, 1)}
    assert years(table, 2, 740) == [1951, 1952, 1953]


def test_exit_zero_runs_to_the_end_of_the_source_and_not_beyond() -> None:
    table = obligations(
        (9001, 0, 2, "2016-5-1", None, DEFENDS), (9001, 0, 900, "2017-1-1", None, {})
    )
    assert years(table, 2, 900) == [2017, 2018]
    assert table["in_force_to"].null_count() == table.height
    assert table["is_in_force_on_31_dec"].all()


def test_memberships_must_overlap_with_each_other() -> None:
    # 200 leaves in March, 900 enters in June of the same year: bound to 2 both, never together.
    table = obligations(
        (9001, 0, 2, "1950-1-1", "1960-1-1", DEFENDS),
        (9001, 0, 200, "1950-1-1", "1955-3-31", DEFENDS),
        (9001, 0, 900, "1955-6-1", "1960-1-1", DEFENDS),
    )
    assert years(table, 200, 900) == []
    assert years(table, 2, 200) == list(range(1950, 1956))
    assert years(table, 2, 900) == list(range(1955, 1961))


def test_a_shared_boundary_day_is_no_tie() -> None:
    table = obligations(
        (9001, 0, 2, "1950-1-1", None, DEFENDS),
        (9001, 0, 260, "1954-10-23", "1990-10-3", DEFENDS),
        (9001, 0, 345, "1990-10-3", None, DEFENDS),
    )
    assert years(table, 260, 345) == []


def test_the_year_of_exit_counts_by_a_single_day() -> None:
    table = obligations(
        (9001, 0, 2, "1954-12-2", "1980-1-1", DEFENDS), (9001, 0, 740, "1954-12-2", "1980-1-1", {})
    )
    assert years(table, 2, 740)[-1] == 1980
    last = table.filter(pl.col("year") == 1980)
    assert last["is_in_force_on_31_dec"].to_list() == [False, False]


def test_of_several_phases_in_a_year_the_latest_counts() -> None:
    table = obligations(
        (9001, 1, 2, "1963-1-1", "1970-8-6", DEFENDS),
        (9001, 1, 200, "1963-1-1", "1970-8-6", DEFENDS),
        (9001, 2, 2, "1970-8-6", "1976-1-1", {"consul": 1}),
        (9001, 2, 200, "1970-8-6", "1976-1-1", {"consul": 1}),
    )
    row = table.filter(pl.col("year") == 1970, pl.col("ccode_from") == 2).row(0, named=True)
    assert (row["phase"], row["defense"], row["consul"]) == (2, 0, 1)
    assert table.filter(pl.col("year") == 1970).height == 2


def test_a_return_makes_a_second_spell_and_leaves_the_gap() -> None:
    rows = (
        (9001, 0, 2, "1950-1-1", None, DEFENDS),
        (9001, 0, 740, "1950-1-1", "1979-3", DEFENDS),
        (9001, 0, 740, "1989-5-22", None, DEFENDS),
    )
    assert member_table(*rows).filter(pl.col("ccode") == 740)["spell"].to_list() == [1, 2]
    gap = set(range(1980, 1989))
    assert not gap & set(years(obligations(*rows), 2, 740))
    assert {1979, 1989} <= set(years(obligations(*rows), 740, 2))


def test_a_day_not_known_is_first_or_last_of_its_month() -> None:
    table = member_table(
        (9001, 0, 2, "1990-11", "1992-2", {}), (9001, 0, 740, "1990-1-5", None, {})
    )
    row = table.row(0, named=True)
    assert (row["entered_on"], row["exited_on"]) == (date(1990, 11, 1), date(1992, 2, 29))
    assert (row["entry_precision"], row["exit_precision"]) == ("month", "month")
    assert table.row(1, named=True)["exit_precision"] is None


def test_a_code_that_is_no_state_is_lost_with_a_reason_and_so_is_who_had_only_it() -> None:
    outcome = build_alliance_members(
        atop_members=members(
            (1320, 0, 8152, "1874-3-15", "1883-6-6", {}),
            (1320, 0, 200, "1874-3-15", "1883-6-6", DEFENDS),
        ),
        coverage=ATOP,
    )
    assert outcome.losses.select("reason", "n_rows", "example").rows() == [
        ("not_a_cow_code", 1, "atopid=1320 phase=0 member=8152")
    ]
    owed = build_obligations(
        alliance_members=outcome.tables["core.alliance_members"],
        states=STATES,
        promises_to_others=TO_OTHERS,
        coverage=ATOP,
    )
    assert owed.tables["core.obligations"].is_empty()
    assert owed.losses.select("reason", "ccode", "n_rows").rows() == [("no_partner", 200, 1)]


def test_years_outside_the_state_system_are_kept_and_marked() -> None:
    table = obligations(
        (9001, 0, 2, "1954-10-23", "1956-1-1", DEFENDS),
        (9001, 0, 260, "1954-10-23", "1956-1-1", DEFENDS),
    )
    marked = dict(table.filter(pl.col("ccode_from") == 2).select("year", "is_cow_dyad").iter_rows())
    assert marked == {1954: False, 1955: True, 1956: True}


def test_two_spells_of_a_state_that_touch_do_not_double_rows() -> None:
    table = obligations((9001, 0, 2, "2005-1-1", None, {}), (9001, 0, 345, "2005-1-1", None, {}))
    assert table.filter(pl.col("year") == 2006).height == 2


DAYS = st.dates(date(1900, 1, 1), date(2018, 12, 30))


@given(st.lists(st.tuples(DAYS, st.integers(1, 20_000)), min_size=2, max_size=5))
def test_ties_are_mutual_and_keyed(spells: list[tuple[date, int]]) -> None:
    rows = []
    for code, (start, length) in zip((2, 200, 740, 900, 920), spells, strict=False):
        end = date.fromordinal(start.toordinal() + length)
        rows.append(
            (
                9001,
                0,
                code,
                f"{start:%Y-%m-%d}",
                None if end.year > 2018 else f"{end:%Y-%m-%d}",
                DEFENDS,
            )
        )
    table = obligations(*rows)
    key = ["ccode_from", "ccode_to", "year", "atopid"]
    assert not table.select(pl.struct(key).is_duplicated().any()).item()
    pairs = set(table.select("ccode_from", "ccode_to", "year").iter_rows())
    assert pairs == {(b, a, year) for a, b, year in pairs}
    assert all(a != b for a, b, _ in pairs)


def test_phases_give_class_count_and_open_end() -> None:
    contract = contracts()["core.alliances"]
    zeros = {c.name: 0 for c in contract.columns if c.codes and c.type == "int16"}
    phase = {"atopid": 9001, "phase": 0, "atopidphase": "9001", "cow4id": None, "length": 0}
    dates: dict[str, int | None] = {"begin_year": 1951, "begin_month": 9, "begin_day": 1}
    dates |= dict.fromkeys(("end_year", "end_month", "end_day"))
    staged = pl.DataFrame(
        [zeros | phase | dates | {"bilat": 0, "neutral": 1, "consul": 1}],
        schema_overrides={"atopid": pl.Int32, "cow4id": pl.String}
        | dict.fromkeys(("end_year", "end_month", "end_day", "phase"), pl.Int16),
    )
    rows = members((9001, 0, 2, "1951-9-1", None, {}), (9001, 0, 8152, "1951-9-1", None, {}))
    built = build_alliances(atop_phases=staged, atop_members=rows, coverage=ATOP).tables[
        "core.alliances"
    ]
    row = contract.conform(built).row(0, named=True)
    assert (row["atop_class"], row["n_members"], row["year_to"]) == ("neutrality", 2, 2018)
    assert row["in_force_at_source_end"]
    assert row["ended_on"] is None
    with pytest.raises(ValueError, match=r"no member rows for atopid \[9001\]"):
        build_alliances(atop_phases=staged, atop_members=rows.clear(), coverage=ATOP)


def test_a_promise_to_others_is_named_and_kept() -> None:
    """Locarno: a guarantor's row promises defence, but not to the other guarantor."""
    guarantee = {"defense": 1, "obvary": 1}
    table = obligations(
        (2130, 0, 200, "1925-10-16", "1937-4-24", guarantee),
        (2130, 0, 900, "1925-10-16", "1937-4-24", guarantee),
        (2130, 0, 920, "1925-10-16", "1937-4-24", guarantee),
    )
    named = table.filter(pl.col("not_owed").is_not_null())
    assert set(named.select("ccode_from", "ccode_to", "not_owed", "defense").rows()) == {
        (200, 900, "defense", 1)  # the row has no promise of non-aggression to be owed or not
    }
    assert named["is_partner_assumed"].all()
    owed = table.filter(owes("defense"))
    assert table.height - owed.height == named.height == 13
    assert not owed["is_partner_assumed"].any()
