"""Covariates that a person hands over: refused with words, kept, hashed, read back."""

import json
from pathlib import Path

import polars as pl
import pytest

from flows.dag import step_named
from flows.engine.plan import plan_steps
from flows.engine.runner import run_step
from flows.engine.store import StepStore
from flows.home.covariates import (
    CovariatesError,
    check_covariates,
    find_covariates,
    keep_covariates,
    read_covariates,
)
from flows.home.paths import Home
from flows.operations.past_state import UnknownStateError, state_as_of
from flows.sources import load_declarations
from tests.processes import asymmetry
from warehouse.contracts.read import contracts

GOOD = "ccode,year,polyarchy,region_eu\n2,2000,0.9,0\n20,2000,,0\n220,2000,.85,1\n220,1999,,\n"
HASHES = {slug: f"{number:064x}" for number, slug in enumerate(load_declarations())}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(GOOD)
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ccode,year,gdp\n2,2000,1\n", ["column 'gdp' is not in the schema", "polyarchy"]),
        ("ccode,polyarchy\n2,0.5\n", ["column 'year' is missing"]),
        ("ccode,year\n2,2000\n", ["no column beside ccode and year"]),
        ("ccode,year,polyarchy,polyarchy\n2,2000,.5,.5\n", ["'polyarchy' is there twice"]),
        ("ccode,year,polyarchy\n", ["no row below its header"]),
        ("", ["'ccode' is missing"]),
        ("ccode,year,polyarchy\n2,2000,0.5\n2,2001,high\n", ["row 2, column polyarchy: 'high'"]),
        ("ccode,year,polyarchy\n2,2000,1.5\n", ["row 1, column polyarchy: '1.5'", "0 to 1"]),
        ("ccode,year,polyarchy\n2,2000,nan\n", ["row 1, column polyarchy: 'nan'", "0 to 1"]),
        ("ccode,year,polyarchy\n2,2000,1_0\n", ["row 1, column polyarchy: '1_0'", "no number"]),
        ("ccode,year,aid_usd\n2,2000,inf\n", ["row 1, column aid_usd: 'inf'"]),
        ("ccode,year,colonial_tie\n2,2000,2\n", ["column colonial_tie: '2' is neither 0 nor 1"]),
        ("ccode,year,polyarchy\n2,2000.5,0\n", ["column year: '2000.5' is no whole number"]),
        ("ccode,year,polyarchy\n,2000,0\n", ["row 1, column ccode: '' is empty"]),
        ("ccode,year,polyarchy\n1000,2000,0\n", ["column ccode: '1000'", "2 to 999"]),
        ("ccode,year,polyarchy\n2,2000,0\n20,2000,0\n2,2000,1\n", ["row 3,", "in row 1 already"]),
        ("ccode,year,polyarchy\n2,2000\n", ["row 1: it has 2 cells and the header 3"]),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, message: list[str]) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(CovariatesError) as refused:
        keep_covariates(path, Home.at(tmp_path / "home"))
    for words in (*message, str(path), "Nothing was changed."):
        assert words in str(refused.value)
    assert not (tmp_path / "home").exists()


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(CovariatesError, match="no CSV in UTF-8"):
        check_covariates(path)


@pytest.mark.parametrize("command", ["refresh", "plan"])
def test_the_commands_refuse_in_words_with_code_2(tmp_path: Path, command: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("ccode,year,polyarchy\n2,2000,7\n")
    done = asymmetry(tmp_path / "home", command, "--covariates", str(path))
    assert done.returncode == 2, done.stderr
    assert "row 1, column polyarchy: '7' is outside 0 to 1" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home" / "covariates").exists()
    missing = asymmetry(tmp_path / "home", command, "--covariates", str(tmp_path / "no.csv"))
    assert missing.returncode == 2
    assert "There is no file" in missing.stderr


def test_a_file_is_kept_once_under_its_hash(good: Path, tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    sha256 = keep_covariates(good, home)
    kept = find_covariates(sha256, home)
    assert kept.read_text() == GOOD
    before = kept.stat().st_mtime_ns
    assert keep_covariates(good, home) == sha256
    assert kept.stat().st_mtime_ns == before
    kept.chmod(0o644)
    kept.write_text(GOOD.replace("0.9", "0.8"))
    with pytest.raises(CovariatesError, match="gone or damaged"):
        find_covariates(sha256, home)


def test_values_and_gaps_are_read_as_the_contract_types_them(good: Path) -> None:
    frame = read_covariates(good)
    assert frame.select("ccode", "year", "polyarchy", "region_eu").rows() == [
        (2, 2000, 0.9, False),
        (20, 2000, None, False),
        (220, 2000, 0.85, True),
        (220, 1999, None, None),
    ]
    assert frame["aid_usd"].null_count() == 4
    assert read_covariates(None).schema == frame.schema


def test_the_hash_of_the_file_enters_the_steps_that_read_it_and_no_other() -> None:
    without, one, other = (
        plan_steps(HASHES, given)
        for given in (None, {"covariates": "a" * 64}, {"covariates": "b" * 64})
    )
    reads = {"core.covariates"}  # and what reads it
    for step in without.values():
        if reads & set(step.step.reads):
            reads |= set(step.step.outputs)
    expected = {name for name, p in without.items() if reads & set(p.step.outputs)}
    for a, b in ((without, one), (one, other)):
        assert {name for name in a if a[name].step_hash != b[name].step_hash} == expected
    assert "core.gdp" not in expected
    assert dict(one["core.covariates"].user_files) == {"covariates": "a" * 64}


def run(step: str, tmp_path: Path, states: pl.DataFrame, covariates: Path | None) -> pl.DataFrame:
    path = tmp_path / "core.states.parquet"
    states.write_parquet(path)
    inputs = {"core.states": path}
    for table in ("core.regimes", "core.capitals", "core.trade"):
        inputs[table] = tmp_path / f"{table}.parquet"
        pl.DataFrame(schema=contracts()[table].polars_schema).write_parquet(inputs[table])
    given = {"covariates": covariates} if covariates else {}
    sha256 = {"covariates": check_covariates(covariates)} if covariates else {}
    finished, _ = run_step(
        step_named(step),
        plan_steps(HASHES, sha256)[step].step_hash,
        inputs,
        StepStore(tmp_path / "steps"),
        user_files=given,
    )
    assert set(finished.losses()["reason"]) == (
        {"unknown_code", "no_value"} if covariates else set()
    )
    return pl.read_parquet(finished.table("core.covariates"))


def test_the_step_takes_the_file_up_and_has_nothing_of_its_own(good: Path, tmp_path: Path) -> None:
    from datetime import date

    states = pl.DataFrame(
        {
            "ccode": pl.Series([20, 220], dtype=pl.Int16),
            "valid_from": [date(1920, 1, 10), date(1944, 8, 25)],
            "valid_to": [date(2016, 12, 31)] * 2,
            "counts_to": [date(2100, 12, 31)] * 2,
        }
    )
    full = run("core.covariates", tmp_path, states, good)
    assert full.select("ccode", "year", "polyarchy").rows() == [(20, 2000, None), (220, 2000, 0.85)]
    assert run("core.covariates", tmp_path, states, None).height == 0


def write_run(home: Home, parameters: dict[str, str]) -> None:
    home.runs.mkdir(parents=True, exist_ok=True)
    record: dict[str, object] = {"result": "published", "profile": "sample", "snapshots": {}}
    record["build_id"] = "ab" * 32
    record |= {"started_at": "2026-01-01T00:00:00+00:00", "seconds": 1, "parameters": parameters}
    (home.runs / "20260101T000000-published.json").write_text(json.dumps(record))


def test_a_past_state_has_its_covariates(good: Path, tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    sha256 = keep_covariates(good, home)
    write_run(home, {"covariates": sha256})
    assert state_as_of("ab" * 32, home).user_files == {"covariates": sha256}
    find_covariates(sha256, home).unlink()
    with pytest.raises(UnknownStateError, match="hand the same file over again"):
        state_as_of("ab" * 32, home)
    write_run(home, {})
    assert state_as_of("ab" * 32, home).user_files == {}
