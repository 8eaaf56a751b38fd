"""A toy source, by the checklist: diplomatic missions by state and year, invented."""

from tests.contributing.pieces import Lines, NewFile, Toy

DECLARATION = """\
slug: embassies
title: Missions abroad
publisher: Nobody
version: "1"
url: https://example.org/data/embassies.csv
landing_page: https://example.org/embassies
citation: Nobody. 2026. Missions abroad, an invented source. Example.
bibtex_key: nobody_2026
terms: Free for any use, since it is invented.
accessed: "2026-11-29"
file_format: csv
members: {data: null}
header_starts_with: {data: [state, year, missions]}
min_bytes: 100
max_size_change_share: 0.5
coverage: {unit: year, from: 1950, to: last_in_data, dated_by: {entity_years: [year]}}
cadence_days: 90
discover: {kind: none, why: an invented source has no releases}
"""
SIMULATED = '''\
"""Missions abroad, in the publisher's columns."""

from flows.sample.files.formats import Cell, csv_bytes
from flows.sample.model.simulation import Simulation

YEARS = range(1950, 2020, 10)


def simulated_file(simulation: Simulation) -> bytes:
    """Writes one row per state and decade of membership; unknown for the smallest codes."""
    rows: list[list[Cell]] = [
        [state.ccode, year, "NA" if state.ccode < 20 else 10 + state.ccode % 40]
        for state in simulation.world.states
        for year in YEARS
        if state.in_system_year(year)
    ]
    return csv_bytes(["state", "year", "missions"], rows)
'''
STAGING = '''\
"""`staging.stg_embassies__state_years`: missions abroad by state and year."""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_one_table, rename_columns
from transforms.step_result import StepResult

RAW = "raw.embassies__state_years"
STAGED = "staging.stg_embassies__state_years"
COLUMNS = {"state": "ccode_source", "year": "year", "missions": "n_missions"}


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV; every cell a string."""
    return read_one_table(files, source="embassies", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns; NA is NULL."""
    types = {"state": pl.Int16, "year": pl.Int16, "missions": pl.Int32}
    cells = cast_cells(raw[RAW], types, table=RAW, missing=["NA"])
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
'''
RAW_SUITE = '''\
"""Raw gate of missions abroad: columns, rows and codes of the file."""

from expectations.raw_cells import COW_CODE, cells_match, raw_suite
from expectations.suite import columns_exactly, row_count_between

SUITES = (
    raw_suite(
        "raw.embassies__state_years",
        ("state", "year"),
        columns_exactly(("state", "year", "missions"), "the columns of the file"),
        row_count_between(10, 10_000, "every state and decade"),
        cells_match("state", COW_CODE, "a COW code"),
    ),
)
'''
STAGED_SUITE = '''\
"""What must hold of missions once they are typed."""

from expectations.suite import Suite, rows_satisfy

SUITES = (
    Suite(
        table="staging.stg_embassies__state_years",
        expectations=(
            rows_satisfy("a_state_has_missions", "n_missions > 0", "a state without any is NULL"),
        ),
    ),
)
'''
FIELDS = """\
n_missions:
  type: int32
  description: Missions abroad.
  unit: missions
  min: 0
  null_when: where the source does not know
"""
CONTRACT = """\
table: staging.stg_embassies__state_years
title: Missions abroad, staged
grain: one row per state and year
key: [ccode_source, year]
sources: [embassies]
description: The published table with columns renamed and cast.
columns: [ccode_source, year, n_missions]
"""
TEST = """\
from transforms.staging.embassies import RAW, STAGED, read, stage

FILE = b"state,year,missions\\n2,1950,NA\\n20,1950,30\\n"


def test_cells_are_typed_and_na_is_null():
    raw = read({"data": FILE})
    assert raw[RAW].rows() == [("2", "1950", "NA"), ("20", "1950", "30")]
    assert stage(raw).tables[STAGED].rows() == [(2, 1950, None), (20, 1950, 30)]
"""

TOY = Toy(
    kind="source",
    names={"slug": "embassies", "entity": "state_years", "topic": "embassies"},
    pieces={
        "flows/sources/<slug>.yml": NewFile(DECLARATION),
        "flows/sample/files/<slug>.py": NewFile(SIMULATED),
        "transforms/staging/<slug>.py": NewFile(STAGING),
        "expectations/raw/<slug>.py": NewFile(RAW_SUITE),
        "expectations/staged/<slug>.py": NewFile(STAGED_SUITE),
        "warehouse/contracts/fields/<topic>.yml": NewFile(FIELDS),
        "warehouse/contracts/staging/stg_<slug>__<entity>.yml": NewFile(CONTRACT),
        "flows/dag/staging.py": Lines(
            r"^STAGED = \(\n", '    staged_step("embassies", "read and cast missions abroad"),\n'
        ),
        "prefect.yaml": Lines(r"sources: \[.*us_troops, gdp", ", embassies"),
        "DATA_LICENSES.md": Lines(
            r"^\| `gdp` \|.*\n", "| `embassies` | Nobody | free: it is invented | yes |\n"
        ),
        "tests/transforms/staging/test_<slug>.py": NewFile(TEST),
        "CHANGELOG.md": Lines(r"^## Unreleased\n", "\n* The source `embassies`.\n"),
    },
)
