"""The record of one run, read back: every field of the type that it has, or no record at all."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.home.error_words import in_words
from flows.home.step_parts import Parts, parts_of_run


class RecordDamagedError(ValueError):
    """A file in `runs/` that is not what a run has written.

    Args:
        path: The file.
        error: Why it cannot be read.
    """

    def __init__(self, path: Path, error: Exception) -> None:
        self.path, self.reason = path, in_words(error)
        super().__init__(f"{path} cannot be read ({self.reason})")


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
        parameters: Those of its build; empty where it did not come so far.
        n_run: Steps that were computed.
        n_kept: Steps whose finished result was used.
        parts: What the seconds of the computed steps went to (`flows.home.step_parts`); steps run
            side by side, so they add up to more than the run's.
        error: First line of the error that ended it, if one did.
        source_errors: Slug to why it could not be fetched, of a run that fetches some sources.
        flow_run_id: The Prefect server's id of it; None where it was not noted.
        verified: What a run that verifies has looked at, and what of it does not hold
            (`flows.operations.open_faults`).
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
    parameters: Mapping[str, Any]
    n_run: int
    n_kept: int
    parts: Parts
    error: str | None
    source_errors: Mapping[str, str]
    flow_run_id: str | None
    verified: Mapping[str, Any]


def read_run(path: Path) -> PastRun:
    """Reads the record of a run.

    Raises:
        RecordDamagedError: It cannot be read, or a field is missing or of another type.
    """
    try:
        if not path.is_file():  # a pipe would keep its reader waiting
            raise ValueError("it is no file")
        record = _mapping(json.loads(path.read_text("utf-8")))
        steps = record.get("steps") or {}
        kept = sum(bool(step["reused"]) for step in steps.values())
        error = str(record["error"]).splitlines()[0] if record.get("error") else None
        return PastRun(
            run=path.stem,
            flow=_text(record.get("flow") or "refresh"),
            result=_text(record["result"]),
            profile=_text(record["profile"]),
            started_at=_moment(record["started_at"]),
            ended_at=_moment(record.get("ended_at") or record["started_at"]),
            seconds=_finite(record["seconds"]),
            build_id=_text_or_none(record.get("build_id")),
            code=_text_or_none(record.get("code")),
            snapshots=_texts(record.get("snapshots") or {}),
            parameters=_mapping(record.get("parameters") or {}),
            n_run=len(steps) - kept,
            n_kept=kept,
            parts=parts_of_run(steps),
            error=error,
            source_errors=_texts(record.get("source_errors") or {}),
            flow_run_id=_text_or_none(record.get("flow_run_id")),
            verified=_mapping(record.get("verified") or {}),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise RecordDamagedError(path, error) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _finite(value: Any) -> float:
    if not math.isfinite(number := float(value)):
        raise ValueError(f"{value!r:.40} is no number of seconds")
    return number


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r:.40} has no fields")
    return value


def _texts(value: Any) -> Mapping[str, str]:
    return {name: _text(text) for name, text in _mapping(value).items()}


def _moment(value: Any) -> str:
    if datetime.fromisoformat(_text(value)).tzinfo is None:  # it could be compared with no other
        raise ValueError(f"{value!r:.40} says no time zone")
    return _text(value)
