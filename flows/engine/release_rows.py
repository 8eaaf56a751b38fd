"""Rows of `meta.releases`: what was compared for a build, and for those that it descends from."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from expectations.releases.findings import examples_as_json
from flows.engine.compared_rows import comparisons_of
from flows.fetch.snapshot_record import Snapshot
from flows.home.release_records import Acceptance, Comparison
from warehouse.contracts.read import contracts

_NOTABLE = ("warning", "critical")


def release_frame(
    snapshots: Mapping[str, Snapshot],
    comparisons: Sequence[Comparison],
    earlier: pl.DataFrame,
    accepted: Mapping[tuple[str, str], Acceptance],
    nothing_compared: str,
) -> pl.DataFrame:
    """The rows of a build.

    Args:
        snapshots: Slug to snapshot of the build.
        comparisons: What was compared for it.
        earlier: Rows of the file whose place it takes, possibly none. Those on a snapshot that
            the build still has stay, and of other ones what was told; but where the build has
            the bytes again that a release had replaced, it does not descend from that release.
        accepted: Hashes of two snapshots to the acceptance of one in place of the other.
        nothing_compared: What is found of a snapshot that is in neither: `no_earlier_release`
            or `not_compared`.

    Returns:
        Rows by source, oldest release first.
    """
    schema = pl.Schema(contracts()["meta.releases"].polars_schema)
    compared = {comparison.release.slug: comparison for comparison in comparisons}
    frames = []
    for slug, snapshot in snapshots.items():
        of_source = _descended_from(earlier.filter(pl.col("slug") == slug), snapshot)
        is_same = pl.col("sha256") == snapshot.sha256
        kept = of_source.filter(is_same | pl.col("severity").is_in(_NOTABLE))
        if slug in compared:
            # the same two releases compared once more: after a rollback, by newer code
            sha256, previous_sha256 = compared[slug].release.pair
            was_it = (pl.col("sha256") == sha256) & (pl.col("previous_sha256") == previous_sha256)
            kept = kept.filter(~was_it.fill_null(value=False))
            rows = _rows_of(compared[slug])
        elif of_source.filter(is_same).is_empty():
            rows = [_row_without_findings(snapshot, nothing_compared)]
        else:
            rows = []
        rows = [*(_accepted(row, accepted) for row in kept.to_dicts()), *rows]
        frame = pl.DataFrame(rows, schema=schema)
        frames.append(frame.with_columns(ordinal=pl.int_range(1, pl.len() + 1, dtype=pl.Int16)))
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema)


def _accepted(
    row: dict[str, Any], accepted: Mapping[tuple[str, str], Acceptance]
) -> dict[str, Any]:
    """An earlier row with what somebody has said of it since."""
    found = accepted.get((row["sha256"], row["previous_sha256"]))
    if row["is_accepted"] or found is None:
        return row
    return row | {"is_accepted": True, "accepted_by": found.by, "because": found.because}


def _descended_from(of_source: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
    """The rows of before the first release that has replaced these very bytes."""
    undone = of_source.filter(pl.col("previous_sha256") == snapshot.sha256)
    if undone.is_empty():
        return of_source
    return of_source.filter(pl.col("ordinal") < undone["ordinal"].min())


def _row_without_findings(snapshot: Snapshot, finding: str) -> dict[str, Any]:
    return {
        "slug": snapshot.slug,
        "snapshot_id": snapshot.snapshot_id,
        "sha256": snapshot.sha256,
        "compared_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        "finding": finding,
        "is_accepted": False,
    }


def _rows_of(comparison: Comparison) -> list[dict[str, Any]]:
    release, accepted = comparison.release, comparison.acceptance
    common = {
        "slug": release.slug,
        "snapshot_id": release.snapshot_id,
        "sha256": release.sha256,
        "previous_snapshot_id": release.previous_snapshot_id,
        "previous_sha256": release.previous_sha256,
        "compared_at": datetime.fromisoformat(comparison.compared_at).replace(tzinfo=None),
        "is_accepted": accepted is not None,
        "accepted_by": (accepted.by or None) if accepted else None,
        "because": accepted.because if accepted else None,
    }
    if not comparison.findings:
        return [{**common, "finding": "nothing_lost"}]
    return [
        {
            **common,
            "finding": finding.kind,
            "table_name": finding.table,
            "column_name": finding.column,
            "n_found": finding.n_found,
            "n_compared": finding.n_compared,
            "severity": finding.severity,
            "examples": examples_as_json(finding),
            "why": finding.why,
        }
        for finding in comparison.findings
    ]


def comparisons_in(frame: pl.DataFrame) -> list[Comparison]:
    """The comparisons that rows of `meta.releases` tell of, oldest first.

    Args:
        frame: Rows of a file; sources and snapshots that were not compared are passed over.
    """
    return comparisons_of(frame.filter(pl.col("previous_sha256").is_not_null()).to_dicts())
