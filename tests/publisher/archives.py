"""Archives that are broken, dangerous or not what was declared: zips, R data, workbooks."""

import bz2
import gzip
import io
import lzma
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping

from tests.publisher.cases import Case, Edit, handled, refused, warned

MEMBER = "ATOP 5.1 (.csv)/atop5_1m.csv"
OTHER = "ATOP 5.1 (.csv)/atop5_1aph.csv"
SHEET = "xl/worksheets/sheet6.xml"
BOMB = 60_000_000
"""Bytes of zeros that are packed into some thousands."""

Members = dict[str, bytes]


def members_of(archive: bytes) -> Members:
    """Name to content."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, method)
    return buffer.getvalue()


def with_members(change: Callable[[Members], Members], method: int = zipfile.ZIP_DEFLATED) -> Edit:
    """The archive with other members."""
    return lambda archive: packed(change(members_of(archive)), method)


def edited(member: str, edit: Edit) -> Edit:
    """The archive with one member edited."""
    return with_members(lambda m: m | {member: edit(m[member])})


def _renamed(new: str) -> Edit:
    return with_members(lambda m: {new if name == MEMBER else name: m[name] for name in m})


def _beside(name: str, data: bytes = b"x") -> Edit:
    return with_members(lambda m: {**m, name: data})


def _twice(archive: bytes) -> bytes:
    buffer = io.BytesIO(archive)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(buffer, "a") as opened:
            opened.writestr(MEMBER, b"atopid\n1\n")
    return buffer.getvalue()


def _flipped_in(member: str) -> Edit:
    """A byte of a member's content is another one; its checksum stays."""

    def edit(archive: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            info = opened.getinfo(member)
        at = info.header_offset + 30 + len(member) + info.compress_size // 2
        return archive[:at] + bytes([archive[at] ^ 0x55]) + archive[at + 1 :]

    return edit


def _entry_bytes(place: int, value: bytes, member: str = MEMBER) -> Edit:
    """Bytes of a member's entry in the directory and before its content are others."""

    def edit(archive: bytes) -> bytes:
        data = bytearray(archive)
        name = member.encode()
        for signature, start, offset in (
            (b"PK\x03\x04", 30, place),
            (b"PK\x01\x02", 46, place + 2),
        ):
            at = -1
            while (at := data.find(signature, at + 1)) >= 0:
                if data[at + start : at + start + len(name)] == name:
                    data[at + offset : at + offset + len(value)] = value
        return bytes(data)

    return edit


def _size_lies(archive: bytes) -> bytes:
    """The member says that it unpacks to ten bytes."""
    return _entry_bytes(22, struct.pack("<I", 10))(archive)


def _link(archive: bytes) -> bytes:
    buffer = io.BytesIO(archive)
    with zipfile.ZipFile(buffer, "a") as opened:
        info = zipfile.ZipInfo("passwords")
        info.external_attr = 0o120777 << 16
        opened.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def _plain(data: bytes) -> bytes:
    for unpack in (gzip.decompress, bz2.decompress, lzma.decompress):
        try:
            return unpack(data)
        except (OSError, lzma.LZMAError, EOFError):
            continue
    return data


ZIPS: list[Case[Edit]] = [
    handled("packed better", with_members(lambda m: m)),
    handled("packed by bzip2", with_members(lambda m: m, zipfile.ZIP_BZIP2)),
    handled("packed by lzma", with_members(lambda m: m, zipfile.ZIP_LZMA)),
    handled("a file besides", _beside("README.txt")),
    handled("a folder besides", _beside("folder/", b"")),
    handled("a link to a file of this machine, which is never followed", _link),
    handled("members in another order", with_members(lambda m: dict(reversed(m.items())))),
    handled("a comment", lambda a: a[:-2] + b"\x02\x00hi"),
    refused("a member is missing", with_members(
        lambda m: {k: v for k, v in m.items() if k != MEMBER}), "zip_layout", "lacks"),
    refused("a member has another name", _renamed("ATOP 5.2 (.csv)/atop5_2m.csv"), "lacks"),
    refused("a member's name in other letters", _renamed(MEMBER.upper()), "lacks"),
    refused("a member in another folder", _renamed("atop5_1m.csv"), "lacks"),
    refused("the zip in a zip", lambda a: packed({"atop.zip": a}), "lacks"),
    refused("the zip in a zip in a zip",
            lambda a: packed({"b.zip": packed({"a.zip": a})}), "lacks"),
    refused("no member at all", lambda _: packed({}), r"zip"),
    refused("only a folder", lambda _: packed({"ATOP 5.1 (.csv)/": b""}), "lacks"),
    refused("a member named twice", _twice, "2 times"),
    refused("a member encrypted", _entry_bytes(6, b"\x01\x00"), "encrypted"),
    refused("packed in an unknown way", _entry_bytes(8, b"\x63\x00"), "unknown way|no readable"),
    refused("a path upwards", _beside("../../etc/cron.d/x"), "leads outside"),
    refused("a path upwards from within", _beside("a/../../x"), "leads outside"),
    refused("a path from the root", _beside("/etc/passwd"), "leads outside"),
    refused("a path of Windows", _beside("..\\..\\x"), "leads outside"),
    refused("a drive of Windows", _beside("C:\\x"), "leads outside"),
    refused("a bomb by ratio", edited(MEMBER, lambda _: bytes(BOMB)), "would grow"),
    refused("a bomb by size", with_members(
        lambda m: m | {MEMBER: m[MEMBER] + bytes(250_000_000)}), "max_unpacked"),
    refused("a size that lies", _size_lies, "no readable zip|CRC|header_as_declared"),
    refused("a broken checksum", _flipped_in(MEMBER), "CRC|no readable zip"),
    refused("a broken stream",
            lambda a: _flipped_in(MEMBER)(packed(members_of(a))), "no readable zip"),
    refused("a broken stream of lzma", lambda a: _flipped_in(MEMBER)(
        packed(members_of(a), zipfile.ZIP_LZMA)), "no readable zip"),
    refused("a broken stream of bzip2", lambda a: _flipped_in(MEMBER)(
        packed(members_of(a), zipfile.ZIP_BZIP2)), "no readable zip"),
    refused("cut in the middle", lambda a: a[: len(a) // 2], "no readable zip"),
    refused("cut before its end", lambda a: a[:-30], "no readable zip"),
    refused("its end alone", lambda a: a[-400:], "format_as_declared"),
    refused("glued to a page", lambda a: b"<!-- -->" + a, "format_as_declared"),
    refused("glued to another zip", lambda a: packed({"x": b"y"}) + a, "broken off, or glued"),
    refused("the text without its zip", lambda a: members_of(a)[MEMBER], "format_as_declared"),
    refused("a tar in its place", lambda _: b"ATOP 5.1/" + bytes(1024), "format_as_declared"),
    refused("two members exchanged", with_members(
        lambda m: m | {MEMBER: m[OTHER], OTHER: m[MEMBER]}), "header_as_declared"),
    refused("an empty member", edited(MEMBER, lambda _: b""), "header_as_declared"),
    refused("a member that is a page", edited(MEMBER, lambda _: b"<html></html>"), "header"),
]  # fmt: skip

R_FILES: list[Case[Edit]] = [
    handled("packed by gzip", lambda d: gzip.compress(_plain(d))),
    handled("packed by xz", lambda d: lzma.compress(_plain(d))),
    handled("packed by bzip2", lambda d: bz2.compress(_plain(d))),
    handled("not packed", _plain),
    refused("R data cut short", lambda d: d[: len(d) // 2], "r_layout", "breaks off"),
    refused("R data with something behind it", lambda d: d + b"xx", "follow"),
    refused("R data cut before it was packed", lambda d: gzip.compress(_plain(d)[:-40]), "vdem"),
    refused("R data with a broken stream", lambda d: _flip(d, len(d) // 2), "r_layout"),
    refused("an rds in the place of an rda",
            lambda d: gzip.compress(_plain(d)[5:]), "no R data"),
    refused("a bomb of R data", lambda _: gzip.compress(b"RDX3\nX\n" + bytes(BOMB)), "grows more"),
    refused("a text in the place of R data", lambda _: b"year,polyarchy\n", "no R data"),
    refused("R data of another table",
            lambda d: gzip.compress(_plain(d).replace(b"country_text_id", b"country_name_id")),
            "header_as_declared"),
    refused("R data that lead nowhere", lambda d: gzip.compress(
        _plain(d)[:200] + b"\xff" * 400 + _plain(d)[600:]), "vdem"),
]  # fmt: skip


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def _sheet(edit: Callable[[str], str], sheet: str = SHEET) -> Edit:
    return edited(sheet, lambda data: edit(data.decode()).encode())


def _replaced(old: str, new: str, sheet: str = SHEET) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return _sheet(edit, sheet)


_BOOK = "xl/workbook.xml"
_FIRST = "<v>1949</v>"
_DOTS = '<t xml:space="preserve">{}<'


def _exchanged(book: bytes) -> bytes:
    one, other = b"Current US$", b"Share of GDP"
    return book.replace(one, b"@").replace(other, one).replace(b"@", other)


def _number(text: str) -> Callable[[str], str]:
    """The first number below the header of the sheet is another text."""

    def edit(sheet: str) -> str:
        header, below = sheet.split(_FIRST, 1)
        row, figures = below.split("</row>", 1)
        start = figures.index("<v>")
        end = figures.index("</v>", start)
        return f"{header}{_FIRST}{row}</row>{figures[:start]}<v>{text}{figures[end:]}"

    return edit


def _error(sheet: str) -> str:
    """The first number below the header is an error of Excel."""
    edited_sheet = _number("#DIV/0!")(sheet)
    at = edited_sheet.index("<v>#DIV/0!")
    return f'{edited_sheet[: at - 1]} t="e">{edited_sheet[at:]}'


def _without_years(sheet: str) -> str:
    return re.sub(r"<v>((?:19|20)\d\d)</v>", "<v>0.5</v>", sheet)


def _without_rows(sheet: str) -> str:
    start, end = sheet.index("<row"), sheet.rindex("</row>") + len("</row>")
    return sheet[:start] + sheet[end:]


WORKBOOKS: list[Case[Edit]] = [
    handled("a workbook packed", with_members(lambda m: m)),
    handled("an ellipsis in one character", _replaced(_DOTS.format("..."), _DOTS.format("\u2026"))),
    handled("a part besides", _beside("xl/worksheets/sheet99.xml", b"<x/>")),
    refused("a sheet has another name",
            _replaced("Current US$", "Current USD", _BOOK), "no sheet", "Current US"),
    refused("the sheet of shares is gone",
            _replaced("Share of GDP", "Share of GNI", _BOOK), "no sheet", "Share of GDP"),
    refused("two sheets exchanged", edited(_BOOK, _exchanged), "share_of_gdp|shares"),
    refused("no header", _replaced("Country<", "State<"), "no row begins with"),
    refused("no notes", _replaced(">Notes<", ">Remarks<"), "no column 'Notes'"),
    refused("a year twice", _replaced("<v>1950</v>", _FIRST), "distinct years"),
    refused("a header without years", _sheet(_without_years), "years"),
    refused("a negative number", _sheet(_number("-5")), "current_usd"),
    warned("an error of Excel", _sheet(_error), "no_cell_is_blank"),
    refused("a workbook of old", lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9000),
            "format_as_declared"),
    refused("a workbook with a password",
            lambda _: packed({"EncryptedPackage": b"x" * 9000}), "xl/workbook.xml"),
    refused("a document in the place of a workbook",
            lambda _: packed({"word/document.xml": b"<w/>"}), "xl/workbook.xml"),
    refused("a bomb in a sheet", edited(SHEET, lambda _: bytes(BOMB)), "would grow"),
    refused("a bomb in a sheet that is not read",
            edited("xl/worksheets/sheet3.xml", lambda _: bytes(BOMB)), "would grow"),
    refused("a sheet with a broken checksum", _flipped_in(SHEET), "CRC|cannot be unpacked"),
    refused("a sheet that breaks off", edited(SHEET, lambda b: b[: len(b) // 2]), "sipri_milex"),
    refused("a sheet that is a page", edited(SHEET, lambda _: b"<html></html>"), "sipri_milex"),
    refused("a sheet without a row", _sheet(_without_rows), "no row begins with"),
    refused("a path upwards in a workbook", _beside("../x.xml"), "leads outside"),
    refused("a workbook without the list of its parts", with_members(
        lambda m: {k: v for k, v in m.items() if k != "xl/_rels/workbook.xml.rels"}),
        "sipri_milex"),
    refused("a workbook cut short", lambda d: d[:-200], "no readable zip|cannot be unpacked"),
]  # fmt: skip
