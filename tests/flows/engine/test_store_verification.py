"""A finished step is hashed once per run; what is damaged in between shows in the next."""

from pathlib import Path

import polars as pl
import pytest

from flows.engine.chunks import ChunkStore
from flows.engine.store import StepDamagedError, StepStore, write_table
from transforms.step_result import LOSS_SCHEMA

HASH = "a" * 64
FRAME = pl.DataFrame({"x": [1, 2, 3]})


def save(store: StepStore, step: str = "core.t", step_hash: str = HASH) -> Path:
    notes = {"losses": pl.DataFrame(schema=LOSS_SCHEMA)}
    with store.draft(step, step_hash) as draft:
        write_table(draft.folder, step, FRAME)
        return draft.finish(draft.close(notes), {"seconds": 1.0}).table(step)


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_a_step_is_verified_at_its_first_look_up_and_not_again(tmp_path: Path) -> None:
    store = StepStore(tmp_path)
    table = save(store)
    assert store.find("core.t", HASH)
    flip_a_bit(table)
    assert store.find("core.t", HASH)  # this run has verified it
    with pytest.raises(StepDamagedError, match=r"core\.t\.parquet"):
        StepStore(tmp_path).find("core.t", HASH)  # the next run


def test_a_step_that_is_missing_is_looked_for_again(tmp_path: Path) -> None:
    store = StepStore(tmp_path)
    assert store.find("core.t", HASH) is None
    save(store)
    assert store.find("core.t", HASH) == store.place("core.t", HASH)


def test_a_damaged_step_that_is_removed_is_computed_anew(tmp_path: Path) -> None:
    table = save(StepStore(tmp_path))
    flip_a_bit(table)
    store = StepStore(tmp_path)
    told: list[str] = []
    assert store.find_or_remove("core.t", HASH, told.append) is None
    assert [str(table.parent) in line for line in told] == [True]
    assert store.find("core.t", HASH) is None
    assert not list((tmp_path / "core.t").iterdir())
    assert save(store).is_file()
    assert store.find("core.t", HASH)


def test_every_finished_step_can_be_verified_and_nothing_else_is_one(tmp_path: Path) -> None:
    store = StepStore(tmp_path)
    first, second = save(store), save(store, "metrics.t", "b" * 64)
    ChunkStore.of(store, "metrics.t", "c" * 64, 2).save(0, FRAME)
    (tmp_path / "core.t" / ".half-written").mkdir()
    assert store.folders() == [first.parent, second.parent]
    assert [store.verify(folder) for folder in store.folders()] == [HASH, "b" * 64]
    second.unlink()
    with pytest.raises(StepDamagedError, match="a build that needs it computes it anew"):
        store.verify(second.parent)
