"""`asymmetry rebuild`: a past or an archived build made again, from its own snapshots."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.flow_by_hand import flow_by_hand
from flows.cli.options import VerboseOption, current_home
from flows.home.guards import need_writable
from flows.runtime.interrupts import say_when_interrupted

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
    with flow_by_hand(home, verbose=verbose) as flow:
        from flows.rebuild_as_of import rebuild_as_of

        with flow.running():
            found = rebuild_as_of(state, output=str(output.absolute()))
    then, now = found["build_id_then"], found["build_id"]
    is_same = then == now
    meaning = "as it was then" if is_same else f"and not {then[:12]}: this is other code"
    console.out.print(f"{output}: build {now[:12]}, {meaning}", markup=False, soft_wrap=True)
    raise SystemExit(0 if is_same else 1)
