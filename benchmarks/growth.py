"""How the whole build grows with roll calls and with states, step by step.

    python benchmarks/growth.py --json out.json

Simulated worlds of several sizes (`python -m flows.sample`) are built with gates, each in a process
and a home of its own, and the record of each step says what its function computed. An exponent
says how a step's processor seconds grow: 1 with what there is twice as much of, 2 with its square.
What each should be by its arithmetic stands in `pages/arithmetic.py`.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from measuring.apart import GATES, measure
from measuring.processes import machine
from measuring.programs import Program
from pages.growth_of_builds import drawn, report

GROWTH = ((1, 1), (2, 1), (4, 1), (1, 2))
"""Times the roll calls, and times the states, of the first world."""

SIZES = {
    "roll_calls": "SELECT count(*) FROM core.roll_calls",
    "votes": "SELECT count(*) FROM core.votes WHERE choice IN ('yes', 'abstain', 'no')",
    "dyad_sessions": "SELECT count(*) FROM core.dyad_sessions",
    "states": "SELECT count(DISTINCT ccode) FROM core.votes",
}


def build_world(folder, roll_calls, states):
    """Writes, fetches and builds one world; what that took, and how large all is."""
    from flows.sample.model.size import N_LISTED, WorldSize
    from flows.sample.write import write_sample_world
    from warehouse.db import read_published

    world, home = folder / "world", folder / "home"
    write_sample_world(world, size=WorldSize(roll_calls, states * N_LISTED))
    program = Program(Path(__file__).resolve().parents[1])
    program.run(home, "fetch", "--profile", "mirror", "--mirror", str(world))
    build = measure(GATES, home, "mirror")
    steps = build.pop("steps")
    warehouse = home / "warehouse.duckdb"
    with read_published(warehouse) as connection:
        sizes = {name: connection.execute(sql).fetchone()[0] for name, sql in SIZES.items()}
    return {
        **sizes,
        "file_mb": warehouse.stat().st_size / 1e6,
        "steps_mb": sum(f.stat().st_size for f in (home / "steps").rglob("*.parquet")) / 1e6,
        "build": build,
        "functions": {"cpu": sum(step["cpu"] for step in steps.values()), "steps": steps},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(os.environ.get("ASYMMETRY_HOME") or "var") / "warehouse.duckdb"
    parser.add_argument("--warehouse", type=Path, default=default, help="real sizes are its own")
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--base", type=int, default=4, help="roll calls of the first world, times the usual"
    )
    options = parser.parse_args()
    from warehouse.db import read_published

    with read_published(options.warehouse) as connection:
        real = {name: connection.execute(sql).fetchone()[0] for name, sql in SIZES.items()}
    worlds = []
    for roll_calls, states in GROWTH:
        with tempfile.TemporaryDirectory() as folder:
            built = build_world(Path(folder), options.base * roll_calls, states)
        worlds.append({"times_roll_calls": roll_calls, "times_states": states, **built})
        print(f"{roll_calls}×, {states}×: {built['build']['seconds']:.0f} s", file=sys.stderr)
    numbers = {"real": real, "base": options.base, "worlds": worlds}
    numbers["machine"] = machine("polars", "numpy", "duckdb")
    print(report(numbers))
    if options.json:
        options.json.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")
        options.json.with_suffix(".svg").write_text(drawn(numbers), "utf-8")


if __name__ == "__main__":
    main()
