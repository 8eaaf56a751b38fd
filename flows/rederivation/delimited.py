"""Delimited text in a snapshot, record by record, each with its line; members of zips in zips."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from flows.rederivation.derived import RawFile

_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Record:
    """One row of a file.

    Attributes:
        place: Where it is.
        cells: Published heading to text.
    """

    place: str
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """A cell without blanks around it."""
        return self.cells[column].strip()

    def whole(self, column: str) -> int | None:
        """A whole number, written with or without a point; None where there is no number."""
        number = self.number(column)
        return None if number is None else int(number)

    def number(self, column: str) -> float | None:
        """A number; None where the cell is empty or a mark of a missing value."""
        cell = self.text(column)
        return None if cell.lower() in {"", ".", "na", "n/a", "nan", "null"} else float(cell)


def content(file: RawFile, entity: str = "") -> tuple[str, bytes]:
    """The bytes of a member, and its name; of a single file these are its own.

    Args:
        file: The snapshot.
        entity: Declared name of the member; empty for a single file.
    """
    data, name = file.path.read_bytes(), ""
    for member in file.members.get(entity, ()):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data, name = archive.read(member), member.rpartition("/")[2]
    return name, data


def records(file: RawFile, entity: str = "") -> Iterator[Record]:
    """The rows of a delimited file, with their lines; the header is line 1."""
    name, data = content(file, entity)
    if not name and data.startswith(_ZIP):  # a text that this release has in a zip
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (only,) = (i for i in archive.infolist() if not i.is_dir())
            data = archive.read(only)
    where = f"{name}, line" if name else "line"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    header, _, _ = text.partition("\n")
    delimiter = "\t" if "\t" in header else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    headings = [heading.strip() for heading in next(rows)]
    before = rows.line_num
    for row in rows:
        if row:
            yield Record(f"{where} {before + 1}", dict(zip(headings, row, strict=False)))
        before = rows.line_num
