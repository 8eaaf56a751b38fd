"""ATOP staging over hand-built rows in the publishers' layout."""

from collections.abc import Mapping

import polars as pl
import pytest

from transforms.staging.atop import MEMBER_COLUMNS, PHASE_COLUMNS, STATE_YEAR_COLUMNS, read, stage
from warehouse.contracts.read import contracts


def sheet(columns: tuple[str, ...], *rows: Mapping[str, object]) -> bytes:
    """A CSV as ATOP publishes it: CRLF, blanks for missing, 0 where nothing is given."""
    defaults = {"version": "5.1", "cowid": "", "cow4id": ""}
    lines = [",".join(columns)]
    lines += [",".join(str(row.get(c, defaults.get(c, 0))) for c in columns) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode()


ISLAND = {"atopid": 9001, "member": 2, "cowsys": 1, "yrent": 1951, "moent": 9, "dayent": 1}
FILES = {
    "members": sheet(
        MEMBER_COLUMNS,
        {**ISLAND, "ineffect": 1, "defense": 1, "dipaid": ""},
        {**ISLAND, "member": 920, "dayent": "", "yrexit": 1986, "moexit": 9, "dayexit": ""},
    ),
    "phases": sheet(
        (*PHASE_COLUMNS, "mem1", "mem2", "mem10", "mem3"),
        {
            "atopid": 9001, "atopidphase": "9001.1", "begyr": 1951, "begmo": 9, "begday": 1,
            "mem1": 2, "mem2": 920, "mem10": 40, "mem3": 900,
        },
    ),
    "state_years": sheet(
        (*STATE_YEAR_COLUMNS, "atopid1", "atopid2"),
        {"state": 2, "year": 1951, "atopally": 1, "number": 1, "atopid1": 9001, "atopid2": ""},
    ),
}  # fmt: skip


def staged(name: str, **files: bytes) -> pl.DataFrame:
    tables = stage(read({**FILES, **files})).tables
    table = f"staging.stg_atop__{name}"
    return contracts()[table].conform(tables[table])


def test_raw_cells_stay_as_published() -> None:
    raw = read(FILES)["raw.atop__members"]
    assert set(raw.dtypes) == {pl.String}
    assert raw["yrexit"].to_list() == ["0", "1986"]
    assert raw["dipaid"].to_list() == [None, "0"]


def test_exit_zero_becomes_null_and_blanks_stay_null() -> None:
    members = staged("members")
    assert members["exit_year"].to_list() == [None, 1986]
    assert members["exit_month"].to_list() == [None, 9]
    assert members["exit_day"].to_list() == [None, None]
    assert members["entry_day"].to_list() == [1, None]
    assert members["dipaid"].to_list() == [None, 0]


def test_numbered_columns_become_one_text_in_their_order() -> None:
    assert staged("phases")["member_codes"].to_list() == ["2 920 900 40"]
    assert staged("state_years")["alliance_ids"].to_list() == ["9001"]


def test_no_row_is_lost() -> None:
    outcome = stage(read(FILES))
    assert [t.height for t in outcome.tables.values()] == [2, 1, 1]
    assert outcome.losses.is_empty()


def test_a_cell_that_is_no_number_is_refused_with_its_place() -> None:
    broken = sheet(MEMBER_COLUMNS, ISLAND, {**ISLAND, "member": 900, "defense": "yes"})
    with pytest.raises(ValueError, match=r"raw\.atop__members, row 2, column defense: 'yes'"):
        staged("members", members=broken)


def test_a_missing_member_and_a_missing_column_are_named() -> None:
    with pytest.raises(ValueError, match=r"\['phases'\] missing"):
        read({name: content for name, content in FILES.items() if name != "phases"})
    with pytest.raises(ValueError, match="members: columns"):
        read({**FILES, "members": b"atopid,member\r\n9001,2\r\n"})
