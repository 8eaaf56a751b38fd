"""Checks of bytes before anything parses them. Failed checks are results, not exceptions."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flows.fetch.archives import ArchiveError, UnpackLimits, extract
from flows.fetch.header_checks import judge_header
from flows.fetch.packed_text import ZIP_MAGIC, may_be_packed, text_of
from flows.fetch.r_files import holds_columns, packing_of, unpack_r_data
from flows.home.discovered import SeenRelease
from flows.sources import SourceDeclaration

Severity = Literal["critical", "warning", "info"]

_HEAD_BYTES = 65_536
_TEXTS = ("csv", "tsv")
_COMPRESSED = {b"\x1f\x8b": "gzip", ZIP_MAGIC: "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}

NO_PAGE = "no_html_page"
"""The check that the file is no web page."""


@dataclass(frozen=True)
class ByteCheck:
    """The result of one check.

    Attributes:
        name: Short snake_case name.
        description: What has to hold.
        severity: `critical` stops the file from becoming a snapshot, `warning` is reported.
        passed: Whether it holds.
        notes: The figures, or what was found.
    """

    name: str
    description: str
    severity: Severity
    passed: bool
    notes: str

    @property
    def blocks(self) -> bool:
        """Whether this result stops the file."""
        return self.severity == "critical" and not self.passed


@dataclass(frozen=True)
class Arrival:
    """A received file and its transfer.

    Attributes:
        path: The file.
        n_bytes: Its size.
        bytes_announced: Size that the host announced, as it travels; `None` where none was.
        bytes_received: Bytes that travelled (compressed where the host compressed).
        previous_bytes: Size of the last snapshot of the same channel; `None` for the first.
        is_simulated: Whether the file belongs to a simulated world, which may be small.
        listed: The release as the publisher lists it, where it is only tried.
    """

    path: Path
    n_bytes: int
    bytes_announced: int | None = None
    bytes_received: int | None = None
    previous_bytes: int | None = None
    is_simulated: bool = False
    listed: SeenRelease | None = None


def run_byte_checks(declaration: SourceDeclaration, arrival: Arrival) -> tuple[ByteCheck, ...]:
    """Runs every check on a file.

    Args:
        declaration: What the file should be.
        arrival: The file and its transfer.

    Returns:
        One result per check, the most basic first. Checks that do not apply to this file (a header
        in a spreadsheet) are left out.
    """
    with arrival.path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    checks = [
        _not_empty(arrival),
        _length(arrival),
        _no_html(head),
        _format(declaration, head),
        _least_size(declaration, arrival),
        _size_change(declaration, arrival, head),
        *_as_listed(arrival),
    ]
    if not any(check.blocks for check in checks[:4]):
        checks += _layout_and_headers(declaration, arrival, head)
    return tuple(checks)


def _critical(name: str, description: str, passed: bool, notes: str) -> ByteCheck:
    return ByteCheck(name, description, "critical", passed, notes)


def _not_empty(arrival: Arrival) -> ByteCheck:
    return _critical(
        "not_empty", "the file has bytes", arrival.n_bytes > 0, f"{arrival.n_bytes:,} bytes"
    )


def _length(arrival: Arrival) -> ByteCheck:
    description = "as many bytes came as the host announced"
    if arrival.bytes_announced is None:
        return _critical("length_as_announced", description, True, "the host announced no length")
    passed = arrival.bytes_received == arrival.bytes_announced
    notes = f"{arrival.bytes_announced:,} announced, {arrival.bytes_received or 0:,} received"
    return _critical("length_as_announced", description, passed, notes)


def _no_html(head: bytes) -> ByteCheck:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<?xml"):
        start = start.partition(b"?>")[2].lstrip()
    while start.startswith(b"<!--"):
        start = start.partition(b"-->")[2].lstrip()
    found = start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<title"))
    notes = f"begins with {head[:60]!r}" if found else "no HTML at the beginning"
    return _critical(NO_PAGE, "the file is no web page in disguise", not found, notes)


def _format(declaration: SourceDeclaration, head: bytes) -> ByteCheck:
    wanted = declaration.file_format
    if wanted in _TEXTS:
        packed = head.startswith(ZIP_MAGIC) and may_be_packed(declaration)
        fault = None if packed else _text_fault(head)
    else:
        fault = _r_fault(head) if wanted in ("rda", "rds") else _zip_fault(head)
    return _critical(
        "format_as_declared",
        f"the first bytes are those of a {wanted} file",
        fault is None,
        fault or f"as declared ({wanted})",
    )


def _zip_fault(head: bytes) -> str | None:
    return None if head.startswith(ZIP_MAGIC) else f"no zip file: begins with {head[:16]!r}"


def _r_fault(head: bytes) -> str | None:
    return None if packing_of(head) else f"no R data file: begins with {head[:16]!r}"


def _text_fault(head: bytes) -> str | None:
    for magic, name in _COMPRESSED.items():
        if head.startswith(magic):
            return f"a {name} file, not a text"
    if b"\0" in head:
        return "holds NUL bytes: binary, or a text in UTF-16"
    if head.lstrip().startswith((b"{", b"[")):
        return f"looks like JSON, perhaps an error message: {head[:60]!r}"
    return None


def _least_size(declaration: SourceDeclaration, arrival: Arrival) -> ByteCheck:
    description = f"at least {declaration.min_bytes:,} bytes, as declared"
    if arrival.is_simulated:
        notes = "not asked of a simulated world"
        return _critical("least_size", description, True, notes)
    passed = arrival.n_bytes >= declaration.min_bytes
    return _critical("least_size", description, passed, f"{arrival.n_bytes:,} bytes")


def _size_change(declaration: SourceDeclaration, arrival: Arrival, head: bytes) -> ByteCheck:
    bound = declaration.max_size_change_share
    description = f"the size changed by no more than {bound:.0%} since an earlier snapshot"
    if arrival.is_simulated:
        return _critical("size_change", description, True, "not asked of a simulated world")
    if arrival.listed:
        return _critical("size_change", description, True, "not asked of a new release")
    if declaration.file_format in _TEXTS and head.startswith(ZIP_MAGIC):
        return _critical("size_change", description, True, "packed; earlier ones may not have been")
    if arrival.previous_bytes is None:
        return _critical("size_change", description, True, "the first snapshot here")
    change = (arrival.n_bytes - arrival.previous_bytes) / max(arrival.previous_bytes, 1)
    notes = f"{arrival.previous_bytes:,} to {arrival.n_bytes:,} bytes ({change:+.1%})"
    if abs(change) > bound:
        notes += (
            f"; if the publisher's new release is right, raise max_size_change_share in"
            f" flows/sources/{declaration.slug}.yml"
        )
    return _critical("size_change", description, abs(change) <= bound, notes)


def _as_listed(arrival: Arrival) -> Iterator[ByteCheck]:
    """What the publisher's listing says of a new release: it tells that from a damaged file."""
    if arrival.listed and arrival.listed.n_bytes is not None:
        notes = f"{arrival.listed.n_bytes:,} bytes listed, {arrival.n_bytes:,} came"
        passed = arrival.listed.n_bytes == arrival.n_bytes
        # some publishers list the size of the file as it was handed in
        description = "as many bytes as the listing says"
        yield ByteCheck("size_as_listed", description, "warning", passed, notes)
    if arrival.listed and arrival.listed.md5:
        with arrival.path.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
        found = digest.hexdigest()
        notes = f"MD5 {found}, listed {arrival.listed.md5}"
        passed = found == arrival.listed.md5.lower()
        yield _critical("checksum_as_listed", "the listing's checksum", passed, notes)


def _layout_and_headers(
    declaration: SourceDeclaration, arrival: Arrival, head: bytes
) -> Iterator[ByteCheck]:
    path = arrival.path
    if declaration.file_format == "zip":
        description = "the archive is safe to read and holds the declared members"
        try:
            members = extract(path, declaration.members, limits_of(declaration))
        except ArchiveError as error:
            yield _critical("zip_layout", description, False, str(error))
            return
        sizes = ", ".join(f"{entity} {len(data):,} bytes" for entity, data in members.items())
        yield _critical("zip_layout", description, True, sizes)
        heads = {entity: data[:_HEAD_BYTES] for entity, data in members.items()}
    elif declaration.file_format == "xlsx":
        yield _workbook(declaration, path)
        return
    elif declaration.file_format == "rda":
        yield from _r_data(declaration, path)
        return
    else:
        try:
            packed = head.startswith(ZIP_MAGIC)
            heads = {"data": text_of(declaration, path)[:_HEAD_BYTES] if packed else head}
        except ArchiveError as error:
            description = "the archive holds one file of a layout"
            yield _critical("zip_layout", description, False, str(error))
            return
    for entity in declaration.header_starts_with:
        yield _header(declaration, entity, heads[entity])


def _workbook(declaration: SourceDeclaration, path: Path) -> ByteCheck:
    description = "the spreadsheet holds a workbook and is safe to read"
    try:
        extract(path, {"data": ("xl/workbook.xml",)}, limits_of(declaration))
    except ArchiveError as error:
        return _critical("zip_layout", description, False, str(error))
    return _critical("zip_layout", description, True, "xl/workbook.xml is there")


def _r_data(declaration: SourceDeclaration, path: Path) -> Iterator[ByteCheck]:
    description = "the file is safe to unpack and holds R data"
    try:
        data = unpack_r_data(path.read_bytes(), limits_of(declaration))
    except ArchiveError as error:
        yield _critical("r_layout", description, False, str(error))
        return
    yield _critical("r_layout", description, True, f"{len(data):,} bytes unpacked")
    for columns in declaration.header_starts_with.values():
        description = f"a table in it begins with {', '.join(columns[:4])}, …"
        passed = holds_columns(data, columns)
        notes = f"{len(columns)} columns found" if passed else f"no table with {', '.join(columns)}"
        yield _critical("header_as_declared", description, passed, notes)


def _header(declaration: SourceDeclaration, entity: str, head: bytes) -> ByteCheck:
    columns = declaration.header_starts_with[entity]
    description = f"the header begins with {', '.join(columns[:4])}, … ({len(columns)} columns)"
    if declaration.layouts and entity == "data":
        description += f", or has those of {', '.join(la.name for la in declaration.layouts)}"
    name = "header_as_declared" if entity == "data" else f"header_as_declared_{entity}"
    return _critical(name, description, *judge_header(declaration, entity, head))


def limits_of(declaration: SourceDeclaration) -> UnpackLimits:
    """The bounds that a declaration sets for unpacking."""
    return UnpackLimits(declaration.max_unpacked_bytes, declaration.max_unpacked_ratio)
