"""Is the published build what a plan would come to? Known without one, where nothing has changed.

A plan reads every module, contract and rule, half a second; what it comes to is decided by the
code, the bytes and the parameters. Each run notes the stamp of the code that it has planned with.
"""

from collections.abc import Mapping

from flows.engine.code_stamp import stamp_at_first
from flows.home.paths import Home
from flows.home.run_history import last_plan, last_publication
from flows.sources import load_declarations
from warehouse.catalog.builds import PublishedBuild
from warehouse.catalog.releases import published_snapshots


def stamps_of(published: PublishedBuild, home: Home) -> set[str]:
    """Stamps of the code with which the published build was planned.

    By the run that has put it there, and by the last one that has planned: where that has found
    nothing new, other code came to the same build.
    """
    runs = [run for run in (last_publication(home), last_plan(home)) if run]
    # a rollback plans nothing: what stands in its record of a plan is not from it
    planned = [run for run in runs if run.code and run.result != "rolled_back"]
    return {str(run.code) for run in planned if run.build_id == published.build_id}


def is_code_of_published(published: PublishedBuild | None, home: Home) -> bool:
    """Whether the code of this process is known to come to the published build, on the same bytes.

    Args:
        published: The published build; None where there is none.
        home: The home.
    """
    return published is not None and stamp_at_first() in stamps_of(published, home)


def is_planned_already(
    published: PublishedBuild,
    stamp: str,
    snapshot_hashes: Mapping[str, str],
    parameters: Mapping[str, object],
    home: Home,
) -> bool:
    """Whether a plan would come to the published build, as far as that is known without one.

    Args:
        published: The published build.
        stamp: Of the code (`flows.engine.code_stamp`).
        snapshot_hashes: Slug to the SHA-256 of the bytes that are to be used.
        parameters: Those of the plan.
        home: The home.
    """
    of_file = {slug: s.sha256 for slug, s in published_snapshots(home.warehouse).items()}
    return (
        of_file == dict(snapshot_hashes)
        and dict(published.parameters) == dict(parameters)
        and stamp in stamps_of(published, home)
    )


def is_of_other_code(published: PublishedBuild, home: Home) -> bool:
    """Whether this code would give the published bytes another build id, which takes a plan."""
    from flows.engine.build_identity import plan_build  # half a second, and as much to plan
    from flows.home.covariates import user_files_of

    if set(published.snapshots) != set(load_declarations()):
        return True
    # of the file, not of the store: a snapshot that is gone is another question
    hashes = {slug: s.sha256 for slug, s in published_snapshots(home.warehouse).items()}
    return plan_build(hashes, user_files_of(published.parameters)).build_id != published.build_id
