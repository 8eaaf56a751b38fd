"""`$ASYMMETRY_HOME/changes/<build>.md`: the numbers that a build changed."""

from collections.abc import Sequence
from pathlib import Path

from flows.home.builds import build_file
from flows.home.paths import Home
from warehouse.catalog.diff import TableDiff, compare_builds

_COLUMNS_SHOWN = 6


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
    found = compare_builds(build_file(replaced, home), build_file(build_id, home))
    home.changes.mkdir(parents=True, exist_ok=True)
    path = home.changes / f"{build_id[:16]}.md"
    path.write_text(changes_text(build_id, replaced, found), "utf-8")
    return path


def changes_text(build_id: str, replaced: str, found: Sequence[TableDiff]) -> str:
    """The differences between two builds, as Markdown."""
    lines = [f"# Build {build_id[:12]} against {replaced[:12]}", ""]
    if not found:
        return "\n".join([*lines, "Every table holds the same rows as before.", ""])
    figures = sum(sum((d.figures or {}).values()) for d in found)
    lines += [f"{len(found)} tables differ; {figures:,} figures have another value.", ""]
    lines += ["| table | rows before | rows now | added | removed | changed | in columns |"]
    lines += ["|---|--:|--:|--:|--:|--:|---|"]
    lines += [_row(diff) for diff in found]
    return "\n".join([*lines, ""])


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
