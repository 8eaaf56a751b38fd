"""`asymmetry doctor`: the installation, the home and what is published, looked at."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.discovery.ask import Visit
from flows.discovery.discover import discover
from flows.fetch.route import Profile
from flows.home.guards import can_be_written
from flows.home.paths import Home
from flows.home.run_history import VERIFY
from flows.home.run_record import RunRecord
from flows.operations.health import (
    Finding,
    _home,
    _libraries,
    _python,
    _records,
    _server,
    _sources,
    findings_of,
)
from flows.operations.open_faults import LookedAt, note_verification
from flows.operations.verification import (
    Bytes,
    File,
    VerificationError,
    verify_bytes,
    verify_file,
)
from flows.sources import load_declarations

app = typer.Typer(rich_markup_mode="markdown")


WELL = {"newer": True, "current": True, "withdrawn": False, "unreachable": False}
"""What a state says of a publisher; of the others there is nothing to judge."""


@app.command(epilog="Example: `asymmetry doctor --live`")
def doctor(
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Ask each publisher once what it has released; nothing is stored."
        ),
    ] = False,
    mirror: Annotated[
        str | None,
        typer.Option(
            help="With --live: ask this stand-in for the publishers instead.", metavar="DIR|URL"
        ),
    ] = None,
) -> None:
    """Check the installation, the home, the snapshots and the published warehouse."""
    if mirror and not live:
        console.fail("--mirror goes with --live.", 2)
    raise SystemExit(ask_publishers(current_home(), mirror) if live else examine(current_home()))


def ask_publishers(home: Home, mirror: str | None) -> int:
    """Asks each publisher, or what stands for it, for its releases, and prints what it answers.

    Returns:
        Exit code: 1 when one did not answer as expected, or has withdrawn what is declared.
    """
    rows, is_well, visit = [], True, Visit()
    for declaration in load_declarations().values():
        profile: Profile = "mirror" if mirror else "live"
        found = discover(declaration, home, profile, mirror=mirror, visit=visit)
        newest = f"{found.newest.version}\n{found.newest.url}" if found.newest else None
        rows.append([found.slug, found.state, found.declared, newest, found.reason])
        is_well &= WELL.get(found.state, True)
    columns = ["source", "state", "declared", "newest", "found"]
    console.print_rows(columns, rows, wrap=["newest", "found"])
    return int(not is_well)


def examine(home: Home) -> int:
    """Prints every finding.

    Returns:
        Exit code: 1 when something is wrong.
    """
    record = RunRecord("unknown", "verified")
    examiners: list[Callable[[Home], Iterator[Finding]]] = [
        _python,
        _libraries,
        _home,
        _sources,
        _records,
        _server,
    ]
    findings = [finding for look in examiners for finding in look(home)]
    stored, file = verify_bytes(home), verify_file(home)
    findings += findings_of(stored, file, home)
    leave_record(record, stored, file, home)
    marks = {True: "ok", False: "WRONG", None: "-"}
    rows = [[marks[f.is_good], f.subject, f.detail] for f in findings]
    console.print_rows(["", "what", "found"], rows, wrap=["found"])
    return int(any(f.is_good is False for f in findings))


def leave_record(record: RunRecord, stored: Bytes, file: File, home: Home) -> None:
    """Leaves the record of a verification, for `asymmetry status`, in a home that has a build.

    Args:
        record: Of this look, from when it began.
        stored: What was found of what is stored.
        file: What was found of the published file.
        home: The home; where it cannot be written there is no record.
    """
    faults = [*stored.faults, *file.faults]
    if not can_be_written(home.path) or not (file.build or faults):
        return
    record.details["flow"] = VERIFY
    looked = LookedAt(None, stored.subjects | file.subjects)
    note_verification(record, home, {**stored.counts, **file.counts}, looked, faults)
    if file.build:
        record.profile = "sample" if file.build.is_simulated else file.build.profile
    if faults:
        record.end("failed", str(VerificationError(faults)))
    with suppress(OSError):  # a full disk: what was found is printed all the same
        record.write(home.runs)
