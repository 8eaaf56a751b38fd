"""Finished steps: whole or not at all, and never believed when damaged."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from flows.engine.store import StepDamagedError, StepStore, write_table
from transforms.step_result import LOSS_SCHEMA

NOTES = {
    "losses": pl.DataFrame(schema=LOSS_SCHEMA),
    "validation": pl.DataFrame({"passed": [True]}),
    "quarantine": pl.DataFrame({"reason": ["x"]}),
}
FRAME = pl.DataFrame({"x": [1, 2, 3]})


def save(store: StepStore, step_hash: str = "a" * 64) -> None:
    with store.draft("core.t", step_hash) as draft:
        write_table(draft.folder, "core.t", FRAME)
        draft.finish(draft.close(NOTES), {"seconds": 1.0})


def test_a_finished_step_is_found_with_its_tables_and_notes(tmp_path: Path) -> None:
    store = StepStore(tmp_path)
    assert store.find("core.t", "a" * 64) is None
    save(store)
    found = store.find("core.t", "a" * 64)
    assert found is not None
    assert pl.read_parquet(found.table("core.t")).equals(FRAME)
    assert found.record()["tables"]["core.t"]["n_rows"] == 3
    assert found.quarantine().equals(NOTES["quarantine"])


def test_a_step_that_fails_while_it_is_stored_leaves_nothing(tmp_path: Path) -> None:
    store = StepStore(tmp_path)

    def store_one_of_two() -> None:
        with store.draft("core.t", "a" * 64) as draft:
            write_table(draft.folder, "core.t", FRAME)
            write_table(draft.folder, "core.u", "no frame")  # type: ignore[arg-type]

    with pytest.raises(AttributeError):
        store_one_of_two()
    assert store.find("core.t", "a" * 64) is None
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_two_writers_of_one_step_end_with_one_result(tmp_path: Path) -> None:
    store = StepStore(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: save(store), range(8)))
    assert [p.name for p in (tmp_path / "core.t").iterdir()] == ["a" * 16]


@pytest.mark.parametrize("damage", ["truncate", "flip", "note", "delete", "record", "other"])
def test_a_damaged_step_is_refused_with_advice(tmp_path: Path, damage: str) -> None:
    store = StepStore(tmp_path)
    save(store)
    folder = store.folder("core.t", "a" * 64)
    table = folder / "core.t.parquet"
    if damage == "truncate":
        table.write_bytes(table.read_bytes()[:-1])
    elif damage == "flip":
        data = bytearray(table.read_bytes())
        data[len(data) // 2] ^= 1
        table.write_bytes(bytes(data))
    elif damage == "note":
        (folder / "_losses.parquet").write_bytes(b"")
    elif damage == "delete":
        table.unlink()
    elif damage == "record":
        (folder / "_step.json").write_text("{")
    else:
        record = json.loads((folder / "_step.json").read_text())
        (folder / "_step.json").write_text(json.dumps({**record, "step_hash": "a" * 16 + "b" * 48}))
    with pytest.raises(StepDamagedError, match="a build that needs it computes it anew"):
        store.find("core.t", "a" * 64)
