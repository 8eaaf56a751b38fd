"""What Prefect and the gates cost beside the computation.

    python benchmarks/overhead.py --warehouse var/warehouse.duckdb --json overhead.json

The newest snapshots of that warehouse's home are built three times, each in a process and a home
of its own, by the same functions on as many threads with as many processes beside them: bare
(steps, their files, the database), with the gates and the rules across tables, and as a flow on a
Prefect server that is up. What a process or a server does once, importing Great Expectations and
starting, is told apart. Then the flow `refresh` is asked once more in the home that the flow has
built, where nothing is new.
"""

import argparse
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

THREADS = 3  # as many as the flow's task runner has
MODES = ("bare", "gates", "prefect")
UNCHANGED = "unchanged"
BOUND = 0.5
SECONDS_OF_NOTHING = 5.0


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


class Clock:
    """Seconds since it was made: of waiting; of processors, with those of ended children."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), self.cpu_so_far()

    @staticmethod
    def cpu_so_far():
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    def read(self):
        return {
            "seconds": time.perf_counter() - self.wall,
            "cpu": self.cpu_so_far() - self.cpu,
        }


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
    from flows.engine.process_pool import run_in_pool, step_processes
    from flows.engine.runner import run_step
    from flows.engine.store import StepStore

    store = StepStore(home.steps)
    running = {}
    with step_processes(), ThreadPoolExecutor(THREADS) as pool:
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


@contextmanager
def server(folder):
    """A Prefect server of our own on a free port; yields its address, process and start-up time."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    # connections are kept as long as the server of the runbook keeps them
    kept = {"PREFECT_SERVER_API_KEEPALIVE_TIMEOUT": "600"}
    environment = {**os.environ, **kept, "PREFECT_HOME": str(folder), "PREFECT_API_URL": url}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    began = time.perf_counter()
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)], env=environment, stdout=log, stderr=log
        )
        try:
            wait_until_healthy(url, process)
            yield url, process.pid, time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_until_healthy(url, process):
    import requests

    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the Prefect server did not start")
        try:
            if requests.get(f"{url}/health", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise SystemExit("the Prefect server did not answer")


def cpu_of(pid):
    """Processor seconds of a process so far; 0 where there is no /proc."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(mode, home, profile, api, server_pid):
    """One build, or one run that finds nothing new, in a process of its own."""
    before = cpu_of(server_pid)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--mode", mode, "--home", str(home), "--profile", profile],
        env={**os.environ, "PREFECT_API_URL": api, "PREFECT_LOGGING_LEVEL": "WARNING"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measured = json.loads(done.stdout.splitlines()[-1])
    measured["whole_process"] = time.perf_counter() - began
    uses_server = mode in ("prefect", UNCHANGED)
    measured["server_cpu"] = cpu_of(server_pid) - before if uses_server else 0.0
    measured["cpu"] += measured["server_cpu"]
    print(f"{mode}: {measured['seconds']:.1f} s", file=sys.stderr, flush=True)
    return measured


def let_settle(server_pid):
    """Waits until a server has written down what it was told before; a minute at most."""
    for _ in range(30):
        before = cpu_of(server_pid)
        time.sleep(2)
        if cpu_of(server_pid) - before < 0.2:
            return


def keep_least(found, mode, measured):
    """Remembers a measurement where it is the quickest of its kind so far."""
    if mode not in found or measured["seconds"] < found[mode]["seconds"]:
        found[mode] = measured


def measure_all(found, profile, snapshots, api, server_pid):
    """Each kind of build once, and nothing new after the last; keeps the least of each."""
    for mode in MODES:
        with tempfile.TemporaryDirectory(dir=snapshots.parent, prefix="overhead-") as home:
            (Path(home) / "snapshots").symlink_to(snapshots)
            keep_least(found, mode, measure(mode, home, profile, api, server_pid))
            if mode == "prefect":
                let_settle(server_pid)
                again = measure(UNCHANGED, home, profile, api, server_pid)
                if again["result"] == "unchanged":
                    keep_least(found, UNCHANGED, again)


def told_of_nothing_new(found):
    """What a refresh takes that finds nothing new, as Markdown."""
    again = found.get(UNCHANGED)
    if again is None:
        return [
            "A refresh that finds nothing new was not measured: the newest snapshots are not those"
            " that a refresh would use (the pinned ones; the simulated world of this code)."
        ]
    verdict = "holds" if again["seconds"] <= SECONDS_OF_NOTHING else "IS BROKEN"
    return [
        f"A refresh that finds nothing new takes {again['seconds']:.1f} s after its imports, with"
        f" the server up; the bound, {SECONDS_OF_NOTHING:.0f} s, {verdict}. Its imports take"
        f" {again['importing']:.1f} s, the whole process {again['whole_process']:.1f} s;"
        f" {again['cpu']:.1f} processor seconds after the imports, those of the server among them."
    ]


def report(found, importing, starting):
    """The split as Markdown: seconds of waiting, and of processors, which a busy machine spares."""
    bare, gated, whole = (found[mode]["seconds"] for mode in MODES)
    cpu, cpu_gated, cpu_whole = (found[mode]["cpu"] for mode in MODES)
    concat = (whole - bare) / bare
    verdict = "holds" if concat <= BOUND else "IS BROKEN"
    rows = [
        ("bare: steps, their files, the database", bare, None, cpu),
        ("the gates and the rules across tables", gated - bare, bare, cpu_gated - cpu),
        ("Prefect, with artifacts and events", whole - gated, bare, cpu_whole - cpu_gated),
        ("Prefect and gates together", whole - bare, bare, cpu_whole - cpu),
    ]
    lines = ["| | seconds | of bare | processor seconds |", "|---|--:|--:|--:|"]
    for name, seconds, of, processor in rows:
        share = f"{seconds / of:.0%}" if of else ""
        lines.append(f"| {name} | {seconds:.1f} | {share} | {processor:.1f} |")
    lines.append(f"| apart: importing Great Expectations, once per process | {importing:.1f} | | |")
    lines.append(f"| apart: starting the server, once | {starting:.1f} | | |")
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    lines += ["", f"The bound, at most {BOUND:.0%} together, {verdict}. {os.cpu_count()} cores,"]
    lines += [f"{THREADS} threads; load of the machine at the end {load}.", ""]
    lines += told_of_nothing_new(found)
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(os.environ.get("ASYMMETRY_HOME") or "var") / "warehouse.duckdb"
    parser.add_argument("--warehouse", type=Path, default=default)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--repeat", type=int, default=1, help="builds of each kind; least counts")
    parser.add_argument("--mode", choices=(*MODES, UNCHANGED), help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--profile", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.mode:
        if options.mode == UNCHANGED:
            measured = refresh_again(options.home, options.profile)
        elif options.mode == "prefect":
            measured = build_as_flow(options.home, options.profile)
        else:
            gated = options.mode == "gates"
            measured = build_without_prefect(options.home, options.profile, gated)
        print(json.dumps(measured), flush=True)
        os._exit(0)
    from warehouse.catalog.builds import read_build

    build = read_build(options.warehouse)
    if build is None:
        raise SystemExit(f"There is no warehouse at {options.warehouse}: `asymmetry refresh`.")
    profile = "sample" if build.is_simulated else build.profile
    snapshots = (options.warehouse.parent / "snapshots").resolve()
    found = {}
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (api, pid, starting):
        for _ in range(options.repeat):
            measure_all(found, profile, snapshots, api, pid)
    importing = min(found[mode]["importing"] for mode in ("gates", "prefect"))
    print(report(found, importing, starting))
    if options.json:
        numbers = {"profile": profile, "importing": importing, "starting": starting, **found}
        options.json.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
