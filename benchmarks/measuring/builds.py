"""Builds of the newest snapshots of a home: bare, with the gates, as a flow on a server."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

from measuring.processes import Clock

THREADS = 3  # as many as the flow's task runner has


def build_without_prefect(home, profile, gated):
    """Every step, then the database; returns what the clocks say."""
    from flows.dag import PARAMETERS
    from flows.engine import runner as step_runner
    from flows.engine.assemble import Build
    from flows.engine.build_identity import PlannedBuild
    from flows.engine.plan import plan_steps
    from flows.home.paths import Home
    from flows.tasks import publish as publishing

    home = Home.at(home)
    if not gated:
        step_runner.run_gate = no_gate
        publishing.check_rules = lambda *_: []
    importing = warm_up() if gated else 0.0
    snapshots = snapshots_of(home, profile)
    clock = Clock()
    plan = plan_steps({slug: s.sha256 for slug, s in snapshots.items()})
    run_steps(plan, snapshots, home)
    planned = PlannedBuild("0" * 64, PARAMETERS, plan)
    publishing.publish.fn(Build(planned, profile, snapshots), home)
    return clock.read() | {"importing": importing}


def no_gate(suite, *_, **__):
    """A gate that looks at nothing."""
    from expectations.gate.results import GateReport

    return GateReport("core", suite.table, ())


def run_steps(plan, snapshots, home):
    """Every step and chunk on a pool of threads, each after what it reads, as the flow does.

    What they compute goes to processes beside them, as the flow's does.
    """
    from flows.engine.chunks import ChunkStore
    from flows.engine.compute import run_chunk
    from flows.engine.process_pool import run_in_pool, start_processes, step_processes
    from flows.engine.runner import run_step
    from flows.engine.store import StepStore

    store = StepStore(home.steps)
    running = {}
    with step_processes(), ThreadPoolExecutor(THREADS) as pool:
        start_processes()
        for name, planned in plan.items():
            step = planned.step
            inputs = {
                table: store.folder(maker, plan[maker].step_hash) / f"{table}.parquet"
                for table, maker in planned.inputs.items()
            }
            snapshot = snapshots[step.source] if step.source else None
            before = [running[maker] for maker in dict.fromkeys(planned.inputs.values())]
            pieces = ChunkStore.of(store, name, planned.step_hash, step.n_chunks)
            chunks = [
                pool.submit(after, before, run_in_pool, run_chunk, step, chunk, inputs, pieces)
                for chunk in range(step.n_chunks if step.chunk_function else 0)
            ]
            job = (run_step, step, planned.step_hash, inputs, store, snapshot)
            running[name] = pool.submit(after, [*before, *chunks], *job)
        for future in running.values():
            future.result()


def after(futures, do, *arguments):
    """Does something once what it needs is done; each job waits for earlier ones only."""
    for future in futures:
        future.result()
    return do(*arguments)


def build_as_flow(home, profile):
    """Runs the deployment's flow on the server of PREFECT_API_URL; returns as the others do."""
    os.environ["ASYMMETRY_HOME"] = str(home)
    importing = warm_up()
    from flows.build_and_publish import build_and_publish

    clock = Clock()
    done = build_and_publish(profile=profile)
    measured = clock.read()
    if done["result"] != "published":
        raise SystemExit(f"the flow ended as {done['result']}")
    return measured | {"importing": importing}


def refresh_again(home, profile):
    """Asks the flow `refresh` where nothing is new; seconds of its imports, and after them."""
    os.environ["ASYMMETRY_HOME"] = str(home)
    began = time.perf_counter()
    from flows.refresh import refresh

    importing = time.perf_counter() - began
    is_real = profile != "sample"
    clock = Clock()
    done = refresh(
        profile=profile, mirror=str(home) if profile == "mirror" else None, locked=is_real
    )
    return clock.read() | {"importing": importing, "result": done["result"]}


def warm_up():
    """Imports Great Expectations and makes its context; returns the seconds."""
    from expectations.gate import run as gate

    began = time.perf_counter()
    gate.warm_up()
    return time.perf_counter() - began


def snapshots_of(home, profile):
    """The newest snapshot of each source."""
    from flows.fetch.selection import newest_snapshots
    from flows.fetch.snapshots import SnapshotStore

    return newest_snapshots(SnapshotStore(home.snapshots), profile)


def recorded_parts(home, profile):
    """What the records of a finished build say of its steps.

    Returns:
        `parts` (import, read, compute, write, gate) of all steps together, each with `seconds` and
        `processor_seconds`, and `steps`: of each step the `cpu` and `seconds` that it computed.
    """
    from flows.engine.plan import plan_steps
    from flows.engine.store import StepStore
    from flows.home.paths import Home
    from flows.home.step_parts import PROCESSOR_SECONDS, SECONDS, sum_of

    home = Home.at(home)
    snapshots = snapshots_of(home, profile)
    plan, store = (
        plan_steps({slug: s.sha256 for slug, s in snapshots.items()}),
        StepStore(home.steps),
    )
    recorded = {n: store.place(n, p.step_hash).record()["parts"] for n, p in plan.items()}
    steps = {
        name: {"seconds": spent[SECONDS], "cpu": spent[PROCESSOR_SECONDS]}
        for name, parts in recorded.items()
        if (spent := parts.get("compute"))
    }
    return {"parts": sum_of(recorded.values()), "steps": steps}
