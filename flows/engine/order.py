"""In which order steps are submitted: those on which the end of the build waits longest go first.

Two processes compute, so the order is that in which two would begin the steps if each took the
declared time: of those that can begin, always the one with the longest way from it to the end. No
number depends on it; what assembles a build keeps to the order of the declarations.
"""

import heapq
from collections.abc import Mapping, Sequence

from flows.dag.seconds import seconds_of
from flows.engine.process_pool import N_PROCESSES


def submission_order(
    made_after: Mapping[str, Sequence[str]], at_once: int = N_PROCESSES
) -> list[str]:
    """Orders steps.

    Args:
        made_after: Step name to the names of those among them whose tables it reads, in an order in
            which they can run.
        at_once: How many are computed at a time.

    Returns:
        All names, each after those that it reads.
    """
    rank = {name: number for number, name in enumerate(made_after)}
    way = _ways_to_the_end(made_after)
    waits_for = {name: set(makers) for name, makers in made_after.items()}
    readers: dict[str, list[str]] = {name: [] for name in made_after}
    for name, makers in made_after.items():
        for maker in set(makers):
            readers[maker].append(name)
    ready = [(-way[name], rank[name], name) for name in made_after if not waits_for[name]]
    heapq.heapify(ready)
    running: list[tuple[float, int, str]] = []
    order: list[str] = []
    now = 0.0
    while ready or running:
        while ready and len(running) < at_once:
            _, number, name = heapq.heappop(ready)
            heapq.heappush(running, (now + seconds_of(name), number, name))
            order.append(name)
        now, _, ended = heapq.heappop(running)
        for reader in readers[ended]:
            waits_for[reader].discard(ended)
            if not waits_for[reader]:
                heapq.heappush(ready, (-way[reader], rank[reader], reader))
    return order


def _ways_to_the_end(made_after: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Step name to the seconds of the longest chain that begins with it."""
    after = dict.fromkeys(made_after, 0.0)
    way: dict[str, float] = {}
    for name in reversed(list(made_after)):
        way[name] = seconds_of(name) + after[name]
        for maker in made_after[name]:
            after[maker] = max(after[maker], way[name])
    return way
