"""`python -m flows.calibrate`: simulated worlds with known truth, tested and judged.

Writes docs/calibration.md with its pictures. The worlds and what is counted are in
`transforms.calibration`, the flow is `flows.calibration.run`: run again after it was ended, it
takes up where it was.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from flows.plain_errors import exit_code_of, hide_expected_tracebacks
from flows.prefect_home import quiet_prefect
from flows.settings import Settings
from flows.temporary_server import ServerDidNotStartError, start_server
from flows.workers import RunnerError, Workers
from flows.writer_lock import AnotherRunError, refuse_second_writer

ONE_THREAD = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Worlds are small: what would be shared among threads is shared among worlds."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the flow.

    Args:
        arguments: Of the command line.

    Returns:
        0; 1 for a server that did not start, 2 for workers that cannot be used, 5 where another
        calibration is going on in this home.
    """
    parser = argparse.ArgumentParser(prog="python -m flows.calibrate", description=__doc__)
    parser.add_argument("--worlds", type=int, default=60, help="per scenario without an effect")
    parser.add_argument("--families", nargs="+", metavar="FAMILY", help="by default all")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="folder to write to")
    parser.add_argument("--runner", choices=("threads", "processes", "dask"), default="threads")
    parser.add_argument("--dask-address", metavar="tcp://HOST:PORT")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        page = _calibrated(chosen)
    except (RunnerError, AnotherRunError, ServerDidNotStartError) as error:
        print(error, file=sys.stderr)
        return exit_code_of(error)
    print(f"{page} written after {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


def _calibrated(chosen: argparse.Namespace) -> str:
    settings = Settings.from_environment()
    Workers(chosen.runner, chosen.dask_address).check()
    refuse_second_writer(settings.calibration)
    quiet_prefect(settings)
    os.environ |= dict.fromkeys(ONE_THREAD, "1")  # read by the processes when they start
    server = start_server()
    from flows.calibration.run import calibrate

    if server:
        server.wait()
    hide_expected_tracebacks()
    return calibrate(
        chosen.worlds,
        chosen.families,
        str(chosen.docs.absolute()),
        chosen.runner,
        chosen.dask_address,
    )


if __name__ == "__main__":
    sys.exit(main())
