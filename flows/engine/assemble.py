"""Finished steps → one database file, with its metadata and the rules across tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from expectations.gate.results import GateReport
from flows.engine.build_identity import PlannedBuild, computing_libraries
from flows.engine.code_version import code_version
from flows.engine.cross_rules import has_all
from flows.engine.reference import read_reference, reference_file
from flows.engine.store import FinishedStep
from flows.engine.table_coverage import coverage_frame, coverage_of_tables
from flows.fetch.snapshot_record import Snapshot
from flows.home.release_records import Comparison
from flows.sources import load_declarations
from warehouse.contracts.comments import comment_on_table, comment_on_view
from warehouse.contracts.dictionary import dictionary_rows, view_rows
from warehouse.contracts.read import contracts
from warehouse.db import Connection
from warehouse.load.macros import create_macros
from warehouse.load.tables import create_schemas, load_files, load_table
from warehouse.load.views import view_sql

_DICTIONARY = "meta.dictionary"
_STATES = "core.states"  # which the macros read


@dataclass(frozen=True)
class Build:
    """What a build is made of.

    Attributes:
        planned: Its id, parameters and steps.
        profile: `sample`, `mirror` or `live`.
        snapshots: Slug to snapshot.
        comparisons: What its new snapshots have lost or changed against the published ones.
        nothing_compared: What `meta.releases` says of the others, where it has no earlier row:
            `no_earlier_release` or `not_compared`.
    """

    planned: PlannedBuild
    profile: str
    snapshots: Mapping[str, Snapshot]
    comparisons: tuple[Comparison, ...] = ()
    nothing_compared: str = "no_earlier_release"

    @property
    def build_id(self) -> str:
        """SHA-256 (`flows.engine.build_identity`)."""
        return self.planned.build_id

    @property
    def is_simulated(self) -> bool:
        """Whether any source is simulated, whatever the profile is called."""
        return any(s.is_simulated for s in self.snapshots.values())


def load_tables(
    connection: Connection,
    build: Build,
    finished: Mapping[str, FinishedStep],
) -> dict[str, int]:
    """Creates and fills every table and view of the build.

    Args:
        connection: Connection to a new build file.
        build: The build.
        finished: Step name to finished step.

    Returns:
        Full table name to number of rows.
    """
    create_schemas(connection)
    files = [
        (contracts()[table], finished[name].table(table))
        for name, planned in build.planned.steps.items()
        for table in planned.step.outputs
    ]
    return load_files(connection, files)


def write_metadata(
    connection: Connection,
    build: Build,
    finished: Mapping[str, FinishedStep],
    rules: Sequence[GateReport],
    *,
    earlier_builds: pl.DataFrame,
    releases: pl.DataFrame,
) -> None:
    """Fills `meta.*` and creates the views.

    Args:
        connection: Connection to the build file.
        build: The build.
        finished: Step name to finished step.
        rules: Results of the rules across tables.
        earlier_builds: Rows of `meta.builds` of the published file, possibly none.
        releases: Rows of `meta.releases` (`flows.engine.release_rows`).
    """
    steps = [finished[name] for name in build.planned.steps]
    covered = coverage_of_tables(connection, (p.step for p in build.planned.steps.values()))
    frames = {
        "meta.builds": _builds(build, earlier_builds),
        "meta.sources": _sources(),
        "meta.snapshots": _snapshots(build),
        "meta.releases": releases,
        "meta.lineage": _lineage(build),
        "meta.validation_results": pl.concat(
            [s.validation() for s in steps] + [r.validation for r in rules]
        ),
        "meta.row_losses": pl.concat([s.losses() for s in steps]),
        "meta.quarantine": pl.concat(
            [s.quarantine() for s in steps] + [r.quarantine for r in rules]
        ),
        "meta.coverage": coverage_frame(covered),
        "meta.state_names": _state_names(),
    }
    connection.execute("BEGIN")  # one commit, which waits for the disk, and not one a comment
    for table, frame in frames.items():
        _load_metadata(connection, table, frame)
    for row in covered:
        comment_on_table(connection, contracts()[row.table_name], row.sentence)
    there = {table for p in build.planned.steps.values() for table in p.step.outputs} | set(frames)
    for view, sql in view_sql().items():
        if has_all(sql, there):
            connection.execute(sql)
            comment_on_view(connection, view)
    if _STATES in there:
        create_macros(connection)
    covers = {row.table_name: row.in_short for row in covered if row.in_short}
    described = [contracts()[table] for table in contracts() if table in {*there, _DICTIONARY}]
    dictionary = dictionary_rows(described, covers, view_rows(connection))
    _load_metadata(connection, _DICTIONARY, dictionary)
    connection.execute("COMMIT")


def _load_metadata(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    load_table(connection, contracts()[table], frame)
    comment_on_table(connection, contracts()[table])


def _builds(build: Build, earlier: pl.DataFrame) -> pl.DataFrame:
    row = pl.DataFrame(
        {
            "build_id": [build.build_id],
            "profile": [build.profile],
            "is_simulated": [build.is_simulated],
            "built_at": [datetime.now(UTC).replace(tzinfo=None, microsecond=0)],
            "code_version": [code_version()],
            "library_versions": [json.dumps(dict(computing_libraries()))],
            "parameters": [json.dumps(dict(build.planned.parameters), sort_keys=True)],
            "is_current": [True],
        },
        schema=contracts()["meta.builds"].polars_schema,
    )
    if earlier.is_empty():
        return row
    kept = earlier.filter(pl.col("build_id") != build.build_id)
    return pl.concat([row, kept.with_columns(is_current=pl.lit(False)).select(row.columns)])


def _sources() -> pl.DataFrame:
    names = [c.name for c in contracts()["meta.sources"].columns]
    rows = [{n: getattr(d, n) for n in names} for d in load_declarations().values()]
    return pl.DataFrame(rows, schema=contracts()["meta.sources"].polars_schema)


def _state_names() -> pl.DataFrame:
    names: pl.DataFrame = read_reference("state_names")
    return names.with_columns(pl.col("ccode").cast(pl.Int16))


def _snapshots(build: Build) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "slug": slug,
                "snapshot_id": s.snapshot_id,
                "sha256": s.sha256,
                "n_bytes": s.n_bytes,
                "url": s.url,
                "fetched_via": s.via,
                "is_simulated": s.is_simulated,
                "fetched_at": datetime.fromisoformat(s.fetched_at)
                .astimezone(UTC)
                .replace(tzinfo=None),
            }
            for slug, s in build.snapshots.items()
        ]
    )


def _lineage(build: Build) -> pl.DataFrame:
    rows = []
    for planned in build.planned.steps.values():
        step = planned.step
        inputs = [("table", t) for t in step.reads]
        inputs += [
            ("reference", f"transforms/reference/{reference_file(name)}")
            for name in step.references.values()
        ]
        inputs += [("user_file", f"covariates/{of}.csv") for of in planned.user_files.values()]
        if step.source:
            inputs.append(("snapshot", build.snapshots[step.source].snapshot_id))
        rows += [
            {
                "table_name": table,
                "input_kind": kind,
                "input_name": name,
                "step": step.name,
                "step_hash": planned.step_hash,
            }
            for table in step.outputs
            for kind, name in dict.fromkeys(inputs)
        ]
    return pl.DataFrame(rows)
