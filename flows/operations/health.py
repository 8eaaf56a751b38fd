"""`asymmetry doctor`: what could be wrong, looked at one by one."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

import requests
from packaging.requirements import Requirement

from flows.home.build_files import unknown_bytes
from flows.home.builds import files_of_builds
from flows.home.guards import can_be_written, existing_part
from flows.home.modes import can_be_written_by_all, other_owner
from flows.home.paths import Home
from flows.home.run_history import read_records
from flows.operations.attention import lines_of_closed_folders, lines_of_unpublished
from flows.operations.open_faults import BUILDS, FETCHES, SNAPSHOTS, STEPS
from flows.operations.verification import Bytes, File
from flows.sources import load_declarations

_FREE_BYTES = 3_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: What.
        is_good: Whether it is as it should be; None where there is nothing to judge yet.
        detail: What was found, and what to do about it.
    """

    subject: str
    is_good: bool | None
    detail: str


def _python(_: Home) -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), f"{found}; 3.11 or newer is needed")


def _libraries(_: Home) -> Iterator[Finding]:
    wrong = []
    try:
        stated = [Requirement(text) for text in requires("alliance-asymmetry") or []]
    except PackageNotFoundError:
        yield Finding("libraries", False, "alliance-asymmetry is not installed: make install")
        return
    wanted = [r for r in stated if r.marker is None or r.marker.evaluate({"extra": ""})]
    for requirement in wanted:
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{requirement.name} {found} is not {requirement.specifier}")
    detail = "; ".join(wrong) + ": make install" if wrong else f"{len(wanted)} as pinned"
    yield Finding("libraries", not wrong, detail)


def _home(home: Home) -> Iterator[Finding]:
    if not can_be_written(home.path):
        yield Finding("home", False, f"{home.path} cannot be written; set ASYMMETRY_HOME")
        return
    if home.path.is_dir() and (owner := other_owner(home.path)):
        yield Finding("home", False, f"{home.path} belongs to {owner}; set ASYMMETRY_HOME")
    if home.path.is_dir() and can_be_written_by_all(home.path):
        detail = f"everybody on this machine can write in {home.path}: chmod go-w {home.path}"
        yield Finding("home", False, detail)
    place = existing_part(home.path)
    free = shutil.disk_usage(place).free
    detail = f"{home.path}, {free / 1e9:,.0f} GB free; a build of the real data needs 3 GB"
    yield Finding("home", free > _FREE_BYTES, detail)


def _sources(_: Home) -> Iterator[Finding]:
    try:
        yield Finding("sources", True, f"{len(load_declarations())} declared")
    except ValueError as error:
        yield Finding("sources", False, str(error))


def _records(home: Home) -> Iterator[Finding]:
    records = read_records(home)
    lines = [*lines_of_closed_folders(home), *records.lines_of_damaged()]
    yield from (Finding("records of runs", False, line) for line in lines)
    if not lines:
        n = len(records.runs)
        yield Finding("records of runs", True if n else None, f"{n}, all can be read")


def findings_of(stored: Bytes, file: File, home: Home) -> Iterator[Finding]:
    """What a look at all that is stored, and at the published file, has found.

    Args:
        stored: What is stored.
        file: The published file.
        home: The home.
    """
    counts = {
        SNAPSHOTS: (stored.n_snapshots, "; those of every kept build are there"),
        FETCHES: (stored.n_snapshots, ""),
        STEPS: (stored.n_steps, ""),
        BUILDS: (stored.n_builds, ""),
    }
    for subject, (n, more) in counts.items():
        faults = [fault for fault in stored.faults if fault.subject == subject]
        yield from (Finding(subject, False, fault.text) for fault in faults)
        if faults or subject == FETCHES:
            continue
        yield Finding(
            subject, True if n else None, f"{n}, hashes as recorded{more}" if n else "none yet"
        )
    for name in stored.unrecorded:
        yield Finding(BUILDS, None, f"no checksum of {name} was recorded: it can be read, no more")
    yield from (Finding("warehouse", False, fault.text) for fault in file.faults)
    if not file.faults:
        yield _of_file(file, home)


def _of_file(file: File, home: Home) -> Finding:
    build = file.build
    if build is None:
        # a home in which nothing was built yet is no fault
        nothing_lost = False if files_of_builds(home) else None
        return Finding("warehouse", nothing_lost, " ".join(lines_of_unpublished(home)))
    if not file.is_recorded and (unknown := unknown_bytes(build.build_id, home)):
        return Finding("warehouse", False, unknown)
    simulated = " (SIMULATED)" if build.is_simulated else ""
    message = f"build {build.build_id[:12]}, {build.profile}{simulated}, {build.built_at} UTC"
    if file.drift:
        drift = "; ".join(file.drift)
        message += f"; not as the contracts say ({drift}): asymmetry refresh builds it anew"
        return Finding("warehouse", False, message)
    return Finding("warehouse", True, f"{message}; its checksum is right")


def _server(_: Home) -> Iterator[Finding]:
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        yield Finding("Prefect", None, "no PREFECT_API_URL: each run starts a server of its own")
        return
    try:
        answer = requests.get(f"{url.rstrip('/')}/health", timeout=5)
        yield Finding("Prefect", answer.ok, f"{url} answers {answer.status_code}")
    except requests.RequestException as error:
        advice = "start it (prefect server start) or unset PREFECT_API_URL"
        yield Finding("Prefect", False, f"{url} does not answer ({type(error).__name__}): {advice}")
