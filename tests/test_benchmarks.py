"""The benchmarks say what became slower, what grows too fast and what was not measured."""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.dag import Step
from flows.sample.write import PATHS
from tests.processes import ROOT

FOLDER = ROOT / "benchmarks"


@pytest.fixture(scope="module")
def benchmark() -> Iterator[Any]:
    """Imports a module as a benchmark does, its own folder first on the path."""
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module
    sys.path.remove(str(FOLDER))


def votes(ours: float, theirs: float, cpu: float) -> dict[str, Any]:
    """Numbers of the benchmark of votes, as far as ratios read them."""
    peers = ("DuckDB self-join", "Polars self-join", "pandas self-merge")
    runs = {name: {"seconds": theirs} for name in peers}
    runs["matrix products"] = {"seconds": ours}
    runs["all measures"] = {"cpu_seconds": cpu, "rows": 1_000_000}
    return {"vote_similarity": {"contenders": runs}}


def world(calls: int, states: int, cpu: dict[str, float]) -> dict[str, Any]:
    """A world of a thousand roll calls and a hundred voters, times these."""
    return {
        "times_roll_calls": calls,
        "times_states": states,
        "roll_calls": 1000 * calls,
        "votes": 100_000 * calls * states,
        "functions": {"steps": {name: {"cpu": seconds} for name, seconds in cpu.items()}},
    }


@pytest.mark.parametrize(
    ("now", "worse"),
    [
        (votes(1.0, 10.0, 1.0), []),
        (votes(1.05, 10.0, 1.09), []),
        (votes(1.0, 10.0, 1.2), ["all measures, processor seconds a million dyad-sessions"]),
        (
            votes(1.2, 10.0, 1.0),
            [f"votes: times as fast as {n}" for n in ("DuckDB", "Polars", "pandas")],
        ),
        (votes(0.5, 10.0, 0.5), []),
    ],
    ids=["the same", "within a tenth", "dearer", "slower than peers", "better"],
)
def test_what_is_worse_by_more_than_a_tenth_is_named(
    benchmark: Any, now: dict[str, Any], worse: list[str]
) -> None:
    ratios = benchmark("pages.ratios")
    rows = ratios.compared(votes(1.0, 10.0, 1.0), now)
    assert [row["what"] for row in rows if row["is_worse"]] == worse
    lead = ratios.markdown(rows).partition("\n")[0]
    assert all(name in lead for name in worse) if worse else lead.startswith("Nothing is worse")


def test_a_ratio_that_was_never_committed_is_shown_and_not_judged(benchmark: Any) -> None:
    rows = benchmark("pages.ratios").compared({}, votes(1.0, 10.0, 1.0))
    assert {row["committed"] for row in rows} == {None}
    assert not any(row["is_worse"] for row in rows)


def test_an_exponent_above_the_arithmetic_is_found(benchmark: Any) -> None:
    pages = benchmark("pages.growth_of_builds")
    linear, square = "core.votes", "metrics.vote_similarity"
    built = [
        world(1, 1, {linear: 1.0, square: 1.0}),
        world(4, 1, {linear: 4.0, square: 4.0}),
        world(1, 2, {linear: 2.0, square: 4.0}),
    ]
    assert pages.exponents(built, pages.of_step(square)) == pytest.approx((1.0, 2.0))
    assert pages.too_fast(built) == []
    built[1] = world(4, 1, {linear: 8.0, square: 4.0})  # 1.5 where each vote is looked at once
    assert pages.too_fast(built) == [linear]
    assert f"`{linear}` **faster**" in pages.steps(built)


def test_every_step_with_an_arithmetic_of_its_own_exists(benchmark: Any) -> None:
    from flows.dag import STEPS

    named = set(benchmark("pages.arithmetic").ARITHMETIC)
    assert named <= {step.name for step in STEPS}


def test_targets_are_met_missed_or_not_measured(benchmark: Any) -> None:
    targets = benchmark("pages.targets")
    waits = {
        "waits": {"query": {"seconds": 0.3, "cpu": 0.2}, "status": {"seconds": 0.5, "cpu": 0.4}}
    }
    before = {
        "before": {"waits": {"waits": {"query": {"seconds": 1.5, "cpu": 1.1}}}, "note": "So."}
    }
    lines = targets.markdown({"waits": waits} | before).splitlines()
    assert "| `asymmetry query` | ≤ 0.4 s | 1.5 s | 0.3 s | yes | 1.1 s | 0.2 s |" in lines
    assert "| `asymmetry status` | ≤ 0.4 s |  | 0.5 s | **no** |  | 0.4 s |" in lines
    assert "| `asymmetry tables` | ≤ 0.4 s |  |  | not measured |  |  |" in lines
    assert lines[-1] == "So."
    busy = waits | {"machine": {"load": [1.0, 31.0, 9.0], "cores": 2}}
    of_busy = targets.markdown({"waits": busy})
    assert "| `asymmetry status` | ≤ 0.4 s |  | 0.5 s | not at a load of 31 |" in of_busy
    assert "| `asymmetry query` | ≤ 0.4 s |  | 0.3 s | yes |" in of_busy


def test_what_is_run_is_every_script_that_keeps_numbers(benchmark: Any) -> None:
    names = {script.stem for script in benchmark("report").scripts()}
    kept = {path.stem for path in (FOLDER / "results").glob("*.md")} - {"compared"}
    assert {"growth", "overhead", "peers_in_r", "waits"} <= names
    assert "claim_figures" not in names
    assert kept <= names


def test_a_peer_in_r_is_named_with_the_reason_where_r_is_missing(
    benchmark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    peers = benchmark("peers_in_r")
    monkeypatch.setenv("PATH", os.devnull)
    row = peers.measured("dyad-years", lambda: peers.run_r("peacesciencer"))
    assert row == {"what": "dyad-years", "skipped": "Rscript is not on this machine"}


def test_one_figure_of_gdp_changes_and_the_snapshot_stays(benchmark: Any, tmp_path: Path) -> None:
    snapshot, mirror = tmp_path / "gdp.csv", tmp_path / "mirror"
    snapshot.write_bytes(b"Country Name,Value\r\nA,1.5\r\nB,2.5\r\n")
    place = mirror / PATHS["gdp"]
    place.parent.mkdir(parents=True)
    os.link(snapshot, place)
    benchmark("measuring.homes").change_gdp(mirror)
    assert place.read_bytes() == b"Country Name,Value\r\nA,1.5\r\nB,3.5\r\n"
    assert snapshot.read_bytes().endswith(b"B,2.5\r\n")


def test_a_copy_of_a_home_can_be_written_to(benchmark: Any, tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy"
    for name in ("snapshots/gdp/file.csv", "snapshots/gdp/fetches.jsonl", "runs/one.json"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("as it was")
    (home / "warehouse.duckdb").write_text("as it was")
    benchmark("measuring.homes").copy_of(home, copy)
    for name in ("snapshots/gdp/fetches.jsonl", "runs/one.json", "warehouse.duckdb"):
        (copy / name).write_text("changed")
        assert (home / name).read_text() == "as it was"
    assert (copy / "snapshots/gdp/file.csv").samefile(home / "snapshots/gdp/file.csv")


def test_a_command_is_measured_as_the_installed_program_runs_it(
    benchmark: Any, tmp_path: Path
) -> None:
    program = benchmark("measuring.programs").Program(ROOT)
    measured = program.run(tmp_path, "tables", "--help", expected="Usage")
    assert measured["cpu"] > 0
    assert measured["seconds"] > 0
    assert measured["peak_mb"] > 5
    with pytest.raises(SystemExit, match="No such option"):
        program.run(tmp_path, "tables", "--no-such-option")
    assert json.dumps(measured)


@pytest.fixture
def tables_of_votes(tmp_path: Path) -> Path:
    """Core tables of two small sessions, as the benchmark of votes exports them."""
    choices = ["yes", "abstain", "no", "absent"]
    calls = pl.DataFrame({"rcid": range(1, 13)}, schema={"rcid": pl.Int32}).with_columns(
        session=pl.when(pl.col("rcid") < 7).then(1).otherwise(2).cast(pl.Int16),
        in_final_only=pl.col("rcid") != 5,
        is_unanimous=pl.col("rcid") == 9,
    )
    states = pl.DataFrame({"ccode": range(2, 9)}, schema={"ccode": pl.Int16}).with_columns(
        valid_from=date(1900, 1, 1), counts_to=date(2024, 12, 31)
    )
    cast = calls.select("rcid", "session").join(states.select("ccode"), how="cross")
    place = (pl.col("rcid").cast(pl.Int64) * 7 + pl.col("ccode").cast(pl.Int64) ** 2) % 4
    names = dict(enumerate(choices))
    votes = cast.with_columns(choice=place.replace_strict(names, return_dtype=pl.String))
    for name, table in {"votes": votes, "roll_calls": calls, "states": states}.items():
        table.write_parquet(tmp_path / f"{name}.parquet")
    return tmp_path


def test_every_way_to_compare_votes_counts_and_measures_the_same(
    benchmark: Any, tables_of_votes: Path
) -> None:
    script = benchmark("vote_similarity")
    for name, (_, work) in script.CONTENDERS.items():
        timed, table = work(tables_of_votes)
        assert timed["seconds"] > 0
        table.write_parquet(tables_of_votes / f"{name}.parquet")
    script.assert_equal(tables_of_votes)
    ours = pl.read_parquet(tables_of_votes / "matrix products.parquet")
    assert (
        ours["n_joint"].max() == 5
    )  # the one that is not final and the unanimous one do not count
    changed = ours.with_columns(agreement=1 - pl.col("agreement"))
    changed.write_parquet(tables_of_votes / "Polars self-join.parquet")
    with pytest.raises(SystemExit, match="Polars self-join: agreement differs"):
        script.assert_equal(tables_of_votes)


def piece(*, chunk: int, n_chunks: int, votes: pl.DataFrame) -> pl.DataFrame:
    """One piece of a step in chunks: the rows that are its own."""
    return votes.gather_every(n_chunks, offset=chunk)


def whole(*, votes: pl.DataFrame, chunks: pl.DataFrame) -> int:
    """The step itself, which gets its pieces as one frame."""
    assert chunks.height == votes.height
    return int(chunks["rcid"].sum())


def test_a_step_in_chunks_is_timed_with_all_its_chunks(
    benchmark: Any, tables_of_votes: Path
) -> None:
    functions = benchmark("measuring.functions")
    step = Step(
        name="metrics.added_up",
        stage="metrics",
        sentence="metrics.added_up: add up the numbers of roll calls",
        outputs=("metrics.added_up",),
        function=f"{__name__}:whole",
        tables={"votes": "core.votes"},
        chunk_function=f"{__name__}:piece",
        n_chunks=3,
    )
    frames = {"core.votes": pl.read_parquet(tables_of_votes / "votes.parquet")}
    timed, outcome = functions.timed(functions.prepared(step, frames, {}))
    assert outcome == frames["core.votes"]["rcid"].sum()
    assert timed["seconds"] > 0
    mart = Step("marts.state_session", "marts", "marts: count votes", ("marts.state_session",))
    with pytest.raises(Exception, match="Table with name states does not exist"):  # nothing given
        functions.prepared(mart, {}, {})()
