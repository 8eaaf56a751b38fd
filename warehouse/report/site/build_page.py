"""What a build says of itself: checks, coverage, freshness, losses, sources, and what changed."""

from typing import Any

from warehouse.catalog.builds import PublishedBuild
from warehouse.catalog.validation import rules_by_stage
from warehouse.db import Connection

_BROKEN = """
SELECT severity, stage, table_name, expectation, n_failed, n_evaluated, coalesce(why, '') AS why
FROM meta.validation_results WHERE NOT passed
ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, table_name, ordinal
"""
_COVERAGE = """
SELECT table_name, coverage_unit, covered_from, covered_to, end_reason, ends_with
FROM meta.coverage ORDER BY table_name
"""
_LOSSES = """
SELECT from_table, to_table, reason, CAST(sum(n_rows) AS BIGINT) AS n_rows, min(example) AS example
FROM meta.row_losses GROUP BY ALL ORDER BY n_rows DESC, from_table, to_table, reason
"""
_SOURCES = """
SELECT s.slug, s.title, s.publisher, s.version, s.landing_page, s.citation, s.licence, s.terms,
       n.snapshot_id, n.sha256, n.n_bytes, n.fetched_via, n.fetched_at, n.is_simulated,
       s.coverage_unit, s.coverage_from, s.coverage_to
FROM meta.sources AS s LEFT JOIN meta.snapshots AS n ON n.slug = s.slug
ORDER BY s.slug
"""


def provenance(connection: Connection, build: PublishedBuild) -> dict[str, Any]:
    """Everything that the pages of the build and of its sources show.

    Args:
        connection: An open warehouse.
        build: Its build. A page has no clock: ages are those on the day of the build.
    """
    sources = connection.sql(_SOURCES).pl().to_dicts()
    for source in sources:
        fetched = source["fetched_at"]
        source["days_old"] = None if fetched is None else (build.built_at - fetched).days
    return {
        "stages": [stage._asdict() for stage in rules_by_stage(connection)],
        "broken": connection.sql(_BROKEN).pl().to_dicts(),
        "coverage": connection.sql(_COVERAGE).pl().to_dicts(),
        "losses": connection.sql(_LOSSES).pl().to_dicts(),
        "sources": sources,
    }


def changes_in(text: str | None) -> dict[str, Any] | None:
    """The text of `changes/<build>.md` as lines and one table.

    Args:
        text: Markdown as the build wrote it; None where there was no build to compare with.

    Returns:
        `lines`, `head` and `rows` (cells as text); None where there is no text.
    """
    if text is None:
        return None
    lines = [line for line in text.splitlines() if line.strip()]
    cells = [
        [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]
    said = [line.lstrip("#* ") for line in lines if not line.startswith("|")]
    return {"lines": said, "head": cells[0] if cells else [], "rows": cells[2:]}
