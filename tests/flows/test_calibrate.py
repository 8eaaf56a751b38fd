"""`python -m flows.calibrate`: the same page whatever the number of processes."""

import pytest

from flows.calibrate import main
from flows.calibration.run import chunks
from transforms.calibration.families import FAMILIES


def test_the_number_of_processes_changes_no_figure(tmp_path):
    pages = []
    for workers in ("1", "2"):
        folder = tmp_path / workers
        arguments = ["--worlds", "10", "--families", "classical", "--workers", workers]
        assert main([*arguments, "--docs", str(folder)]) == 0
        pages.append((folder / "calibration.md").read_text("utf-8"))
        drawn = sorted(path.name for path in (folder / "calibration").iterdir())
        assert drawn == ["coverage.svg", "false_support.svg", "power.svg"]
    assert pages[0] == pages[1]
    assert "| C1b | absent | 10 |" in pages[0]


@pytest.mark.parametrize("n_worlds", [3, 20])
def test_chunks_hold_every_world_once(n_worlds):
    found = [
        (chunk.family, chunk.scenario.name, world)
        for chunk in chunks(n_worlds, list(FAMILIES))
        for world in range(chunk.first, chunk.last)
    ]
    assert len(found) == len(set(found))
    scenarios = {(f, s.name) for f, family in FAMILIES.items() for s in family.scenarios}
    assert {(f, s) for f, s, _ in found} == scenarios
