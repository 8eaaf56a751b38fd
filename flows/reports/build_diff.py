"""`$ASYMMETRY_HOME/changes/<build>.md`: the numbers that a build changed."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from expectations.releases.findings import example_words
from expectations.shown_text import in_markdown
from flows.engine.release_message import in_short
from flows.engine.release_rows import comparisons_in
from flows.home.build_files import build_file
from flows.home.paths import Home
from flows.home.release_records import Comparison
from warehouse.catalog.diff import TableDiff, compare_builds
from warehouse.catalog.releases import release_rows

_COLUMNS_SHOWN = 6
_EXAMPLES_SHOWN = 10


def write_changes(build_id: str, replaced: str | None, home: Home) -> Path | None:
    """Compares a published build with the one that it replaced, and writes the differences.

    Args:
        build_id: The build that is published now.
        replaced: The one that was published before.
        home: The home.

    Returns:
        The file; None where the earlier build is not kept.

    Raises:
        QueryError: A build cannot be read.
    """
    if replaced is None or replaced == build_id or not build_file(replaced, home).is_file():
        return None
    before, after = build_file(replaced, home), build_file(build_id, home)
    found = compare_builds(before, after)
    releases = new_comparisons(release_rows(before), release_rows(after))
    home.changes.mkdir(parents=True, exist_ok=True)
    path = home.changes / f"{build_id[:16]}.md"
    path.write_text(changes_text(build_id, replaced, found, releases), "utf-8")
    return path


def new_comparisons(before: pl.DataFrame, after: pl.DataFrame) -> list[Comparison]:
    """The releases that one build has compared and the one before it had not, by source."""
    earlier = {c.release.pair for c in comparisons_in(before)}
    found = [c for c in comparisons_in(after) if c.release.pair not in earlier]
    return sorted(found, key=lambda c: c.release.slug)


def changes_text(
    build_id: str,
    replaced: str,
    found: Sequence[TableDiff],
    releases: Sequence[Comparison] = (),
) -> str:
    """The differences between two builds, and what new releases have lost, as Markdown."""
    lines = [f"# Build {build_id[:12]} against {replaced[:12]}", ""]
    lines += _lines_of_releases(releases)
    if not found:
        return "\n".join([*lines, "Every table holds the same rows as before.", ""])
    figures = sum(sum((d.figures or {}).values()) for d in found)
    lines += [f"{len(found)} tables differ; {figures:,} figures have another value.", ""]
    lines += ["| table | rows before | rows now | added | removed | changed | in columns |"]
    lines += ["|---|--:|--:|--:|--:|--:|---|"]
    lines += [_row(diff) for diff in found]
    return "\n".join([*lines, ""])


def _lines_of_releases(releases: Sequence[Comparison]) -> list[str]:
    """Each new release with what it has lost or changed, and who has accepted it."""
    lines = ["## New releases", ""] if releases else []
    for comparison in releases:
        release, accepted = comparison.release, comparison.acceptance
        head = f"* {release.snapshot_id} in place of {release.previous_snapshot_id}"
        lines.append(f"{head}: {in_markdown(in_short(comparison))}.")
        for finding in comparison.notable():
            lines.append(f"  * {finding.severity}: {in_markdown(finding.words())}")
            lines += [
                f"    * {in_markdown(example_words(e))}" for e in finding.examples[:_EXAMPLES_SHOWN]
            ]
        if accepted:
            by = f" by {in_markdown(accepted.by)}" if accepted.by else ""
            lines.append(f"  * accepted{by}: {in_markdown(accepted.because)}")
    return [*lines, "", "## Tables", ""] if releases else []


def _row(diff: TableDiff) -> str:
    most = sorted((diff.figures or {}).items(), key=lambda item: (-item[1], item[0]))
    named = [f"`{column}` {n:,}" for column, n in most[:_COLUMNS_SHOWN]]
    if len(most) > _COLUMNS_SHOWN:
        named.append(f"and {len(most) - _COLUMNS_SHOWN} more")
    counts = [
        "none" if n is None else f"{n:,}"
        for n in (diff.before, diff.after, diff.added, diff.removed, diff.changed)
    ]
    return "| " + " | ".join([f"`{diff.table}`", *counts, ", ".join(named)]) + " |"
