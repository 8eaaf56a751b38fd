"""`asymmetry doctor`: the installation, the home and what is published, looked at."""

from collections.abc import Callable, Iterator

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.home.paths import Home
from flows.operations.health import (
    Finding,
    _home,
    _libraries,
    _python,
    _server,
    _snapshots,
    _sources,
    _warehouse,
)

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry doctor`")
def doctor() -> None:
    """Check the installation, the home, the snapshots and the published warehouse."""
    raise SystemExit(examine(current_home()))


def examine(home: Home) -> int:
    """Prints every finding.

    Returns:
        Exit code: 1 when something is wrong.
    """
    examiners: list[Callable[[Home], Iterator[Finding]]] = [
        _python,
        _libraries,
        _home,
        _sources,
        _snapshots,
        _warehouse,
        _server,
    ]
    findings = [finding for look in examiners for finding in look(home)]
    marks = {True: "ok", False: "WRONG", None: "-"}
    rows = [[marks[f.is_good], f.subject, f.detail] for f in findings]
    console.print_rows(["", "what", "found"], rows, wrap=["found"])
    return int(any(f.is_good is False for f in findings))
