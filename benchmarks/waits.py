"""How long a person waits for a command, in seconds and processor seconds.

    python benchmarks/waits.py --warehouse var/warehouse.duckdb --json out.json

Each command runs in a process of its own, imports included, as the installed program does, in
copies of that warehouse's home, with a mirror made of its snapshots: what is asked of a warehouse,
a refresh that finds nothing new, one after a small source has changed, one that has only to
assemble, a cold build of everything but the claims, the simulated world, and Ctrl-C. Whatever
this code computes anew in such a home is computed first, and not counted. `--checkout DIR` measures
the commands of another checkout, an earlier one for example, by the same clock.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from measuring.homes import change_gdp, copy_of, mirror_of
from measuring.processes import machine
from measuring.programs import Program
from measuring.servers import server
from pages.waits import ASKED, report

STEPS_BEFORE_CTRL_C = 10


def measure(program, home, folder, repeat, keep, *, builds):
    """All waits; of builds once, of the rest the median.

    Args:
        program: The command line to measure.
        home: A home with a published warehouse.
        folder: Where the copies go.
        repeat: How often each short command runs.
        keep: Gets each name with its figures.
        builds: Whether to measure those that build, too.
    """
    from measuring.builds import snapshots_of

    from flows.home.paths import Home
    from warehouse.catalog.builds import read_build

    build = read_build(home / "warehouse.duckdb")
    profile = "sample" if build.is_simulated else build.profile
    mirror = mirror_of(snapshots_of(Home.at(home), profile), folder / "mirror", build.is_simulated)
    refresh = ("refresh", "--profile", "mirror", "--mirror", str(mirror))
    warm = copy_of(home, folder / "warm")
    program.run(warm, *refresh)
    for name, arguments in ASKED.items():
        keep(name, program.medians(repeat, warm, *arguments))
    keep("nothing new", program.medians(repeat, warm, *refresh, expected="Nothing new"))
    place = folder / "server"
    place.mkdir()
    with server(place) as (api, _, _):
        again = program.medians(repeat, warm, *refresh, api=api, expected="Nothing new")
        keep("nothing new, with a server", again)
    for published in ("warehouse.duckdb", "builds"):
        remove(warm / published)
    keep("assembling", program.run(warm, *refresh, expected="Published build"))
    if builds:
        measure_builds(program, warm, mirror, folder, keep)


def measure_builds(program, warm, mirror, folder, keep):
    """The waits in which much is computed."""
    refresh = ("refresh", "--profile", "mirror", "--mirror", str(mirror))
    steps = folder / "interrupted" / "steps"
    pressed = program.interrupted(
        steps.parent,
        *refresh,
        after=lambda: len(list(steps.glob("*/[!.]*"))) >= STEPS_BEFORE_CTRL_C,
    )
    keep("Ctrl-C", pressed)
    sample = ("refresh", "--profile", "sample")
    keep("simulated world", program.run(folder / "sample", *sample, expected="Published build"))
    only = [word for table in tables_without_claims() for word in ("--only", table)]
    keep("without claims", program.run(folder / "cold", *refresh, *only))
    change_gdp(mirror)
    keep("GDP changed", program.run(warm, *refresh, expected="Published build"))


def tables_without_claims():
    """Every table that no claim's step makes."""
    from flows.dag import STEPS
    from flows.dag.claims import CLAIMS

    return [table for step in STEPS if step not in CLAIMS for table in step.outputs]


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(os.environ.get("ASYMMETRY_HOME") or "var") / "warehouse.duckdb"
    parser.add_argument("--warehouse", type=Path, default=default)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--repeat", type=int, default=5, help="runs of each short command")
    parser.add_argument(
        "--no-builds",
        dest="builds",
        action="store_false",
        help="measure no builds; their earlier figures stay",
    )
    parser.add_argument("--checkout", type=Path, default=Path(__file__).resolve().parents[1])
    options = parser.parse_args()
    home = options.warehouse.resolve().parent
    earlier = (
        options.json and options.json.is_file() and json.loads(options.json.read_text("utf-8"))
    )
    found = earlier["waits"] if earlier and not options.builds else {}

    def keep(name, measured):
        found[name] = measured
        print(f"{name}: {measured['seconds']:.1f} s", file=sys.stderr, flush=True)
        if options.json:  # at once: what comes later may fail
            options.json.write_text(json.dumps(numbers(), indent=1) + "\n", "utf-8")

    def numbers():
        return {"waits": found, "machine": machine("polars", "duckdb", "prefect")}

    with tempfile.TemporaryDirectory(dir=home.parent, prefix="waits-") as folder:
        program = Program(options.checkout)
        measure(program, home, Path(folder), options.repeat, keep, builds=options.builds)
    print(report(numbers()))


if __name__ == "__main__":
    main()
