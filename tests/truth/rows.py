"""The truth table: published values, each with its document, and where the warehouse has it."""

import csv
import re
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Self

FOLDER = Path(__file__).parent
MAXIMUM_OF_A_PUBLICATION = 30


@dataclass(frozen=True)
class Row:
    """One published value.

    Attributes:
        publication: Short name of the publication, the same in all of its rows.
        document: Title of the document in which the value was read.
        page: Page of the document, or its part where it has no pages.
        address: Where the document was read.
        what: What the value is of, in words.
        kind: What to look up, a name in `tests/truth/places.py`.
        key: Of which row, as the kind wants it.
        value: The value as published, in the form of its kind (a number, a day, `yes-no-abstain`).
        tolerance: Largest difference that still is agreement, in the units of the value. Half of
            the last printed digit for rounded figures, 0 for counts; empty for days and words.
        read_twice: Where it was read a second time: an address, or a page of the same document.
        note: What a reader should know, or empty.
        found: What the warehouse says (written by `--update`), empty where it says nothing.
        why: Why the two differ; empty where they agree.
    """

    publication: str
    document: str
    page: str
    address: str
    what: str
    kind: str
    key: str
    value: str
    tolerance: str
    read_twice: str
    note: str
    found: str
    why: str

    def with_found(self, found: str) -> Self:
        """The row with another finding."""
        return replace(self, found=found)


COLUMNS = [field.name for field in fields(Row)]


def files() -> list[Path]:
    """The CSV files of the table, in the order in which they are read."""
    return sorted(FOLDER.glob("*.csv"))


def read_rows(path: Path) -> list[Row]:
    """The rows of a file.

    Args:
        path: A CSV file with the columns of `Row`, in their order.

    Raises:
        ValueError: Other columns.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ValueError(f"{path.name}: columns are {reader.fieldnames}, not {COLUMNS}")
        return [Row(**row) for row in reader]


def all_rows() -> list[Row]:
    """All rows of the truth table."""
    return [row for path in files() for row in read_rows(path)]


def write_rows(path: Path, rows: list[Row]) -> None:
    """Writes a file of the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([getattr(row, name) for name in COLUMNS] for row in rows)


def agrees(value: str, found: str, tolerance: str) -> bool:
    """Whether what was found is what was published.

    Args:
        value: The published value.
        found: The value of the warehouse; empty where it has none.
        tolerance: Largest difference, for numbers and for each part of a tally; empty asks for
            the same text.
    """
    if not tolerance or not found:
        return value == found
    parts = [text.split("-") if is_tally(text) else [text] for text in (value, found)]
    if len(parts[0]) != len(parts[1]):
        return False
    # what is printed as 40.5 is compared with 40.4537…: rounding of the sum must not decide
    largest = float(tolerance) * (1 + 1e-9)
    return all(abs(float(a) - float(b)) <= largest for a, b in zip(*parts, strict=True))


def is_tally(text: str) -> bool:
    """Whether a value is several counts, such as `100-11-58`."""
    return re.fullmatch(r"\d+(-\d+)+", text) is not None
