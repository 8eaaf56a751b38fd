"""What verifications have found wrong, until the same has been looked at again and holds.

Each verification notes all that is open when it ends: what it has found itself, and what earlier
ones have found that it has not looked at. So the record of the last one is enough, and neither a
look at less nor the age of a record lets a fault be forgotten.
"""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from flows.home.build_files import build_file
from flows.home.past_run import PastRun
from flows.home.paths import Home
from flows.home.run_history import last_verifications
from flows.home.run_record import RunRecord

SNAPSHOTS, FETCHES, STEPS = "snapshots", "logs of fetches", "finished steps"
FILE, BUILDS, EVERYTHING = "published file", "kept builds", "everything"
_OPEN = "open"
_NOTED = 20
"""Faults of one subject that are noted by themselves; the others are counted."""
_NAMED = 3
_LONGEST = 400


@dataclass(frozen=True)
class Fault:
    """Something that does not hold.

    Attributes:
        subject: What has to be looked at again: one of the names above, or what `cells_of` and
            `rows_of` call a table's; empty where nothing was looked at.
        text: What was found, and what to do.
        row: Column to value of the key, as text, where it is about cells of one row.
        build_id: Of cells and rows the build that has them; None for stored bytes.
        found_at: When, UTC, ISO 8601.
        good_in: Other builds in which the same has been looked at since, and holds.
    """

    subject: str
    text: str
    row: Mapping[str, str] = field(default_factory=dict)
    build_id: str | None = None
    found_at: str = ""
    good_in: tuple[str, ...] = ()

    def is_of(self, other: "Fault") -> bool:
        """Whether both are about the same row, or say the same of what has none."""
        mine, others = (self.subject, self.row), (other.subject, other.row)
        return mine == others and (bool(self.row) or self.text == other.text)


@dataclass(frozen=True)
class LookedAt:
    """What a verification has looked at.

    Attributes:
        build_id: The published build; None where there was none.
        subjects: What was looked at as a whole.
        rows: `cells_of` a table to the keys of rows whose cells were looked at.
    """

    build_id: str | None
    subjects: frozenset[str]
    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)

    def covers(self, fault: Fault) -> bool:
        """Whether it has looked at what a fault is about."""
        if fault.subject in self.subjects:
            return True
        return bool(fault.row) and fault.row in self.rows.get(fault.subject, ())


def cells_of(table: str) -> str:
    """The subject of wrong cells: of one row, or of every row where the fault names none."""
    return f"cells of {table}"


def rows_of(table: str) -> str:
    """The subject of rows that are missing or too many."""
    return f"rows of {table}"


def faults_of(subject: str, texts: Iterable[str]) -> list[Fault]:
    """Faults of stored bytes."""
    return [Fault(subject, text) for text in texts]


def note_verification(
    record: RunRecord,
    home: Home,
    counts: Mapping[str, Any],
    looked: LookedAt,
    found: Iterable[Fault],
) -> None:
    """Notes in the record of a verification what it has looked at, and all that is open.

    Args:
        record: Of the run, which is about to end.
        home: The home, with the records of earlier ones.
        counts: What was looked at, in numbers.
        looked: What was looked at.
        found: What of it does not hold.
    """
    began = record.started_at.isoformat(timespec="seconds")
    new = [replace(fault, found_at=began) for fault in _bounded(found)]
    kept = [*_still_open(open_faults(home), looked, new, home), *new]
    record.details["verified"] = {**counts, _OPEN: [asdict(fault) for fault in kept]}


def open_faults(home: Home) -> list[Fault]:
    """What the verifications of a home have found wrong and none has found right since."""
    found: list[Fault] = []
    for run in last_verifications(home):
        if _OPEN in run.verified:
            found = _read(run)
        elif run.result == "failed":  # it broke off, or is of before this was noted
            found.append(_unknown(run, run.error or "it failed"))
        else:
            found = []
    return found


def open_rows(home: Home) -> dict[str, list[Mapping[str, str]]]:
    """`cells_of` a table to the keys of rows with open faults: what the next one looks at, too."""
    rows: dict[str, list[Mapping[str, str]]] = {}
    for fault in open_faults(home):
        if fault.row and fault.row not in rows.get(fault.subject, ()):
            rows.setdefault(fault.subject, []).append(fault.row)
    return rows


def lines_of_open(home: Home, build_id: str | None) -> Iterator[str]:
    """Says what does not hold, the newest first, and what looks at it again.

    Args:
        home: The home.
        build_id: The published build: what was wrong in another one and holds in this is left out.
    """
    shown: list[Fault] = []
    seen: list[tuple[str, Mapping[str, str]]] = []
    for fault in reversed(open_faults(home)):
        if build_id not in fault.good_in and (fault.text, fault.row) not in seen:
            shown.append(fault)
            seen.append((fault.text, fault.row))
    for fault in shown[:_NAMED]:
        of = ""
        if fault.build_id not in {None, build_id}:
            of = f", in build {str(fault.build_id)[:12]}"
        when = fault.found_at[:16].replace("T", " ")
        yield f"Found wrong on {when} UTC{of}, and not found right since: {fault.text}"
    if len(shown) > _NAMED:
        last = last_verifications(home)[-1].run
        yield f"And {len(shown) - _NAMED} more: runs/{last}.json has all of them."
    if shown:
        tables = {f.subject.rpartition(" ")[2] for f in shown if _needs_every_cell(f)}
        again = "".join(
            f" For all cells of {table}: `asymmetry verify --table {table} --every-cell`."
            for table in sorted(tables)
        )
        yield f"`asymmetry verify` looks at all of that again, also where it took a sample.{again}"


def _needs_every_cell(fault: Fault) -> bool:
    return fault.subject.startswith(cells_of("")) and not fault.row


def _still_open(
    before: Iterable[Fault], looked: LookedAt, new: Sequence[Fault], home: Home
) -> Iterator[Fault]:
    """What earlier verifications have found and this one has not found right."""
    for fault in before:
        again = [one for one in new if fault.is_of(one)]
        if any(one.build_id == fault.build_id for one in again):
            continue
        if again or not looked.covers(fault):
            yield fault
        elif fault.build_id in {None, looked.build_id}:
            continue  # it holds now
        elif looked.build_id and build_file(str(fault.build_id), home).exists():
            # a rollback brings it back
            yield replace(fault, good_in=tuple({*fault.good_in, looked.build_id}))


def _bounded(found: Iterable[Fault]) -> Iterator[Fault]:
    """The first faults of each subject, and one that stands for all others of it."""
    n_noted: Counter[str] = Counter()
    others: dict[str, Fault] = {}
    for fault in found:
        if not fault.subject:
            continue
        n_noted[fault.subject] += 1
        if n_noted[fault.subject] <= _NOTED:
            yield fault
        else:
            others.setdefault(fault.subject, fault)
    for subject, fault in others.items():
        text = f"More findings of {subject}, beside the {_NOTED} that are noted."
        yield Fault(subject, text, build_id=fault.build_id)


def _read(run: PastRun) -> list[Fault]:
    try:
        noted = [Fault(**{**one, "good_in": tuple(one["good_in"])}) for one in run.verified[_OPEN]]
    except (KeyError, TypeError) as error:
        return [_unknown(run, f"what it has noted cannot be read: {error}")]
    return noted


def _unknown(run: PastRun, why: str) -> Fault:
    """Stands for all that a verification may have found, where that is not known."""
    why = textwrap.shorten(why, _LONGEST, placeholder=" …")
    text = f"{why} (runs/{run.run}.json). What else it had found until then is not known."
    return Fault(EVERYTHING, text, found_at=run.ended_at)
