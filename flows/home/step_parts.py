"""What the seconds of a step go to: importing, reading, computing, writing, judging.

The record of a finished step (`steps/…/_step.json`) and that of a run (`runs/*.json`) have them
under `parts`, as seconds and as processor seconds. What is left of a step's seconds is waiting: for
a free process. No hash and no number depends on them.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

PARTS = ("import", "read", "compute", "write", "gate")
"""In the order in which they come; `compute` is the bare functions, on frames in memory."""

SECONDS, PROCESSOR_SECONDS = "seconds", "processor_seconds"
Parts = Mapping[str, Mapping[str, float]]
"""Part to its seconds and processor seconds; parts that a step did not come to are left out."""

T = TypeVar("T")


class StepClock:
    """Adds up what each part takes; parts lie side by side, never one in another.

    Args:
        processor: Tells processor seconds so far: of this process, whose libraries compute on
            threads of their own, or of one thread where others have work of their own.
    """

    def __init__(self, processor: Callable[[], float] = time.process_time) -> None:
        self._processor = processor
        self._spent: dict[str, tuple[float, float]] = {}

    @contextmanager
    def at(self, part: str) -> Iterator[None]:
        """What is done inside belongs to this part, however it ends."""
        began, began_processor = time.perf_counter(), self._processor()
        try:
            yield
        finally:
            seconds, processor = self._spent.get(part, (0.0, 0.0))
            seconds += time.perf_counter() - began
            self._spent[part] = (seconds, processor + self._processor() - began_processor)

    def parts(self) -> Parts:
        """What has been added up, in the order of `PARTS`, to the millisecond."""
        return {
            part: {SECONDS: round(spent[0], 3), PROCESSOR_SECONDS: round(spent[1], 3)}
            for part in PARTS
            if (spent := self._spent.get(part))
        }


def timed(function: Callable[..., T]) -> tuple[T, Parts]:
    """Calls a function with a clock of its own, here or wherever this call is sent to.

    Args:
        function: One that takes a `clock`, its other arguments given (`functools.partial`).

    Returns:
        What the function returns, and what its parts took.
    """
    clock = StepClock()
    result = function(clock=clock)
    return result, clock.parts()


def sum_of(several: Iterable[Parts]) -> Parts:
    """The parts of several steps or chunks, added up; of none, nothing."""
    found: dict[str, dict[str, float]] = {}
    for parts in several:
        for part, spent in parts.items():
            so_far = found.setdefault(part, dict.fromkeys(spent, 0.0))
            for kind, seconds in spent.items():
                so_far[kind] = round(so_far.get(kind, 0.0) + seconds, 3)
    return {part: found[part] for part in PARTS if part in found}


def parts_of_run(steps: Mapping[str, Mapping[str, Any]]) -> Parts:
    """The parts of the steps that a run has computed, added up; of older records, nothing.

    Args:
        steps: `steps` of the record of a run.
    """
    return sum_of(s.get("parts") or {} for s in steps.values() if not s.get("reused", True))


def in_words(parts: Parts) -> str:
    """`import 0.1 s, read 0.2 s, compute 3.1 s, …`: seconds by part; empty where none is known."""
    return ", ".join(f"{part} {spent[SECONDS]:,.1f} s" for part, spent in parts.items())
