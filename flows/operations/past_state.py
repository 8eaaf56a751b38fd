"""Which snapshots a build without a fetch is made from: the newest, or those of a past state."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from flows.fetch.errors import FetchError
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.covariates import CovariatesError, find_covariates, user_files_of
from flows.home.past_run import PastRun, RecordDamagedError
from flows.home.paths import Home
from flows.home.run_history import Records, began_at, read_records

_PUBLISHED = ("published", "unchanged", "rolled_back")
_LEAST_LENGTH = 8
_ARCHIVED = {"run": str, "build_id": str, "profile": str, "snapshots": dict, "parameters": dict}


class UnknownStateError(ValueError):
    """No run here answers to that name, or its snapshots are gone."""


@dataclass(frozen=True)
class PastState:
    """What a run of the past was made from.

    Attributes:
        run: File name of its record, without suffix.
        build_id: The id that its build had then.
        profile: Where its bytes came from.
        snapshots: Slug to snapshot.
        user_files: Name to the hash of a file that had been handed over (`flows.home.covariates`).
    """

    run: str
    build_id: str
    profile: str
    snapshots: Mapping[str, Snapshot]
    user_files: Mapping[str, str]


def state_as_of(as_of: str, home: Home) -> PastState:
    """Finds the run that a person means, and its snapshots.

    Args:
        as_of: A build id (at least its first 8 digits), the name of a run's record, the path of
            one (the build.json of an archive), or a day or time (ISO 8601, UTC): the last state
            that was published up to then.
        home: Where records and snapshots are.

    Raises:
        UnknownStateError: No such run, a snapshot of it is gone, or it may be one whose record
            cannot be read.
    """
    named = Path(as_of.strip())
    if named.suffix == ".json" and named.is_file():
        record = _read_archived(named)
    else:
        record = _as_archived(_match_run(as_of.strip(), read_records(home), home))
    store = SnapshotStore(home.snapshots)
    snapshots: dict[str, Snapshot] = {}
    for slug, snapshot_id in record["snapshots"].items():
        try:
            snapshots[slug] = store.load(snapshot_id)
            store.verify(snapshots[slug])
        except FetchError as error:
            raise UnknownStateError(
                f"Run {record['run']} was made from {snapshot_id}, which is gone or damaged"
                f" ({error}). Nothing was changed. Restore it from a backup of {store.folder}."
            ) from error
    provided = user_files_of(record.get("parameters", {}))
    try:
        for sha256 in provided.values():
            find_covariates(sha256, home)
    except CovariatesError as error:
        raise UnknownStateError(f"Run {record['run']}: {error}") from error
    return PastState(record["run"], record["build_id"], record["profile"], snapshots, provided)


def _as_archived(run: PastRun) -> dict[str, Any]:
    return {
        "run": run.run,
        "build_id": run.build_id,
        "profile": run.profile,
        "snapshots": run.snapshots,
        "parameters": run.parameters,
    }


def _read_archived(path: Path) -> dict[str, Any]:
    """A record that lies elsewhere than in the home."""
    try:
        record = json.loads(path.read_text("utf-8"))
        wrong = [n for n, kind in _ARCHIVED.items() if not isinstance(record.get(n, kind()), kind)]
        wrong += [name for name in _ARCHIVED if name not in record and name != "parameters"]
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise UnknownStateError(f"{path} is no record of a build: {error}.") from error
    if wrong:
        raise UnknownStateError(f"{path} is no record of a build: it lacks {', '.join(wrong)}.")
    return dict(record)


def _match_run(as_of: str, records: Records, home: Home) -> PastRun:
    """The run after which the build that is meant was the published one."""
    runs = [run for run in records.runs if run.result in _PUBLISHED and run.build_id]
    name = as_of.removesuffix(".json")
    meant = [r for r in runs if r.run == name]
    if not meant and re.fullmatch(rf"[0-9a-f]{{{_LEAST_LENGTH},64}}", as_of):
        meant = [r for r in runs if str(r.build_id).startswith(as_of)]
        if len({r.build_id for r in meant}) > 1:
            raise UnknownStateError(f"{as_of} begins several build ids here; give more digits.")
    if not meant and (until := _moment(as_of)):
        meant = [r for r in runs if datetime.fromisoformat(r.ended_at) <= until]
        _refuse_unless_known(as_of, until, meant, records.damaged)
    if not meant:
        known = ", ".join(str(r.build_id)[:12] for r in runs[-5:]) or "none"
        said = "".join(f" {line}" for line in records.lines_of_damaged())
        raise UnknownStateError(
            f"{as_of!r} is no build id, run record or day of a published state in {home.runs}."
            f" Nothing was changed. The last builds published here: {known}.{said}"
        )
    return meant[-1]


def _refuse_unless_known(
    as_of: str, until: datetime, meant: list[PastRun], damaged: Sequence[RecordDamagedError]
) -> None:
    """Refuses a moment before which a build may have been published whose record is damaged.

    Raises:
        UnknownStateError: There is such a record.
    """
    since = began_at(meant[-1].run) if meant else None
    for error in damaged:
        began = began_at(error.path.name)
        could_be = error.path.stem.rpartition("-")[2] in _PUBLISHED
        if could_be and (began is None or (began <= until and (since is None or began > since))):
            raise UnknownStateError(
                f"What was published up to {as_of} is not known: {error}. Nothing was changed."
                " Name a build or a run instead (`asymmetry history -n 0` lists them), or put that"
                " record back from a backup."
            )


def _moment(text: str) -> datetime | None:
    """The end of a day, or a time; UTC unless it says otherwise."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
