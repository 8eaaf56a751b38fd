"""New snapshots against the published ones: which are compared, with what, and what is recorded."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.engine.build_identity import plan_build
from flows.engine.release_check import (
    ReleaseCheck,
    accept_what_was_asked_for,
    compare_release,
    releases_to_check,
)
from flows.engine.release_message import ReleaseHeldError, refuse_held
from flows.engine.release_rows import comparisons_in, release_frame
from flows.engine.store import StepStore, write_table
from flows.fetch.snapshot_record import Snapshot
from flows.home.paths import Home
from flows.home.release_records import Comparison, Release, ReleaseRecords
from flows.sources import load_declarations
from transforms.step_result import LOSS_SCHEMA
from warehouse.catalog.builds import PublishedBuild, current_build
from warehouse.catalog.releases import release_rows
from warehouse.contracts.read import contracts

TABLE = "staging.stg_gdp__entity_years"
OLD, NEW = "a" * 64, "b" * 64
NOTES = {
    "losses": pl.DataFrame(schema=LOSS_SCHEMA),
    "validation": pl.DataFrame({"passed": [True]}),
    "quarantine": pl.DataFrame({"reason": ["x"]}),
}
RELEASE = Release("gdp", "gdp.bbbbbbbbbbbb", NEW, "gdp.aaaaaaaaaaaa", OLD)


def figures(n_states: int = 200) -> pl.DataFrame:
    years = pl.DataFrame({"year": range(1945, 2025)})
    states = pl.DataFrame({"n": range(n_states)})
    frame = states.join(years, how="cross").select(
        entity_code=pl.format("S{}", pl.col("n")),
        entity_name=pl.format("State {}", pl.col("n")),
        year="year",
        gdp_usd=1e9 * (pl.col("n") + 1.0),
    )
    return contracts()[TABLE].conform(frame)


def without_recent_years(n_states: int) -> pl.DataFrame:
    names = [f"S{n}" for n in range(n_states)]
    gone = pl.col("entity_code").is_in(names) & pl.col("year").is_between(2000, 2023)
    return figures().filter(~gone)


def store(home: Home, step_hash: str, frame: pl.DataFrame) -> None:
    with StepStore(home.steps).draft("stage_gdp", step_hash) as draft:
        write_table(draft.folder, TABLE, frame)
        draft.finish(draft.close(NOTES), {"seconds": 1.0})


def snapshot(slug: str, sha256: str, is_simulated: bool = False) -> Snapshot:
    name = f"{slug}.{sha256[:12]}"
    when = "2026-11-29T00:00:00+00:00"
    return Snapshot(
        name, slug, sha256, 1, "u", "u", "mirror", "1", when, None, None, is_simulated, (), Path()
    )


def compared(home: Home) -> Comparison:
    """The new release of `gdp` against the published one."""
    return compare_release(ReleaseCheck(RELEASE, "stage_gdp", NEW, OLD, home.warehouse), home)


def publish(home: Home, snapshots: Mapping[str, Snapshot]) -> PublishedBuild:
    """A published file that says what it was made from."""
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("CREATE SCHEMA meta; CREATE SCHEMA staging")
        connection.execute(
            "CREATE TABLE meta.builds AS SELECT 'id' AS build_id, 'mirror' AS profile,"
            " false AS is_simulated, TIMESTAMP '2026-01-01' AS built_at, '0' AS code_version,"
            " '{}' AS library_versions, '{}' AS parameters, true AS is_current"
        )
        rows = [(s.slug, s.snapshot_id, s.sha256, s.is_simulated) for s in snapshots.values()]
        connection.execute(
            "CREATE TABLE meta.snapshots (slug VARCHAR, snapshot_id VARCHAR, sha256 VARCHAR,"
            " is_simulated BOOLEAN)"
        )
        connection.executemany("INSERT INTO meta.snapshots VALUES (?, ?, ?, ?)", rows)
        connection.execute(
            "CREATE TABLE meta.lineage AS SELECT 'stage_gdp' AS step, ? AS step_hash", [OLD]
        )
        build = current_build(connection)
    assert build is not None
    return build


def all_sources(**changed: Snapshot) -> dict[str, Snapshot]:
    return {slug: snapshot(slug, OLD) for slug in load_declarations()} | changed


def checked(
    home: Home, new: Mapping[str, Snapshot], *, profile: str = "mirror", **published: Snapshot
) -> list[ReleaseCheck]:
    publish(home, all_sources(**published))
    planned = plan_build({slug: s.sha256 for slug, s in new.items()})
    return releases_to_check(home.warehouse, planned, new, profile)


def test_the_first_build_has_nothing_to_compare_with(tmp_path: Path) -> None:
    new = all_sources()
    planned = plan_build({slug: s.sha256 for slug, s in new.items()})
    assert releases_to_check(tmp_path / "warehouse.duckdb", planned, new, "mirror") == []


def test_only_other_bytes_are_compared(tmp_path: Path) -> None:
    (found,) = checked(Home.at(tmp_path), all_sources(gdp=snapshot("gdp", NEW)))
    assert found.release == RELEASE
    assert (found.step, found.previous_hash) == ("stage_gdp", OLD)


def test_the_same_bytes_are_not_looked_at(tmp_path: Path) -> None:
    assert checked(Home.at(tmp_path), all_sources()) == []


def test_the_simulated_world_made_anew_is_no_release(tmp_path: Path) -> None:
    new = all_sources(gdp=snapshot("gdp", NEW, is_simulated=True))
    was = snapshot("gdp", OLD, is_simulated=True)
    assert checked(Home.at(tmp_path), new, profile="sample", gdp=was) == []


def test_real_figures_are_not_compared_with_simulated_ones(tmp_path: Path) -> None:
    was = snapshot("gdp", OLD, is_simulated=True)
    assert checked(Home.at(tmp_path), all_sources(gdp=snapshot("gdp", NEW)), gdp=was) == []


@pytest.mark.parametrize(("n_states", "severity"), [(0, None), (20, "warning"), (60, "critical")])
def test_the_loss_of_f7_is_told_and_beyond_the_bound_held(
    tmp_path: Path, n_states: int, severity: str | None
) -> None:
    home = Home.at(tmp_path)
    store(home, OLD, figures())
    store(home, NEW, without_recent_years(n_states))
    found = compared(home)
    assert found.severity == severity
    assert ReleaseRecords(home).comparisons() == [found]
    if severity != "critical":
        refuse_held([found])
        return
    with pytest.raises(ReleaseHeldError) as error:
        refuse_held([found])
    message = str(error.value)
    for said in (
        "gdp.bbbbbbbbbbbb",
        "gdp.aaaaaaaaaaaa",
        "1,440 of 16,000 (9.0%) keys are gone, critical beyond 5.0%",
        "entity_code=S0, 2000 to 2023, 24 rows",
        "untouched",
        'asymmetry releases accept gdp gdp.bbbbbbbbbbbb --because "…"',
    ):
        assert said in message
    ReleaseRecords(home).accept(found, "withdrawn by the publisher")
    refuse_held([compared(home)])


@pytest.mark.parametrize("damaged", [True, False])
def test_without_the_earlier_step_the_published_file_is_compared(
    tmp_path: Path, damaged: bool
) -> None:
    home = Home.at(tmp_path)
    if damaged:
        store(home, OLD, figures().head(5))
        (file,) = home.steps.glob(f"*/*/{TABLE}.parquet")
        file.write_bytes(file.read_bytes()[:-1])
    publish(home, all_sources())
    frame = figures()
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(f"CREATE TABLE {TABLE} AS SELECT * FROM frame")
    assert not frame.is_empty()
    store(home, NEW, without_recent_years(20))
    (lost,) = [f for f in compared(home).findings if f.kind == "keys_lost"]
    assert (lost.n_found, lost.n_compared) == (480, 16_000)


def test_a_table_whose_key_has_changed_with_the_code_is_said_not_to_be_compared(
    tmp_path: Path,
) -> None:
    home = Home.at(tmp_path)
    store(home, OLD, figures().rename({"entity_code": "code"}))
    store(home, NEW, figures())
    (found,) = compared(home).findings
    assert (found.kind, found.severity) == ("not_compared", "warning")


def test_what_was_asked_for_is_not_held(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    store(home, OLD, figures())
    store(home, NEW, without_recent_years(60))
    found = compared(home)
    assert accept_what_was_asked_for(found, {"atop": "pinned"}).is_held
    asked = accept_what_was_asked_for(found, {"gdp": "pinned bytes (--locked)"})
    refuse_held([asked])
    assert asked.acceptance is not None
    assert asked.acceptance.because == "pinned bytes (--locked)"
    assert ReleaseRecords(home).acceptances() == {}  # nobody has accepted them for another time


def held(home: Home) -> Comparison:
    store(home, OLD, figures())
    store(home, NEW, without_recent_years(60))
    return compared(home)


def test_the_build_records_what_was_found_and_who_accepted_it(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    found = held(home)
    ReleaseRecords(home).accept(found, "a reason")
    found = ReleaseRecords(home).with_acceptance(found)
    none = release_rows(home.warehouse)
    snapshots = {"gdp": snapshot("gdp", NEW), "atop": snapshot("atop", OLD)}
    frame = release_frame(snapshots, [found], none, {}, "no_earlier_release")
    contracts()["meta.releases"].conform(frame)
    (first,) = frame.filter(slug="atop").to_dicts()
    assert (first["finding"], first["previous_snapshot_id"]) == ("no_earlier_release", None)
    of_gdp = frame.filter(slug="gdp")
    assert set(of_gdp["finding"]) == {"keys_lost", "rows_lost"}
    assert of_gdp["ordinal"].to_list() == [1, 2]
    assert set(of_gdp["because"]) == {"a reason"}
    (read,) = comparisons_in(frame)
    assert read.release == found.release
    assert read.acceptance is not None
    assert [f.words() for f in read.findings] == [f.words() for f in found.findings]
    assert read.findings[0].examples == found.findings[0].examples


def test_rows_of_earlier_builds_stay_and_learn_what_was_accepted_since(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    found = held(home)
    empty = release_rows(home.warehouse)
    first = release_frame({"gdp": snapshot("gdp", NEW)}, [found], empty, {}, "not_compared")
    assert not first["is_accepted"].any()
    accepted = {found.release.pair: ReleaseRecords(home).accept(found, "later")}

    same_bytes = release_frame({"gdp": snapshot("gdp", NEW)}, [], first, accepted, "x")
    assert same_bytes.drop("is_accepted", "accepted_by", "because").equals(
        first.drop("is_accepted", "accepted_by", "because")
    )
    assert set(same_bytes["because"]) == {"later"}

    newer = Release("gdp", "gdp.cccccccccccc", "c" * 64, "gdp.bbbbbbbbbbbb", NEW)
    then = replace(found, release=newer, findings=())
    snapshots = {"gdp": snapshot("gdp", "c" * 64)}
    third = release_frame(snapshots, [then], same_bytes, {}, "x")
    assert third["finding"].to_list() == ["keys_lost", "rows_lost", "nothing_lost"]
    assert third["ordinal"].to_list() == [1, 2, 3]
    again = release_frame(snapshots, [then], third, {}, "x")
    assert again["finding"].to_list() == third["finding"].to_list()


def test_bytes_that_are_back_undo_the_release_that_had_replaced_them(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    found = held(home)
    empty = release_rows(home.warehouse)
    first = release_frame({"gdp": snapshot("gdp", NEW)}, [found], empty, {}, "x")
    assert first["severity"].to_list() == ["critical", "critical"]
    way_back = Release("gdp", "gdp.aaaaaaaaaaaa", OLD, "gdp.bbbbbbbbbbbb", NEW)
    back = replace(found, release=way_back, findings=())
    second = release_frame({"gdp": snapshot("gdp", OLD)}, [back], first, {}, "x")
    assert second["finding"].to_list() == ["nothing_lost"]
    third = release_frame({"gdp": snapshot("gdp", OLD)}, [], second, {}, "x")
    assert third.equals(second)
    fourth = release_frame({"gdp": snapshot("gdp", NEW)}, [found], third, {}, "x")
    assert fourth.equals(first)
