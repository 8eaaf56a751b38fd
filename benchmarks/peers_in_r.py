"""Time of peers written in R, where R is installed.

    python benchmarks/peers_in_r.py --warehouse var/warehouse.duckdb --json out.json --script FILE.R

Two peers: the directed dyad-years of peacesciencer, beside the same from `core.states`, and a
script that a person has downloaded, such as the one by which Voeten computes agreement of dyads
from the vote file; it is run as it is, in its own folder, and is not ours to ship. What cannot be
measured is named with its reason.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import time
from pathlib import Path

from measuring.processes import machine, told_of_machine

RSCRIPT = "Rscript"
FILE = Path(__file__).with_suffix(".R")
DIRECTED = """
    WITH held AS (
        SELECT DISTINCT ccode, unnest(generate_series(
            year(valid_from), least(2018, year(coalesce(valid_to, DATE '2018-12-31'))))) AS year
        FROM core.states
    )
    SELECT count(*) FROM held AS a JOIN held AS b USING (year) WHERE a.ccode <> b.ccode
"""


class NotThereError(RuntimeError):
    """Something that a peer needs is not on this machine; the message says what."""


def run_r(*arguments):
    """Runs a peer; its seconds, rows and version.

    Raises:
        NotThereError: R, or a package, is not installed.
    """
    found = shutil.which(RSCRIPT)
    if found is None:
        raise NotThereError(f"{RSCRIPT} is not on this machine")
    done = subprocess.run(
        [found, str(FILE), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise NotThereError(f"R ended with {done.returncode}: {last}")
    seconds, rows, version = done.stdout.split()[-3:]
    return {"seconds": float(seconds), "rows": None if rows == "NA" else int(rows), "of": version}


def measured(name, work):
    """The figures of one, or why there are none."""
    try:
        return {"what": name, **work()}
    except NotThereError as error:
        return {"what": name, "skipped": str(error)}


def ours(warehouse):
    """Directed dyad-years of the state system, every row made, none kept."""
    import duckdb

    from warehouse.db import read_published

    with read_published(warehouse) as connection:
        began = time.perf_counter()
        ((rows,),) = connection.execute(DIRECTED).fetchall()
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "rows": rows, "of": f"DuckDB {duckdb.__version__}"}


def downloaded(script):
    if script is None:
        raise NotThereError("no file was given (`--script FILE.R`)")
    return run_r("script", str(script.resolve()))


def report(rows, described):
    lines = ["| what | by | rows | seconds |", "|---|---|--:|--:|"]
    for row in rows:
        if "skipped" in row:
            lines.append(f"| {row['what']} | skipped: {row['skipped']} | | |")
            continue
        counted = f"{row['rows']:,}" if row["rows"] else ""
        lines.append(f"| {row['what']} | {row['of']} | {counted} | {row['seconds']:.2f} |")
    return "\n".join([*lines, "", told_of_machine(described)])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(os.environ.get("ASYMMETRY_HOME") or "var") / "warehouse.duckdb"
    parser.add_argument("--warehouse", type=Path, default=default)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--script", type=Path, help="an R script to time, as it is")
    options = parser.parse_args()
    rows = [
        measured("directed dyad-years, 1816-2018, ours", lambda: ours(options.warehouse)),
        measured("directed dyad-years, 1816-2018, peacesciencer", lambda: run_r("peacesciencer")),
        measured("a script of its author, agreement of dyads", lambda: downloaded(options.script)),
    ]
    described = machine("duckdb")
    print(report(rows, described))
    if options.json:
        numbers = {"peers": rows, "machine": described, "system": platform.system()}
        options.json.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
