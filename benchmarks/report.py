"""Runs every benchmark and writes docs/performance.md from what they print.

    python benchmarks/report.py --warehouse var/warehouse.duckdb

A benchmark is a script in this folder that takes `--warehouse` and `--json`, prints Markdown and
writes its numbers as JSON. They run one after the other, each in a process of its own. The
numbers stay in benchmarks/results/, so that the page can be made again without running anything
(`--page-only`) and later runs can be held against earlier ones.
"""

import argparse
import ast
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
PAGE = HERE.parent / "docs" / "performance.md"

HEADER = """# Performance

Made by `make bench`; do not edit. Each section is what one script in `benchmarks/` printed, on the
machine and with the versions named below it; the same numbers are in `benchmarks/results/`. Peers
ran in the same minutes on the same machine. Seconds depend on the machine, ratios hardly do.
"""


def scripts():
    """The benchmarks: every script in this folder but this one."""
    return sorted(p for p in HERE.glob("*.py") if p != Path(__file__).resolve())


def title_of(script):
    """The first line of a script's docstring, as a heading."""
    docstring = ast.get_docstring(ast.parse(script.read_text("utf-8"))) or script.stem
    return docstring.splitlines()[0].rstrip(".")


def run(script, warehouse):
    """Runs one benchmark and keeps what it printed; whether it ended well."""
    print(f"{script.stem} ...", file=sys.stderr, flush=True)
    numbers = RESULTS / f"{script.stem}.json"
    command = [sys.executable, str(script), "--warehouse", str(warehouse), "--json", str(numbers)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(f"{script.stem} failed; its earlier results stay", file=sys.stderr)
        return False
    day = datetime.now(UTC).date().isoformat()
    text = f"{done.stdout.strip()}\n\nMeasured {day}.\n"
    (RESULTS / f"{script.stem}.md").write_text(text, "utf-8")
    return True


def page():
    """The whole page, from the results that there are."""
    parts = [HEADER]
    for script in scripts():
        printed = RESULTS / f"{script.stem}.md"
        if printed.is_file():
            parts.append(f"## {title_of(script)}\n\n{printed.read_text('utf-8')}")
    return "\n".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    home = Path(os.environ.get("ASYMMETRY_HOME") or "var")
    parser.add_argument("--warehouse", type=Path, default=home / "warehouse.duckdb")
    parser.add_argument("--only", help="run just this benchmark")
    parser.add_argument("--page-only", action="store_true", help="run none, write the page")
    options = parser.parse_args()
    if not options.page_only and not options.warehouse.is_file():
        raise SystemExit(
            f"There is no warehouse at {options.warehouse}. Build one first, for real numbers"
            " from the real files: `asymmetry refresh --profile live`."
        )
    RESULTS.mkdir(exist_ok=True)
    chosen = [s for s in scripts() if options.only in (None, s.stem)]
    ended = [] if options.page_only else [run(script, options.warehouse) for script in chosen]
    PAGE.write_text(page(), "utf-8")
    print(page())
    return 0 if all(ended) else 1


if __name__ == "__main__":
    sys.exit(main())
