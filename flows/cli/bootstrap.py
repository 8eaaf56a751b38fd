"""`asymmetry bootstrap`: standard errors of the ideal points, by drawing votes anew."""

from enum import StrEnum
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
from flows.home.guards import need_writable
from flows.runtime.interrupts import say_when_interrupted

app = typer.Typer(rich_markup_mode="markdown")


class VoteSet(StrEnum):
    """Which roll calls count."""

    final_only = "final_only"
    all_recorded = "all_recorded"


@app.command(epilog="Example: `asymmetry bootstrap --draws 50 --runner processes`")
def bootstrap(
    draws: Annotated[int, typer.Option(help="How often votes are drawn anew.", min=2)] = 50,
    vote_set: Annotated[
        VoteSet, typer.Option(help="Which roll calls count, as in metrics.ideal_point.")
    ] = VoteSet.final_only,
    n_chunks: Annotated[int, typer.Option(help="Into how many tasks they are cut.", min=1)] = 10,
    runner: RunnerOption = Runner.threads,
    dask_address: DaskAddressOption = None,
    *,
    verbose: VerboseOption = False,
) -> None:
    """Draw the published build's votes anew, for standard errors of its ideal points."""
    if n_chunks > draws:
        console.fail(f"--n-chunks {n_chunks}: {draws} draws are cut into as many at the most.", 2)
    need_writable(current_home().path)
    say_when_interrupted(lambda: "nothing was written")
    home = current_home()
    with flow_by_hand(home, verbose=verbose) as flow:
        # by its name, since workers cannot import the tasks of a program
        from flows.ideal_point_bootstrap import ideal_point_bootstrap

        with flow.running():
            written = ideal_point_bootstrap(
                draws=draws,
                vote_set=vote_set.value,
                n_chunks=n_chunks,
                runner=runner.value,
                dask_address=dask_address,
            )
    console.out.print(written, markup=False, soft_wrap=True)
