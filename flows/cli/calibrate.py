"""`asymmetry calibrate`: simulated worlds with known truth, tested and judged.

Writes docs/calibration.md with its pictures. The worlds and what is counted are in
`transforms.calibration`, the flow is `flows.calibrate`: run again after it was ended, it takes up
where it was.
"""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.flow_by_hand import flow_by_hand
from flows.cli.options import (
    DaskAddressOption,
    Runner,
    RunnerOption,
    VerboseOption,
    current_home,
)
from flows.home.guards import can_be_written, need_writable
from flows.home.output_file import OutputError, refuse_in_home
from flows.home.writer_lock import refuse_second_writer
from flows.runtime.interrupts import say_when_interrupted
from flows.runtime.runner_options import RunnerOptions

ONE_THREAD = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Worlds are small: what would be shared among threads is shared among worlds."""

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry calibrate --families burdens --worlds 20`")
def calibrate(
    worlds: Annotated[int, typer.Option(help="Worlds per scenario without an effect.", min=1)] = 60,
    families: Annotated[
        list[str] | None,
        typer.Option(
            help="A family of worlds; repeat for more. The page keeps the others. By default all."
        ),
    ] = None,
    docs: Annotated[Path, typer.Option(help="Folder to write the page to.")] = Path("docs"),
    runner: RunnerOption = Runner.threads,
    dask_address: DaskAddressOption = None,
    *,
    verbose: VerboseOption = False,
) -> None:
    """Judge the claims on simulated worlds whose truth is known; write docs/calibration.md."""
    from transforms.calibration.registry import FAMILIES

    if unknown := [name for name in families or () if name not in FAMILIES]:
        known = ", ".join(FAMILIES)
        console.fail(f"--families {unknown[0]}: there is no such family. There are: {known}.", 2)
    began = time.monotonic()
    RunnerOptions(runner.value, dask_address).check()
    refuse_second_writer(current_home().calibration)
    need_writable(current_home().path)
    for place in (docs, docs / "calibration.md"):
        refuse_in_home(place, current_home())
    if not can_be_written(docs):  # said now, and not after an hour
        raise OutputError(f"{docs} cannot be written. Nothing was computed.")
    say_when_interrupted(lambda: "no page was written")
    os.environ |= dict.fromkeys(ONE_THREAD, "1")  # read by the processes when they start
    home = current_home()
    with flow_by_hand(home, verbose=verbose) as flow:
        from flows.calibrate import calibrate as judge_worlds

        with flow.running():
            folder = str(docs.absolute())
            page = judge_worlds(worlds, families, folder, runner.value, dask_address)
    seconds = time.monotonic() - began
    console.err.print(f"{page} written after {seconds:.0f} s", markup=False, soft_wrap=True)
