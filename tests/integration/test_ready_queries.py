"""Every ready query answers on the simulated world; the verb lists, asks and prints them."""

import json
from pathlib import Path

import pytest

from tests.built_homes import BuiltHome
from tests.processes import asymmetry, asymmetry_process
from tests.ready_queries import QUERIES, check_answer
from warehouse.catalog.ready_queries import ReadyQuery


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_it_answers(query: ReadyQuery, sample_home: BuiltHome) -> None:
    check_answer(query, sample_home)


def test_the_verb_lists_and_asks_them(sample_home: BuiltHome) -> None:
    listed = asymmetry(sample_home.home, "queries").stdout
    assert all(f"{query.name} " in listed for query in QUERIES)
    asked = asymmetry(sample_home.home, "queries", "closest_partners", "--limit", "3")
    assert "SIMULATED" in asked.stderr
    assert "Caveat: Ranks within a session only." in asked.stdout
    assert "first 3 of 10 rows" in asked.stdout


def test_what_it_prints_is_what_query_reads(sample_home: BuiltHome) -> None:
    sql = asymmetry(sample_home.home, "queries", "closest_partners", "--sql").stdout
    csv = asymmetry(sample_home.home, "query", "-", "--format", "csv", stdin=sql).stdout
    assert len(csv.splitlines()) == 11


def test_answers_and_the_list_are_for_programs_too(sample_home: BuiltHome, tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    asymmetry(sample_home.home, "queries", "closest_partners", "--output", str(file))
    assert len(file.read_text("utf-8").splitlines()) == 11
    rows = json.loads(asymmetry(sample_home.home, "queries", "closest_partners", "--json").stdout)
    assert rows[0].keys() >= {"session", "partner_name", "n_joint"}
    listed = json.loads(asymmetry(sample_home.home, "queries", "--json").stdout)
    assert {entry["name"] for entry in listed} == {query.name for query in QUERIES}


def test_an_unknown_name_is_wrong_usage(sample_home: BuiltHome) -> None:
    done = asymmetry_process(sample_home.home, "queries", "close_partners")
    assert done.returncode == 2
    assert "closest_partners" in done.stderr
