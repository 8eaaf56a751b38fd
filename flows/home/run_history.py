"""The records of runs in `$ASYMMETRY_HOME/runs`, read back: what ran, and what was new in it."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from flows.home.clock import has_come, order_of
from flows.home.past_run import PastRun, RecordDamagedError, read_run
from flows.home.paths import Home

PUT_IN_PLACE = ("published", "rolled_back")
"""Results of the runs that changed the published file."""

VERIFY, REFRESH_SOURCE = "verify", "refresh-source"
"""Flows that hold no writer lock, and neither build nor publish."""

VERIFICATION_ENDED = ("verified", "failed")
"""What a verification comes to that was not cancelled."""

_DIGITS = 15  # of a name, to the second
_NEWEST = 20
"""Runs among which the last plan is looked for (where none has one, a plan is made), and
verifications that may have gone on side by side."""
_MOST_NAMED = 3
_LONGEST = 300

_WORDS = {
    "unchanged": "nothing new",
    "rolled_back": "an earlier build was put back",
    "built": "a past state was built, not published",
    "kept": "a past state that was there already",
    "waiting": "nothing to build: not every source was fetched yet",
    "checked": "publishers were asked for newer releases",
    "verified": "stored bytes are what they were",
    "fetched": "sources were fetched, nothing was built",
}


@dataclass(frozen=True)
class Records:
    """The records of runs in a home.

    Attributes:
        runs: Those that can be read, oldest first.
        damaged: Why each of the others cannot be, with its file.
    """

    runs: tuple[PastRun, ...]
    damaged: tuple[RecordDamagedError, ...]

    def lines_of_damaged(self) -> Iterator[str]:
        """Says how many records cannot be read, and what that means."""
        if not self.damaged:
            return
        n, others = len(self.damaged), len(self.runs)
        were = "other was" if others == 1 else "others were"
        named = "; ".join(f"{e.path} ({e.reason})" for e in self.damaged[:_MOST_NAMED])
        more = f"; and {n - _MOST_NAMED} more" if n > _MOST_NAMED else ""
        yield (
            f"{n} record{'s' * (n > 1)} of runs cannot be read: {named}{more}. What these runs did"
            f" is not known. {others} {were} read; snapshots and builds can be used"
            " without. Put what cannot be read back from a backup, or delete it."
        )


def read_records(home: Home, newest: int = 0) -> Records:
    """Reads the records of runs.

    Args:
        home: The home.
        newest: How many of the newest; 0 for all.
    """
    return _read(sorted(home.runs.glob("*.json"), key=_order_of)[-newest:])


def past_runs(home: Home, newest: int = 0) -> list[PastRun]:
    """The runs whose records can be read, oldest first; for those who need no others.

    Args:
        home: The home.
        newest: How many of the newest; 0 for all.
    """
    return [*read_records(home, newest).runs]


def last_publication(home: Home) -> PastRun | None:
    """The last run that changed the published file, however long ago."""
    return next(iter(_newest_with(PUT_IN_PLACE, home)), None)


def last_verifications(home: Home) -> list[PastRun]:
    """The last runs that have verified, in the order in which they ended, however long ago."""
    found = (run for run in _newest_with(VERIFICATION_ENDED, home) if run.flow == VERIFY)
    oldest_first = reversed([*islice(found, _NEWEST)])  # which decides where they end at once
    return sorted(oldest_first, key=lambda run: order_of(run.ended_at))


def _newest_with(results: Iterable[str], home: Home) -> Iterator[PastRun]:
    """Runs that can be read, by what the names of their records say that they came to."""
    paths = [path for result in results for path in home.runs.glob(f"*-{result}.json")]
    for path in sorted(paths, key=_order_of, reverse=True):
        yield from _read([path]).runs


def _read(paths: Iterable[Path]) -> Records:
    runs, damaged = [], []
    for path in paths:
        try:
            runs.append(read_run(path))
        except RecordDamagedError as error:
            damaged.append(error)
    return Records(tuple(runs), tuple(damaged))


def _order_of(path: Path) -> tuple[bool, str]:
    return run_order(path.name)


def last_plan(home: Home) -> PastRun | None:
    """The last run that has noted with which code it has planned; looked for among the newest."""
    found = (run for run in reversed(past_runs(home, _NEWEST)) if run.code)
    return next(found, None)


def runs_without_record(home: Home) -> list[str]:
    """Names of the runs that have a log and no record, oldest first.

    They go on, or their process was killed: whatever else ends a run leaves a record.
    """
    written = {path.name.partition("-")[0] for path in home.runs.glob("*.json")}
    begun = [path.name.partition(".")[0] for path in home.runs.glob("*.log.jsonl")]
    return sorted((run for run in begun if run not in written), key=run_order)


def run_order(name: str) -> tuple[bool, str]:
    """Sorts runs by when they began, which their names begin with (`flows.home.clock`)."""
    return began_ahead(name) is None, name


def began_at(name: str) -> datetime | None:
    """When a run began, by the name of its record; None where that says nothing."""
    try:
        return datetime.strptime(name[:_DIGITS], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def began_ahead(name: str) -> datetime | None:
    """When a run began, where that moment has not come yet; None for all others."""
    began = began_at(name)
    return None if began is None or has_come(began) else began


def what_changed(run: PastRun, earlier: Sequence[PastRun]) -> str:
    """What a run did against the one whose build was published before it, in words.

    Args:
        run: The run.
        earlier: Runs before it, oldest first.
    """
    if run.result != "published":
        error = textwrap.shorten(run.error, _LONGEST, placeholder=" …") if run.error else None
        return error or _WORDS.get(run.result, run.result)
    before = next((r for r in reversed(earlier) if r.result in PUT_IN_PLACE), None)
    steps = f"{run.n_run} of {run.n_run + run.n_kept} steps run"
    if before is None:
        return f"first build, {steps}"
    new = [slug for slug, name in run.snapshots.items() if before.snapshots.get(slug) != name]
    if new:
        return f"new bytes of {', '.join(new)}; {steps}"
    if run.build_id == before.build_id:
        return f"the same build once more, {steps}"
    return f"code, lists or libraries; {steps}"
