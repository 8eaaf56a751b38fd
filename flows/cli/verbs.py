"""The verbs of `asymmetry`: each is a module of this folder, imported when it is asked for.

So a verb that only reads starts without Prefect and Great Expectations, a verb that runs a flow
can configure Prefect before anything imports it, and the list of verbs imports none of them.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from functools import cache, wraps
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from expectations.shown_text import shown
from flows.cli.every_verb import add_options

GROUPS = {
    "Start here": ("country", "refresh", "tables", "query", "queries"),
    "Look": ("leader", "alliance", "lineage", "diff"),
    "Build": ("plan", "fetch", "sources", "releases"),
    "Argue": ("claims", "argue", "calibrate"),
    "Take away": ("export", "cite", "archive", "serve", "findings", "report"),
    "Operate": (
        "status",
        "history",
        "doctor",
        "verify",
        "rollback",
        "rebuild",
        "restore",
        "bootstrap",
    ),
}
"""The verbs as `--help` lists them: by what a person is after."""
VERBS = tuple(verb for verbs in GROUPS.values() for verb in verbs)
HELP = {"help_option_names": ["-h", "--help"]}


class _Verbs(TyperGroup):
    """Finds a verb in the module of its name; a list of verbs imports none of them."""

    _lists = False

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is Typer's
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as above
        if cmd_name not in VERBS:
            return None
        return _line(cmd_name) if self._lists else _command(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        names: Any = dict.fromkeys(VERBS)
        self.commands = names  # which Typer suggests from
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        with self._listing():
            super().format_help(ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        with self._listing():
            return super().shell_complete(ctx, incomplete)

    @contextmanager
    def _listing(self) -> Iterator[None]:
        self._lists = True
        yield
        self._lists = False


def _line(verb: str) -> TyperCommand:
    """A verb as lists show it."""
    group = next(name for name, verbs in GROUPS.items() if verb in verbs)
    help = in_one_line(verb)
    return TyperCommand(verb, help=help, rich_help_panel=group, rich_markup_mode="markdown")


def in_one_line(verb: str) -> str:
    """What a verb is for: the first line of its module, without the verb."""
    text = Path(__file__).with_name(f"{verb}.py").read_text("utf-8")
    first = (ast.get_docstring(ast.parse(text)) or "").splitlines()[0]
    line = first.partition(": ")[2] or first
    return line[:1].upper() + line[1:]


@cache
def _command(verb: str) -> Any:
    app = import_module(f"flows.cli.{verb}").app
    command: Any = typer.main.get_command(app)
    command.name = verb
    command.callback = _with_messages(command.callback)
    command.context_settings = {**command.context_settings, **HELP}
    # Typer would offer to install completion on the screen of each verb
    command.params = [p for p in command.params if not str(p.name).endswith("_completion")]
    add_options(command)
    return command


def _with_messages(verb: Callable[..., Any]) -> Callable[..., Any]:
    """A verb of which no error is left to Python: each ends the program with its message."""

    @wraps(verb)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            _need_text(options)
            return verb(*arguments, **options)
        except Exception as error:
            from flows.cli.errors import end_with_message  # here: most verbs end well

            end_with_message(error)

    return run


def _need_text(options: Mapping[str, Any]) -> None:
    """Ends the program where a word is no text; paths may have any bytes."""
    for name, value in options.items():
        for word in value if isinstance(value, list | tuple) else (value,):
            if isinstance(word, str) and not isinstance(word, Enum) and not _is_text(word):
                from flows.cli import console

                console.fail(f"{shown(word)} ({name}) is no UTF-8 text. Nothing was done.", 2)


def _is_text(word: str) -> bool:
    """Whether it has no byte that the terminal's encoding does not know."""
    return not any("\ud800" <= letter <= "\udfff" for letter in word)


app = typer.Typer(
    name="asymmetry",
    cls=_Verbs,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings=HELP,
    help="UN voting and alliance treaties, from the publishers' files to metrics of alliance"
    " asymmetry in one DuckDB file. Everything a run writes lies in $ASYMMETRY_HOME (./var).",
    epilog="Each verb has `-h`, `--quiet` and `--debug`; those that answer have `--json`."
    " Exit codes: 0 done (or nothing new) · 1 failed · 2 wrong usage · 3 a gate stopped the"
    " build, a release is held, or a source is unreadable · 4 a source could not be fetched"
    " · 5 another run is writing · 129, 130, 143 interrupted (a closed terminal, Ctrl-C, SIGTERM).",
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
