"""`asymmetry doctor`: what could be wrong, looked at one by one."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

import requests
from packaging.requirements import Requirement

from flows.fetch.errors import FetchError
from flows.fetch.snapshots import SnapshotStore
from flows.home.builds import unreadable
from flows.home.guards import can_be_written, existing_part
from flows.home.modes import can_be_written_by_all, other_owner
from flows.home.paths import Home
from flows.operations.attention import answered
from flows.operations.integrity import (
    checksum_of,
    hash_published,
    hash_snapshots,
    hash_steps,
    missing_snapshots,
)
from flows.sources import load_declarations
from warehouse.catalog.builds import column_drift, current_build
from warehouse.db import QueryError, WarehouseMissingError, read_published

_FREE_BYTES = 3_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: What.
        is_good: Whether it is as it should be; None where there is nothing to judge yet.
        detail: What was found, and what to do about it.
        n_good: How many files of it are as they were, where they were hashed.
    """

    subject: str
    is_good: bool | None
    detail: str
    n_good: int = 0


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


def _snapshots(home: Home) -> Iterator[Finding]:
    hashed = hash_snapshots(home)
    faults = [*hashed.faults, *answered("Snapshots of builds", lambda: missing_snapshots(home))]
    yield from (Finding("snapshots", False, fault) for fault in faults)
    if not faults and not hashed.n_good:
        yield Finding("snapshots", None, "none yet: asymmetry refresh")
    elif not faults:
        needed = "those of every kept build are there"
        yield Finding(
            "snapshots", True, f"{hashed.n_good}, hashes as recorded; {needed}", hashed.n_good
        )
    for slug in load_declarations():
        try:
            SnapshotStore(home.snapshots).fetches(slug)
        except FetchError as error:
            yield Finding("fetches", False, str(error))


def _steps(home: Home) -> Iterator[Finding]:
    hashed = hash_steps(home)
    yield from (Finding("finished steps", False, fault) for fault in hashed.faults)
    if not hashed.faults:
        found = f"{hashed.n_good}, hashes as recorded" if hashed.n_good else "none yet"
        is_good = True if hashed.n_good else None
        yield Finding("finished steps", is_good, found, hashed.n_good)


def _warehouse(home: Home) -> Iterator[Finding]:
    try:
        with read_published(home.warehouse) as connection:
            build = current_build(connection)
            drift = column_drift(connection)
    except WarehouseMissingError as error:
        yield Finding("warehouse", None, str(error))
        return
    except QueryError as error:
        yield Finding("warehouse", False, unreadable(home.warehouse, error))
        return
    if build is None:
        yield Finding("warehouse", False, f"{home.warehouse} holds no build")
        return
    if fault := hash_published(home, build):
        yield Finding("warehouse", False, fault)
        return
    is_recorded = checksum_of(home, build) is not None
    hashed = "its checksum is right" if is_recorded else "no checksum of it was recorded"
    simulated = " (SIMULATED)" if build.is_simulated else ""
    message = f"build {build.build_id[:12]}, {build.profile}{simulated}, {build.built_at} UTC"
    if drift:
        yield Finding(
            "warehouse",
            False,
            f"{message}; not as the contracts say ({'; '.join(drift)}): asymmetry refresh builds it"
            " anew",
        )
    else:
        yield Finding("warehouse", True, f"{message}; {hashed}")


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
