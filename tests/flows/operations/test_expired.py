"""What retention may delete, and what it must never touch."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.engine.calibration_chunks import key_of_worlds
from flows.engine.plan import plan_steps
from flows.fetch.fetch_source import fetch_source
from flows.fetch.pins import Pin, load_lock
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import Candidate, SeenRelease, SourceReleases, write_releases
from flows.home.paths import Home
from flows.operations.expired import Expired, RetentionPolicy, UnknownNeedsError, find_leftovers
from flows.sources import load_declarations
from warehouse.db import QueryError

HORIZON = RetentionPolicy.days(runs=100, steps=10, builds=1)
STEPS = {"kept": "a" * 16, "published": "b" * 16, "old": "c" * 16, "young": "d" * 16}


def age(path: Path, days: float) -> None:
    then = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def write_build(path: Path, step_hash: str, snapshot_id: str) -> None:
    path.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA meta")
        connection.execute("CREATE TABLE meta.lineage (step VARCHAR, step_hash VARCHAR)")
        connection.execute("INSERT INTO meta.lineage VALUES ('core.t', ?)", [step_hash + "0" * 48])
        connection.execute("CREATE TABLE meta.snapshots (slug VARCHAR, snapshot_id VARCHAR)")
        connection.execute("INSERT INTO meta.snapshots VALUES ('gdp', ?)", [snapshot_id])
        connection.execute(
            "CREATE TABLE meta.builds AS SELECT ? AS build_id, 'sample' AS profile,"
            " true AS is_simulated, TIMESTAMP '2026-01-01' AS built_at, '0.1.0' AS code_version,"
            " '{}' AS library_versions, '{}' AS parameters, true AS is_current",
            [path.stem],
        )


@pytest.fixture
def built(tmp_path: Path, sample_world: Path) -> tuple[Home, dict[str, str]]:
    """Five snapshots of gdp; three builds, the oldest of which is the published one."""
    home = Home.at(tmp_path / "home")
    gdp, world = load_declarations()["gdp"], tmp_path / "world"
    file = world / gdp.url.removeprefix("https://")
    file.parent.mkdir(parents=True)
    (world / "SIMULATED.md").touch()
    text = (sample_world / gdp.url.removeprefix("https://")).read_text().splitlines(keepends=True)
    ids = {}
    for n, name in enumerate(("orphan", "published", "kept", "recorded", "newest")):
        file.write_text("".join(text[: len(text) - n]))
        ids[name] = fetch_source(gdp, home, "sample", mirror=world).snapshot.snapshot_id
    for days, name in ((3, "published"), (2, "gone"), (1, "kept")):
        path = home.builds / f"{name}.duckdb"
        write_build(path, STEPS.get(name, "e" * 16), ids.get(name, "gdp.gone"))
        path.with_name(f"{name}.duckdb.sha256").touch()
        age(path, days)
    shutil.copy(home.builds / "published.duckdb", home.warehouse)
    for name, step_hash in STEPS.items():
        folder = home.steps / "core.t" / step_hash
        folder.mkdir(parents=True)
        age(folder, 1 if name == "young" else 50)
    home.runs.mkdir()
    for name, days in (("recorded", 50), ("orphan", 150)):
        ended_at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        record: dict[str, object] = {"result": "published", "profile": "sample"}
        record["started_at"] = ended_at
        record |= {"ended_at": ended_at, "seconds": 1.0, "snapshots": {"gdp": ids[name]}}
        (home.runs / f"{name}.json").write_text(json.dumps(record))
        (home.runs / f"{name}.log.jsonl").touch()
        age(home.runs / f"{name}.log.jsonl", days)
    return home, ids


def test_the_bytes_of_a_release_that_waits_are_kept(built: tuple[Home, dict[str, str]]) -> None:
    home, ids = built
    assert any(p.name == ids["orphan"] for p in find_leftovers(home, HORIZON).snapshots)
    release = SeenRelease("2", None, "https://example.org/2", "gdp.csv")
    waiting = Candidate(release, "held", "because", "2027-01-01T00:00:00", ids["orphan"])
    known = SourceReleases("gdp", "live").with_candidate(waiting)
    write_releases(known, home)
    assert not any(p.name == ids["orphan"] for p in find_leftovers(home, HORIZON).snapshots)


def names(leftovers: Expired) -> dict[str, list[str]]:
    return {kind: [path.name for path in paths] for kind, paths in vars(leftovers).items()}


def test_only_what_nothing_needs_may_go(built: tuple[Home, dict[str, str]]) -> None:
    home, ids = built
    assert names(find_leftovers(home, HORIZON)) == {
        "runs": ["orphan.log.jsonl", "orphan.json"],
        "builds": ["gone.duckdb", "gone.duckdb.sha256"],
        "steps": [STEPS["old"]],
        "snapshots": [ids["orphan"]],
        "unfinished": [],
    }


def test_nothing_goes_while_a_record_cannot_be_read(built: tuple[Home, dict[str, str]]) -> None:
    home, _ = built
    (home.runs / "20260101T000000000000-published.json").write_text("null")
    with pytest.raises(UnknownNeedsError, match=r"-published.json cannot be read .* Nothing was"):
        find_leftovers(home, HORIZON)


def test_a_pinned_snapshot_stays(
    built: tuple[Home, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, ids = built
    (record,) = (home.snapshots / "gdp" / ids["orphan"]).glob("record.json")
    sha256 = json.loads(record.read_text())["sha256"]
    pins = {**load_lock(), "gdp": Pin(sha256, 1, "v", "u", "mirror")}
    monkeypatch.setattr("flows.operations.expired.load_lock", lambda: pins)
    assert find_leftovers(home, HORIZON).snapshots == ()


def age_all(folder: Path, days: float) -> None:
    for path in (*folder.rglob("*"), folder):
        age(path, days)


def test_what_died_half_written_goes_after_a_day(built: tuple[Home, dict[str, str]]) -> None:
    home, _ = built
    whole = home.exports / "ideal_point_bootstrap_final_only.parquet"
    kept = home.covariates / f"{'a' * 64}.csv"
    files = (
        home.builds / ".x.duckdb.1",
        home.path / ".warehouse.1.duckdb",
        home.exports / f".{whole.name}",
        home.covariates / f".{kept.name}.1",
        home.snapshots / "_incoming" / "gdp.1.part",
        home.steps / "core.t" / f".{STEPS['kept']}.0a1b2c3d" / "core.t.parquet",
    )
    for path in (*files, whole, kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert find_leftovers(home, HORIZON).unfinished == ()
    for path in (*files, whole, kept):
        age(path, 1.1)
    in_use = files[-1]  # somebody is writing into its folder
    assert set(find_leftovers(home, HORIZON).unfinished) == {*files} - {in_use}
    age(in_use.parent, 1.1)
    found = find_leftovers(home, HORIZON)
    assert set(found.unfinished) == {*files[:-1], in_use.parent}
    assert found.steps == (home.steps / "core.t" / STEPS["old"],)


def test_pieces_stay_while_a_run_could_go_on_with_them(
    built: tuple[Home, dict[str, str]],
) -> None:
    home, ids = built
    gdp = SnapshotStore(home.snapshots).load(ids["newest"])
    hashes = {slug: f"unknown bytes of {slug}" for slug in load_declarations()}
    planned = plan_steps({**hashes, "gdp": gdp.sha256})["core.gdp"].step_hash[:16]
    place = home.steps / "core.gdp"
    wanted, forgotten = place / f"{planned}.chunks", place / f"{'f' * 16}.chunks"
    bootstrap = home.exports / ".ideal_point_bootstrap.0123456789abcdef"
    for folder in (wanted, forgotten, bootstrap / "fit"):
        folder.mkdir(parents=True)
        (folder / "0000-of-0001.parquet").touch()
    every = (wanted, forgotten, bootstrap)
    assert find_leftovers(home, HORIZON).unfinished == ()
    for folder in every:
        age_all(folder, 2)
    assert find_leftovers(home, HORIZON).unfinished == (forgotten,)
    (place / planned).mkdir()  # finished, and the pieces of it were not removed
    assert find_leftovers(home, HORIZON).unfinished == tuple(sorted((wanted, forgotten)))
    (place / planned).rmdir()
    for folder in every:
        age_all(folder, 11)
    age(bootstrap / "fit" / "0000-of-0001.parquet", 3)  # it was gone on with
    assert find_leftovers(home, HORIZON).unfinished == tuple(sorted((wanted, forgotten)))
    age_all(bootstrap, 11)
    assert set(find_leftovers(home, HORIZON).unfinished) == set(every)


def test_worlds_stay_while_a_calibration_could_go_on_with_them(
    built: tuple[Home, dict[str, str]],
) -> None:
    home, _ = built
    wanted = home.calibration / key_of_worlds("burdens")
    of_other_code = home.calibration / ("f" * 16)
    for folder in (wanted, of_other_code):
        piece = folder / "verdicts" / "burdens, absent, worlds 0 to 9" / "0000-of-0001.parquet"
        piece.parent.mkdir(parents=True)
        piece.touch()
    (home.calibration / ".writer.lock").touch()
    assert find_leftovers(home, HORIZON).unfinished == ()
    age_all(home.calibration, 2)
    assert find_leftovers(home, HORIZON).unfinished == (of_other_code,)
    age_all(home.calibration, 11)
    assert set(find_leftovers(home, HORIZON).unfinished) == {wanted, of_other_code}


def test_nothing_goes_when_a_build_cannot_say_what_it_needs(
    built: tuple[Home, dict[str, str]],
) -> None:
    home, _ = built
    (home.builds / "kept.duckdb").write_bytes(b"no database")
    with pytest.raises(QueryError, match=r"kept\.duckdb is to be kept and cannot be read"):
        find_leftovers(home, HORIZON)


def test_an_empty_home_has_no_leftovers(tmp_path: Path) -> None:
    assert set(find_leftovers(Home.at(tmp_path), HORIZON).counts().values()) == {0}
