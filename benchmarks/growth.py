"""How the whole build grows with roll calls and with states, step by step.

    python benchmarks/growth.py --json out.json

Simulated worlds of several sizes (`python -m flows.sample`) are built with gates, each in a process
and a home of its own, and the record of each step says what its function computed. An exponent
says how a step's processor seconds grow: 1 with what there is twice as much of, 2 with its square.
What each should be by its arithmetic stands in `pages/arithmetic.py`. `--worlds FOLDER` keeps each
world with its home and figures there; what has figures is not built again, so that a run that was
ended goes on. `--functions` builds nothing: it times the functions that no claim needs, one after
the other, from the bytes on.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from measuring.apart import CHAIN, GATES, measure
from measuring.processes import machine
from measuring.programs import Program
from pages.growth_of_builds import drawn, report

GROWTH = ((1, 1), (2, 1), (4, 1), (1, 2))
"""Times the roll calls, and times the states, of the first world."""

SIMULATED = "sample"
"""The series of snapshots that a simulated world belongs to, whatever mirror has served it."""

SIZES = {
    "roll_calls": "SELECT count(*) FROM core.roll_calls",
    "votes": "SELECT count(*) FROM core.votes WHERE choice IN ('yes', 'abstain', 'no')",
    "dyad_sessions": "SELECT count(*) FROM core.dyad_sessions",
    "states": "SELECT count(DISTINCT ccode) FROM core.votes",
}


def measure_world(folder, roll_calls, states, functions):
    """Writes, fetches and builds one world; what that took, and how large all is."""
    from flows.sample.model.size import N_LISTED, WorldSize
    from flows.sample.write import write_sample_world
    from warehouse.db import read_published

    world, home, figures = folder / "world", folder / "home", folder / "figures.json"
    if figures.is_file():
        return json.loads(figures.read_text("utf-8"))
    # steps that an earlier try has left finished would take no time in this one
    shutil.rmtree(home, ignore_errors=True)
    write_sample_world(world, size=WorldSize(roll_calls, states * N_LISTED))
    program = Program(Path(__file__).resolve().parents[1])
    program.run(home, "fetch", "--profile", "mirror", "--mirror", str(world))
    if functions:
        found = measure_functions(home)
        figures.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        return found
    build = measure(GATES, home, SIMULATED)
    steps = build.pop("steps")
    warehouse = home / "warehouse.duckdb"
    with read_published(warehouse) as connection:
        sizes = {name: connection.execute(sql).fetchone()[0] for name, sql in SIZES.items()}
    found = {
        **sizes,
        "file_mb": warehouse.stat().st_size / 1e6,
        "steps_mb": sum(f.stat().st_size for f in (home / "steps").rglob("*.parquet")) / 1e6,
        "build": build,
        "functions": {"cpu": sum(step["cpu"] for step in steps.values()), "steps": steps},
    }
    figures.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return found


def measure_functions(home):
    """The functions of a world that is not built, without those of claims and of treaties alone."""
    from flows.dag.claims import CLAIMS

    but = [step.name for step in CLAIMS] + ["metrics.network_null"]
    found = measure(CHAIN, home, SIMULATED, but=but)
    return {**found["sizes"], "functions": found}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(os.environ.get("ASYMMETRY_HOME") or "var") / "warehouse.duckdb"
    parser.add_argument("--warehouse", type=Path, default=default, help="real sizes are its own")
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--base", type=int, default=4, help="roll calls of the first world, times the usual"
    )
    parser.add_argument("--functions", action="store_true", help="no build, no claims")
    parser.add_argument("--worlds", type=Path, help="a folder that keeps worlds and figures")
    options = parser.parse_args()
    from warehouse.db import read_published

    with read_published(options.warehouse) as connection:
        real = {name: connection.execute(sql).fetchone()[0] for name, sql in SIZES.items()}
    worlds = []
    with tempfile.TemporaryDirectory() as temporary:
        for roll_calls, states in GROWTH:
            name = f"{options.base * roll_calls}x{states}"
            folder = (options.worlds or Path(temporary)) / name
            size = (options.base * roll_calls, states)
            built = measure_world(folder, *size, options.functions)
            worlds.append({"times_roll_calls": roll_calls, "times_states": states, **built})
            print(f"{roll_calls}×, {states}×: {built['functions']['cpu']:.0f} s", file=sys.stderr)
    numbers = {"real": real, "base": options.base, "worlds": worlds}
    numbers["machine"] = machine("polars", "numpy", "duckdb")
    print(report(numbers))
    if options.json:
        options.json.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")
        options.json.with_suffix(".svg").write_text(drawn(numbers), "utf-8")


if __name__ == "__main__":
    main()
