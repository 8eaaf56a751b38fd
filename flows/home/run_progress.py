"""How far the run of this process is: its stage, and what of it is done.

Steps are counted where they are kept: a step is finished when its folder is there, wherever it
was computed, and a bar says the same as an interrupted run. How long the rest takes is known from
the records of earlier runs, and not said where there are none.
"""

import json
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows.home.paths import Home

FETCHING, COMPUTING, ASSEMBLING = "fetching", "computing", "assembling"
WITHOUT_STEPS = ("verified", "fetched", "waiting", "checked")
"""Results of runs that compute no step."""

_RECORDS_READ = 20
_MOST_UNKNOWN = 0.5
_SUFFIX_OF_CHUNKS = ".chunks"  # laid out by `flows.engine.chunks`


@dataclass
class RunProgress:
    """What a run has come to.

    Attributes:
        stage: What it is at; empty before it has begun.
        began: Stage to when it began, in seconds of the monotonic clock.
        n_sources: How many are fetched in all.
        n_fetched: How many of them are.
        steps: Step name to the folder of its finished result, once they are planned.
    """

    stage: str = ""
    began: dict[str, float] = field(default_factory=dict)
    n_sources: int = 0
    n_fetched: int = 0
    steps: Mapping[str, Path] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, stage: str) -> None:
        """Notes that a stage begins; one that has begun before goes on."""
        self.stage = stage
        self.began.setdefault(stage, time.monotonic())

    def fetch(self, n_sources: int) -> None:
        """Notes that sources are fetched from now on."""
        self.n_sources, self.n_fetched = n_sources, 0
        self.enter(FETCHING)

    def note_fetched(self) -> None:
        """Notes that one more source is there; called from the threads of tasks."""
        with self._lock:
            self.n_fetched += 1

    def compute(self, steps: Mapping[str, Path]) -> None:
        """Notes that steps are computed from now on."""
        self.steps = steps
        self.enter(COMPUTING)

    def finished(self) -> set[str]:
        """The steps whose results are there."""
        return {name for name, folder in self.steps.items() if folder.is_dir()}

    def seconds_by_stage(self) -> dict[str, float]:
        """How long each stage has taken, the last one until now."""
        ends = [*self.began.values(), time.monotonic()][1:]
        begun = zip(self.began.items(), ends, strict=True)
        return {stage: round(end - began, 1) for (stage, began), end in begun}


_latest = RunProgress()


def begin_progress() -> RunProgress:
    """Begins anew, for a run that begins."""
    global _latest  # noqa: PLW0603 - a process is at one run at a time
    _latest = RunProgress()
    return _latest


def latest_progress() -> RunProgress:
    """That of the run that this process is at, or was at last."""
    return _latest


def share_done(folder: Path) -> float | None:
    """How much of a step is computed, by what lies beside its place; None where nothing does."""
    pieces = folder.with_name(f"{folder.name}{_SUFFIX_OF_CHUNKS}")
    if pieces.is_dir():
        saved = [path.name.partition(".")[0] for path in pieces.glob("[!.]*.parquet")]
        of = saved[0].partition("-of-")[2] if saved else ""
        return len(set(saved)) / int(of) if of.isdigit() else 0.0
    return 0.0 if next(folder.parent.glob(f".{folder.name}.*"), None) else None


@dataclass(frozen=True)
class PastSeconds:
    """How long things have taken in this home.

    Attributes:
        steps: Step name to the seconds of its last computation.
        assembling: Seconds from the last step to the end; None where no run has published.
        at_a_time: How many seconds of steps were computed in one.
    """

    steps: Mapping[str, float]
    assembling: float | None
    at_a_time: float

    @classmethod
    def of(cls, home: Home) -> "PastSeconds":
        """Reads the newest records of runs, and of steps that no such record tells of."""
        steps: dict[str, float] = {}
        assembling, at_a_time = None, None
        found = sorted(home.runs.glob("*.json"), reverse=True)
        # a nightly check leaves a record, too, and nobody's seconds
        of_builds = [p for p in found if p.stem.rpartition("-")[2] not in WITHOUT_STEPS]
        for path in of_builds[:_RECORDS_READ]:
            try:
                record = json.loads(path.read_text("utf-8"))
                stages = record.get("stages") or {}
                computed = {
                    name: float(step["seconds"])
                    for name, step in (record.get("steps") or {}).items()
                    if not step["reused"]
                }
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                continue
            steps = computed | steps
            if assembling is None and record.get("result") == "published":
                assembling = stages.get(ASSEMBLING)
            took = stages.get(COMPUTING, 0.0)
            if at_a_time is None and took > 1 and len(computed) > 1:
                at_a_time = max(1.0, sum(computed.values()) / took)
        return cls(_seconds_of_steps(home) | steps, assembling, at_a_time or 1.0)

    def left(self, progress: RunProgress) -> float | None:
        """Seconds until a run has published; None where too little is known to say.

        Args:
            progress: How far it is, at computing steps or after.
        """
        if progress.stage == ASSEMBLING:
            since = time.monotonic() - progress.began[ASSEMBLING]
            return None if self.assembling is None else max(0.0, self.assembling - since)
        done = progress.finished()
        waiting = [name for name in progress.steps if name not in done]
        known = [self.steps[name] for name in waiting if name in self.steps]
        if waiting and len(known) < _MOST_UNKNOWN * len(waiting):
            return None
        usual = sum(known) / len(known) if known else 0.0
        left = [
            self.steps.get(name, usual) * (1 - (share_done(progress.steps[name]) or 0.0))
            for name in waiting
        ]
        return max([0.0, sum(left) / self.at_a_time, *left]) + (self.assembling or 0.0)


def _seconds_of_steps(home: Home) -> dict[str, float]:
    """Step name to the seconds of its newest result, as `flows.engine.store` has them."""
    found: dict[str, tuple[float, float]] = {}
    for path in home.steps.glob("*/[!.]*/_step.json"):
        with suppress(OSError, ValueError, KeyError):
            seconds = float(json.loads(path.read_text("utf-8"))["seconds"])
            name = path.parent.parent.name
            found[name] = max(found.get(name, (0.0, 0.0)), (path.stat().st_mtime, seconds))
    return {name: seconds for name, (_, seconds) in found.items()}
