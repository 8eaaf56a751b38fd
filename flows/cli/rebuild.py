"""`asymmetry rebuild`: a past or an archived build made again, from its own snapshots."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.errors import hide_expected_tracebacks
from flows.cli.options import VerboseOption, current_home
from flows.cli.progress import shown_progress, shown_warnings
from flows.home.guards import need_writable
from flows.runtime.full_disk import end_on_full_disk
from flows.runtime.interrupts import begin_resource_tracker, say_when_interrupted
from flows.runtime.prefect_config import prepare_prefect

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry rebuild f712522d6283 --output then.duckdb`")
def rebuild(
    state: Annotated[
        str,
        typer.Argument(help="A build id, a day, a run's name, or an archive's build.json."),
    ],
    *,
    output: Annotated[
        Path, typer.Option("--output", help="The file to write, outside the home.", metavar="FILE")
    ],
    verbose: VerboseOption = False,
) -> None:
    """Build a past state again into a file; the published warehouse stays as it is.

    Exit code 0 where the build has the id that it had then, 1 where other code gave another.
    """
    home = current_home()
    need_writable(home.path)
    say_when_interrupted(lambda: f"{output} was not written, and nothing was published")
    server = prepare_prefect(home, end_on_full_disk(home), verbose=verbose)
    begin_resource_tracker()
    with shown_progress(home, verbose=verbose):
        from flows.rebuild_as_of import rebuild_as_of

        if server:
            server.wait()
        hide_expected_tracebacks()
        with shown_warnings(verbose=verbose):
            found = rebuild_as_of(state, output=str(output.absolute()))
    then, now = found["build_id_then"], found["build_id"]
    is_same = then == now
    meaning = "as it was then" if is_same else f"and not {then[:12]}: this is other code"
    console.out.print(f"{output}: build {now[:12]}, {meaning}", markup=False, soft_wrap=True)
    raise SystemExit(0 if is_same else 1)
