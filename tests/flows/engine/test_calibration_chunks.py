"""Worlds in chunks: the same verdicts however they are cut and ordered; nothing is judged twice."""

from pathlib import Path

import pytest

from flows.engine import calibration_chunks
from flows.engine.calibration_chunks import chunks, concat, evenly, judge_chunk
from transforms.calibration.registry import FAMILIES


def test_chunks_are_put_together_in_order_whatever_the_order_they_were_judged_in(
    tmp_path: Path,
) -> None:
    todo = chunks(1, ["preponderance"])
    for chunk in reversed(todo):
        judge_chunk(chunk, str(tmp_path / "down"))
    for chunk in evenly(todo):
        judge_chunk(chunk, str(tmp_path / "up"))
    up, down = (concat(todo, tmp_path / name) for name in ("up", "down"))
    assert up.verdicts.equals(down.verdicts)
    assert up.estimates.equals(down.estimates)
    assert up.verdicts["scenario"].to_list() == [chunk.scenario.name for chunk in todo]


def test_a_finished_chunk_is_not_judged_again(tmp_path: Path) -> None:
    todo = chunks(1, ["preponderance"])
    judge_chunk(todo[0], str(tmp_path))
    (piece,) = (tmp_path / todo[0].code / "verdicts").glob("*/*.parquet")
    before = piece.stat().st_mtime_ns
    judge_chunk(todo[0], str(tmp_path))
    assert piece.stat().st_mtime_ns == before
    with pytest.raises(LookupError, match=r"preponderance, present 0\.25, worlds 0 to 0 lacks"):
        concat(todo, tmp_path)


def test_all_scenarios_come_forward_at_the_same_pace() -> None:
    todo = chunks(100, list(FAMILIES))
    in_turn = evenly(todo)
    assert sorted(map(todo.index, in_turn)) == list(range(len(todo)))
    half = in_turn[: len(todo) // 2]
    last = {(chunk.family, chunk.scenario): chunk.last for chunk in todo}
    assert {(chunk.family, chunk.scenario) for chunk in half} == set(last)
    assert all(chunk.first <= 0.6 * last[chunk.family, chunk.scenario] for chunk in half)


@pytest.mark.parametrize("n_worlds", [3, 20, 100])
def test_chunks_hold_every_world_once(n_worlds: int) -> None:
    found = [
        (chunk.family, chunk.scenario.name, world)
        for chunk in chunks(n_worlds, list(FAMILIES))
        for world in range(chunk.first, chunk.last)
    ]
    assert len(found) == len(set(found))
    scenarios = {(f, s.name) for f, family in FAMILIES.items() for s in family.scenarios}
    assert {(f, s) for f, s, _ in found} == scenarios


def test_a_text_of_a_claim_judges_no_world_anew_and_a_rule_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = calibration_chunks.listed_claims()

    def keys_with(**changed: object) -> tuple[str, str]:
        claims = {**listed[2]["claims"], "C1a": {**listed[2]["claims"]["C1a"], **changed}}
        with monkeypatch.context() as patch:
            edited = {**listed, 2: {**listed[2], "claims": claims}}
            patch.setattr(calibration_chunks, "listed_claims", lambda: edited)
            of = calibration_chunks.key_of_worlds.__wrapped__  # past its cache
            return of("ratios"), of("superiority")  # C1a, C1c

    now = keys_with()
    assert keys_with(limits="None.", caution="") == now
    other = keys_with(equivalence=0.3)
    assert other[0] != now[0]
    assert other[1] == now[1]
