"""`asymmetry verify` on a build of the simulated world: what is planted is found, and named."""

import io
import json
import re
import shutil
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.cli.doctor import examine
from flows.cli.verify import print_verification
from flows.home.build_files import build_file, checksum_file, sha256_of_file
from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.operations.compare_cells import Asked
from flows.operations.open_faults import open_faults
from flows.operations.rederive import derivable_tables
from flows.operations.status import status_of
from tests.built_homes import BuiltHome
from tests.processes import asymmetry_with
from warehouse.catalog.builds import require_build
from warehouse.contracts.read import contracts


@pytest.fixture(scope="module")
def pristine(sample_home: BuiltHome, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the built home, of which each test takes what it changes."""
    return Home.at(sample_home.copy(tmp_path_factory.mktemp("verified") / "home"))


@pytest.fixture
def home(pristine: Home, tmp_path: Path) -> Home:
    """A home whose published file may be changed; snapshots are linked, builds are its own."""
    home = Home.at(tmp_path / "home")
    home.path.mkdir()
    home.snapshots.symlink_to(pristine.snapshots)
    shutil.copytree(pristine.builds, home.builds)
    shutil.copy(pristine.warehouse, home.warehouse)
    return home


def change(home: Home, sql: str) -> None:
    """Changes the published file as a faulty rule would: its checksum is that of the new one."""
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(sql)
    kept = build_file(require_build(home.warehouse).build_id, home)
    kept.unlink()
    shutil.copy(home.warehouse, kept)  # it was built so
    checksum_file(kept).write_text(f"{sha256_of_file(kept)}  {kept.name}\n", "utf-8")


def verified(home: Home, asked: Asked, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = print_verification(home, asked)
    return code, capsys.readouterr().out


@pytest.fixture(scope="module")
def found(pristine: Home) -> dict[str, Any]:
    """What a verification of the built home finds."""
    with redirect_stdout(io.StringIO()) as said:
        code = print_verification(pristine, Asked(), as_json=True)
    return {"code": code, **json.loads(said.getvalue())}


def test_a_built_home_holds_and_the_record_says_so(pristine: Home, found: dict[str, Any]) -> None:
    assert found["code"] == 0, found["faults"]
    assert found["faults"] == []
    assert found["cells"]["left_out"] == {}
    assert set(found["cells"]["n_cells"]) == set(derivable_tables())
    assert sum(found["cells"]["n_cells"].values()) >= 200
    assert len(found["cells"]["n_keys"]) >= 8
    assert found["snapshots"]["n_needed_there"] == len(require_build(pristine.warehouse).snapshots)
    run = past_runs(pristine)[-1]
    assert (run.flow, run.result, run.profile) == ("verify", "verified", "sample")
    assert run.verified["n_cells"] == sum(found["cells"]["n_cells"].values())
    assert (
        f"{run.verified['n_cells']:,} published cells were derived again"
        in status_of(pristine).hashes
    )


PLANTED = {
    "core.votes": ("choice", "CASE choice WHEN 'yes' THEN 'no' ELSE 'yes' END"),
    "core.roll_calls": ("n_yes", "n_yes + 1"),
    "core.dyad_sessions": ("n_same", "n_same + 1"),
    "metrics.vote_similarity": ("n_same", "n_same + 1"),
    "metrics.hegemon_support": ("n_with_hegemon", "n_with_hegemon + 1"),
    "core.capabilities": ("cinc", "cinc * 1.000001"),
    "core.gdp": ("gdp_usd", "gdp_usd * 1.000001"),
    "core.us_troops": ("troops_persons", "troops_persons + 1"),
    "core.trade": ("imports_million_usd", "coalesce(imports_million_usd, 0) + 1"),
    "core.ideal_points_published": ("ideal_point_published", "-ideal_point_published - 1"),
    "core.military_expenditure": ("milex_usd", "coalesce(milex_usd, 0) + 1"),
    "core.contiguity": ("contiguity_type", "contiguity_type % 5 + 1"),
    "core.distances": ("distance_km_min", "distance_km_min + 1"),
    "core.obligations": ("defense", "1 - defense"),
    "metrics.capability_asymmetry": ("n_members", "n_members + 1"),
    "metrics.system_concentration": ("leader_share", "leader_share / 2"),
}


def test_every_table_that_is_derived_has_a_planted_cell() -> None:
    assert set(PLANTED) == set(derivable_tables())


def test_one_wrong_cell_in_each_table_is_found_and_nothing_else(
    home: Home, found: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    statements, expected = [], []
    for table, (column, wrong) in PLANTED.items():
        rows = found["cells"]["rows"][table]
        key = next(row for row in rows if not _is_null(home, table, column, row))
        stored = contracts()[table].stored_table
        statements.append(f"UPDATE {stored} SET {column} = {wrong}{_where(key)}")
        named = ", ".join(f"{name}={value}" for name, value in key.items())
        expected.append(f"{table} [{named}]: {column} is published as ")
    change(home, ";".join(statements))
    assert print_verification(home, Asked(), as_json=True) == 1
    faults = json.loads(capsys.readouterr().out)["faults"]
    for beginning in expected:
        (fault,) = (fault for fault in faults if fault.startswith(beginning))
        assert "; the bytes give " in fault
    # a count of votes moves the measures that are computed of it
    others = [f for f in faults if not f.startswith(tuple(expected))]
    assert {f.partition(" ")[0] for f in others} <= {"metrics.vote_similarity"}


def _where(key: Mapping[str, str]) -> str:
    return " WHERE " + " AND ".join(f"{n}::VARCHAR = '{v}'" for n, v in key.items())


def _is_null(home: Home, table: str, column: str, key: Mapping[str, str]) -> bool:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        (row,) = connection.execute(f"SELECT {column} FROM {table}{_where(key)}").fetchall()
    return row[0] is None


def test_a_vote_that_is_asked_for_is_named_with_its_line(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        ((rcid,),) = connection.execute(
            "SELECT max(rcid) FROM core.votes WHERE ccode = 2 AND choice = 'no'"
            " AND source = 'un_votes'"
        ).fetchall()
    asked = Asked(table="core.votes", row={"rcid": str(rcid), "ccode": "2"})
    change(home, f"UPDATE core.votes SET choice = 'yes' WHERE rcid = {rcid} AND ccode = 2")
    code, said = verified(home, asked, capsys)
    assert code == 1
    assert "5 cells of 1 table re-derived from raw bytes (every cell asked for), 1 finding." in said
    (file,) = home.snapshots.glob("un_votes/un_votes.*/un_votes.csv")
    (line,) = re.findall(r"\(snapshot un_votes\.\w+, line (\d+)\)", said)
    cells = file.read_text("utf-8").splitlines()[int(line) - 1].split(",")
    assert cells[:2] == [str(rcid), "2"]
    wrong = f"WRONG: core.votes [rcid={rcid}, ccode=2]: choice is published as yes"
    assert f"{wrong}; the bytes give no (snapshot un_votes." in said
    assert "nothing is lost" in said
    assert "rollback" in said


def test_a_sweep_of_a_small_table_finds_one_cell_and_a_reason_of_a_null(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Asked(table="metrics.system_concentration", every_cell=True)
    code, said = verified(home, asked, capsys)
    assert code == 0
    assert "every cell asked for" in said
    change(
        home,
        "UPDATE metrics.system_concentration SET null_reason = 'capability_missing'"
        " WHERE year = (SELECT max(year) FROM metrics.system_concentration) AND state_set = 'all'",
    )
    code, said = verified(home, asked, capsys)
    assert code == 1
    assert said.count("WRONG") == 1
    assert "null_reason is published as capability_missing; the bytes give NULL" in said


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DELETE FROM core.trade WHERE rowid = 7", "is not published, and the bytes give it"),
        (
            "INSERT INTO core.trade SELECT * REPLACE (1500 AS year) FROM core.trade LIMIT 1",
            "year=1500]: is published, and the bytes give no such row",
        ),
    ],
    ids=["lost", "invented"],
)
def test_a_row_too_few_or_too_many_is_found(
    home: Home, sql: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(home, sql)
    code, said = verified(home, Asked(table="core.trade"), capsys)
    assert code == 1
    assert words in said


def test_a_file_that_is_not_what_its_checksum_says_is_found_with_the_cell(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("UPDATE core.gdp SET gdp_usd = 1 WHERE rowid = 5")
    code, said = verified(home, Asked(table="core.gdp", every_cell=True), capsys)
    assert code == 1
    assert f"WRONG: {home.warehouse} hashes to" in said
    assert "gdp_usd is published as 1.0" in said
    run = past_runs(home)[-1]
    assert (run.flow, run.result) == ("verify", "failed")
    said = " ".join(status_of(home).attention)
    assert f"not found right since: {home.warehouse} hashes to" in said
    assert "gdp_usd is published as 1.0" in said


def test_a_wrong_cell_stays_said_until_it_is_looked_at_again_and_holds(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    def status() -> str:
        return " ".join(status_of(home).attention)

    of_poland = Asked(table="core.gdp", row={"ccode": "290", "year": "1999"})
    change(home, "UPDATE core.gdp SET gdp_usd = 1 WHERE ccode = 290 AND year = 1999")
    assert verified(home, of_poland, capsys)[0] == 1
    wrong = "core.gdp [ccode=290, year=1999]: gdp_usd is published as 1.0"
    for asked in (Asked(table="core.gdp", seed=1, n_cells=1), of_poland):
        assert examine(home) == 0  # it looks at no cell
        assert wrong in status()
        assert verified(home, Asked(table="core.trade"), capsys)[0] == 0
        assert wrong in status()
        code, said = verified(home, asked, capsys)  # also where others are chosen
        assert code == 1
        assert f"WRONG: {wrong}" in said
    change(home, "UPDATE core.gdp SET gdp_usd = gdp_usd WHERE false")
    assert wrong in status()
    other = Asked(table="core.gdp", row={"ccode": "2", "year": "1999"})
    assert verified(home, other, capsys)[0] == 0
    assert wrong in status()


def test_a_cell_that_holds_again_is_told_no_more(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Asked(table="core.gdp", row={"ccode": "290", "year": "1999"})
    before = home.warehouse.read_bytes()
    change(home, "UPDATE core.gdp SET gdp_usd = 1 WHERE ccode = 290 AND year = 1999")
    assert verified(home, asked, capsys)[0] == 1
    home.warehouse.write_bytes(before)
    change(home, "UPDATE core.gdp SET gdp_usd = gdp_usd WHERE false")
    assert verified(home, Asked(table="core.gdp", seed=1, n_cells=1), capsys)[0] == 0
    assert "gdp_usd" not in " ".join(status_of(home).attention)


@pytest.fixture
def own_snapshots(home: Home, pristine: Home) -> Home:
    """The same with snapshots that may be changed."""
    home.snapshots.unlink()
    shutil.copytree(pristine.snapshots, home.snapshots)
    return home


def test_a_flipped_byte_of_a_snapshot_is_found_and_nothing_is_derived_from_it(
    own_snapshots: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = own_snapshots.snapshots.glob("gdp/gdp.*/gdp.csv")
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    code, said = verified(own_snapshots, Asked(table="core.gdp"), capsys)
    assert code == 1
    assert f"{file} hashes to" in said
    assert "intact. Fetch" not in said  # of others it says how many hold
    assert "Nothing of core.gdp was derived: the bytes of gdp are not intact." in said


def test_a_snapshot_that_only_a_kept_build_needs_is_missed(
    own_snapshots: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder,) = own_snapshots.snapshots.glob("cow_trade/cow_trade.*")
    kept = own_snapshots.builds / "0123456789abcdef.duckdb"
    shutil.copy(own_snapshots.warehouse, kept)
    with duckdb.connect(str(kept)) as connection:
        connection.execute(
            "UPDATE meta.snapshots SET snapshot_id = 'gdp.000000000000' WHERE slug = 'gdp'"
        )
    code, said = verified(own_snapshots, Asked(table="core.gdp"), capsys)
    assert code == 1
    assert f"snapshot gdp.000000000000 is gone, and {kept.name} was made of it" in said
    kept.unlink()
    assert verified(own_snapshots, Asked(table="core.gdp"), capsys)[0] == 0
    shutil.rmtree(folder)
    code, said = verified(own_snapshots, Asked(table="core.trade"), capsys)
    assert code == 1
    assert f"snapshot {folder.name} is gone, and warehouse.duckdb was made of it" in said
    assert "Nothing of core.trade was derived" in said


def test_before_anything_is_published_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(Home.at(tmp_path), Asked(), capsys)[0] == 0
    code, said = verified(Home.at(tmp_path / "none"), Asked(), capsys)
    assert code == 0
    assert "Nothing is stored in" in said
    assert not (tmp_path / "none").exists()


def test_a_row_that_is_not_there_is_not_as_published(
    pristine: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Asked(table="core.gdp", row={"ccode": "290", "year": "99999"})
    code, said = verified(pristine, asked, capsys)
    assert code == 1
    assert "no row with ccode=290, year=99999" in " ".join(said.split())


def test_whoever_does_not_read_on_has_found_nothing_wrong(home: Home) -> None:
    words = ("verify", "--table", "core.gdp", "--row", "ccode=2", "--row", "year=1990")
    with Path("/dev/full").open("w") as full:
        done = asymmetry_with(home.path, *words, stdout=full)
    assert done.returncode == 1
    assert "Standard output cannot be written" in done.stderr
    assert [run.result for run in past_runs(home, 1)] == ["verified"]
    assert not open_faults(home)
