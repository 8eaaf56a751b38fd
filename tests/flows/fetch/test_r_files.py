"""R data files: unpacked within bounds, and their columns found as bytes."""

import bz2
import gzip
import lzma
from dataclasses import replace
from datetime import date

import pytest
import rdata

from flows.fetch.archives import ArchiveError, UnpackLimits
from flows.fetch.arrival import Arrival
from flows.fetch.byte_checks import run_byte_checks
from flows.fetch.r_files import holds_columns, packing_of, unpack_r_data
from flows.sample.files.r_data import Value, rda_bytes
from flows.sources import load_declarations

LIMITS = UnpackLimits(max_bytes=1_000_000, max_ratio=200)
TABLE: dict[str, list[Value]] = {
    "ccode": [2.0, 20.0],
    "name": ["a", None],
    "day": [date(1816, 1, 1), None],
}
PACKINGS = ("gzip", "bzip2", "xz")


@pytest.mark.parametrize("packing", PACKINGS)
def test_each_packing_is_told_and_unpacked(packing):
    packed = rda_bytes("found", TABLE, packing)
    assert packing_of(packed) == packing
    plain = unpack_r_data(packed, LIMITS)
    assert plain.startswith(b"RDX3\nX\n")
    assert unpack_r_data(plain, LIMITS) == plain
    assert packing_of(plain) == "none"


def test_a_file_that_r_itself_has_written():
    written = (rdata.TESTDATA_PATH / "test_dataframe.rda").read_bytes()
    plain = unpack_r_data(written, LIMITS)
    assert holds_columns(plain, ("class", "value"))
    assert not holds_columns(plain, ("class", "values"))


def test_columns_are_the_first_of_a_table():
    plain = unpack_r_data(rda_bytes("found", TABLE), LIMITS)
    assert holds_columns(plain, ("ccode", "name"))
    assert not holds_columns(plain, ("name", "day"))  # there, but not first
    assert not holds_columns(plain, ("name", "ccode"))
    # the same texts as cells of a column are no header by their bytes alone
    cells = unpack_r_data(rda_bytes("found", {"x": ["no", "ccode", "name"]}), LIMITS)
    assert not holds_columns(cells, ("ccode", "name"))


def test_what_is_no_r_data_is_refused():
    with pytest.raises(ArchiveError, match="no R data file"):
        unpack_r_data(b"ccode,year\n2,1990\n", LIMITS)
    with pytest.raises(ArchiveError, match="no R data in the gzip file"):
        unpack_r_data(gzip.compress(b"ccode,year\n2,1990\n"), LIMITS)
    with pytest.raises(ArchiveError, match="no R data in the bzip2 file"):
        unpack_r_data(bz2.compress(b"RDA3\nA\n"), LIMITS)  # R's text format is not read


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_file_that_breaks_off_or_goes_on_is_refused(packing):
    packed = rda_bytes("found", {"x": [float(n) for n in range(5000)]}, packing)
    with pytest.raises(ArchiveError, match=r"breaks off|cannot be unpacked"):
        unpack_r_data(packed[: len(packed) // 2], LIMITS)
    with pytest.raises(ArchiveError, match=r"follow the|cannot be unpacked"):
        unpack_r_data(packed + b"more of it", LIMITS)


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_damaged_file_is_refused(packing):
    packed = bytearray(rda_bytes("found", {"x": [float(n) for n in range(5000)]}, packing))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(ArchiveError):
        unpack_r_data(bytes(packed), LIMITS)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_bomb_is_stopped_at_its_bound(pack):
    bomb = pack(b"RDX3\nX\n" + bytes(20_000_000))
    with pytest.raises(ArchiveError, match="max_unpacked_bytes"):
        unpack_r_data(bomb, UnpackLimits(max_bytes=3_000_000, max_ratio=1e9))
    with pytest.raises(ArchiveError, match="max_unpacked_ratio"):
        unpack_r_data(bomb, UnpackLimits(max_bytes=100_000_000, max_ratio=100))


def test_the_checks_of_a_declared_file(tmp_path):
    declared = replace(
        load_declarations()["cow_trade"],
        header_starts_with={"data": ("ccode", "year", "imports", "exports")},
    )
    rows: dict[str, list[Value]] = {
        **{"ccode": [2.0], "year": [1950.0]},
        **{"imports": [1.0], "exports": [None]},
    }

    def found(content):
        path = tmp_path / "file"
        path.write_bytes(content)
        checks = run_byte_checks(declared, Arrival(path, len(content), is_simulated=True))
        return {check.name: check.passed for check in checks}

    good = found(rda_bytes("cow_trade_sy", rows))
    assert good["format_as_declared"]
    assert good["r_layout"]
    assert good["header_as_declared"]
    renamed = {("state" if name == "ccode" else name): values for name, values in rows.items()}
    assert not found(rda_bytes("cow_trade_sy", renamed))["header_as_declared"]
    assert not found(b"ccode,year\n")["format_as_declared"]
    assert not found(gzip.compress(b"ccode,year\n"))["r_layout"]
