"""From a published row back to lines of publishers' files, in a build of the simulated world."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.cli.options import Form
from flows.cli.row_lineage import print_rows_of
from flows.home.paths import Home
from flows.operations.row_lineage import file_rows
from flows.rederivation.derived import RawFile
from flows.rederivation.places import PUBLISHED, places_of
from tests.built_homes import BuiltHome
from warehouse.catalog.row_lineage import RowLineage, row_lineage_of
from warehouse.catalog.row_links import DECLARED, ROW_BY_ROW
from warehouse.contracts.read import contracts

TABLES = [name for name in contracts() if not name.startswith("meta.")]
EMPTY = "metrics.support_returns_score"
"""Has no row in the simulated world, in which support returns nothing."""


@pytest.fixture(scope="module")
def connection(sample_home: BuiltHome) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(sample_home.warehouse), read_only=True) as opened:
        yield opened


def a_row(connection: duckdb.DuckDBPyConnection, table: str, where: str = "true") -> dict[str, str]:
    """The key of a row in the middle of a table, as text."""
    key = contracts()[table].key
    of = f"SELECT {', '.join(key)} FROM {table} WHERE {where} ORDER BY {', '.join(key)}"
    rows = connection.execute(of).fetchall()
    return dict(zip(key, map(str, rows[len(rows) // 2]), strict=True))


def followed(
    connection: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, str], shown: int = 2
) -> RowLineage:
    found = row_lineage_of(connection, table, row, shown=shown)
    assert found is not None
    assert found.n_asked == 1
    return found


def test_every_staged_table_says_what_its_key_is_called() -> None:
    staged = {t.partition(".")[2]: contracts()[t] for t in TABLES if t.startswith("staging.")}
    assert set(PUBLISHED) == set(staged)
    for name, published in PUBLISHED.items():
        left = set(staged[name].key) - set(published.columns)
        # the sheet and the year are places in a workbook; a name goes with its code
        assert left <= {"sheet", "year"} if published.slug == "sipri_milex" else not left, name


def test_what_is_declared_is_there() -> None:
    assert {table for pair in DECLARED for table in pair} <= set(TABLES)
    assert set(TABLES) >= ROW_BY_ROW


@pytest.mark.parametrize("table", [t for t in TABLES if t != EMPTY])
def test_a_row_of_every_table_leads_to_snapshots(
    connection: duckdb.DuckDBPyConnection, sample_home: BuiltHome, table: str
) -> None:
    found = followed(connection, table, a_row(connection, table))
    files = file_rows(connection, Home.at(sample_home.home), found)
    assert files
    assert {f"snapshot {one.snapshot_id}" for one in files} <= set(found.tables.addresses)
    for one in files:
        assert one.url.startswith("http")
        assert len(one.sha256) == 64
        assert one.is_whole or all(one.rows.values()), f"{one.table} has rows without a place"
    is_estimate = table.startswith("metrics.") and table not in ROW_BY_ROW
    assert all(one.is_all for one in found.direct.values()) or not is_estimate
    if table in ROW_BY_ROW:
        assert any(0 < one.n_rows < one.n_all for one in found.direct.values())


def test_a_table_without_rows_has_nothing_to_follow(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = row_lineage_of(connection, EMPTY, {}, shown=1)
    assert found is not None
    assert (found.n_asked, found.asked) == (0, ())


def test_a_name_with_a_comma_does_not_hide_a_line(tmp_path: Path) -> None:
    path = tmp_path / "gdp.csv"
    rows = 'Albania,ALB,1995,1\n"Korea, Rep.",KOR,1995,2\n"Korea, Rep.",KOR,1996,3\n'
    path.write_text(f"Country Name,Country Code,Year,Value\n{rows}")
    wanted = [{"entity_code": code, "year": 1995} for code in ("KOR", "ALB", "XXX")]
    places = places_of("staging.stg_gdp__entity_years", wanted, RawFile("gdp", path))
    assert places == [("line 3",), ("line 2",), ()]


def keys_of(found: RowLineage, table: str) -> set[tuple[Any, ...]]:
    return {tuple(key.values()) for key in found.direct[table].keys}


def test_the_votes_of_a_pair_are_those_that_its_agreement_counts(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    row = a_row(connection, "metrics.vote_similarity", "vote_set = 'final_only' AND n_joint > 20")
    found = followed(connection, "metrics.vote_similarity", row, shown=10_000)
    one, other, session = row["ccode1"], row["ccode2"], row["session"]
    votes = connection.execute(
        f"""
        SELECT rcid, ccode FROM core.votes JOIN core.roll_calls AS r USING (rcid)
        WHERE r.session = {session} AND ccode IN ({one}, {other})
          AND choice IN ('yes', 'no', 'abstain')
          AND duplicate_of IS NULL AND NOT (year >= 1990 AND (coalesce(is_paragraph, false)
            OR coalesce(is_amendment, false)))
          AND (n_yes > 0)::INT + (n_abstain > 0)::INT + (n_no > 0)::INT > 1
        """
    ).fetchall()
    assert keys_of(found, "core.votes") == set(votes)
    both = {rcid for rcid, _ in votes if (rcid, int(one)) in votes and (rcid, int(other)) in votes}
    assert len(both) == found.asked[0]["n_joint"]


def test_the_members_of_an_alliance_are_those_that_its_asymmetry_counts(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    where = "variable = 'cinc' AND n_members > 3 AND null_reason IS NULL"
    row = a_row(connection, "metrics.capability_asymmetry", where)
    found = followed(connection, "metrics.capability_asymmetry", row, shown=10_000)
    members = {key[2] for key in keys_of(found, "core.alliance_members")}
    assert len(members) == found.asked[0]["n_members"]
    assert found.direct["core.capabilities"].n_rows == found.asked[0]["n_observed"]
    assert found.direct["core.gdp"].n_rows == 0
    ccodes = ", ".join(str(ccode) for ccode, _ in keys_of(found, "core.capabilities"))
    ((share,),) = connection.execute(
        f"SELECT max(cinc) / sum(cinc) FROM core.capabilities WHERE year = {row['year']}"
        f" AND ccode IN ({ccodes})"
    ).fetchall()
    assert share == pytest.approx(found.asked[0]["leader_share"], rel=1e-12)


def test_the_votes_behind_support_of_a_hegemon_are_all_sovereign_ones_of_its_roll_calls(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    where = "vote_class = 'popular' AND n_votes_of_class > 5 AND ccode_hegemon = 2"
    row = a_row(connection, "metrics.hegemon_support", where)
    found = followed(connection, "metrics.hegemon_support", row, shown=100_000)
    rows = connection.execute(
        f"""
        SELECT rcid, v.ccode FROM core.votes AS v JOIN core.roll_calls AS r USING (rcid)
        JOIN core.votes AS h USING (rcid)
        WHERE r.session = {row["session"]} AND in_final_only AND v.is_sovereign
          AND v.choice IN ('yes', 'no', 'abstain') AND h.ccode = 2 AND h.choice IN ('yes', 'no')
        """
    ).fetchall()
    assert keys_of(found, "core.votes") == set(rows)
    ours = {rcid for rcid, ccode in rows if ccode == int(row["ccode"])}
    classes = connection.execute(
        "SELECT sum(n_votes_of_class) FROM metrics.hegemon_support WHERE vote_class IN"
        f" ('popular', 'unpopular') AND ccode_hegemon = 2 AND ccode = {row['ccode']}"
        f" AND session = {row['session']}"
    ).fetchall()
    assert len(ours) == classes[0][0]


def test_an_obligation_rests_on_both_memberships(connection: duckdb.DuckDBPyConnection) -> None:
    row = a_row(connection, "core.obligations", "defense = 1")
    found = followed(connection, "core.obligations", row, shown=100)
    of = {key[:3] for key in keys_of(found, "core.alliance_members")}
    phase = found.asked[0]["phase"]
    states = (int(row["ccode_from"]), int(row["ccode_to"]))
    assert of == {(int(row["atopid"]), phase, state) for state in states}


def test_a_vote_is_found_on_its_line(
    connection: duckdb.DuckDBPyConnection, sample_home: BuiltHome
) -> None:
    row = a_row(connection, "core.votes", "source = 'un_votes' AND filled_from IS NULL")
    home = Home.at(sample_home.home)
    files = file_rows(connection, home, followed(connection, "core.votes", row))
    (of_votes,) = (one for one in files if one.table == "staging.stg_un_votes__votes")
    ((place,),) = of_votes.rows.values()
    (path,) = home.snapshots.glob("un_votes/un_votes.*/un_votes.csv")
    line = path.read_text("utf-8").splitlines()[int(place.removeprefix("line ")) - 1]
    assert line.split(",")[:2] == [row["rcid"], row["ccode"]]
    (of_roll_call,) = (one for one in files if one.table == "staging.stg_un_votes__roll_calls")
    assert place in next(iter(of_roll_call.rows.values()))


def test_no_line_is_named_of_a_file_that_was_changed(
    connection: duckdb.DuckDBPyConnection,
    sample_home: BuiltHome,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = Home.at(tmp_path)
    shutil.copytree(sample_home.home / "snapshots" / "gdp", home.snapshots / "gdp")
    (path,) = home.snapshots.glob("gdp/gdp.*/gdp.csv")
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(bytes(data))
    asked = [f"{name}={value}" for name, value in a_row(connection, "core.gdp").items()]
    for form in Form:
        with pytest.raises(SystemExit) as ended:
            print_rows_of(connection, home, "core.gdp", asked, n=2, form=form)
        assert ended.value.code == 1
        said = capsys.readouterr()
        assert "No line is named of a file that is damaged: snapshot gdp." in said.err
        assert "hashes to" in said.err
        assert "line " not in said.out.partition("snapshot gdp.")[2].partition("snapshot ")[0]


def test_the_screen_names_rows_snapshots_and_lines(
    connection: duckdb.DuckDBPyConnection,
    sample_home: BuiltHome,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home, row = Home.at(sample_home.home), a_row(connection, "core.gdp")
    asked = [f"{name}={value}" for name, value in row.items()]
    print_rows_of(connection, home, "core.gdp", asked, n=2, form=Form.table)
    said = capsys.readouterr().out
    assert "Made by the step core.gdp of" in said
    assert "snapshot gdp." in said
    assert "staging.stg_gdp__entity_years: 1 row\n" in said
    assert ": line " in said
    print_rows_of(connection, home, "core.gdp", asked, n=2, form=Form.json)
    answer = json.loads(capsys.readouterr().out)
    assert answer["n_rows"] == 1
    assert {one["table"] for one in answer["made_of"]} == {
        "core.states",
        "staging.stg_gdp__entity_years",
    }


@pytest.mark.parametrize(
    ("table", "asked", "words"),
    [
        ("core.gdp", "ccode=-1", "core.gdp has no row with ccode=-1."),
        ("core.gdp", "ccod=2", "core.gdp has no column ccod. Did you mean: ccode"),
        ("claims", "claim=C2", "Rows are followed from a table (schema.table)."),
    ],
)
def test_what_cannot_be_followed_is_said(  # noqa: PLR0917 - fixtures and a case
    connection: duckdb.DuckDBPyConnection,
    sample_home: BuiltHome,
    capsys: pytest.CaptureFixture[str],
    table: str,
    asked: str,
    words: str,
) -> None:
    with pytest.raises(SystemExit) as ended:
        print_rows_of(connection, Home.at(sample_home.home), table, [asked], n=1, form=Form.table)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err
