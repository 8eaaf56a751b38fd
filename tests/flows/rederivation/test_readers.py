"""The plain readers of files against the pipeline's, and on files that are made up here."""

from collections.abc import Callable
from pathlib import Path

import fastexcel
import pytest

from flows.fetch.layout_checks import limits_of
from flows.fetch.r_files import unpack_r_data
from flows.rederivation import r_tables, workbook
from flows.rederivation.delimited import records
from flows.rederivation.derived import RawFile
from flows.rederivation.vote_sources import vote_file
from flows.sources import load_declarations
from transforms.parsing.r_data import read_r_table

Found = Callable[[str], RawFile]


@pytest.fixture
def of(sample_world: Path) -> Found:
    """The simulated file of a source."""

    def find(slug: str) -> RawFile:
        host, _, path = load_declarations()[slug].url.partition("://")[2].partition("/")
        return RawFile(slug, sample_world / host / path)

    return find


@pytest.mark.parametrize("slug", ["cow_trade", "cow_contiguity", "vdem", "cow_capitals"])
def test_r_data_are_read_as_the_pipeline_reads_them(of: Found, slug: str) -> None:
    file = of(slug)
    unpacked = unpack_r_data(file.path.read_bytes(), limits_of(load_declarations()[slug]))
    expected = read_r_table({"data": unpacked}, source=slug, table="raw.t", columns=())["raw.t"]
    rows = list(r_tables.table(file))
    assert len(rows) == expected.height > 50
    for row, other in zip(rows, expected.iter_rows(named=True), strict=True):
        assert [_same(row.cells[c], other[c]) for c in other] == [True] * len(other)


def _same(cell: str, other: str | None) -> bool:
    if other is None or cell == other:
        return cell == (other or "")
    if other in {"TRUE", "FALSE"}:  # which R keeps as 1 and 0
        return cell == str(int(other == "TRUE"))
    return float(cell) == float(other)


def test_a_sheet_is_read_as_a_library_reads_it(of: Found) -> None:
    file, name = of("sipri_milex"), "Current US$"
    sheet = fastexcel.read_excel(file.path).load_sheet(name, header_row=None, dtypes="string")
    lines = sheet.to_polars().rows()
    at = next(i for i, line in enumerate(lines) if line[0] == "Country")
    expected = [
        {h.removesuffix(".0"): c for h, c in zip(lines[at], line, strict=True) if h and c}
        for line in lines[at + 1 :]
        if line[0]
    ]
    found = [
        {h: c for h, c in r.cells.items() if c}
        for r in workbook.sheet(file, name, header="Country")
    ]
    assert [list(row) for row in found] == [list(row) for row in expected]
    for row, other in zip(found, expected, strict=True):
        assert all(_same(row[h], other[h]) for h in row)
    assert list(workbook.sheet(file, "no such sheet", header="Country")) == []


def test_records_know_their_line_across_quoted_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('\ufeffa,b\r\n1,"two\r\nlines"\r\n2,x\r\n'.encode())
    found = [(r.place, r.whole("a"), r.text("b")) for r in records(RawFile("a", path))]
    assert found == [("line 2", 1, "two\r\nlines"), ("line 4", 2, "x")]


def test_a_vote_knows_its_line_across_quoted_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    head = "rcid,ccode,member,vote,session,importantvote,date,amend,para,descr\n"
    rows = '3,2,1,1,1,NA,1946-01-03,1,0,"one\nand ""two"", again"\n3,20,1,3,1,NA,1946-01-03,1,0,x\n'
    path.write_text(head + rows)
    (roll_call,) = vote_file(RawFile("un_votes", path)).values()
    assert [(x.code, x.choice, x.place) for x in roll_call.listings()] == [
        (2, "yes", "line 2"),
        (20, "no", "line 4"),
    ]
    assert (roll_call.is_part, roll_call.importance, roll_call.day) == (True, None, None)


def test_marks_of_a_missing_value_are_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\nNA,,.\n3.0,4,-9\n")
    one, other = records(RawFile("a", path))
    assert [one.number(c) for c in "abc"] == [None] * 3
    assert [other.whole(c) for c in "abc"] == [3, 4, -9]
