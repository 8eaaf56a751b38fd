"""`asymmetry rollback`: an earlier build in the place of the published one."""

from pathlib import Path

from flows.home.build_files import checksum_file, recorded_checksum, sha256_of_file
from flows.home.builds import BuildNameError, KeptBuild, named_build, put_in_place
from flows.home.paths import Home
from flows.home.real_figures import refuse_sample_over_real
from flows.home.run_record import recorded_run
from warehouse.catalog.builds import PublishedBuild, current_build, read_build, read_through
from warehouse.db import QueryError, read_published

_ADVICE = "Nothing was changed. Choose another build, or restore this file from a backup."


class RollbackError(ValueError):
    """That build cannot be published; nothing was changed."""


class NoSuchBuildError(RollbackError):
    """No kept build, or more than one, has that name."""


def rollback(name: str, home: Home) -> dict[str, object]:
    """Publishes an earlier build, in one atomic step, and leaves the record of a run.

    Args:
        name: The build's id or its first digits (`flows.home.builds.named_build`).
        home: The home.

    Returns:
        `result` (`rolled_back`, or `unchanged` where it is published already, byte for byte; a
        damaged published file is replaced by the kept one of its name), `build_id`,
        `replaced` and `rows`.

    Raises:
        NoSuchBuildError: There is no such build, or several.
        RollbackError: Its file is not as it was written.
        RealFiguresError: It is simulated, and the published one is not.
        AnotherRunError: Another run is writing.
    """
    kept = _named(name, home)
    if kept.is_published and sha256_of_file(home.warehouse) == sha256_of_file(kept.path):
        return {"result": "unchanged", "build_id": kept.name}
    profile = "unknown"  # of a file that cannot be read: below it is said why
    if kept.build:
        profile = "sample" if kept.build.is_simulated else kept.build.profile
    with recorded_run(profile, home) as record:
        record.details["flow"] = "rollback"
        published = read_build(home.warehouse)
        refuse_sample_over_real(published, profile, home)
        record.details["build_id"] = kept.build.build_id if kept.build else None
        record.details["replaced"] = published.build_id if published else None
        build, record.details["rows"] = check_build_file(kept.path)
        record.details["snapshots"] = build.snapshots
        record.details["parameters"] = build.parameters
        record.result = "rolled_back"  # before the swap: whoever is interrupted then says so
        put_in_place(kept.path, home)
    return record.summary()


def _named(name: str, home: Home) -> KeptBuild:
    try:
        return named_build(name, home)
    except BuildNameError as error:
        raise NoSuchBuildError(
            f"{error} Nothing was changed. `asymmetry rollback --list` shows them; a past state"
            " whose build is gone is made again by the deployment rebuild-as-of."
        ) from error


def check_build_file(path: Path) -> tuple[PublishedBuild, dict[str, int]]:
    """Reads a build file through.

    Returns:
        The build that it holds, and table to number of rows.

    Raises:
        RollbackError: Its bytes are not those that were written, it cannot be read to the end,
            or it holds another build than its name says.
    """
    stated = recorded_checksum(path)
    if stated is not None and stated != sha256_of_file(path):
        name = checksum_file(path).name
        raise RollbackError(f"{path} has other bytes than {name} says. {_ADVICE}")
    try:
        with read_published(path) as connection:
            build = current_build(connection)
            rows = read_through(connection)
    except QueryError as error:
        first = str(error).splitlines()[0]
        raise RollbackError(f"{path} cannot be read ({first}). {_ADVICE}") from error
    if build is None or not build.build_id.startswith(path.stem):
        raise RollbackError(f"{path} does not hold the build of its name. {_ADVICE}")
    return build, rows
