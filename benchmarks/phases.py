"""What a refresh does besides computing steps, each part by itself.

    python benchmarks/phases.py --warehouse var/warehouse.duckdb --json out.json

A person who waits for a refresh with little to compute waits for these: imports, the temporary
Prefect server, bytes that are hashed and checked, the plan, and the file that is assembled, checked
and hashed. Each is measured alone, by the functions that a refresh calls, in a copy of that
warehouse's home and in processes of their own: imports and the server as a command has them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring.homes import copy_of, mirror_of
from measuring.processes import Clock, machine, told_of_machine

IMPORTS = "import flows.cli.refresh, flows.refresh"
SERVER = (
    "from flows.runtime.ephemeral_server import start_server;"
    " server = start_server(); server.wait(); server.stop()"
)
NAMES = {
    "imports": "importing Prefect and this code",
    "gates": "importing Great Expectations, where something has to be judged",
    "server": "the temporary Prefect server, from start to end, on a database that is there",
    "fetch": "fetching: every source's bytes hashed and checked",
    "stamp": "stamping the code: nothing is planned where it and the bytes are as before",
    "plan": "reading the code for a plan",
    "load": "loading finished tables into the file, formulas compared",
    "rules": "rules across tables",
    "metadata": "metadata, views, comments",
    "checksum": "the file's checksum",
    "close": "closing the file",
}


def measure(home, folder, keep):
    """Each part once; the imports and the server in a process of their own."""
    copied = copy_of(home, folder / "home")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    environment |= {"PREFECT_HOME": str(copied / "prefect"), "ASYMMETRY_HOME": str(copied)}
    bare = in_process("pass", environment)
    for name, program in {
        "imports": IMPORTS,
        "gates": "from expectations.gate.run import warm_up; warm_up()",
        "server": SERVER,
    }.items():
        found = in_process(program, environment)
        keep(name, {of: found[of] - bare[of] for of in found})
    measure_functions(copied, folder, keep)


def in_process(program, environment):
    """Seconds and processor seconds of a program, its children's with them."""
    clock = Clock()
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    return clock.read()


def measure_functions(home, folder, keep):
    """What is done by functions of this process."""
    from measuring.builds import snapshots_of

    from flows.engine.assemble import Build
    from flows.engine.build_identity import plan_build
    from flows.engine.code_stamp import code_stamp
    from flows.fetch.followed import fetch_for_build
    from flows.home.paths import Home
    from flows.tasks import publish as publishing
    from warehouse.catalog.builds import read_build

    build = read_build(home / "warehouse.duckdb")
    profile = "sample" if build.is_simulated else build.profile
    found = snapshots_of(Home.at(home), profile)
    mirror = mirror_of(found, folder / "mirror", build.is_simulated)
    place = Home.at(home)

    def fetch():
        for slug in found:
            fetch_for_build(slug, place, "mirror", mirror=str(mirror), locked=False)

    keep("fetch", timed(fetch))
    keep("stamp", timed(code_stamp))
    planned = []
    hashes = {slug: snapshot.sha256 for slug, snapshot in found.items()}
    keep("plan", timed(lambda: planned.append(plan_build(hashes))))
    parts = {}
    for name, function in {
        "load": "load_tables",
        "rules": "check_rules",
        "metadata": "write_metadata",
        "checksum": "record_checksum",
    }.items():
        setattr(publishing, function, noting(getattr(publishing, function), parts, name))
    whole = timed(lambda: publishing.publish.fn(Build(planned[0], profile, found), place))
    for name, measured in parts.items():
        keep(name, measured)
    keep("close", {of: whole[of] - sum(p[of] for p in parts.values()) for of in whole})


def timed(function):
    clock = Clock()
    function()
    return clock.read()


def noting(function, parts, name):
    """The function, which notes what its call took."""

    def call(*arguments, **named):
        clock = Clock()
        result = function(*arguments, **named)
        parts[name] = clock.read()
        return result

    return call


def report(numbers):
    """The parts as a table."""
    rows = [
        f"| {NAMES[name]} | {part['seconds']:.1f} | {part['cpu']:.1f} |"
        for name, part in numbers["parts"].items()
    ]
    head = ["| part | seconds | processor seconds |", "|---|--:|--:|"]
    told = (
        "Imports, the server and the bytes are done at the same time as far as two processors"
        " allow; a refresh that finds nothing new does the first ones alone, without Great"
        " Expectations, plan and file."
    )
    return "\n".join([*head, *rows, "", told, "", told_of_machine(numbers["machine"])])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(os.environ.get("ASYMMETRY_HOME") or "var") / "warehouse.duckdb"
    parser.add_argument("--warehouse", type=Path, default=default)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    parts = {}

    def keep(name, measured):
        parts[name] = measured
        print(f"{name}: {measured['seconds']:.1f} s", file=sys.stderr, flush=True)

    home = options.warehouse.resolve().parent
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="phases-") as folder:
        measure(home, Path(folder), keep)
    numbers = {"parts": parts, "machine": machine("polars", "duckdb", "prefect")}
    if options.json:
        options.json.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")
    print(report(numbers))


if __name__ == "__main__":
    main()
