"""Compares new snapshots with the published ones, from what both were staged to.

Nothing is staged a second time: the earlier tables lie in the store of finished steps, or else in
the file of the build before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from expectations.releases.bounds import ReleaseBounds, release_bounds
from expectations.releases.compare import NotComparableError, compare_table
from expectations.releases.findings import Finding
from expectations.releases.layout import TableLayout, layout_of
from flows.engine.build_identity import PlannedBuild
from flows.engine.store import StepDamagedError, StepStore
from flows.fetch.snapshot_record import Snapshot
from flows.home.paths import Home
from flows.home.release_records import Acceptance, Comparison, Release, ReleaseRecords, now
from warehouse.catalog.builds import read_build
from warehouse.catalog.releases import published_snapshots, stored_table
from warehouse.contracts.model import Contract
from warehouse.contracts.read import contracts


@dataclass(frozen=True)
class ReleaseCheck:
    """A release that has to be compared before it is published.

    Attributes:
        release: The two snapshots.
        step: The step that stages the source.
        step_hash: Of the new snapshot's staging.
        previous_hash: Of the published one's; None where the file does not say.
        earlier: The file of the build that it is compared with.
    """

    release: Release
    step: str
    step_hash: str
    previous_hash: str | None
    earlier: Path


def releases_to_check(
    earlier: Path, planned: PlannedBuild, snapshots: Mapping[str, Snapshot], profile: str
) -> list[ReleaseCheck]:
    """The sources whose bytes are others than those of the build before.

    Not among them: what has no earlier release here, real bytes after simulated ones, and the
    simulated world of profile `sample`, which is made by this project's own code.

    Args:
        earlier: The file of the build before (`flows.home.earlier_build`).
        planned: The build that is to take its place.
        snapshots: Slug to snapshot.
        profile: `sample`, `live` or `mirror`.
    """
    published = None if profile == "sample" else read_build(earlier)
    if published is None:
        return []
    if all(published.snapshots.get(slug) == s.snapshot_id for slug, s in snapshots.items()):
        return []
    before = published_snapshots(earlier)
    found = []
    for slug, new in snapshots.items():
        old = before.get(slug)
        if old is None or old.sha256 == new.sha256 or old.is_simulated != new.is_simulated:
            continue
        step = f"stage_{slug}"
        release = Release(slug, new.snapshot_id, new.sha256, old.snapshot_id, old.sha256)
        hashes = (planned.steps[step].step_hash, published.step_hashes.get(step))
        found.append(ReleaseCheck(release, step, *hashes, earlier))
    return found


def compare_release(check: ReleaseCheck, home: Home) -> Comparison:
    """Compares a release with the published one, table by table, and keeps what was found.

    Args:
        check: The release; its staging is finished.
        home: The home.

    Returns:
        The comparison, with the acceptance of exactly these bytes if there is one.
    """
    slug = check.release.slug
    bounds = release_bounds(slug)
    store = StepStore(home.steps)
    found: list[Finding] = []
    for table, contract in contracts().items():
        if not table.startswith(f"staging.stg_{slug}__"):
            continue
        before = _published_table(check, table, store)
        if before is None:
            continue  # a table that the code has only now
        after = pl.read_parquet(store.place(check.step, check.step_hash).table(table))
        layout = layout_of_contract(contract, bounds)
        try:
            found += compare_table(before, after, layout, bounds.tolerances, counts_of(contract))
        except NotComparableError:
            found.append(Finding("not_compared", table, None, 1, 1))
    comparison = Comparison(check.release, bounds.judge(found), now())
    records = ReleaseRecords(home)
    records.keep(comparison)
    return records.with_acceptance(comparison)


def layout_of_contract(contract: Contract, bounds: ReleaseBounds) -> TableLayout:
    """How a staged table is compared."""
    names = [column.name for column in contract.columns]
    return layout_of(
        contract.table,
        contract.key,
        names,
        series=bounds.series.get(contract.table),
        ignored=[n for n in bounds.ignored if n in names],
        growing=[n for n in bounds.growing if n in names],
        coded=[c.name for c in contract.columns if c.codes],
    )


def accept_what_was_asked_for(comparison: Comparison, asked: Mapping[str, str]) -> Comparison:
    """Accepts a release whose very bytes somebody has asked for.

    Args:
        comparison: The comparison.
        asked: Slug to how its bytes were asked for, in words.
    """
    reason = asked.get(comparison.release.slug)
    if reason is None or comparison.acceptance is not None:
        return comparison
    return replace(comparison, acceptance=Acceptance(reason, "", comparison.compared_at))


def counts_of(contract: Contract) -> list[str]:
    """Whole-number columns that count or measure something."""
    return [c.name for c in contract.columns if c.unit and not c.codes]


def _published_table(check: ReleaseCheck, table: str, store: StepStore) -> pl.DataFrame | None:
    if check.previous_hash:
        try:
            finished = store.find(check.step, check.previous_hash)
        except StepDamagedError:
            finished = None
        if finished and finished.table(table).is_file():
            return pl.read_parquet(finished.table(table))
    return stored_table(check.earlier, table)
