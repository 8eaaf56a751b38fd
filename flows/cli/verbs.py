"""The verbs of `asymmetry`: each is a module of this folder, imported when it is asked for.

So a verb that only reads starts without Prefect and Great Expectations, and a verb that runs a
flow can configure Prefect before anything imports it.
"""

from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

VERBS = (
    "refresh",
    "fetch",
    "sources",
    "releases",
    "tables",
    "query",
    "queries",
    "doctor",
    "claims",
    "argue",
    "findings",
    "plan",
    "status",
    "history",
    "rollback",
    "calibrate",
    "bootstrap",
)
"""The verbs, in the order in which `--help` lists them."""


class _Verbs(TyperGroup):
    """Finds a verb in the module of its name."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is Typer's
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as above
        if cmd_name not in VERBS:
            return None
        module = import_module(f"flows.cli.{cmd_name}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command


app = typer.Typer(
    name="asymmetry",
    cls=_Verbs,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="UN voting and alliance treaties, from the publishers' files to metrics of alliance"
    " asymmetry in one DuckDB file. Everything a run writes lies in $ASYMMETRY_HOME (./var).",
    epilog="Exit codes: 0 done (or nothing new) · 1 failed · 2 wrong usage · 3 a gate stopped the"
    " build, or a release is held · 4 a source could not be fetched · 5 another run is writing"
    " · 129, 130, 143 interrupted (a closed terminal, Ctrl-C, SIGTERM).",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"alliance-asymmetry {version('alliance-asymmetry')}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    pass
