"""Every step of the pipeline, in an order in which they can run: the table of contents.

A step names its inputs (`tables`: argument of its function → table; `references`: argument →
hand-coded list), its outputs, and the function that makes them. A mart names only itself: its
inputs are read from its SQL.
"""

from collections.abc import Iterable, Mapping

from flows.dag.claims import CLAIMS
from flows.dag.core import CORE
from flows.dag.marts import MARTS
from flows.dag.metrics import METRICS
from flows.dag.staging import STAGED
from flows.dag.step import Stage, Step

__all__ = ["PARAMETERS", "STEPS", "Stage", "Step", "sources_of", "step_named", "steps_for"]

# Parameters of a run that change numbers; they enter the build id. There are none: seeds and
# numbers of draws are constants of the modules that use them, and enter the id with the code.
PARAMETERS: Mapping[str, object] = {}

STEPS = (*STAGED, *CORE, *MARTS, *METRICS, *CLAIMS)
_BY_NAME = {step.name: step for step in STEPS}


def step_named(name: str) -> Step:
    """The step with this name.

    Raises:
        KeyError: There is none.
    """
    return _BY_NAME[name]


def steps_for(tables: Iterable[str]) -> tuple[Step, ...]:
    """The steps that make some tables, and all that these need, in an order in which they can run.

    Args:
        tables: Full names.

    Raises:
        KeyError: No step makes one of them.
    """
    makers = {table: step for step in STEPS for table in step.outputs}
    needed: set[str] = set()
    waiting = list(tables)
    while waiting:
        step = makers[waiting.pop()]
        if step.name not in needed:
            needed.add(step.name)
            waiting += step.reads
    return tuple(step for step in STEPS if step.name in needed)


def sources_of(steps: Iterable[Step]) -> tuple[str, ...]:
    """The sources whose bytes some steps read, in alphabetical order."""
    return tuple(sorted({step.source for step in steps if step.source}))
