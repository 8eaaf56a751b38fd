"""Steps in chunks: the same tables however they are cut; what is finished is not done again."""

import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from flows.dag import Step
from flows.engine.chunks import ChunkStore
from flows.engine.compute import run_chunk
from flows.engine.store import StepStore

STEP = Step(
    name="metrics.toy",
    stage="metrics",
    sentence="Toy",
    outputs=("metrics.toy",),
    function="tests.flows.test_step_chunks:whole",
    tables={"numbers": "core.numbers"},
    chunk_function="toy_chunks:square",
    n_chunks=3,
)
HASH = "a" * 64


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A table of ten numbers, and a module whose chunk function writes down its calls."""
    path = tmp_path / "core.numbers.parquet"
    pl.DataFrame({"n": range(10)}).write_parquet(path)
    (tmp_path / "toy_chunks.py").write_text(
        "from pathlib import Path\n"
        "def square(*, chunk, n_chunks, numbers):\n"
        "    with (Path(__file__).parent / 'calls').open('a') as file:\n"
        "        file.write(f'{chunk} ')\n"
        "    if (Path(__file__).parent / f'fail{chunk}').exists():\n"
        "        raise RuntimeError('killed')\n"
        "    rows = numbers.height\n"
        "    first, last = rows * chunk // n_chunks, rows * (chunk + 1) // n_chunks\n"
        "    return numbers[first:last].with_columns(square=numbers['n'][first:last] ** 2)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "toy_chunks", raising=False)
    return {"core.numbers": path}


def pieces_of(folder: Path, n_chunks: int = 3) -> ChunkStore:
    return ChunkStore.of(StepStore(folder), STEP.name, HASH, n_chunks)


def calls(tmp_path: Path) -> list[str]:
    return (tmp_path / "calls").read_text().split()


@pytest.mark.parametrize("n_chunks", [1, 3, 7])
def test_however_it_is_cut_the_whole_is_the_same(
    tmp_path: Path, inputs: dict[str, Path], n_chunks: int
) -> None:
    pieces = pieces_of(tmp_path / "steps", n_chunks)
    for chunk in reversed(range(n_chunks)):
        run_chunk(STEP, chunk, inputs, pieces)
    expected = pl.DataFrame({"n": range(10), "square": [n * n for n in range(10)]})
    assert pieces.all().equals(expected)


def test_a_finished_chunk_is_found_and_a_missing_one_runs_alone(
    tmp_path: Path, inputs: dict[str, Path]
) -> None:
    pieces = pieces_of(tmp_path / "steps")
    (tmp_path / "fail1").touch()
    run_chunk(STEP, 0, inputs, pieces)
    with pytest.raises(RuntimeError, match="killed"):
        run_chunk(STEP, 1, inputs, pieces)
    run_chunk(STEP, 2, inputs, pieces)
    with pytest.raises(LookupError, match=r"lacks the pieces 1 of 3.*run again"):
        pieces.all()
    (tmp_path / "fail1").unlink()
    again = [run_chunk(STEP, chunk, inputs, pieces)[1] for chunk in range(3)]
    assert again == [True, False, True]
    assert calls(tmp_path) == ["0", "1", "2", "1"]
    assert pieces.all()["n"].to_list() == list(range(10))


def test_a_piece_with_other_bytes_is_computed_anew(tmp_path: Path, inputs: dict[str, Path]) -> None:
    pieces = pieces_of(tmp_path / "steps")
    path, _ = run_chunk(STEP, 0, inputs, pieces)
    path.write_bytes(path.read_bytes()[:-20])
    assert pieces.find(0) is None
    again, reused = run_chunk(STEP, 0, inputs, pieces)
    assert (again, reused) == (path, False)


def test_what_dies_while_writing_leaves_nothing_that_counts(tmp_path: Path) -> None:
    pieces = pieces_of(tmp_path / "steps")
    with pytest.raises(AttributeError):
        pieces.save(0, None)  # type: ignore[arg-type]
    assert list(pieces.folder.iterdir()) == []


def test_pieces_of_another_number_of_chunks_are_others(
    tmp_path: Path, inputs: dict[str, Path]
) -> None:
    run_chunk(STEP, 0, inputs, pieces_of(tmp_path / "steps", 3))
    assert pieces_of(tmp_path / "steps", 4).find(0) is None
    with pytest.raises(ValueError, match="chunk 3 of 3"):
        pieces_of(tmp_path / "steps", 3).find(3)


def test_the_chunk_function_belongs_to_the_step_and_the_number_of_chunks_does_not() -> None:
    assert STEP.modules == ("tests.flows.test_step_chunks", "toy_chunks")
    assert replace(STEP, n_chunks=8).wiring == STEP.wiring
    assert replace(STEP, chunk_function=None).wiring != STEP.wiring
