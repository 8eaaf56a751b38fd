"""The records of runs in `$ASYMMETRY_HOME/runs`, read back: what ran, and what was new in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.home.clock import has_come
from flows.home.paths import Home
from flows.home.step_parts import Parts, parts_of_run

PUT_IN_PLACE = ("published", "rolled_back")
"""Results of the runs that changed the published file."""

VERIFY, REFRESH_SOURCE = "verify", "refresh-source"
"""Flows that hold no writer lock, and neither build nor publish."""

_DIGITS = 15  # of a name, to the second
_NEWEST = 20
"""Runs among which the last plan is looked for; where none has one, a plan is made."""

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
class PastRun:
    """One run, as its record tells it.

    Attributes:
        run: File name of the record, without suffix.
        flow: Name of its flow, or of the verb; `refresh` in records of before it was noted.
        result: `published`, `unchanged`, `built`, `kept`, `rolled_back`, `checked`, `verified`,
            `fetched`, `cancelled` or `failed`.
        profile: Where the bytes came from.
        started_at: UTC, ISO 8601.
        ended_at: UTC, ISO 8601.
        seconds: How long it took.
        build_id: The build that it was about; None where it did not come so far.
        code: Stamp of the code that it has planned with (`flows.engine.code_stamp`).
        snapshots: Slug to snapshot id; empty where it did not come so far.
        n_run: Steps that were computed.
        n_kept: Steps whose finished result was used.
        parts: What the seconds of the computed steps went to (`flows.home.step_parts`); steps run
            side by side, so they add up to more than the run's.
        error: First line of the error that ended it, if one did.
        source_errors: Slug to why it could not be fetched, of a run that fetches some sources.
        flow_run_id: The Prefect server's id of it; None where it was not noted.
        verified: What a run that verifies has hashed: `build_id`, `n_snapshots`, `n_steps`.
    """

    run: str
    flow: str
    result: str
    profile: str
    started_at: str
    ended_at: str
    seconds: float
    build_id: str | None
    code: str | None
    snapshots: Mapping[str, str]
    n_run: int
    n_kept: int
    parts: Parts
    error: str | None
    source_errors: Mapping[str, str]
    flow_run_id: str | None
    verified: Mapping[str, Any]


def past_runs(home: Home, newest: int = 0) -> list[PastRun]:
    """The runs whose records can be read, oldest first.

    Args:
        home: The home.
        newest: How many of the newest; 0 for all.
    """
    paths = sorted(home.runs.glob("*.json"), key=lambda path: run_order(path.name))
    found = (_read(path) for path in paths[-newest:])
    return [run for run in found if run is not None]


def last_publication(home: Home) -> PastRun | None:
    """The last run that changed the published file, however long ago."""
    paths = [path for result in PUT_IN_PLACE for path in home.runs.glob(f"*-{result}.json")]
    newest_first = sorted(paths, key=lambda path: run_order(path.name), reverse=True)
    found = (_read(path) for path in newest_first)
    return next((run for run in found if run is not None), None)


def last_plan(home: Home) -> PastRun | None:
    """The last run that has noted with which code it has planned; looked for among the newest."""
    found = (run for run in reversed(past_runs(home, _NEWEST)) if run.code)
    return next(found, None)


def _read(path: Path) -> PastRun | None:
    try:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
        steps = record.get("steps") or {}
        kept = sum(bool(step["reused"]) for step in steps.values())
        error = str(record["error"]).splitlines()[0] if record.get("error") else None
        return PastRun(
            run=path.stem,
            flow=record.get("flow") or "refresh",
            result=record["result"],
            profile=record["profile"],
            started_at=record["started_at"],
            ended_at=record.get("ended_at") or record["started_at"],
            seconds=float(record["seconds"]),
            build_id=record.get("build_id"),
            code=record.get("code"),
            snapshots=dict(record.get("snapshots") or {}),
            n_run=len(steps) - kept,
            n_kept=kept,
            parts=parts_of_run(steps),
            error=error,
            source_errors=record.get("source_errors") or {},
            flow_run_id=record.get("flow_run_id"),
            verified=record.get("verified") or {},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # a run that was killed while it wrote; the others are none the worse


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


def began_ahead(name: str) -> datetime | None:
    """When a run began, where that moment has not come yet; None for all others."""
    try:
        began = datetime.strptime(name[:_DIGITS], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return None if has_come(began) else began


def what_changed(run: PastRun, earlier: Sequence[PastRun]) -> str:
    """What a run did against the one whose build was published before it, in words.

    Args:
        run: The run.
        earlier: Runs before it, oldest first.
    """
    if run.result != "published":
        return run.error or _WORDS.get(run.result, run.result)
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
