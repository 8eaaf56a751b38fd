"""What Prefect and the gates cost beside the computation, and how much of it is computation.

    python benchmarks/overhead.py --warehouse var/warehouse.duckdb --json overhead.json

The newest snapshots of that warehouse's home are built three times, each in a process and a home
of its own, by the same functions on as many threads with as many processes beside them: bare
(steps, their files, the database), with the gates and the rules across tables, and as a flow on a
Prefect server that is up. What a process or a server does once, importing Great Expectations and
starting, is told apart. Then the flow `refresh` is asked once more in the home that the flow has
built, where nothing is new, and the bare function of each step is timed apart, on frames in
memory. `--flame out.svg` builds once more and writes a flame graph of all its processes.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

from measuring.apart import BARE, FUNCTIONS, GATES, PREFECT, UNCHANGED, measure
from measuring.flame import record_flame
from measuring.processes import machine
from measuring.servers import let_settle, server
from pages.overhead import report

BUILDS = (BARE, GATES, PREFECT)


def keep_least(found, mode, measured):
    """Remembers a measurement where it is the quickest of its kind so far."""
    if mode not in found or measured["seconds"] < found[mode]["seconds"]:
        found[mode] = measured


def measure_all(found, profile, snapshots, api, server_pid):
    """Each kind of build once; nothing new and the bare functions after the last; the least."""
    for mode in BUILDS:
        with tempfile.TemporaryDirectory(dir=snapshots.parent, prefix="overhead-") as home:
            (Path(home) / "snapshots").symlink_to(snapshots)
            keep_least(found, mode, measure(mode, home, profile, api, server_pid))
            if mode == PREFECT:
                let_settle(server_pid)
                again = measure(UNCHANGED, home, profile, api, server_pid)
                if again["result"] == "unchanged":
                    keep_least(found, UNCHANGED, again)
                keep_least(found, FUNCTIONS, measure(FUNCTIONS, home, profile))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(os.environ.get("ASYMMETRY_HOME") or "var") / "warehouse.duckdb"
    parser.add_argument("--warehouse", type=Path, default=default)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--repeat", type=int, default=1, help="builds of each kind; least counts")
    parser.add_argument("--flame", type=Path, metavar="SVG", help="write a flame graph; no figures")
    options = parser.parse_args()
    from warehouse.catalog.builds import read_build

    build = read_build(options.warehouse)
    if build is None:
        raise SystemExit(f"There is no warehouse at {options.warehouse}: `asymmetry refresh`.")
    profile = "sample" if build.is_simulated else build.profile
    snapshots = (options.warehouse.parent / "snapshots").resolve()
    if options.flame:
        record_flame(options.flame, profile, snapshots)
        return
    found = {}
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (api, pid, starting):
        for _ in range(options.repeat):
            measure_all(found, profile, snapshots, api, pid)
    importing = min(found[mode]["importing"] for mode in (GATES, PREFECT))
    numbers = {"profile": profile, "importing": importing, "starting": starting, **found}
    numbers["machine"] = machine("polars", "duckdb", "prefect", "great-expectations")
    print(report(numbers))
    if options.json:
        options.json.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
