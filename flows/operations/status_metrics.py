"""The status of a home in Prometheus' text exposition format, for a machine that watches.

Each scrape is one `asymmetry status --format prometheus`, whose output node_exporter's textfile
collector takes; https://prometheus.io/docs/instrumenting/exposition_formats/ has the format.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from expectations.shown_text import inert
from flows.home.guards import existing_part
from flows.home.past_run import PastRun
from flows.operations.server_status import ServerStatus
from flows.operations.status import Status

Sample = tuple[Mapping[str, str], float]


def metrics_text(status: Status, server: ServerStatus, runs: Iterable[PastRun]) -> str:
    """Every metric, with its help and type, in the order in which they are documented.

    Args:
        status: Of the home.
        server: What the Prefect server has answered.
        runs: Records of runs, oldest first.
    """
    lines: list[str] = []
    for name, unit_and_meaning, samples in _metrics(status, server, runs):
        found = [*samples]
        if not found:
            continue  # nothing is known: no sample, rather than a wrong one
        lines += [f"# HELP {name} {_help(unit_and_meaning)}", f"# TYPE {name} gauge"]
        lines += [f"{name}{_labels(labels)} {_number(value)}" for labels, value in found]
    return "\n".join(lines) + "\n"


def _metrics(
    status: Status, server: ServerStatus, runs: Iterable[PastRun]
) -> Iterator[tuple[str, str, Iterable[Sample]]]:
    yield from _of_home(status)
    last = {run.flow: run for run in runs if run.result != "cancelled"}
    flows = {flow: {"flow": flow} for flow in sorted(last)}
    yield (
        "asymmetry_last_run_success",
        "Whether the last run of a flow that was not cancelled came to its end (1) or failed (0).",
        [(flows[f], float(last[f].result != "failed")) for f in flows],
    )
    yield (
        "asymmetry_last_run_timestamp_seconds",
        "When that run ended, seconds since 1970.",
        [(flows[f], _seconds(last[f].ended_at)) for f in flows],
    )
    yield (
        "asymmetry_last_run_duration_seconds",
        "How long it took.",
        [(flows[f], last[f].seconds) for f in flows],
    )
    yield from _of_sources(status)
    yield from _of_server(server)


def _of_home(status: Status) -> Iterator[tuple[str, str, Iterable[Sample]]]:
    published, place = status.published, existing_part(Path(status.home))
    meaning = "Things that want attention; `asymmetry status` names them."
    yield "asymmetry_attention", meaning, [({}, float(len(status.attention)))]
    labels: Mapping[str, str] = {}
    built: list[Sample] = []
    if published:
        labels = {
            "build": published.build_id[:12],
            "profile": published.profile,
            "simulated": str(published.is_simulated).lower(),
            "code": published.code_version,
        }
        built = [({}, published.built_at.replace(tzinfo=UTC).timestamp())]
    is_there = [(labels, float(published is not None))]
    yield "asymmetry_published", "Whether a build is published that can be read.", is_there
    yield "asymmetry_built_timestamp_seconds", "When it was built, seconds since 1970.", built
    verified = status.last_verified
    yield (
        "asymmetry_verified_timestamp_seconds",
        "When all stored bytes were last hashed and found as they were, seconds since 1970.",
        [({}, _seconds(verified.ended_at))] if verified else [],
    )
    yield "asymmetry_writing", "Whether a run is writing.", [({}, float(status.writer is not None))]
    free = float(shutil.disk_usage(place).free)
    yield "asymmetry_free_bytes", "Space that is free where the home is.", [({}, free)]


def _of_sources(status: Status) -> Iterator[tuple[str, str, Iterable[Sample]]]:
    yield (
        "asymmetry_source_stale",
        "Whether nobody has asked for a source for longer than its cadence and some grace.",
        [({"source": s.slug}, float(s.is_stale)) for s in status.sources],
    )
    yield (
        "asymmetry_source_asked_timestamp_seconds",
        "When a source was last asked for, seconds since 1970.",
        [({"source": s.slug}, s.asked_at.timestamp()) for s in status.sources if s.asked_at],
    )


def _of_server(server: ServerStatus) -> Iterator[tuple[str, str, Iterable[Sample]]]:
    if server.address is None:
        return
    up: list[Sample] = [({}, float(server.fault is None))]
    yield "asymmetry_server_up", "Whether the Prefect server answered.", up
    if server.fault:
        return
    labels = {"pool": server.pool}
    ready = [(labels, float(server.pool_state == "READY"))]
    yield "asymmetry_pool_ready", "Whether the home's work pool is ready.", ready
    online = [(labels, float(server.n_workers))]
    yield "asymmetry_workers_online", "Workers of the pool that are online.", online
    late = [(labels, float(server.n_late))]
    yield "asymmetry_late_runs", "Runs of the pool that should have begun and have not.", late
    bad = [(labels, float(len(server.ended_badly)))]
    yield "asymmetry_deployments_failed", "Deployments whose last run failed or crashed.", bad


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return inert(value).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _help(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
