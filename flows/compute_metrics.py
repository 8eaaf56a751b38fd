"""Marts and core tables → `metrics.*`: the last step of the computation."""

from collections.abc import Mapping
from typing import Any

from prefect.futures import PrefectFuture

from flows.artifacts import ShownProgress
from flows.build_warehouse import submit_steps
from flows.fetch.snapshots import Snapshot
from flows.plan import PlannedStep
from flows.settings import Settings


def compute_metrics(
    plan: Mapping[str, PlannedStep],
    snapshots: Mapping[str, Snapshot],
    settings: Settings,
    running: dict[str, PrefectFuture[Any]],
) -> dict[str, Any]:
    """Submits the metrics, and waits for everything that is running.

    Args:
        plan: All planned steps.
        snapshots: Slug to snapshot.
        settings: Where finished steps are.
        running: Futures of the steps that were submitted before.

    Returns:
        Step name to what it did (rows, seconds, whether the result was there before).

    Raises:
        Exception: The first step's or chunk's error, in the order of the plan.
    """
    submit_steps(plan, ("metrics",), snapshots, settings, running)
    progress = ShownProgress("build", "Steps that are done")
    for number, future in enumerate(running.values(), start=1):
        future.wait()
        progress.move(number / len(running))
    done = {name: _told(future) for name, future in running.items()}
    return {name: did for name, did in done.items() if name in plan}


def _told(future: PrefectFuture[Any]) -> dict[str, Any]:
    """What a step did; a result that Prefect had cached tells of the run that made it."""
    did: dict[str, Any] = future.result()
    return {**did, "was_there": did["was_there"] or future.state.name == "Cached"}
