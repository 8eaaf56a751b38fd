"""Checks of what is inside a file: members of archives, workbooks, R data, headers of texts."""

from collections.abc import Iterator
from pathlib import Path

from flows.fetch.archives import ArchiveError, UnpackLimits, extract, refuse_bombs
from flows.fetch.arrival import Arrival, ByteCheck, critical
from flows.fetch.header_checks import judge_header
from flows.fetch.packed_text import ZIP_MAGIC, text_of
from flows.fetch.r_files import holds_columns, unpack_r_data
from flows.sources import SourceDeclaration

HEAD_BYTES = 65_536
"""Bytes of a file in which its header is."""


def layout_and_headers(
    declaration: SourceDeclaration, arrival: Arrival, head: bytes
) -> Iterator[ByteCheck]:
    """Checks of a file whose first bytes are as declared.

    Args:
        declaration: What the file should be.
        arrival: The file.
        head: Its first `HEAD_BYTES` bytes.
    """
    path = arrival.path
    if declaration.file_format == "zip":
        description = "the archive is safe to read and holds the declared members"
        try:
            members = extract(path, declaration.members, limits_of(declaration))
        except ArchiveError as error:
            yield critical("zip_layout", description, False, str(error))
            return
        sizes = ", ".join(f"{entity} {len(data):,} bytes" for entity, data in members.items())
        yield critical("zip_layout", description, True, sizes)
        heads = {entity: data[:HEAD_BYTES] for entity, data in members.items()}
    elif declaration.file_format == "xlsx":
        yield _workbook(declaration, path)
        return
    elif declaration.file_format == "rda":
        yield from _r_data(declaration, path)
        return
    else:
        try:
            packed = head.startswith(ZIP_MAGIC)
            heads = {"data": text_of(declaration, path)[:HEAD_BYTES] if packed else head}
        except ArchiveError as error:
            description = "the archive holds one file of a layout"
            yield critical("zip_layout", description, False, str(error))
            return
    for entity in declaration.header_starts_with:
        yield _header(declaration, entity, heads[entity])


def _workbook(declaration: SourceDeclaration, path: Path) -> ByteCheck:
    description = "the spreadsheet holds a workbook and is safe to read"
    try:
        extract(path, {"data": ("xl/workbook.xml",)}, limits_of(declaration))
        refuse_bombs(path, limits_of(declaration))
    except ArchiveError as error:
        return critical("zip_layout", description, False, str(error))
    return critical("zip_layout", description, True, "xl/workbook.xml is there")


def _r_data(declaration: SourceDeclaration, path: Path) -> Iterator[ByteCheck]:
    description = "the file is safe to unpack and holds R data"
    try:
        data = unpack_r_data(path.read_bytes(), limits_of(declaration))
    except ArchiveError as error:
        yield critical("r_layout", description, False, str(error))
        return
    yield critical("r_layout", description, True, f"{len(data):,} bytes unpacked")
    for columns in declaration.header_starts_with.values():
        description = f"a table in it begins with {', '.join(columns[:4])}, …"
        passed = holds_columns(data, columns)
        notes = f"{len(columns)} columns found" if passed else f"no table with {', '.join(columns)}"
        yield critical("header_as_declared", description, passed, notes)


def _header(declaration: SourceDeclaration, entity: str, head: bytes) -> ByteCheck:
    columns = declaration.header_starts_with[entity]
    description = f"the header begins with {', '.join(columns[:4])}, … ({len(columns)} columns)"
    if declaration.layouts and entity == "data":
        description += f", or has those of {', '.join(la.name for la in declaration.layouts)}"
    name = "header_as_declared" if entity == "data" else f"header_as_declared_{entity}"
    return critical(name, description, *judge_header(declaration, entity, head))


def limits_of(declaration: SourceDeclaration) -> UnpackLimits:
    """The bounds that a declaration sets for unpacking."""
    return UnpackLimits(declaration.max_unpacked_bytes, declaration.max_unpacked_ratio)
