"""The command `asymmetry`."""

import atexit
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from flows import console
from flows.commands import concluding, consulting, operating, producing


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"alliance-asymmetry {version('alliance-asymmetry')}")
        raise typer.Exit


app = typer.Typer(
    name="asymmetry",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="UN voting and alliance treaties, from the publishers' files to metrics of alliance"
    " asymmetry in one DuckDB file. Everything a run writes lies in $ASYMMETRY_HOME (./var).",
    epilog="Exit codes: 0 done (or nothing new) · 1 failed · 2 wrong usage · 3 a gate stopped the"
    " build · 4 a source could not be fetched · 5 another run is writing.",
)


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_tell_version, is_eager=True),
    ] = False,
) -> None:
    pass


for _group in (producing, consulting, concluding, operating):
    app.add_typer(_group.commands)


def main() -> None:
    """Runs the command, and leaves quietly.

    Prefect's threads still hold DuckDB's types when the interpreter is torn down, and DuckDB's
    binding would report them as leaks, a screenful of it. So what is registered to run at exit
    is run here, and the process ends without tearing anything down.
    """
    code: int | str | None = 0
    try:
        app()
    except SystemExit as stop:
        code = stop.code
    if "prefect" not in sys.modules:
        raise SystemExit(code)
    if isinstance(code, str):
        console.err.print(code, markup=False)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
