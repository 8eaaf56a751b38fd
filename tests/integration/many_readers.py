"""Readers that open the published file again and again, each in a process of its own.

In one process DuckDB would open a file once for all, and a reader that comes later would be given
the build that an earlier one still has open.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from tests.integration.small_builds import processes

_LONGEST_PAUSE = 2.0  # so that fifty of them leave the processors to the writer


@dataclass(frozen=True)
class Answers:
    """What all readers have met.

    Attributes:
        builds: How many answers were of which build.
        faults: What was no answer.
        longest: Seconds of the longest wait for an answer, without those in which the reader was
            ready and only no processor was free.
        longest_by_the_clock: The same, with them.
    """

    builds: Counter[str]
    faults: list[str]
    longest: float
    longest_by_the_clock: float


def read_until(over: Event, warehouse: Path, notes: Path) -> None:
    """Asks for the build and a sum until it is over, and notes how long each answer took."""
    found = []
    while not over.wait(random.uniform(0, _LONGEST_PAUSE)):
        queued, began = _queued(), time.monotonic()
        build, fault = "", ""
        try:
            with duckdb.connect(str(warehouse), read_only=True, config={"threads": 1}) as opened:
                ((build,),) = opened.execute("SELECT build_id FROM meta.builds").fetchall()
                opened.execute("SELECT sum(gdp_usd) FROM core.gdp").fetchall()
        except duckdb.Error as error:
            fault = str(error)
        seconds = time.monotonic() - began
        found.append([build, fault, seconds - (_queued() - queued), seconds])
    notes.write_text(json.dumps(found))


@contextmanager
def reading(warehouse: Path, n_readers: int, folder: Path) -> Iterator[list[Answers]]:
    """Has readers read meanwhile; the list holds their answers at the end."""
    over, answers = processes.Event(), list[Answers]()
    notes = [folder / f"{number}.json" for number in range(n_readers)]
    readers = [processes.Process(target=read_until, args=(over, warehouse, n)) for n in notes]
    for reader in readers:
        reader.start()
    try:
        yield answers
    finally:
        over.set()
        for reader in readers:
            reader.join(60)
    found = [one for note in notes for one in json.loads(note.read_text())]
    builds = Counter(build for build, *_ in found if build)
    faults = [fault for _, fault, *_ in found if fault]
    waits = [(wait, by_the_clock) for *_, wait, by_the_clock in found]
    longest, by_the_clock = (max(column) for column in zip(*waits, strict=True))
    answers.append(Answers(builds, faults, longest, by_the_clock))


def _queued() -> float:
    """Seconds for which this process was ready to go on and had no processor (Linux)."""
    try:
        return int(Path("/proc/self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0
