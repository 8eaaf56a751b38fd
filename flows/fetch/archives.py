"""Reads declared members of zip files, also of zips in zips, without unpacking to the disk."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_ENCRYPTED = 0x1
_NAMES_SHOWN = 8
_PIECE = 1 << 20
_UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
"""What the library raises for damaged archives, in all its ways of packing."""


class ArchiveError(ValueError):
    """The archive is not as declared, or not safe to read; the message says why and where."""


@dataclass(frozen=True)
class UnpackLimits:
    """Upper bounds on unpacked sizes.

    Attributes:
        max_bytes: All members together, unpacked.
        max_ratio: Unpacked over packed size of any member.
    """

    max_bytes: int
    max_ratio: float


def extract(
    archive: Path | bytes, members: Mapping[str, tuple[str, ...]], limits: UnpackLimits
) -> dict[str, bytes]:
    """Reads the declared members.

    Args:
        archive: The zip file, by path or as bytes.
        members: Entity to the member's path from the outside in: one name, or one name per
            level of zips.
        limits: Checked against what the archive says before anything is unpacked.

    Returns:
        Entity to bytes; every byte has passed the archive's own CRC.

    Raises:
        ArchiveError: No zip, a member missing, named twice, encrypted, damaged, larger than
            allowed, or any path that leads outside the archive.
    """
    left = limits.max_bytes
    found: dict[str, bytes] = {}
    for entity, place in members.items():
        data: Path | bytes = archive
        for depth in range(len(place)):
            where = " → ".join(place[:depth]) or "the archive"
            data = _read(data, place[depth], where, UnpackLimits(left, limits.max_ratio))
            left -= len(data)
        if isinstance(data, Path):
            raise ArchiveError(f"{entity}: no member is declared")
        found[entity] = data
    return found


def refuse_bombs(archive: Path, limits: UnpackLimits) -> None:
    """Refuses an archive of which a library unpacks what it likes, as a workbook's does.

    Args:
        archive: The zip file.
        limits: For all members together; what they really unpack to counts, not what they say.

    Raises:
        ArchiveError: It unpacks to more, a member grows too much, is damaged, or leads outside.
    """
    left = limits.max_bytes
    try:
        with zipfile.ZipFile(archive) as opened:
            for info in opened.infolist():
                if _leads_outside(info.orig_filename):
                    raise ArchiveError(f"it holds a path that leads outside it: {info.filename!r}")
                _refuse_bomb(info, "the archive", UnpackLimits(left, limits.max_ratio))
                with opened.open(info) as member:
                    while piece := member.read(_PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise ArchiveError(
                                f"it unpacks to more than {limits.max_bytes:,} bytes"
                                " (max_unpacked_bytes)"
                            )
    except ArchiveError:
        raise
    except (*_UNREADABLE, NotImplementedError, RuntimeError) as error:
        raise ArchiveError(f"it cannot be unpacked ({error})") from error


def _read(archive: Path | bytes, name: str, where: str, limits: UnpackLimits) -> bytes:
    source: Path | BinaryIO = archive if isinstance(archive, Path) else io.BytesIO(archive)
    try:
        with zipfile.ZipFile(source) as opened:
            info = _locate(opened, name, where)
            _refuse_bomb(info, where, limits)
            # in pieces: a member with a false size must not fill the memory at once
            with opened.open(info) as member:
                return b"".join(iter(lambda: member.read(_PIECE), b""))
    except ArchiveError:
        raise
    except _UNREADABLE as error:
        raise ArchiveError(f"{where} is no readable zip ({error}), needed for {name}") from error
    except NotImplementedError as error:
        raise ArchiveError(f"{name} in {where}: packed in an unknown way ({error})") from error


def _locate(opened: zipfile.ZipFile, name: str, where: str) -> zipfile.ZipInfo:
    entries = opened.infolist()
    # an outer zip that breaks off may end with the directory of a zip inside it
    if entries and min(entry.header_offset for entry in entries) != 0:
        raise ArchiveError(
            f"{where} does not begin with its first member: broken off, or glued to another file"
        )
    for entry in entries:
        # ZipInfo cuts names at NUL bytes and replaces separators, so the original is checked
        if _leads_outside(entry.orig_filename):
            raise ArchiveError(f"{where} holds a path that leads outside it: {entry.filename!r}")
    matches = [entry for entry in entries if entry.filename == name]
    if not matches:
        names = sorted(entry.filename for entry in entries if not entry.is_dir())
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        raise ArchiveError(
            f"{where} lacks {name}; it holds {', '.join(names[:_NAMES_SHOWN]) or 'nothing'}{more}"
        )
    if len(matches) > 1:
        raise ArchiveError(f"{where} holds {name} {len(matches)} times: which is meant?")
    if matches[0].flag_bits & _ENCRYPTED:
        raise ArchiveError(f"{name} in {where} is encrypted")
    return matches[0]


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or re.match(r"[A-Za-z]:", name) is not None


def _refuse_bomb(info: zipfile.ZipInfo, where: str, limits: UnpackLimits) -> None:
    if info.file_size > limits.max_bytes:
        raise ArchiveError(
            f"{info.filename} in {where} would unpack to {info.file_size:,} bytes, beyond the bound"
            f" (max_unpacked_bytes, {limits.max_bytes:,} left)"
        )
    ratio = info.file_size / max(info.compress_size, 1)
    if ratio > limits.max_ratio:
        raise ArchiveError(
            f"{info.filename} in {where} would grow {ratio:,.0f} times, beyond the bound"
            f" (max_unpacked_ratio, {limits.max_ratio:g})"
        )
