"""SIPRI's workbook: title rows, regions between the rows, marks instead of numbers."""

import io
from typing import Any

import openpyxl
import polars as pl
import pytest

from transforms.staging.sipri_milex import SHEETS, STAGED, read, stage
from warehouse.contracts.read import contracts

CELLS = {
    # name: (dollars in millions, share, local currency), each for 1989, 1990, 1991
    "Freedonia": ((10.5, 0, 12), (0.02, "...", 0.03), (100, 50, 120)),
    "Sylvania": ((0, "...", "xxx"), ("...", "...", "xxx"), (0, "...", "xxx")),
}


def workbook(sheets=tuple(SHEETS), cells=None, names=None) -> bytes:
    """The workbook; `names` gives a name of one sheet another spelling there."""
    book = openpyxl.Workbook()
    front: Any = book.active
    front.title = "Front page"
    for position, key in enumerate(SHEETS):
        if key not in sheets:
            continue
        sheet = book.create_sheet(SHEETS[key])
        sheet.append(["Military expenditure by country, an invented title"])
        sheet.append(['"..." = data unavailable. "xxx" = country did not exist'])
        sheet.append([None])
        currency = ["Currency"] if key == "local_currency" else []
        sheet.append(["Country", *currency, "Notes", 1989, 1990, 1991])
        sheet.append([None])
        sheet.append(["Europe"])
        sheet.append(["Central Europe"])
        for name, values in (cells or CELLS).items():
            written = (names or {}).get((key, name), name)
            sheet.append([written, *(["Crown"] if currency else []), "§7", *values[position]])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def outcome():
    return stage(read({"data": workbook()}))


def test_the_header_is_found_below_the_titles():
    raw = read({"data": workbook()})
    assert raw["raw.sipri_milex__current_usd"].columns == [
        "Country",
        "Notes",
        "1989",
        "1990",
        "1991",
    ]
    assert raw["raw.sipri_milex__local_currency"].columns[1] == "Currency"
    assert {t for f in raw.values() for t in f.dtypes} == {pl.String()}


def test_one_row_per_sheet_name_and_year_in_dollars(outcome):
    staged = outcome.tables[STAGED]
    assert staged.height == 3 * 2 * 3
    dollars = staged.filter(sheet="current_usd", sipri_name="Freedonia").sort("year")
    assert dollars["value"].to_list() == [10_500_000.0, 0.0, 12_000_000.0]
    share = staged.filter(sheet="share_of_gdp", sipri_name="Freedonia").sort("year")
    assert share["value"].to_list() == [0.02, None, 0.03]
    assert share["value_status"].to_list() == [None, "not_available", None]


def test_a_number_keeps_all_its_digits():
    share, dollars = 0.00801397476690848, 1234.567890123457
    cells = {"Freedonia": ((dollars, 0, 12), (share, 1e-12, 0.03), (100, 50, 120))}
    staged = stage(read({"data": workbook(cells=cells)})).tables[STAGED].filter(year=1989)
    assert staged.filter(sheet="share_of_gdp")["value"].to_list() == [share]
    assert staged.filter(sheet="current_usd")["value"].to_list() == [dollars * 1e6]


def test_marks_keep_their_reason(outcome):
    ended = outcome.tables[STAGED].filter(sheet="current_usd", sipri_name="Sylvania").sort("year")
    assert ended["value_status"].to_list() == [None, "not_available", "not_existing"]


@pytest.mark.parametrize("mark", ["…", " … ", "...", "..", ". .", ". . .", "\u00a0…"])
def test_every_spelling_of_not_available_is_missing(mark):
    cells = {"Freedonia": ((10, mark, 12), (0.02, 0.02, mark), (mark, 50, 120))}
    staged = stage(read({"data": workbook(cells=cells)})).tables[STAGED]
    missing = staged.filter(pl.col("value").is_null())
    assert missing["value_status"].to_list() == ["not_available"] * 3
    assert missing.select("sheet", "year").rows() == [
        ("current_usd", 1990),
        ("share_of_gdp", 1991),
        ("local_currency", 1989),
    ]


def test_a_footnote_mark_behind_a_name_is_no_part_of_it():
    names = {
        ("share_of_gdp", "Freedonia"): "Freedonia ¹",
        ("local_currency", "Sylvania"): "Sylvania²",
    }
    staged = stage(read({"data": workbook(names=names)})).tables[STAGED]
    assert set(staged["sipri_name"]) == {"Freedonia", "Sylvania"}
    marked = staged.filter(sheet="share_of_gdp", sipri_name="Freedonia")
    assert set(marked["footnotes"]) == {"§7 ¹"}


def test_headings_become_columns_and_are_counted_as_lost(outcome):
    staged = outcome.tables[STAGED]
    assert staged["sipri_region"].unique().to_list() == ["Europe"]
    assert staged["sipri_subregion"].unique().to_list() == ["Central Europe"]
    lost = dict(outcome.losses.group_by("reason").agg(pl.col("n_rows").sum()).rows())
    assert lost == {"region_heading": 6, "blank_row": 3}
    assert contracts()[STAGED].conform(staged).height == staged.height


def test_a_missing_sheet_and_a_page_in_disguise_are_refused():
    with pytest.raises(ValueError, match="no sheet"):
        read({"data": workbook(sheets=("current_usd", "local_currency"))})
    with pytest.raises(ValueError, match="not an Excel workbook"):
        read({"data": b"<html><body>Just a moment</body></html>"})


def test_an_unknown_mark_stops_the_build():
    raw = read({"data": workbook()})
    sheet = raw["raw.sipri_milex__current_usd"].with_columns(pl.lit("n.a.").alias("1991"))
    with pytest.raises(ValueError, match=r"column cell: 'n\.a\.' is no Float64"):
        stage({**raw, "raw.sipri_milex__current_usd": sheet})
