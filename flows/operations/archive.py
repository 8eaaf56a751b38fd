"""What an archive of a build holds of the project: the code, the pins, and what it was made of."""

import csv
import io
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from flows.engine.build_identity import plan_build
from flows.home.builds import BuildNameError, named_build
from flows.home.covariates import user_files_of
from flows.home.paths import Home
from warehouse.catalog.builds import PublishedBuild
from warehouse.db import Connection

ROOT = Path(__file__).resolve().parents[2]
RECORD, SNAPSHOTS = "build.json", "snapshots.csv"
_COLUMNS = ("slug", "snapshot_id", "sha256", "n_bytes", "url", "is_simulated")


class ArchiveError(ValueError):
    """That build cannot be archived; the message says why, and what to do."""


def kept_build(build: str | None, home: Home) -> Path:
    """The file of a build.

    Args:
        build: Its id, or the first digits of it; None for the published one.
        home: The home.

    Raises:
        ArchiveError: No such build is kept, or several begin so.
    """
    if build is None:
        return home.warehouse
    try:
        return named_build(build, home).path
    except BuildNameError as error:
        raise ArchiveError(f"{error} Nothing was written.") from error


def need_this_code(connection: Connection, build: PublishedBuild) -> None:
    """Refuses a build that the code which runs would not make again.

    Args:
        connection: The build's file.
        build: The build.

    Raises:
        ArchiveError: It is a partial build, or code, lists or libraries have changed since.
    """
    if build.only:
        raise ArchiveError(
            "it holds some tables only (PARTIAL): archive a whole build. Nothing was written."
        )
    hashes = dict(connection.execute("SELECT slug, sha256 FROM meta.snapshots").fetchall())
    try:
        planned = plan_build(hashes, user_files_of(build.parameters)).build_id
    except KeyError as error:  # a source that came later
        planned = f"with source {error.args[0]}"
    if planned != build.build_id:
        raise ArchiveError(
            f"build {build.build_id[:12]} was made by version {build.code_version}, and this code"
            f" would make {planned[:24]}: an archive holds the code of its build. Check out that"
            " version, or refresh and archive the new build. Nothing was written."
        )


def code_files() -> list[Path]:
    """Files of the checkout that Git tracks, as they are, relative to it.

    Raises:
        ArchiveError: This is no clone, so that it is not known what belongs to the code.
    """
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ArchiveError(
            f"{ROOT} is no clone of the project ({error}): an archive holds the code, its tests and"
            " its lock file. Run this from a clone. Nothing was written."
        ) from error
    names = sorted(name for name in listed.decode("utf-8").split("\0") if name)
    return [Path(name) for name in names if (ROOT / name).is_file()]


def record_of(build: PublishedBuild) -> str:
    """build.json: what `asymmetry rebuild` reads, in the form of a run's record.

    Args:
        build: The build.
    """
    record: Mapping[str, object] = {
        "run": f"archive of {build.build_id[:12]}",
        "result": "published",
        "build_id": build.build_id,
        "profile": build.profile,
        "ended_at": build.built_at.isoformat(),
        "code_version": build.code_version,
        "library_versions": dict(sorted(build.library_versions.items())),
        "parameters": dict(build.parameters),
        "snapshots": dict(sorted(build.snapshots.items())),
        "steps": dict(sorted(build.step_hashes.items())),
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def snapshots_of(connection: Connection) -> str:
    """snapshots.csv: the publishers' files, so that they can be had and compared.

    Args:
        connection: The build's file.
    """
    rows = connection.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM meta.snapshots ORDER BY slug"
    ).fetchall()
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *rows])
    return text.getvalue()
