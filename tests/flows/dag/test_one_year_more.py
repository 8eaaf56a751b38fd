"""Every core table and mart is built when a source runs on after all others have ended.

A release moves its own end and no other's. Each source of the simulated world is given rows that
are later than the list of states, alone and together with all others; steps and gates must keep
them, and nothing that was in force may have ended.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from expectations.gate.failures import raise_if_stopped
from expectations.gate.run import run_gate
from expectations.registry import suite_for
from flows.dag import STEPS, Step
from flows.engine.compute import function_at
from flows.engine.coverage import coverages, dated_columns
from flows.engine.reference import read_reference
from flows.engine.table_coverage import TableCoverage, coverage_of_tables
from flows.engine.table_shape import shape_of
from flows.fetch.archives import extract
from flows.fetch.layout_checks import limits_of
from flows.home.covariates import read_covariates
from flows.sample.write import PATHS
from flows.sources import load_declarations
from tests.flows.dag.later_rows import ALL, LATER, Tables, one_year_more
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts
from warehouse.load.marts import run_mart


class World:
    """Staged tables of the simulated world, and what steps make of them; each once."""

    def __init__(self, files: Path, folder: Path) -> None:
        self.files, self.folder = files, folder
        self.made: dict[tuple[str, frozenset[str]], Tables] = {}

    def tables(self, later: frozenset[str]) -> Tables:
        """Everything up to the marts, with sources that run on.

        Raises:
            GateFailedError: A gate stops.
        """
        found: Tables = {}
        for step in STEPS:
            if step.stage != "metrics":
                found |= self._tables_of(step, later, found)
        return found

    def staged(self, slug: str, later: frozenset[str]) -> Tables:
        """A source's staged tables alone."""
        (step,) = (step for step in STEPS if step.source == slug)
        return self._tables_of(step, later, {})

    def _tables_of(self, step: Step, later: frozenset[str], found: Tables) -> Tables:
        key = (step.name, later & behind(step.name))
        if key not in self.made:
            self.made[key] = dict(self._make(step, later, found))
        return self.made[key]

    def _make(
        self, step: Step, later: frozenset[str], found: Tables
    ) -> Iterator[tuple[str, pl.DataFrame]]:
        made = self._run(step, later, found)
        for name, frame in made.items():
            rows = contracts()[name].conform(frame)
            report = run_gate(suite_for(name), rows, shape_of(name), dated=dated_columns(name))
            raise_if_stopped([report])
            yield name, rows

    def _run(self, step: Step, later: frozenset[str], found: Tables) -> Mapping[str, pl.DataFrame]:
        if step.source:
            declaration = load_declarations()[step.source]
            data = (self.files / PATHS[step.source]).read_bytes()
            members = (
                extract(data, declaration.members, limits_of(declaration))
                if declaration.file_format == "zip"
                else {"data": data}
            )
            module = import_module(step.modules[0])
            staged: Tables = module.stage(module.read(members)).tables
            return one_year_more(step.source, staged) if step.source in later else staged
        if step.stage == "marts":
            (name,) = step.outputs
            paths = {table: self.folder / f"{table}.parquet" for table in step.reads}
            for table, path in paths.items():
                found[table].write_parquet(path)
            return {name: run_mart(name, paths)}
        given: dict[str, Any] = {name: found[table] for name, table in step.tables.items()}
        given |= {name: read_reference(of) for name, of in step.references.items()}
        given |= {name: read_covariates(None) for name in step.user_files}
        if step.coverage:
            given["coverage"] = coverages(step.coverage)
        outcome: StepResult = function_at(str(step.function))(**given)
        return outcome.tables


@cache
def behind(name: str) -> frozenset[str]:
    """The sources that a step rests on."""
    (step,) = (step for step in STEPS if step.name == name)
    makers = {table: s.name for s in STEPS for table in s.outputs}
    found = {slug for table in step.reads for slug in behind(makers[table])}
    return frozenset(found | ({step.source} if step.source else set()))


@pytest.fixture(scope="module")
def world(sample_world: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(sample_world, tmp_path_factory.mktemp("marts"))


def load(connection: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    """Creates the tables in a database."""
    for name, frame in tables.items():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name.split('.')[0]}")
        connection.register("incoming", frame.to_arrow())
        connection.execute(f"CREATE TABLE {name} AS FROM incoming")


def broken_rules(tables: Tables) -> list[tuple[str, str, int]]:
    """Critical rules across tables that do not hold."""
    found = []
    with duckdb.connect(":memory:") as connection:
        load(connection, tables)
        for name in tables:
            for rule in suite_for(name).rules:
                if rule.severity == "critical":
                    n = connection.sql(rule.sql).aggregate("count(*)").fetchall()[0][0]
                    found += [(name, rule.name, int(n))] if n else []
    return found


MOST_RESTS_ON = ("atop", "cow_states", "gdp", "un_ideal_points", "un_votes", "undl_votes")
ODD, EVEN = (frozenset(sorted(ALL)[k::2]) for k in range(2))
RUNS = [
    pytest.param(ALL, id="all"),
    pytest.param(ODD, id="the others end"),
    pytest.param(EVEN, id="these end"),
    *(
        pytest.param(
            frozenset({slug}),
            id=slug,
            marks=[] if slug in MOST_RESTS_ON else [pytest.mark.soak],
        )
        for slug in sorted(ALL)
    ),
]


@pytest.mark.parametrize("later", RUNS)
def test_steps_and_gates_keep_what_runs_on(world: World, later: frozenset[str]) -> None:
    before, after = world.tables(frozenset()), world.tables(later)
    assert broken_rules(after) == []
    for name, table in after.items():
        assert table.height >= before[name].height, f"{name} has lost rows"
    exits = after["core.votes"].filter(sovereignty_reason="un_member_after_cow_exit")
    assert (
        exits.height
        == before["core.votes"].filter(sovereignty_reason="un_member_after_cow_exit").height
    )


YEARLY = {
    "cow_capabilities": "core.capabilities",
    "gdp": "core.gdp",
    "sipri_milex": "core.military_expenditure",
    "un_ideal_points": "core.ideal_points_published",
    "us_troops": "core.us_troops",
}


@pytest.mark.parametrize(("slug", "table"), YEARLY.items())
def test_a_figure_of_2025_is_that_of_a_member_carried_forward(
    world: World, slug: str, table: str
) -> None:
    alone, together = world.tables(frozenset({slug})), world.tables(ALL)
    rows = alone[table].filter(year=LATER)
    assert rows.height > 20
    assert rows["is_membership_carried_forward"].all()
    assert not alone[table].filter(pl.col("year") < LATER)["is_membership_carried_forward"].any()
    # with a list that goes on to 2025, the same rows rest on the list
    assert together[table].filter(year=LATER).height == rows.height
    listed = together[table].filter(pl.col("year") <= LATER)
    assert not listed["is_membership_carried_forward"].any()
    years = alone["marts.state_year"].filter(year=LATER)
    assert years["is_membership_carried_forward"].all()
    assert years.height == alone["core.states"]["is_in_system_at_source_end"].sum()


@pytest.mark.parametrize("slug", ["un_votes", "undl_votes"])
def test_votes_of_session_80_are_those_of_sovereign_members(world: World, slug: str) -> None:
    tables = world.tables(frozenset({slug}))
    votes = tables["core.votes"].filter(session=80)
    assert votes.height > 500
    assert votes["is_sovereign"].all()
    assert votes["is_membership_carried_forward"].all()
    sessions = tables["marts.state_session"].filter(session=80)
    assert sessions.height == tables["core.states"]["is_in_system_at_source_end"].sum()
    assert sessions["is_membership_carried_forward"].all()
    # the tier of dated treaties is known, that of ATOP is not
    assert sessions.filter(pl.col("ccode") != 2)["tier_core"].null_count() == 0
    assert sessions["tier_atop"].null_count() == sessions.height
    assert tables["core.dyad_sessions"].filter(session=80).height > 0


def test_an_alliance_in_force_at_the_end_has_not_ended(world: World) -> None:
    before, after = world.tables(frozenset()), world.tables(frozenset({"atop"}))
    open_before = before["core.alliances"].filter("in_force_at_source_end")
    open_after = after["core.alliances"].filter("in_force_at_source_end")
    assert open_after.height == open_before.height - 1
    assert set(open_before["year_to"]) == {2018}
    assert set(open_after["year_to"]) == {2019}
    assert before["marts.alliance_year"].filter(year=2018)["n_exited"].sum() == 0
    owed = after["core.obligations"].filter(year=2019)
    assert set(owed["in_force_to"].drop_nulls()) == {date(2019, 6, 30)}
    assert owed["in_force_to"].null_count() > 0
    assert set(before["core.obligations"].filter(year=2018)["in_force_to"].drop_nulls()) == set()


def covered(tables: Tables) -> dict[str, TableCoverage]:
    """`meta.coverage` of these tables."""
    with duckdb.connect(":memory:") as connection:
        load(connection, tables)
        steps = [step for step in STEPS if step.stage != "metrics"]
        return {row.table_name: row for row in coverage_of_tables(connection, steps)}


def test_each_table_says_to_when_it_goes_and_why(world: World) -> None:
    found = covered(world.tables(frozenset()))
    said = {name: (row.covered_to, row.end_reason, row.ends_with) for name, row in found.items()}
    assert said["core.alliances"] == (2018, "source_ends", "atop")
    assert said["core.obligations"] == (2018, "needs core.alliance_members to 2018", "atop")
    assert said["core.states"] == (2024, "source_ends", "cow_states")
    assert said["core.major_powers"] == (2016, "source_ends", "major_powers")
    assert said["core.votes"] == (76, "source_ends", "undl_votes")
    assert said["marts.ally_tier"] == (
        *(2026, "needs core.treaty_allies to 2026", "us_defence_treaties"),
    )
    assert said["core.covariates"] == (2024, "needs core.regimes to 2024", "vdem")
    assert said["staging.stg_undl_votes__votes"] == (None, None, None)
    assert found["core.major_powers"].carried_forward_from == 2017
    assert found["marts.ally_tier"].carried_forward_from == 2025
    assert found["core.gdp"].carried_forward_from is None
    assert found["core.alliances"].sentence == "Covers: 1866 to 2018, the end of its source (atop)."
    assert set(found) == {t for step in STEPS if step.stage != "metrics" for t in step.outputs}


def test_a_source_that_runs_on_takes_what_rests_on_it_along(world: World) -> None:
    found = covered(world.tables(frozenset({"gdp", "undl_votes"})))
    gdp, years = found["core.gdp"], found["marts.state_year"]
    assert (gdp.covered_to, gdp.end_reason, gdp.carried_forward_from) == (
        *(LATER, "source_ends", LATER),
    )
    assert (years.covered_to, years.carried_forward_from) == (LATER, LATER)
    assert found["core.dyad_sessions"].covered_to == 80
    assert found["core.dyad_sessions"].carried_forward_from == 80
    assert found["core.obligations"].covered_to == 2018


@pytest.mark.parametrize("slug", sorted(ALL))
def test_every_source_is_given_later_rows(world: World, slug: str) -> None:
    before, after = world.staged(slug, frozenset()), world.staged(slug, frozenset({slug}))
    assert before.keys() == after.keys()
    assert any(not after[table].equals(before[table]) for table in before)
