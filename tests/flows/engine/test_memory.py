"""A process that keeps what it has freed does not ask the system for it again."""

import json
import subprocess
import sys

import pytest

from flows.engine.memory import keep_freed_memory

ROUNDS = 40
PAGES_OF_A_ROUND = 4 * 5 * 2**20 // 4096

_PROGRAM = f"""
import json, resource, sys
import numpy as np
from flows.engine.memory import keep_freed_memory

kept = sys.argv[1] == "kept" and keep_freed_memory()

def clear():
    for _ in range({ROUNDS}):
        four = [np.full(5 * 2**17, float(i)) for i in range(4)]
        assert sum(float(one[-1]) for one in four) == 6
        del four

clear()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
clear()
print(json.dumps([kept, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before]))
"""


def pages_asked_for(how: str) -> tuple[bool, int]:
    """Whether memory is kept, and how many pages are asked for by rounds of the same arrays."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, how], capture_output=True, text=True, check=True
    )
    kept, pages = json.loads(done.stdout)
    return kept, pages


@pytest.mark.skipif(not keep_freed_memory(), reason="the C library is not GNU's")
def test_arrays_come_from_what_was_freed() -> None:
    kept, pages = pages_asked_for("kept")
    assert kept
    assert pages < PAGES_OF_A_ROUND
    assert pages_asked_for("given back")[1] > PAGES_OF_A_ROUND * ROUNDS // 4
