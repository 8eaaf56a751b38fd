"""The build that the next one follows on, also where the published file cannot tell of it.

New releases are held against it, and its history and acceptances are handed on. A published file
that is gone, damaged, changed by another program or held open by one must not make a refresh
believe that there was nothing before: it would publish what it otherwise holds.
"""

from pathlib import Path

from flows.home.build_files import fault_of_bytes
from flows.home.builds import kept_builds
from flows.home.paths import Home
from flows.home.run_history import last_publication
from warehouse.catalog.builds import PublishedBuild, read_build


def earlier_file(home: Home) -> Path:
    """The published file, or the kept build that was published last where that one is no witness.

    Args:
        home: The home.

    Returns:
        The published file where it is as it was written, or nothing was recorded of that; else of
        the kept builds that are, the one of the last publication by the records of runs, or else
        the newest; else the published file, be it there or not.
    """
    published = read_build(home.warehouse)
    if published and fault_of_bytes(home.warehouse, published.build_id, home) is None:
        return home.warehouse
    kept = {
        one.build.build_id: one.path
        for one in reversed(kept_builds(home))  # so that the newest of them comes last
        if one.build and fault_of_bytes(one.path, one.build.build_id, home) is None
    }
    if not kept:
        return home.warehouse
    last, (*_, newest) = last_publication(home), kept.values()
    return kept.get(last.build_id, newest) if last and last.build_id else newest


def earlier_build(home: Home) -> PublishedBuild | None:
    """What `earlier_file` holds; None where there is no earlier build that can be read."""
    return read_build(earlier_file(home))
