"""A run that leaves everything an operator looks for: record, log, artifacts, events, changes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prefect import get_run_logger
from prefect.runtime import deployment, flow_run

from expectations.gate.failures import GateFailedError
from expectations.shown_text import shown
from flows.home.disk_space import DiskFullError, is_disk_full
from flows.home.memory import NoMemoryError, lacks_memory, no_memory_message
from flows.home.paths import Home
from flows.home.run_record import RunRecord, recorded_run
from flows.home.secrets import presentable
from flows.home.writer_lock import NO_WAIT, LockTimeout
from flows.monitoring.artifacts import show_failed_gate, show_run, show_validation
from flows.monitoring.events import GATE_FAILED, SOURCE_REGRESSED, WAREHOUSE_PUBLISHED, emit
from flows.monitoring.run_log import logged_run
from flows.reports.build_diff import write_changes
from flows.runtime.flow_run_state import remember_flow_run
from flows.runtime.full_disk import message_of_run

# The queue lets one deployed writer begin at a time, but knows nothing of commands of people. A
# whole build takes minutes; retention, the flow with the shortest time, may take an hour.
SECONDS_TO_WAIT = 45 * 60
_LONGEST_TEXT = 1_000


@contextmanager
def reported_run(profile: str, home: Home) -> Iterator[RunRecord]:
    """As `flows.home.run_record.recorded_run`, and tells the Prefect server; for use inside a flow.

    What is told can fail without harm: the run ends as it did, with a warning in its log.

    Args:
        profile: Where the bytes come from.
        home: The home.

    Yields:
        The record: `result` and `details` are for the run to fill in.

    Raises:
        AnotherRunError: Another process is writing in this home; a deployed run has waited for it.
        DiskFullError: Nothing more can be written; the message says how much space is needed.
        NoMemoryError: Memory does not suffice; the message says what is kept.
    """
    timeout = lock_timeout_of_run()
    with recorded_run(profile, home, timeout) as record, logged_run(record, home):
        started = time.monotonic()
        record.details |= {"flow": flow_run.flow_name, "flow_run_id": flow_run.id}
        remember_flow_run()
        try:
            yield record
        except Exception as error:
            reported = error
            if is_disk_full(error) and not isinstance(error, DiskFullError):
                reported = DiskFullError(message_of_run(home))
            elif lacks_memory(error):
                reported = NoMemoryError(no_memory_message(home, record.outcome(), str(error)))
            record.details["error"] = presentable(f"{type(reported).__name__}: {reported}")
            with _harmless():
                _tell_failure(record, reported, time.monotonic() - started, home)
            if reported is error:
                raise
            raise reported from error
        with _harmless():
            _tell(record, time.monotonic() - started, home)


def lock_timeout_of_run() -> LockTimeout:
    """How this flow run meets another writer: a deployed one waits, a person's is told at once."""
    if deployment.id is None:
        return NO_WAIT
    return LockTimeout(SECONDS_TO_WAIT, get_run_logger().warning)


def _tell(record: RunRecord, seconds: float, home: Home) -> None:
    _emit_source_regressed(record)
    if record.result == "published":
        details, rows = record.details, record.details.get("rows", {})
        emit(
            WAREHOUSE_PUBLISHED,
            resource="warehouse",
            cause=record.name,
            payload={
                "build_id": details["build_id"],
                "replaced": details.get("replaced"),
                "profile": record.profile,
                "n_tables": len(rows),
                "n_rows": sum(rows.values()),
                "file": str(home.warehouse),
            },
        )
        changes = write_changes(details["build_id"], details.get("replaced"), home)
        if changes:
            details["changes"] = str(changes)
        show_validation(home.warehouse)
    show_run(record, seconds, home)


def _emit_source_regressed(record: RunRecord) -> None:
    """Tells of each release that somebody has to look at; what is accepted needs no telling."""
    for release in record.details.get("releases", []):
        if release["accepted"] or release["severity"] not in {"warning", "critical"}:
            continue
        text = f"{release['snapshot_id']}: {'; '.join(release['findings'])}"
        emit(
            SOURCE_REGRESSED,
            resource=f"source.{release['slug']}",
            cause=f"{release['previous_snapshot_id']} {release['snapshot_id']}",
            payload={
                **{k: release[k] for k in ("slug", "snapshot_id", "previous_snapshot_id")},
                "is_held": release["is_held"],
                "profile": record.profile,
                "message": shown(text)[:_LONGEST_TEXT],
            },
        )


def _tell_failure(record: RunRecord, error: Exception, seconds: float, home: Home) -> None:
    _emit_source_regressed(record)
    if isinstance(error, GateFailedError):
        emit(
            GATE_FAILED,
            resource="warehouse",
            cause=str(record.details.get("build_id")),
            payload={
                "build_id": record.details.get("build_id"),
                "profile": record.profile,
                "tables": [report.table for report in error.reports],
                "rules": [r.expectation for report in error.reports for r in report.failures],
                "message": str(error)[:_LONGEST_TEXT],
            },
        )
        show_failed_gate(error)
    show_run(record, seconds, home)


@contextmanager
def _harmless() -> Iterator[None]:
    """Lets nothing that is told about a run change how it ends."""
    try:
        yield
    except Exception as error:
        get_run_logger().warning("could not tell all about this run: %r", error)
