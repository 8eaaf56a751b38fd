import struct
import zipfile

import pytest

from flows.fetch.archives import ArchiveError, UnpackLimits, extract

LIMITS = UnpackLimits(max_bytes=100_000, max_ratio=50)
MEMBERS = {"outer": ("box/a.csv",), "inner": ("box/more.zip", "b.csv")}


def test_members_of_a_zip_and_of_a_zip_in_it(boxes_zip, tmp_path):
    expected = {"outer": b"a,x\n1,2\n", "inner": b"b,y\n3,4\n"}
    assert extract(boxes_zip, MEMBERS, LIMITS) == expected
    path = tmp_path / "boxes.zip"
    path.write_bytes(boxes_zip)
    assert extract(path, MEMBERS, LIMITS) == expected


def test_a_missing_member_says_what_there_is(boxes_zip):
    with pytest.raises(ArchiveError, match=r"the archive lacks c.csv; it holds box/a.csv, box"):
        extract(boxes_zip, {"data": ("c.csv",)}, LIMITS)


def test_a_missing_inner_member_says_in_which_zip(boxes_zip):
    with pytest.raises(ArchiveError, match=r"^box/more.zip lacks c.csv; it holds b.csv$"):
        extract(boxes_zip, {"data": ("box/more.zip", "c.csv")}, LIMITS)


def test_no_zip_at_all():
    with pytest.raises(ArchiveError, match="the archive is no readable zip"):
        extract(b"a,b\n1,2\n", {"data": ("a.csv",)}, LIMITS)


def test_an_inner_file_that_is_no_zip(pack):
    with pytest.raises(ArchiveError, match=r"box.zip is no readable zip .* needed for a.csv"):
        extract(pack({"box.zip": b"no zip"}), {"data": ("box.zip", "a.csv")}, LIMITS)


def test_an_archive_that_breaks_off(boxes_zip, pack):
    with pytest.raises(ArchiveError, match="no readable zip"):
        extract(pack({"a.csv": b"a\n"})[:-30], {"data": ("a.csv",)}, LIMITS)


def test_an_archive_that_breaks_off_after_a_stored_inner_zip(pack, tmp_path):
    """The inner zip's own directory must not be taken for the outer one's."""
    path = tmp_path / "outer.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("more.zip", pack({"b.csv": b"b\n"}))
    cut = path.read_bytes()[:-30]
    with pytest.raises(ArchiveError, match="does not begin with its first member"):
        extract(cut, {"data": ("b.csv",)}, LIMITS)


def test_a_damaged_member_fails_its_checksum(pack):
    plain = pack({"a.csv": b"abcdefgh" * 10})
    at = plain.index(b"a.csv") + len(b"a.csv") + 4
    broken = plain[:at] + bytes([plain[at] ^ 0xFF]) + plain[at + 1 :]
    with pytest.raises(ArchiveError, match="no readable zip"):
        extract(broken, {"data": ("a.csv",)}, LIMITS)


@pytest.mark.parametrize(
    "name", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "C:\\a.csv", "..\\a.csv"]
)
def test_paths_that_lead_outside_refuse_the_whole_archive(pack, name):
    archive = pack({"good.csv": b"a\n", name: b"b\n"})
    with pytest.raises(ArchiveError, match="leads outside"):
        extract(archive, {"data": ("good.csv",)}, LIMITS)


def test_a_name_with_dots_that_stays_inside_is_fine(pack):
    archive = pack({"a..b/c...csv": b"a\n"})
    assert extract(archive, {"data": ("a..b/c...csv",)}, LIMITS) == {"data": b"a\n"}


def test_an_encrypted_member(pack):
    plain = bytearray(pack({"a.csv": b"a\n"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = plain.index(signature) + offset
        (flags,) = struct.unpack_from("<H", plain, at)
        struct.pack_into("<H", plain, at, flags | 1)
    with pytest.raises(ArchiveError, match=r"a.csv in the archive is encrypted"):
        extract(bytes(plain), {"data": ("a.csv",)}, LIMITS)


def test_a_member_named_twice(tmp_path):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.csv", b"2")
    with pytest.raises(ArchiveError, match=r"holds a.csv 2 times"):
        extract(path, {"data": ("a.csv",)}, LIMITS)


def test_a_bomb_by_ratio(pack):
    with pytest.raises(ArchiveError, match=r"would grow .* times, beyond the bound"):
        extract(pack({"a.csv": b"0" * 90_000}), {"data": ("a.csv",)}, LIMITS)


def test_a_bomb_by_size(pack):
    limits = UnpackLimits(max_bytes=1_000, max_ratio=10_000)
    with pytest.raises(ArchiveError, match=r"would unpack to 2,000 bytes, beyond the bound"):
        extract(pack({"a.csv": b"0" * 2_000}), {"data": ("a.csv",)}, limits)


def test_the_bound_counts_all_members_together(pack):
    limits = UnpackLimits(max_bytes=1_500, max_ratio=10_000)
    members = {"a": ("a.csv",), "b": ("b.csv",)}
    archive = pack({"a.csv": b"0" * 1_000, "b.csv": b"0" * 1_000})
    with pytest.raises(ArchiveError, match=r"b.csv .* 1,000 bytes, .* 500 left"):
        extract(archive, members, limits)


def test_a_member_that_lies_about_its_size_fills_no_memory(pack):
    bomb = bytearray(pack({"a.csv": b"0" * 5_000_000}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", bomb, bomb.index(signature) + offset, 100)
    with pytest.raises(ArchiveError, match="no readable zip"):
        extract(bytes(bomb), {"data": ("a.csv",)}, LIMITS)
