"""Checks of headers: whether a text begins as declared, or is of another layout that is known."""

import csv
import io

from flows.sources import SourceDeclaration
from flows.sources.layouts import described
from transforms.parsing.headers import Header, find_header, nearest_difference

_DELIMITERS = {"tsv": "\t"}
_NAMES = {",": "commas", "\t": "tabs", ";": "semicolons"}


def judge_header(declaration: SourceDeclaration, entity: str, head: bytes) -> tuple[bool, str]:
    """Whether the header of a file is that of a known layout.

    A source with several layouts is read by whatever separates its columns; its other layouts have
    theirs in any order, below the first line perhaps. A source with one has the declared format.

    Args:
        declaration: The source.
        entity: Its entity.
        head: The beginning of the file.

    Returns:
        Whether it is known, and what was found: the layout, or the difference from the nearest.
    """
    columns = declaration.header_starts_with[entity]
    layouts = declaration.layouts if entity == "data" else ()
    if not layouts:
        return _as_declared(columns, head, _DELIMITERS.get(declaration.file_format, ","))
    first = find_header(head, ())
    if first.columns[: len(columns)] == columns:
        return True, f"as declared, {_found(first)}"
    for layout in layouts:
        header = find_header(head, layout.has)
        if set(layout.has) <= set(header.columns):
            return True, f"of layout {layout.name} ({layout.of}), {_found(header)}"
    name, difference = nearest_difference(head, described(columns, layouts))
    return False, f"{difference}, compared with layout {name}"


def _found(header: Header) -> str:
    return f"{len(header.columns)} columns separated by {_NAMES[header.separator]}"


def _as_declared(columns: tuple[str, ...], head: bytes, delimiter: str) -> tuple[bool, str]:
    # bare CR ends lines in some publishers' files; undecodable bytes come later, not in a header
    text = head.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    found = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    for position, column in enumerate(columns):
        if position >= len(found) or found[position] != column:
            there = repr(found[position]) if position < len(found) else "nothing"
            return False, f"column {position + 1} should be {column!r} and is {there}"
    return True, f"{len(found)} columns"
