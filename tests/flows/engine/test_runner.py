"""A step's record says what its seconds went to; its hash and its rows know nothing of it."""

import json
from pathlib import Path

import polars as pl
import pytest

from flows.dag import step_named
from flows.engine.runner import run_step
from flows.engine.store import FinishedStep, StepStore
from flows.tasks.steps import summary_of
from warehouse.contracts.read import contracts

STEP = step_named("core.covariates")


def finished(folder: Path, step_hash: str) -> FinishedStep:
    """The step without any rows to read, really computed and judged."""
    inputs = {table: folder / "made" / f"{table}.parquet" for table in STEP.reads}
    (folder / "made").mkdir(parents=True)
    for table, path in inputs.items():
        pl.DataFrame(schema=contracts()[table].polars_schema).write_parquet(path)
    return run_step(STEP, step_hash, inputs, StepStore(folder / "steps"))[0]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> list[FinishedStep]:
    """The same step in two stores."""
    root = tmp_path_factory.mktemp("stores")
    return [finished(root / name, "a" * 64) for name in ("one", "other")]


def test_the_parts_of_a_step_lie_within_its_seconds(twice: list[FinishedStep]) -> None:
    for step in twice:
        record = step.record()
        assert list(record["parts"]) == ["import", "read", "compute", "write", "gate"]
        seconds = [part["seconds"] for part in record["parts"].values()]
        assert 0 < sum(seconds) <= record["seconds"] + 0.005  # each is rounded
        assert summary_of(step, reused=False)["parts"] == record["parts"]


def test_nothing_but_the_record_knows_of_them(twice: list[FinishedStep]) -> None:
    one, other = (step.record() for step in twice)
    assert one["files"] == other["files"]
    assert set(one["files"]) >= {"core.covariates.parquet", "_validation.parquet"}
    assert {**one, "seconds": 0, "parts": 0} == {**other, "seconds": 0, "parts": 0}


def test_a_record_of_before_has_no_parts(twice: list[FinishedStep], tmp_path: Path) -> None:
    record = twice[0].record()
    del record["parts"]
    (tmp_path / "_step.json").write_text(json.dumps(record))
    older = FinishedStep(STEP.name, "a" * 64, tmp_path)
    assert summary_of(older, reused=True)["parts"] == {}
