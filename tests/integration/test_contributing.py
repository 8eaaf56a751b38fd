"""CONTRIBUTING.md is followed: its checklists add a source, a metric and a claim that work.

In a copy of the project, each toy is added by the steps of its checklist, in their order, and then
checked, in a process of its own (`contributing/check.py`). Each step is left out once: the project
then has to say what is missing.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.contributing.check import toy_named
from tests.contributing.checklist import ROOT, ChecklistStep, read_checklist

KINDS = ("source", "metric", "claim")
STEPS = [(kind, step) for kind in KINDS for step in read_checklist(kind)]
COPIED = ("flows", "expectations", "transforms", "warehouse", "tests")
FILES = (
    *("CONTRIBUTING.md", "CHANGELOG.md", "DATA_LICENSES.md", "Makefile", "prefect.yaml"),
    "docs/metrics.md",
)
GENERATED = "docs/generated"

Outcome = tuple[int, str]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, int], Outcome]:
    """Checklist and the number of the step that is left out, 0 for none, to what came of it."""
    folder = tmp_path_factory.mktemp("followed")
    with ThreadPoolExecutor(len(KINDS)) as pool:
        of_kinds = pool.map(lambda kind: follow_all(kind, folder / kind), KINDS)
        return {(kind, n): o for kind, of in zip(KINDS, of_kinds, strict=True) for n, o in of}


def follow_all(kind: str, copy: Path) -> list[tuple[int, Outcome]]:
    """Follows a checklist whole, and then without each of its steps, from the start each time."""
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name)
    for file in FILES:
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / file, copy / file)
    shutil.copytree(ROOT / GENERATED, copy / GENERATED)
    found = []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.contributing.check", kind],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as checking:
        for left_out in (0, *(step.number for step in read_checklist(kind))):
            found.append((left_out, follow(kind, left_out, checking)))
            undo(kind, copy)
        assert checking.stdin is not None
        checking.stdin.close()
    return found


def follow(kind: str, left_out: int, checking: "subprocess.Popen[str]") -> Outcome:
    """Has a checklist followed in a copy of the project, but for one step, and checked."""
    numbers = [str(step.number) for step in read_checklist(kind) if step.number != left_out]
    assert checking.stdin is not None
    assert checking.stdout is not None
    checking.stdin.write(" ".join(numbers) + "\n")
    checking.stdin.flush()
    code, output = json.loads(checking.stdout.readline())
    return code, output


def undo(kind: str, copy: Path) -> None:
    """Makes the copy what it was."""
    toy = toy_named(kind)
    for target in {*map(toy.named, toy.pieces), *FILES}:
        (copy / target).unlink(missing_ok=True)
        if (ROOT / target).exists():
            shutil.copy2(ROOT / target, copy / target)
    shutil.rmtree(copy / GENERATED)
    shutil.copytree(ROOT / GENERATED, copy / GENERATED)


@pytest.mark.parametrize("kind", KINDS)
def test_the_checklist_is_enough(kind: str, outcomes: Mapping[tuple[str, int], Outcome]) -> None:
    code, output = outcomes[kind, 0]
    assert code == 0, output


@pytest.mark.parametrize(("kind", "step"), STEPS, ids=str)
def test_no_step_can_be_left_out(
    kind: str, step: ChecklistStep, outcomes: Mapping[tuple[str, int], Outcome]
) -> None:
    code, output = outcomes[kind, step.number]
    assert code == 1, f"without step {step} a {kind} was added all the same"
    message = output.strip().splitlines()[-1]
    assert any(name in message for name in toy_named(kind).names.values()), message


@pytest.mark.parametrize("kind", KINDS)
def test_the_checklist_has_a_step_for_everything_that_is_written(kind: str) -> None:
    targets = {step.target for step in read_checklist(kind)}
    assert {t for t in targets if not t.startswith("make ")} == set(toy_named(kind).pieces)
