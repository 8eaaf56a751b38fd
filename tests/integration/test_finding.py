"""Finding one's way in a published file: search, names, hints, lineage, differences."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.processes import asymmetry
from warehouse.contracts.read import contracts

WITHOUT_A_COMMENT = """
    SELECT schema_name, table_name FROM duckdb_tables() WHERE coalesce(comment, '') = ''
    UNION ALL
    SELECT schema_name, view_name FROM duckdb_views()
    WHERE NOT internal AND coalesce(comment, '') = ''
    UNION ALL
    SELECT table_name, column_name FROM duckdb_columns()
    WHERE NOT internal AND coalesce(comment, '') = '' AND NOT ends_with(table_name, '__stored')
    UNION ALL
    SELECT schema_name, function_name FROM duckdb_functions()
    WHERE NOT internal AND coalesce(comment, '') = ''
"""


def test_nothing_in_the_file_is_without_a_comment(sample_home: Any) -> None:
    assert sample_home.rows(WITHOUT_A_COMMENT) == []


def test_macros_answer_in_a_plain_connection(sample_home: Any) -> None:
    asked = "SELECT ccode_of('United States'), ccode_of('Польша'), state_name(290)"
    with pytest.raises(duckdb.Error, match="no state has that name"):
        sample_home.rows("SELECT ccode_of('Narnia')")
    assert sample_home.rows(asked.replace("'Польша'", "'POL'")) == [(2, 290, "Poland")]
    assert sample_home.rows("SELECT DISTINCT state_name FROM countries WHERE ccode = 2") == [
        ("United States of America",)
    ]


def test_the_dictionary_has_views_units_codes_and_coverage(sample_home: Any) -> None:
    sql = "SELECT unit, code_meanings, null_rule, covers FROM meta.dictionary WHERE table_name = ?"
    with duckdb.connect(str(sample_home.warehouse), read_only=True) as connection:
        rows = connection.execute(sql, ["core.votes"]).fetchall()
        views = connection.execute(
            "SELECT DISTINCT table_name FROM meta.dictionary WHERE relation_kind = 'view'"
        ).fetchall()
        shown = connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
        ).fetchall()
    assert sorted(views) == sorted(shown)
    codes = next(c.codes for c in contracts()["core.votes"].columns if c.name == "choice") or {}
    assert any(row[1] and all(f"{code} = " in row[1] for code in codes) for row in rows)
    assert {row[3] for row in rows} != {None}


def test_every_view_has_the_name_of_each_state_that_it_has_the_code_of(sample_home: Any) -> None:
    rows = sample_home.rows(
        "SELECT table_name, list(column_name) FROM meta.dictionary"
        " WHERE relation_kind = 'view' GROUP BY 1"
    )
    for view, columns in rows:
        codes = [c for c in columns if "ccode" in c]
        names = [c for c in columns if c.endswith("_name") or c == "leader"]
        assert len(names) >= len(codes), (view, codes, names)


def test_search_ranks_names_before_descriptions(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "tables", "--search", "trade", "--json")
    names = [row["name"] for row in json.loads(done.stdout)]
    assert names[0] == "core.trade"
    assert "core.covariates.trade_share" in names
    by_words = asymmetry(sample_home.home, "tables", "--search", "military expenditure", "--json")
    assert json.loads(by_words.stdout)[0]["name"] == "core.military_expenditure"
    assert asymmetry(sample_home.home, "tables", "--search", "xyzzy").returncode == 1


@pytest.mark.parametrize(
    ("sql", "code", "hint"),
    [
        ("SELECT * FROM core.vots", 2, "core.votes"),
        ("SELECT agrement FROM metrics.vote_similarity", 2, "Near: agreement"),
        ("SELECT cinc FROM core.votes", 2, "cinc is a column of"),
        (
            "SELECT 1 FROM voting_partners WHERE state_name = 'United States'",
            0,
            "Near: United States of America",
        ),
        ("SELECT 1 FROM core.states WHERE ccode = -1", 0, ""),
    ],
)
def test_a_name_that_finds_nothing_gets_a_hint(
    sample_home: Any, sql: str, code: int, hint: str
) -> None:
    done = asymmetry(sample_home.home, "query", sql)
    assert done.returncode == code
    assert hint in done.stdout + done.stderr


def test_lineage_leads_back_to_the_bytes(sample_home: Any, tmp_path: Path) -> None:
    done = asymmetry(sample_home.home, "lineage", "metrics.vote_similarity", "--json")
    inputs = json.loads(done.stdout)["inputs"]
    reached, waiting = set(), ["metrics.vote_similarity"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += [of for of in inputs.get(name, ()) if of not in reached]
    assert {"core.votes", "staging.stg_un_votes__votes"} <= reached
    assert any(name.startswith("snapshot un_votes.") for name in reached)
    for ending, begins in ((".svg", "<svg"), (".mmd", "flowchart LR"), (".dot", "digraph")):
        path = tmp_path / f"lineage{ending}"
        drawn = asymmetry(sample_home.home, "lineage", "claims", "--output", str(path))
        assert drawn.returncode == 0
        assert path.read_text("utf-8").startswith(begins)
        assert "metrics.claim_verdict" in path.read_text("utf-8")


def test_a_column_is_followed_to_where_it_is_computed(sample_home: Any) -> None:
    name = asymmetry(sample_home.home, "lineage", "marts.state_session.state_name").stdout
    assert "core.states" in name
    agreement = asymmetry(sample_home.home, "lineage", "metrics.vote_similarity.agreement").stdout
    assert "computed there, of core.roll_calls" in agreement
    for wrong, near in (("core.vots", "core.votes"), ("core.votes.choise", "choice")):
        done = asymmetry(sample_home.home, "lineage", wrong)
        assert done.returncode == 2
        assert near in done.stderr


def test_diff_counts_what_differs_between_two_files(sample_home: Any, tmp_path: Path) -> None:
    same = asymmetry(sample_home.home, "diff", "published", "published")
    assert "every table holds the same rows" in same.stdout
    other = tmp_path / "other.duckdb"
    other.write_bytes(sample_home.warehouse.read_bytes())
    with duckdb.connect(str(other)) as connection:
        connection.execute("UPDATE core.gdp SET gdp_usd = gdp_usd + 1 WHERE ccode = 2")
        connection.execute(
            "UPDATE meta.lineage SET step_hash = 'another' WHERE table_name = 'core.gdp'"
        )
    done = asymmetry(sample_home.home, "diff", str(other), "published", "--json")
    (table,) = json.loads(done.stdout)
    assert (table["table"], table["added"], table["removed"]) == ("core.gdp", 0, 0)
    assert table["figures"]["gdp_usd"] == table["changed"] > 0
    assert asymmetry(sample_home.home, "diff", "nobody").returncode == 2
