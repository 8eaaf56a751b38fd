"""A release of another layout passes the checks of its source; what is of none is refused."""

from pathlib import Path

import pytest

from flows.fetch.archives import ArchiveError
from flows.fetch.arrival import Arrival, ByteCheck
from flows.fetch.byte_checks import run_byte_checks
from flows.fetch.packed_text import text_of
from flows.sources import load_declarations
from tests.publisher import current_releases as current
from transforms.staging import gdp

DECLARED = load_declarations()
RELEASES = {
    "un_votes": current.roll_calls_to_session_77(),
    "undl_votes": current.library_to_session_80(notes=False),
    "un_ideal_points": current.ideal_points_by_iso_code(),
    "gdp": current.world_bank_zip(),
}


def checks(folder: Path, slug: str, data: bytes, previous: int | None = None) -> list[ByteCheck]:
    path = folder / "file"
    path.write_bytes(data)
    found = run_byte_checks(DECLARED[slug], Arrival(path, len(data), nearest_bytes=previous))
    # a made-up file is small
    return [check for check in found if check.name != "least_size"]


@pytest.mark.parametrize("slug", RELEASES)
def test_the_current_release_passes_and_its_layout_is_named(tmp_path: Path, slug: str) -> None:
    found = checks(tmp_path, slug, RELEASES[slug])
    assert not [check for check in found if check.blocks]
    (header,) = (check for check in found if check.name == "header_as_declared")
    (layout,) = DECLARED[slug].layouts
    assert f"of layout {layout.name}" in header.notes


def test_a_tab_where_commas_were_is_no_other_file(tmp_path: Path) -> None:
    columns = DECLARED["un_ideal_points"].header_starts_with["data"]
    for separator, name in ((",", "commas"), ("\t", "tabs")):
        (header,) = (
            check
            for check in checks(tmp_path, "un_ideal_points", separator.join(columns).encode())
            if check.name == "header_as_declared"
        )
        assert header.passed
        assert header.notes == f"as declared, 6 columns separated by {name}"


def test_an_unknown_header_is_refused_with_the_difference(tmp_path: Path) -> None:
    data = current.ideal_points_by_iso_code().replace(b"IdealPointFP", b"IdealPointAll", 1)
    (header,) = (c for c in checks(tmp_path, "un_ideal_points", data) if c.blocks)
    assert header.notes == (
        "lacks IdealPointFP; has IdealPointAll besides, compared with layout by_iso_code"
    )


def test_the_difference_is_that_of_the_header_and_not_of_the_lines_above_it(
    tmp_path: Path,
) -> None:
    data = current.world_bank_table().replace(b"Country Code", b"Economy", 1)
    (header,) = (c for c in checks(tmp_path, "gdp", data) if c.blocks)
    assert header.notes.startswith("lacks Country Code; has Economy, 1960")
    assert header.notes.endswith("compared with layout world_bank")
    with pytest.raises(ValueError, match=r"\['Country Code'\] are missing of layout world_bank"):
        gdp.read({"data": data})


def test_the_world_banks_zip_is_read_as_the_text_in_it() -> None:
    text = text_of(DECLARED["gdp"], current.world_bank_zip())
    assert text == current.world_bank_table()
    assert gdp.read({"data": text})[gdp.RAW].height == 7


def test_a_zip_without_the_table_is_refused(tmp_path: Path) -> None:
    packed = current.world_bank_zip("NY.GDP.PCAP.CD")
    with pytest.raises(ArchiveError, match=r"0 members match .*; it holds Metadata_Indicator"):
        text_of(DECLARED["gdp"], packed)
    assert [c.name for c in checks(tmp_path, "gdp", packed) if c.blocks] == ["zip_layout"]


def test_a_source_of_plain_text_takes_no_zip(tmp_path: Path) -> None:
    found = checks(tmp_path, "us_troops", current.world_bank_zip())
    assert [check.name for check in found if check.blocks] == ["format_as_declared"]


def test_a_zip_is_not_measured_by_the_text_before_it(tmp_path: Path) -> None:
    found = checks(tmp_path, "gdp", current.world_bank_zip(), previous=500_000)
    (change,) = (check for check in found if check.name == "size_change")
    assert change.passed
    assert "packed" in change.notes


def test_a_release_with_columns_between_the_declared_ones_passes(tmp_path: Path) -> None:
    found = checks(tmp_path, "us_troops_quarterly", current.troops_of_version_1_1())
    assert not [check for check in found if check.blocks]
