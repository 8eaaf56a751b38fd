"""`python -m flows.calibrate`: simulated worlds with known truth, tested and judged.

Writes docs/calibration.md with its pictures. The worlds and what is counted are in
`transforms.calibration`.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from flows.calibration.page import write_page
from flows.calibration.run import Worlds, run
from transforms.calibration.families import FAMILIES

N_WORLDS = 100
N_WORKERS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the worlds and writes the page.

    Args:
        arguments: Of the command line.

    Returns:
        0.
    """
    parser = argparse.ArgumentParser(prog="python -m flows.calibrate", description=__doc__)
    parser.add_argument(
        "--worlds", type=int, default=N_WORLDS, help="per scenario without an effect"
    )
    parser.add_argument("--workers", type=int, default=N_WORKERS, help="processes")
    parser.add_argument(
        "--families", nargs="+", choices=list(FAMILIES), default=list(FAMILIES), metavar="FAMILY"
    )
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="folder to write to")
    chosen = parser.parse_args(arguments)
    began, worlds = time.monotonic(), None
    for done, total, so_far in run(chosen.worlds, chosen.families, chosen.workers):
        worlds = so_far
        if sys.stderr.isatty() or done == total:
            print(f"\r{done} of {total} chunks", end="", file=sys.stderr, flush=True)
    assert isinstance(worlds, Worlds)
    families = {name: FAMILIES[name] for name in chosen.families}
    page = write_page(worlds, families, chosen.worlds, chosen.docs)
    print(f"\n{page} written after {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
