"""The simulated files are laid out as the publishers' own."""

import gzip
import io
import zipfile
from pathlib import Path

import fastexcel
import pytest

from flows.fetch.archives import UnpackLimits
from flows.fetch.r_files import packing_of, unpack_r_data
from flows.sample.write import PATHS
from transforms.parsing.r_data import read_r_table


def published(mirror: Path, path: str) -> bytes:
    plain = mirror / path
    return plain.read_bytes() if plain.is_file() else gzip.open(f"{plain}.gz").read(2_000_000)


def first_line(content: bytes) -> bytes:
    return content.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    "source",
    [
        *("un_votes", "un_ideal_points", "undl_votes", "gdp"),
        *("us_troops", "us_troops_quarterly", "us_bases", "us_construction"),
    ],
)
def test_header_and_line_end_of_text(sample_world: Path, mirror: Path, source: str) -> None:
    ours = (sample_world / PATHS[source]).read_bytes()
    assert first_line(ours) == first_line(published(mirror, PATHS[source]))


@pytest.mark.parametrize("source", ["atop", "cow_states", "cow_capabilities"])
def test_members_and_headers_of_archives(sample_world: Path, mirror: Path, source: str) -> None:
    ours = members((sample_world / PATHS[source]).read_bytes())
    theirs = members(published(mirror, PATHS[source]))
    assert list(ours) == list(theirs)
    for name in ours:
        if name.endswith(".zip"):
            inner, their_inner = members(ours[name]), members(theirs[name])
            assert {n: first_line(c) for n, c in inner.items()} == {
                n: first_line(c) for n, c in their_inner.items()
            }
        else:
            assert first_line(ours[name]) == first_line(theirs[name])


@pytest.mark.parametrize(
    "sheet",
    ["Local currency calendar years", "Constant (2023) US$", "Current US$", "Share of GDP"],
)
def test_sheets_and_header_row_of_the_workbook(
    sample_world: Path, mirror: Path, sheet: str
) -> None:
    ours = fastexcel.read_excel(sample_world / PATHS["sipri_milex"])
    theirs = fastexcel.read_excel(mirror / PATHS["sipri_milex"])
    assert ours.sheet_names == theirs.sheet_names

    def header(book: fastexcel.ExcelReader) -> list[str | None]:
        cells = book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
        at = cells.to_series(0).index_of("Country")
        return [cell or None for cell in cells.row(at)]

    assert header(ours) == header(theirs)


R_DATA = (
    *("vdem", "cow_capitals", "cow_contiguity", "cow_distance", "cow_trade"),
    *("strategic_rivalries", "disputes"),
)


@pytest.mark.parametrize("source", R_DATA)
def test_columns_and_packing_of_r_data(sample_world: Path, mirror: Path, source: str) -> None:
    found = []
    for root in (sample_world, mirror):
        packed = (root / PATHS[source]).read_bytes()
        plain = unpack_r_data(packed, UnpackLimits(200_000_000, 400))
        (table,) = read_r_table({"data": plain}, source=source, table="t", columns=()).values()
        found.append((packing_of(packed), table.columns))
    assert found[0] == found[1]


def test_nothing_of_the_publishers_votes_is_in_the_simulated_ones(
    sample_world: Path, mirror: Path
) -> None:
    ours = set((sample_world / PATHS["un_votes"]).read_bytes().split(b"\n")[1:-1])
    theirs = published(mirror, PATHS["un_votes"]).split(b"\n")[1:]
    assert ours.isdisjoint(theirs)
    assert all(b",SIMULATED " in row or b',"SIMULATED ' in row for row in ours)


def test_no_capability_row_is_the_publishers(sample_world: Path, mirror: Path) -> None:
    def rows(root: Path) -> set[bytes]:
        (outer,) = members(published(root, PATHS["cow_capabilities"])).values()
        (inner,) = members(outer).values()
        return set(inner.split(b"\n")[1:-1])

    assert rows(sample_world).isdisjoint(rows(mirror))
