"""Runs every benchmark and writes docs/performance.md from what they print.

    python benchmarks/report.py --warehouse var/warehouse.duckdb

A benchmark is a script in this folder that takes `--warehouse` and `--json`, prints Markdown and
writes its numbers as JSON, and a chart beside it if it has one. They run one after the other, each
in a process of its own. The numbers stay in benchmarks/results/, so that the page can be made
again without running anything (`--page-only`), and later runs are held against the committed
ones: a ratio that is worse by more than a tenth is shown, here and on the page.
"""

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from pages import ratios, targets

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
COMPARED = RESULTS / "compared.md"
PAGE = HERE.parent / "docs" / "performance.md"
CHARTS = PAGE.with_suffix("")

HEADER = """# Performance

Made by `make bench`; do not edit. Each section is what one script in `benchmarks/` printed, on the
machine and with the versions named below it; the same numbers are in `benchmarks/results/`. Peers
ran in the same minutes on the same machine. Seconds depend on the machine, and on what else it does
(its load stands beside them); processor seconds and ratios depend on it less.
"""


def scripts():
    """The benchmarks: every script in this folder that keeps its numbers."""
    return sorted(p for p in HERE.glob("*.py") if 'add_argument("--json"' in p.read_text("utf-8"))


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
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    text = f"{done.stdout.strip()}\n\nMeasured {day}; load of the machine at the end {load}.\n"
    (RESULTS / f"{script.stem}.md").write_text(text, "utf-8")
    return True


def numbers_here():
    """Benchmark to the numbers that lie in benchmarks/results."""
    return {p.stem: json.loads(p.read_text("utf-8")) for p in sorted(RESULTS.glob("*.json"))}


def numbers_committed():
    """The same as they were committed last; what lies here where there is no history."""
    found = {}
    for stem, here in numbers_here().items():
        path = f"HEAD:./benchmarks/results/{stem}.json"
        shown = ["git", "-C", str(HERE.parent), "show", path]
        done = subprocess.run(shown, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            found[stem] = json.loads(done.stdout)
        elif "not a git repository" in done.stderr:
            found[stem] = here
    return found


def compare(committed):
    """Holds what was measured against what was committed; writes it down and says it."""
    text = ratios.markdown(ratios.compared(committed, numbers_here()))
    COMPARED.write_text(text + "\n", "utf-8")
    print(text.partition("\n")[0], file=sys.stderr)


def page():
    """The whole page, from the results that there are."""
    parts = [HEADER, f"## Targets\n\n{targets.markdown(numbers_here())}\n"]
    if COMPARED.is_file():
        parts.append(f"## Ratios, committed and now\n\n{COMPARED.read_text('utf-8')}")
    for script in scripts():
        printed = RESULTS / f"{script.stem}.md"
        if printed.is_file():
            parts.append(f"## {title_of(script)}\n\n{printed.read_text('utf-8')}{chart(script)}")
    return "\n".join(parts)


def chart(script):
    """The chart of a benchmark that has one, put where the page finds it."""
    drawn = RESULTS / f"{script.stem}.svg"
    if not drawn.is_file():
        return ""
    CHARTS.mkdir(exist_ok=True)
    shutil.copyfile(drawn, CHARTS / drawn.name)
    return f"\n![{title_of(script)}]({CHARTS.name}/{drawn.name})\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    home = Path(os.environ.get("ASYMMETRY_HOME") or "var")
    parser.add_argument("--warehouse", type=Path, default=home / "warehouse.duckdb")
    parser.add_argument("--only", nargs="+", help="run just these benchmarks")
    parser.add_argument("--page-only", action="store_true", help="run none, write the page")
    options = parser.parse_args()
    if not options.page_only and not options.warehouse.is_file():
        raise SystemExit(
            f"There is no warehouse at {options.warehouse}. Build one first, for real numbers"
            " from the real files: `asymmetry refresh --profile live`."
        )
    RESULTS.mkdir(exist_ok=True)
    chosen = [s for s in scripts() if not options.only or s.stem in options.only]
    ended = [] if options.page_only else [run(script, options.warehouse) for script in chosen]
    if ended:
        compare(numbers_committed())
    PAGE.write_text(page(), "utf-8")
    print(page())
    return 0 if all(ended) else 1


if __name__ == "__main__":
    sys.exit(main())
