"""The two files of UN votes as they are: who is listed with what at which roll call, and where.

The vote file has 1.2 million lines. Its first columns are split off and the rest of a line is read
once for each roll call; a line that a quoted text continues is joined to the next.
"""

import csv
import io
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from flows.rederivation.delimited import Record
from flows.rederivation.derived import RawFile
from flows.rederivation.states import days_of_month

FIRST_SESSION_WITH_DAYS = 58
"""Before it only the month of a vote is known."""
CHOICES = {1: "yes", 2: "abstain", 3: "no", 8: "absent", 9: "not_member"}
LETTERS = {"Y": "yes", "A": "abstain", "N": "no", "X": "absent"}


@dataclass(frozen=True)
class Judged:
    """Judgements that are taken from the published file, and not made again.

    Attributes:
        duplicates: Roll calls that repeat the ballot of another one.
        same: Roll call of the vote file to the UN Library's resolutions that are the same.
        added: Roll call to the resolution that only the Library has, and its session; None
            where that is an emergency special session.
    """

    duplicates: frozenset[int]
    same: Mapping[int, tuple[int, ...]]
    added: Mapping[int, tuple[int, int | None]]


@dataclass(frozen=True)
class Listing:
    """One row of a source about a roll call.

    Attributes:
        code: The source's code: a COW code, or three letters of the Library.
        choice: What it says.
        place: Its line.
    """

    code: int | str
    choice: str
    place: str


@dataclass
class RollCall:
    """A roll call as its source has it.

    Attributes:
        source: `un_votes` or `undl_votes`.
        session: The session; None for an emergency special one that only the Library has.
        month: First day of its month.
        day: The day; None where only the month is known.
        is_part: Whether it is flagged as one on a paragraph or an amendment.
        importance: The flag of important votes; None where it is missing.
        codes: Codes of the vote file, in the order of its rows.
        votes: Their votes.
        lines: Their lines.
    """

    source: str
    session: int | None
    month: date
    day: date | None
    is_part: bool = False
    importance: bool | None = None
    codes: "array[int]" = field(default_factory=lambda: array("i"))
    votes: "array[int]" = field(default_factory=lambda: array("b"))
    lines: "array[int]" = field(default_factory=lambda: array("i"))

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day on which the vote can have been."""
        return (self.day, self.day) if self.day else days_of_month(self.month)

    def listings(self) -> Iterator[Listing]:
        """The rows of the vote file."""
        for code, vote, line in zip(self.codes, self.votes, self.lines, strict=True):
            yield Listing(code, CHOICES[vote], f"line {line}")


def vote_file(file: RawFile) -> dict[int, RollCall]:
    """The roll calls of the vote file, by number.

    Raises:
        ValueError: The columns that are needed come after a text.
    """
    found: dict[int, RollCall] = {}
    with file.path.open("rb") as lines:
        headings = next(csv.reader([lines.readline().decode("utf-8-sig")]))
        places = [headings.index(name) for name in ("rcid", "ccode", "vote")]
        if max(places) > 5:
            raise ValueError(f"{file.snapshot_id}: rcid, ccode and vote are not in front")
        rcid_at, code_at, vote_at = places
        for number, line in whole_lines(lines):
            cells = line.split(b",", max(places) + 1)
            rcid = int(cells[rcid_at].strip(b'"'))
            roll_call = found.get(rcid)
            if roll_call is None:
                row = next(csv.reader(io.StringIO(line.decode("utf-8"), newline="")))
                roll_call = found[rcid] = _roll_call(dict(zip(headings, row, strict=True)))
            roll_call.codes.append(int(cells[code_at]))
            roll_call.votes.append(int(cells[vote_at]))
            roll_call.lines.append(number)
    return found


def whole_lines(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Records with the number of their first line; the header was line 1."""
    number, begun = 1, b""
    for line in lines:
        number += 1
        if begun:
            begun += line
            if begun.count(b'"') % 2 == 0:
                yield number - begun.count(b"\n") + 1, begun
                begun = b""
        elif line.count(b'"') % 2:
            begun = line
        elif line.strip():
            yield number, line


def _roll_call(cells: dict[str, str]) -> RollCall:
    record = Record("", cells)
    session, published = int(cells["session"]), date.fromisoformat(record.text("date"))
    flag = record.whole("importantvote")
    return RollCall(
        source="un_votes",
        session=session,
        month=published.replace(day=1),
        day=published if session >= FIRST_SESSION_WITH_DAYS else None,
        is_part=1 in (record.whole("amend"), record.whole("para")),
        importance=None if flag is None else flag == 1,
    )


@dataclass(frozen=True)
class Resolution:
    """A resolution of the UN Library: the day of the vote, and its rows."""

    day: date
    rows: list[Listing] = field(default_factory=list)


def library_file(file: RawFile) -> dict[int, Resolution]:
    """The Library's resolutions, by its number."""
    found: dict[int, Resolution] = {}
    with file.path.open(newline="", encoding="utf-8-sig") as text:
        rows = csv.reader(text)
        headings = next(rows)
        places = [headings.index(name) for name in ("undl_id", "ms_code", "ms_vote", "date")]
        number_at, code_at, vote_at, date_at = places
        before = rows.line_num
        for row in rows:
            number = int(row[number_at])
            if number not in found:
                found[number] = Resolution(date.fromisoformat(row[date_at]))
            listing = Listing(row[code_at], LETTERS[row[vote_at]], f"line {before + 1}")
            found[number].rows.append(listing)
            before = rows.line_num
    return found
