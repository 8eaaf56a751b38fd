"""Sheets of an Excel workbook (.xlsx), cell by cell: a zip of XML (ECMA-376, part 1)."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from flows.rederivation.delimited import Record, content
from flows.rederivation.derived import RawFile

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SIPRI_SHEETS = {
    "current_usd": "Current US$",
    "share_of_gdp": "Share of GDP",
    "local_currency": "Local currency calendar years",
}
"""The sheets of SIPRI's workbook that are read."""
FOOTNOTES = re.compile(r"\s*(?:[¹²³⁰-₟*†‡§¶‖]|\[\d+\])+\s*$")
"""Marks of footnotes behind a name."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheet(file: RawFile, name: str, *, header: str) -> Iterator[Record]:
    """The rows of a sheet below its header.

    Args:
        file: The workbook.
        name: The sheet.
        header: First cell of the header row.

    Yields:
        Rows that have a first cell; nothing where there is no such sheet.
    """
    _, data = content(file)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        path = _sheets(archive).get(name)
        if path is None:
            return
        shared = _shared(archive)
        root = ElementTree.fromstring(archive.read(path))
    headings: dict[str, str] = {}
    for row in root.iter(f"{_MAIN}row"):
        cells = {_letters(c.get("r", "")): _text(c, shared) for c in row.iter(f"{_MAIN}c")}
        if headings and cells.get("A"):
            named = {headings[c]: text for c, text in cells.items() if c in headings}
            yield Record(f"sheet {name}, row {row.get('r')}", named)
        elif cells.get("A") == header:
            headings = {c: text.removesuffix(".0") for c, text in cells.items() if text}


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    found = {}
    for one in book.iter(f"{_MAIN}sheet"):
        target = targets[one.get(_RELATION)]
        found[str(one.get("name"))] = target.lstrip("/") if target[0] == "/" else f"xl/{target}"
    return found


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in root]


def _letters(reference: str) -> str:
    return re.sub(r"\d", "", reference)


def _text(cell: ElementTree.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
    value = cell.find(f"{_MAIN}v")
    if value is None or value.text is None:
        return ""
    return shared[int(value.text)] if cell.get("t") == "s" else value.text
