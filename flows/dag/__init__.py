"""Every step of the pipeline, in an order in which they can run: the table of contents.

A step names its inputs (`tables`: argument of its function → table; `references`: argument →
hand-coded list), its outputs, and the function that makes them. A mart names only itself: its
inputs are read from its SQL.
"""

from collections.abc import Mapping

from flows.dag.claims import CLAIMS
from flows.dag.core import CORE
from flows.dag.marts import MARTS
from flows.dag.metrics import METRICS
from flows.dag.staging import STAGED
from flows.dag.step import Stage, Step

__all__ = ["PARAMETERS", "STEPS", "Stage", "Step", "step_named"]

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
