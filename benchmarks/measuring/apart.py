"""Measures in a process of its own, so that seconds, processors and memory are its own.

python -m measuring.apart gates --home HOME --profile mirror
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from measuring.processes import PeakMemory, cpu_of

BARE, GATES, PREFECT, FUNCTIONS, CHAIN, UNCHANGED = MODES = (
    "bare",  # steps, their files, the database
    "gates",  # the same with gates and the rules across tables
    "prefect",  # the same as a flow, on the server of PREFECT_API_URL
    "functions",  # the function of each step, on the tables of a home that is built
    "chain",  # the same from the bytes on, in a home that has fetched; nothing is written
    "unchanged",  # `refresh` where nothing is new
)
ON_SERVER = (PREFECT, UNCHANGED)
MEASURE = (sys.executable, "-m", "measuring.apart")
FOLDER = Path(__file__).resolve().parents[1]


def measure(mode, home, profile, api="", server_pid=0, *, but=()):
    """One measurement of a home, in a process of its own.

    Args:
        mode: One of `MODES`.
        home: Where it is built, or what was built.
        profile: Whose newest snapshots are built.
        api: Address of a Prefect server, for the modes that have one.
        server_pid: Its process: what it computes for a run is the run's.
        but: Steps that a chain leaves out.

    Returns:
        `seconds` and `cpu` of what is measured, `whole_process` with the imports, `peak_mb` of
        all processes together; of `functions` the steps, of builds what their records say.
    """
    before = cpu_of(server_pid)
    began = time.perf_counter()
    process = subprocess.Popen(
        [*MEASURE, mode, "--home", home, "--profile", profile, "--but", *but],
        env={**os.environ, "PREFECT_API_URL": api, "PREFECT_LOGGING_LEVEL": "WARNING"},
        stdout=subprocess.PIPE,
        text=True,
        cwd=FOLDER,
    )
    with PeakMemory(process.pid) as memory:
        printed, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{mode} failed with exit code {process.returncode}")
    measured = json.loads(printed.splitlines()[-1])
    measured["whole_process"] = time.perf_counter() - began
    measured["peak_mb"] = memory.peak
    measured["server_cpu"] = cpu_of(server_pid) - before if mode in ON_SERVER else 0.0
    measured["cpu"] += measured["server_cpu"]
    print(f"{mode}: {measured['seconds']:.1f} s", file=sys.stderr, flush=True)
    return measured


def measured_here(mode, home, profile, but):
    """What the process of a measurement does."""
    from measuring import builds
    from measuring.functions import time_chain, time_functions

    if mode in (FUNCTIONS, CHAIN):
        sizes = {}
        if mode == CHAIN:
            steps, sizes = time_chain(home, profile, but)
        else:
            steps = time_functions(home, profile)
        sums = {of: sum(step[of] for step in steps.values()) for of in ("seconds", "cpu")}
        return sums | {"steps": steps, "sizes": sizes}
    if mode == UNCHANGED:
        return builds.refresh_again(home, profile)
    if mode == PREFECT:
        measured = builds.build_as_flow(home, profile)
    else:
        measured = builds.build_without_prefect(home, profile, gated=mode == GATES)
    return measured | builds.recorded_parts(home, profile)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--profile", required=True)
    parser.add_argument("--but", nargs="*", default=())
    options = parser.parse_args()
    measured = measured_here(options.mode, options.home, options.profile, options.but)
    print(json.dumps(measured), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
