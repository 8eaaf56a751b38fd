"""Rows of `meta.releases`, read back as comparisons, without the import of a data frame."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC
from typing import Any

from expectations.releases.findings import Finding
from flows.home.release_records import Acceptance, Comparison, Release


def comparisons_of(rows: Iterable[Mapping[str, Any]]) -> list[Comparison]:
    """The comparisons that rows tell of, oldest first.

    Args:
        rows: Column to value, of rows that have an earlier snapshot.
    """
    found: dict[tuple[str, str], Comparison] = {}
    for row in rows:
        release = Release(**{f.name: row[f.name] for f in fields(Release)})
        comparison = found.get(release.pair) or Comparison(
            release,
            (),
            row["compared_at"].replace(tzinfo=UTC).isoformat(timespec="seconds"),
            _acceptance_in(row),
        )
        if row["severity"]:
            finding = _finding_in(row)
            comparison = replace(comparison, findings=(*comparison.findings, finding))
        found[release.pair] = comparison
    return sorted(found.values(), key=lambda c: c.compared_at)


def _acceptance_in(row: Mapping[str, Any]) -> Acceptance | None:
    if not row["is_accepted"]:
        return None
    return Acceptance(row["because"] or "", row["accepted_by"] or "", "")


def _finding_in(row: Mapping[str, Any]) -> Finding:
    return Finding(
        kind=row["finding"],
        table=row["table_name"],
        column=row["column_name"],
        n_found=row["n_found"],
        n_compared=row["n_compared"],
        examples=tuple(json.loads(row["examples"] or "[]")),
        severity=row["severity"],
        why=row["why"] or "",
    )
