"""What a run shows on the Prefect server: summary, steps, results of the gates, progress."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from expectations.gate.failures import GateFailedError
from expectations.shown_text import fenced, in_markdown
from flows.home.paths import Home
from flows.home.run_record import RunRecord
from warehouse.catalog.validation import broken_rules, rules_by_stage
from warehouse.db import read_published

_SECONDS_BETWEEN = 2.0
_LONGEST_CELL = 300


def show_run(record: RunRecord, seconds: float, home: Home) -> None:
    """Shows what a run did: a summary, a table of its steps, and links to files.

    Args:
        record: The run; its result and details are final.
        seconds: How long it has taken.
        home: The home.
    """
    create_markdown_artifact(
        summary_text(record, seconds, home), key="run-summary", description=record.result
    )
    if steps := record.details.get("steps"):
        create_table_artifact(_rows_of_steps(steps), key="steps", description="Steps of the run")
    changes = record.details.get("changes")
    if changes and Path(changes).is_file():
        create_link_artifact(Path(changes).as_uri(), link_text=Path(changes).name, key="changes")


def summary_text(record: RunRecord, seconds: float, home: Home) -> str:
    """A run in Markdown: what came of it, from which bytes, and what to do next."""
    details = record.details
    lines = [f"## {record.result.replace('_', ' ').capitalize()}", ""]
    facts = {
        "build": str(details.get("build_id") or "not known")[:12],
        "in place of": str(_replaced(details) or "")[:12],
        "profile": record.profile,
        "took": f"{seconds:,.1f} s",
        "home": str(home.path),
        "log": f"runs/{record.name}.log.jsonl",
    }
    if steps := details.get("steps"):
        n_reused = sum(bool(step["reused"]) for step in steps.values())
        facts["steps"] = f"{len(steps) - n_reused} computed, {n_reused} reused"
    if rows := details.get("rows"):
        facts["tables"] = f"{len(rows)} with {sum(rows.values()):,} rows"
    lines += ["| | |", "|---|---|"]
    lines += [f"| {name} | {_cell(value)} |" for name, value in facts.items() if value]
    if error := details.get("error"):
        lines += ["", *fenced(str(error)), "", "The published file is the last good one."]
    if snapshots := details.get("snapshots"):
        lines += ["", "| source | bytes |", "|---|---|"]
        lines += [f"| {slug} | {name} |" for slug, name in snapshots.items()]
    if changes := details.get("changes"):
        lines += ["", Path(changes).read_text("utf-8").replace("# ", "### ", 1)]
    lines += ["", "`asymmetry status` says what wants attention, `asymmetry history` what ran."]
    return "\n".join(lines)


def _replaced(details: Mapping[str, Any]) -> object:
    replaced = details.get("replaced")
    return None if replaced == details.get("build_id") else replaced


def _rows_of_steps(steps: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "step": name,
            "rows": sum(step["rows"].values()),
            "seconds": step["seconds"],
            "result": "reused" if step["reused"] else "computed",
        }
        for name, step in steps.items()
    ]


def show_validation(warehouse: Path) -> None:
    """Shows how the gates of the published build went: rules by stage, and those that warn."""
    with read_published(warehouse) as connection:
        by_stage = rules_by_stage(connection)
        warnings = broken_rules(connection, "warning")
    rows: list[dict[str, Any]] = [
        {
            "gate": stage.stage,
            "tables": stage.n_tables,
            "rules": stage.n_rules,
            "broken": stage.n_broken,
            "detail": "",
        }
        for stage in by_stage
    ]
    rows += [
        {
            "gate": broken.table,
            "tables": 1,
            "rules": 1,
            "broken": broken.n_failed,
            "detail": _cell(f"{broken.rule}: {broken.first_key}"),
        }
        for broken in warnings
    ]
    create_table_artifact(rows, key="validation", description="Rules evaluated, and warnings")


def show_failed_gate(error: GateFailedError) -> None:
    """Shows the rules that stopped a build."""
    rows = [
        {
            "gate": result.table,
            "severity": result.severity,
            "rule": result.expectation,
            "rows": result.n_failed,
            "of": result.n_evaluated,
            "first": _cell(str(result.sample[0]) if result.sample else ""),
            "why": result.why,
        }
        for report in error.reports
        for result in report.failures
    ]
    create_table_artifact(rows, key="validation", description="Rules that stopped the build")


def _cell(text: str) -> str:
    short = text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]} …"
    return in_markdown(short.replace("\n", " "))


class ShownProgress:
    """A progress bar on the server, made and moved at most every two seconds.

    What is over sooner shows none: an artifact costs a request.

    Args:
        key: Of the artifact.
        description: What makes progress.
    """

    def __init__(self, key: str, description: str) -> None:
        self._key, self._description = key, description
        self._artifact: UUID | None = None
        self._last = time.monotonic()

    def move(self, share: float) -> None:
        """Shows how far it is, 0 to 1, unless that was shown just now."""
        if share < 1 and time.monotonic() - self._last < _SECONDS_BETWEEN:
            return
        percent = round(100 * share, 1)
        if self._artifact is not None:
            update_progress_artifact(self._artifact, percent)
        elif share < 1:
            made = create_progress_artifact(percent, self._key, self._description)
            self._artifact = made if isinstance(made, UUID) else None
        self._last = time.monotonic()
