"""Checks of bytes before anything parses them. Failed checks are results, not exceptions."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from flows.fetch.arrival import Arrival, ByteCheck, Severity, critical
from flows.fetch.layout_checks import HEAD_BYTES, layout_and_headers
from flows.fetch.packed_text import ZIP_MAGIC, may_be_packed
from flows.fetch.r_files import packing_of
from flows.sources import SourceDeclaration

_PIECE = 1 << 24
_TEXTS = ("csv", "tsv")
_COMPRESSED = {b"\x1f\x8b": "gzip", ZIP_MAGIC: "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}

LAST_LINE = "last_line_is_whole"
NO_PAGE = "no_html_page"
"""The check that the file is no web page."""


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
        head = file.read(HEAD_BYTES)
    checks = [
        _not_empty(arrival),
        _length(arrival),
        _no_html(head),
        _format(declaration, arrival.path, head),
        _least_size(declaration, arrival),
        _size_change(declaration, arrival, head),
        *_last_line(declaration, arrival),
        *_broken_off(declaration, arrival),
        *_as_listed(arrival),
    ]
    if not any(check.blocks for check in checks[:4]):
        checks += layout_and_headers(declaration, arrival, head)
    return tuple(checks)


def _not_empty(arrival: Arrival) -> ByteCheck:
    return critical(
        "not_empty", "the file has bytes", arrival.n_bytes > 0, f"{arrival.n_bytes:,} bytes"
    )


def _length(arrival: Arrival) -> ByteCheck:
    description = "as many bytes came as the host announced"
    if arrival.bytes_announced is None:
        return critical("length_as_announced", description, True, "the host announced no length")
    passed = arrival.bytes_received == arrival.bytes_announced
    notes = f"{arrival.bytes_announced:,} announced, {arrival.bytes_received or 0:,} received"
    return critical("length_as_announced", description, passed, notes)


def _no_html(head: bytes) -> ByteCheck:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<?xml"):
        start = start.partition(b"?>")[2].lstrip()
    while start.startswith(b"<!--"):
        start = start.partition(b"-->")[2].lstrip()
    found = start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<title"))
    notes = f"begins with {head[:60]!r}" if found else "no HTML at the beginning"
    return critical(NO_PAGE, "the file is no web page in disguise", not found, notes)


def _format(declaration: SourceDeclaration, path: Path, head: bytes) -> ByteCheck:
    wanted = declaration.file_format
    if wanted in _TEXTS:
        packed = head.startswith(ZIP_MAGIC) and may_be_packed(declaration)
        fault = None if packed else _text_fault(head) or _nul_fault(path)
    else:
        fault = _r_fault(head) if wanted in ("rda", "rds") else _zip_fault(head)
    return critical(
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
    if head.lstrip().startswith((b"{", b"[")):
        return f"looks like JSON, perhaps an error message: {head[:60]!r}"
    return None


def _nul_fault(path: Path) -> str | None:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            if (at := piece.find(b"\0")) >= 0:
                place = file.tell() - len(piece) + at
                return f"holds NUL bytes (byte {place:,}): binary, or a text in UTF-16"
    return None


def _last_line(declaration: SourceDeclaration, arrival: Arrival) -> Iterator[ByteCheck]:
    """A text that ended with its last line, and is shorter now and breaks off in one, was cut."""
    if declaration.file_format not in _TEXTS or not arrival.previous_ends_line or arrival.listed:
        return
    with arrival.path.open("rb") as file:
        file.seek(max(arrival.n_bytes - 1, 0))
        passed = file.read() in (b"\n", b"\r")
    notes = "ends with a line"
    if not passed:
        notes = (
            "the last line has no end, unlike that of the snapshot before: cut short, perhaps;"
            " where the publisher's file really ends so, hand it over with a line end (--from-file)"
        )
    is_shorter = arrival.n_bytes < (arrival.previous_bytes or 0)
    severity: Severity = "critical" if is_shorter else "warning"
    yield ByteCheck(LAST_LINE, "the last line is whole, as before", severity, passed, notes)


def _broken_off(declaration: SourceDeclaration, arrival: Arrival) -> Iterator[ByteCheck]:
    """A text that is the beginning of the last one, and ends within a line, was cut.

    Needed where files end without the end of a line: half a number is a number, too.
    """
    if declaration.file_format not in _TEXTS or not arrival.beginning_of or arrival.listed:
        return
    with arrival.path.open("rb") as file:
        file.seek(max(arrival.n_bytes - 1, 0))
        passed = file.read() in (b"\n", b"\r")
    notes = f"the beginning of {arrival.beginning_of}, up to {'the end' if passed else 'within'}"
    yield critical(
        "not_broken_off",
        "no mere beginning of the snapshot before, broken off within a line",
        passed,
        f"{notes} of a line",
    )


def _least_size(declaration: SourceDeclaration, arrival: Arrival) -> ByteCheck:
    description = f"at least {declaration.min_bytes:,} bytes, as declared"
    if arrival.is_simulated:
        notes = "not asked of a simulated world"
        return critical("least_size", description, True, notes)
    passed = arrival.n_bytes >= declaration.min_bytes
    return critical("least_size", description, passed, f"{arrival.n_bytes:,} bytes")


def _size_change(declaration: SourceDeclaration, arrival: Arrival, head: bytes) -> ByteCheck:
    bound = declaration.max_size_change_share
    description = f"the size changed by no more than {bound:.0%} since an earlier snapshot"
    if arrival.is_simulated:
        return critical("size_change", description, True, "not asked of a simulated world")
    if arrival.listed:
        return critical("size_change", description, True, "not asked of a new release")
    if declaration.file_format in _TEXTS and head.startswith(ZIP_MAGIC):
        return critical("size_change", description, True, "packed; earlier ones may not have been")
    if arrival.nearest_bytes is None:
        return critical("size_change", description, True, "the first snapshot here")
    change = (arrival.n_bytes - arrival.nearest_bytes) / max(arrival.nearest_bytes, 1)
    notes = f"{arrival.nearest_bytes:,} to {arrival.n_bytes:,} bytes ({change:+.1%})"
    if abs(change) > bound:
        notes += (
            f"; if the publisher's new release is right, raise max_size_change_share in"
            f" flows/sources/{declaration.slug}.yml"
        )
    return critical("size_change", description, abs(change) <= bound, notes)


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
        yield critical("checksum_as_listed", "the listing's checksum", passed, notes)
