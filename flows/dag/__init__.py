"""Every step of the pipeline, in an order in which they can run: the table of contents.

A step names what it reads (`tables`: argument of its function → table; `references`: argument
→ hand-coded list), what it makes, and the function or SQL that makes it. Marts name nothing
but themselves: what they read stands in their SQL.
"""

from collections.abc import Mapping

from flows.dag.core import CORE
from flows.dag.marts import MARTS
from flows.dag.metrics import METRICS
from flows.dag.staging import STAGED
from flows.dag.step import Stage, Step

__all__ = ["PARAMETERS", "STEPS", "Stage", "Step", "step_named"]

# Parameters of a run that change numbers; they enter the build id. None so far: seeds and
# numbers of draws are constants of the modules that use them, and enter it with the code.
PARAMETERS: Mapping[str, object] = {}

STEPS = (*STAGED, *CORE, *MARTS, *METRICS)
_BY_NAME = {step.name: step for step in STEPS}


def step_named(name: str) -> Step:
    """The step with this name.

    Raises:
        KeyError: There is none.
    """
    return _BY_NAME[name]
