"""The whole pipeline through Prefect: a server of its own, and a server that is up."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.home.step_parts import PARTS, parts_of_run
from flows.sources import load_declarations
from tests.integration.loaded_process import LoadedProcess
from tests.integration.prefect_server import PrefectServer
from tests.processes import wait_for
from warehouse.contracts.read import contracts

SCHEMAS = ("staging", "core", "marts", "metrics")


def files_of(home: Path) -> dict[str, tuple[int, int]]:
    """Every file of a home, with what tells whether it was written."""
    found = {path: path.stat() for path in home.rglob("*") if path.is_file()}
    return {str(p.relative_to(home)): (s.st_ino, s.st_mtime_ns) for p, s in found.items()}


def test_the_command_says_where_the_warehouse_is_and_what_to_try(sample_home: Any) -> None:
    assert str(sample_home.warehouse) in sample_home.output
    assert sample_home.output.count("asymmetry query") == 3
    assert "SIMULATED" in sample_home.output
    assert "leaked" not in sample_home.output


def test_every_table_of_the_contracts_is_there_and_has_rows(sample_home: Any) -> None:
    found = sample_home.rows(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables"
        " WHERE table_schema <> 'main' AND NOT ends_with(table_name, '__stored')"
        " AND NOT starts_with(table_name, '_')"  # what macros read
    )
    assert {table for (table,) in found} == set(contracts())
    empty = [t for t in contracts() if sample_home.rows(f"SELECT count(*) FROM {t}") == [(0,)]]
    # there is no user file, and the sample's few sessions in a row have no five lags
    without = {"meta.quarantine", "core.covariates", "metrics.support_returns_score"}
    assert set(empty) <= without


def test_the_build_says_that_it_is_simulated(sample_home: Any) -> None:
    assert sample_home.rows("SELECT profile, is_simulated FROM meta.builds") == [("sample", True)]
    assert sample_home.rows("SELECT DISTINCT is_simulated FROM meta.snapshots") == [(True,)]


def test_records_say_what_the_seconds_of_each_step_went_to(sample_home: Any) -> None:
    records = list((sample_home.home / "steps").glob("*/*/_step.json"))
    assert records
    for path in records:  # of steps, since a run may have found all of them finished
        step = json.loads(path.read_text())
        parts = step["parts"]
        assert {"compute", "write", "gate"} <= set(parts) <= set(PARTS), path
        # beside chunks of which several are computed at once, parts lie within the seconds
        assert sum(part["seconds"] for part in parts.values()) <= step["seconds"] + 0.01, path
    (path,) = (sample_home.home / "runs").glob("*-published.json")
    steps = json.loads(path.read_text())["steps"]
    assert past_runs(Home.at(sample_home.home))[-1].parts == parts_of_run(steps)


def test_the_suggested_queries_work(sample_home: Any) -> None:
    from flows.cli.refresh import QUERIES_TO_TRY

    for sql in QUERIES_TO_TRY:
        assert sample_home.rows(sql), sql


def test_the_same_bytes_give_the_same_tables_on_one_thread_and_on_many(
    sample_home: Any, second_home: Path
) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{sample_home.warehouse}' AS a (READ_ONLY)")
        connection.execute(f"ATTACH '{second_home / 'warehouse.duckdb'}' AS b (READ_ONLY)")
        ids = [
            connection.execute(f"SELECT build_id FROM {db}.meta.builds").fetchall()
            for db in ("a", "b")
        ]
        assert ids[0] == ids[1]
        for table in contracts():
            if table.split(".")[0] in SCHEMAS:
                ((different,),) = connection.execute(
                    f"SELECT count(*) FROM (SELECT * FROM a.{table} EXCEPT ALL FROM b.{table})"
                ).fetchall()
                ((n_a,), (n_b,)) = (
                    connection.execute(f"SELECT count(*) FROM {db}.{table}").fetchall()[0]
                    for db in ("a", "b")
                )
                assert (table, different, n_a) == (table, 0, n_b)


def test_the_server_has_the_run_with_names_that_begin_with_their_table(
    second_home: Path, operated: Any
) -> None:
    run = operated.server.runs_of("refresh-all")[0]
    assert run["name"] == "Refresh the warehouse from sample"
    assert run["state_type"] == "COMPLETED"
    body = {"flow_runs": {"id": {"any_": [run["id"]]}}, "limit": 200}
    tasks = operated.server.read("task_runs/filter", body)
    names = {task["name"] for task in tasks}
    assert {f"Fetch {slug} (sample)" for slug in load_declarations()} <= names
    assert {
        "staging.un_votes: read and cast the UN votes (Voeten)",
        "core.votes: assign COW codes to votes",
        "metrics.vote_similarity: measure voting similarity by session",
    } <= names
    assert "Assemble, check and publish the warehouse" in names
    # the client asks for a concurrency slot for each tag, and dies where none can be had
    assert not any(task["tags"] for task in tasks)
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}


@dataclass(frozen=True)
class NothingNew:
    """A refresh of the second home after which there is nothing new, and what was there before."""

    output: str
    files_before: dict[str, tuple[int, int]]
    flow_run: dict[str, Any]


@pytest.fixture(scope="module")
def nothing_new(second_home: Path, server: PrefectServer, loaded: LoadedProcess) -> NothingNew:
    before = files_of(second_home)
    done = loaded.asymmetry(second_home, "refresh")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    asked = {
        "flows": {"name": {"any_": ["refresh"]}},
        "flow_runs": {
            "state": {"type": {"any_": ["COMPLETED"]}},
            "deployment_id": {"is_null_": True},
        },
        "sort": "START_TIME_DESC",  # other tests of this server run the flow by a command, too
        "limit": 1,
    }
    (run,) = server.read("flow_runs/filter", asked)
    return NothingNew(done.stdout, before, run)


def test_a_second_refresh_with_nothing_new_publishes_nothing_and_says_so(
    second_home: Path, nothing_new: NothingNew
) -> None:
    home, before = second_home, nothing_new.files_before
    assert "Nothing new" in nothing_new.output
    newest = max((home / "runs").glob("*.json"))
    record = json.loads(newest.read_text())
    assert record["result"] == "unchanged"
    assert "steps" not in record
    # it has logged that it asked, and left its record; nothing else was touched, steps neither
    logs = {f"snapshots/{slug}/fetches.jsonl" for slug in load_declarations()}
    own = {f"runs/{newest.name}", f"runs/{newest.name.partition('-')[0]}.log.jsonl"}
    touched = {p for p, seen in files_of(home).items() if before.get(p) != seen}
    assert touched <= {*logs, *own, ".writer.lock"}
    assert set(before) <= set(files_of(home))


def test_a_refresh_with_nothing_new_runs_no_task_but_the_fetches(
    nothing_new: NothingNew, server: PrefectServer
) -> None:
    of_run = {"flow_runs": {"id": {"any_": [nothing_new.flow_run["id"]]}}}
    fetches = {f"Fetch {slug} (sample)" for slug in load_declarations()}

    def names() -> list[str]:
        return sorted(task["name"] for task in server.read("task_runs/filter", of_run))

    # the server records them, and their names, after the run has ended
    wait_for("every fetch by its name", lambda: fetches <= set(names()))
    assert names() == sorted(fetches)


@pytest.fixture(scope="module")
def broken_world(second_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the simulated world in which one vote has a code that does not exist."""
    world = tmp_path_factory.mktemp("broken") / "world"
    shutil.copytree(second_home / "sample_world", world)
    votes = world / load_declarations()["un_votes"].url.removeprefix("https://")
    lines = votes.read_text().splitlines(keepends=True)
    cells = lines[1000].split(",")
    cells[3] = "7"
    lines[1000] = ",".join(cells)
    votes.write_text("".join(lines))
    return world


def test_a_failed_gate_publishes_nothing_and_names_the_row(
    second_home: Path, loaded: LoadedProcess, broken_world: Path
) -> None:
    home = second_home
    before = (home / "warehouse.duckdb").stat()
    done = loaded.asymmetry(home, "refresh", "--profile", "mirror", "--mirror", str(broken_world))
    assert done.returncode == 3, f"{done.stdout}\n{done.stderr}"
    assert "un_votes" in done.stderr
    assert "vote=7" in done.stderr
    assert "published warehouse are\nuntouched" in done.stderr
    after = (home / "warehouse.duckdb").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    newest = json.loads(max((home / "runs").glob("*.json")).read_text())
    assert newest["result"] == "failed"
    assert "GateFailedError" in newest["error"]


def test_a_missing_source_ends_with_its_own_exit_code(
    second_home: Path, loaded: LoadedProcess, tmp_path: Path
) -> None:
    world = tmp_path / "world"
    shutil.copytree(second_home / "sample_world", world)
    (world / load_declarations()["gdp"].url.removeprefix("https://")).unlink()
    done = loaded.asymmetry(second_home, "refresh", "--profile", "mirror", "--mirror", str(world))
    assert done.returncode == 4, f"{done.stdout}\n{done.stderr}"
    assert "gdp" in done.stderr
