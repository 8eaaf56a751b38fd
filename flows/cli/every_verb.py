"""Options that every verb has, without its module saying so: --quiet, --debug, --json.

`--json` is another word for `--format json`, where a verb has that.
"""

from enum import EnumMeta
from typing import Annotated, Any, get_args

import typer

from flows.cli.wishes import be_quiet, show_tracebacks

_FORMAT = "--format"
_JSON = "json"


def add_options(command: Any) -> None:
    """Adds them to a verb's command, as Typer has made it.

    Args:
        command: The command; its parameters grow.
    """
    own = {option for parameter in command.params for option in parameter.opts}
    for parameter in typer.main.get_command(_shared).params:
        if "--json" in parameter.opts and not _has_json(command):
            continue
        if not set(parameter.opts) & own:
            command.params.append(parameter)


def _has_json(command: Any) -> bool:
    form = _format_of(command)
    kind = form.type_descriptor.annotation if form else None
    kinds = [k for k in (kind, *get_args(kind)) if isinstance(k, EnumMeta)]
    return any(choice.value == _JSON for k in kinds for choice in list[Any](k))


def _format_of(command: Any) -> Any:
    return next((p for p in command.params if _FORMAT in p.opts), None)


def _set_json(context: typer.Context, wanted: bool) -> None:
    """Makes JSON the format that holds unless another one is asked for."""
    if wanted and not context.resilient_parsing:
        form = _format_of(context.command)
        context.default_map = {**(context.default_map or {}), str(form.name): _JSON}


def _options(  # what they do, their callbacks have done
    _json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="The same as --format json.",
            callback=_set_json,
            is_eager=True,
            expose_value=False,
            show_default=False,
        ),
    ] = False,
    _quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            help="Only the answer: no progress, no hints.",
            callback=be_quiet,
            is_eager=True,
            expose_value=False,
            show_default=False,
        ),
    ] = False,
    _debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            help="Show where an unexpected error came from; ASYMMETRY_DEBUG=1 does, too.",
            callback=show_tracebacks,
            is_eager=True,
            expose_value=False,
            show_default=False,
        ),
    ] = False,
) -> None:
    pass


_shared = typer.Typer(add_completion=False)
_shared.command()(_options)
