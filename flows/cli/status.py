"""`asymmetry status`: what is published, what ran last, and what wants attention."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from enum import StrEnum
from typing import Annotated

import typer

from expectations.shown_text import shown
from flows.cli import console
from flows.cli.console import partial_words, print_json
from flows.cli.options import current_home
from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.home.writer_lock import Writer
from flows.operations.server_status import AskedServer, ServerStatus
from flows.operations.status import Status, status_at_once, status_of, with_code_and_bytes
from flows.operations.status_metrics import metrics_text
from warehouse.catalog.builds import read_build

app = typer.Typer(rich_markup_mode="markdown")


class StatusForm(StrEnum):
    """How the status is written."""

    table = "table"
    json = "json"
    prometheus = "prometheus"


@app.command(epilog="Example: `asymmetry status --format json`")
def status(
    form: Annotated[
        StatusForm,
        typer.Option(
            "--format",
            help="table is for people, json for programs, prometheus for a machine that watches.",
        ),
    ] = StatusForm.table,
) -> None:
    """Say what is published, what ran last, which sources are stale, and what to do.

    The home is looked at first; then, where PREFECT_API_URL names a Prefect server, it is asked
    for two seconds at most whether a worker is online and whether runs are late or failed.

    Exit code 0 when all is well, 1 when something wants attention.
    """
    raise SystemExit(print_status(current_home(), form.value))


def print_status(home: Home, form: str) -> int:
    """Prints the state of the home, and what its Prefect server says.

    Returns:
        Exit code: 0 when all is well, 1 when something wants attention.
    """
    asked = AskedServer()
    if form == "table":
        at_once = status_at_once(home)
        _print_at_once(at_once)
        whole, server = with_code_and_bytes(at_once, home), asked.answer()
        whole = _with_server(whole, server)
        print_lines([line for line in whole.attention if line not in at_once.attention])
        _print_end(whole, server)
        return int(bool(whole.attention))
    whole, server = status_of(home), asked.answer()
    whole = _with_server(whole, server)
    if form == "json":
        print_json({**asdict(whole), "hashes": whole.hashes, "server": asdict(server)})
    else:
        print(metrics_text(whole, server, past_runs(home)), end="")
    return int(bool(whole.attention))


def _with_server(status: Status, server: ServerStatus) -> Status:
    lines = [*server.attention([r.flow_run_id for r in status.failed if r.flow_run_id])]
    checked = status.checked
    if server.address and not server.fault:
        checked += (f"the Prefect server at {server.address}, its workers and its runs",)
        if server.pool_state and status.is_overdue():
            lines.append(f"{status.hashes} The deployment verify is meant to do it every night.")
    return replace(status, attention=(*status.attention, *lines), checked=checked)


def _print_at_once(status: Status) -> None:
    rows = [["warehouse", _published_in_words(status)], ["last run", _run_in_words(status)]]
    if status.last_publish:
        put = "rolled back" if status.last_publish.result == "rolled_back" else "published"
        rows.append(["last publish", f"{put} {_day_and_time(status.last_publish.ended_at)}"])
    home = Home.at(status.home)
    if home.readable().parent == home.partial and (partial := read_build(home.readable())):
        rows.append(["PARTIAL", f"build {partial.build_id[:12]}: {partial_words(partial.only)}"])
    rows.append(["writer", _writer_in_words(status.writer)])
    console.print_rows([status.home, ""], rows, wrap=[""])
    console.out.print()
    used = status.published.snapshots if status.published else {}
    lines = [
        [
            s.slug,
            s.snapshot_id.partition(".")[2] if s.snapshot_id else None,
            _yes_or_no(used.get(s.slug) == s.snapshot_id) if s.snapshot_id else None,
            "STALE" if s.is_stale else "ok",
            s.reason,
        ]
        for s in status.sources
    ]
    columns = ["source", "newest bytes", "published", "", "freshness"]
    console.print_rows(columns, lines, wrap=["freshness"])
    console.out.print()
    print_lines(status.attention)


def print_lines(lines: Iterable[str]) -> None:
    """Prints what wants attention, as it is found; further lines of one are indented."""
    for text in lines:
        for number, line in enumerate(text.splitlines()):
            indented = f"  {shown(line)}" if number else shown(line)
            console.out.print(indented, style="yellow", markup=False, soft_wrap=True)
    console.out.file.flush()


def _print_end(status: Status, server: ServerStatus) -> None:
    said = []
    if not status.attention:
        said.append(f"All is well. Looked at just now: {', '.join(status.checked)}.")
    said.append(status.hashes)
    if server.address is None:
        said.append("No Prefect server is named (PREFECT_API_URL): workers were not asked for.")
    for line in said:
        console.out.print(line, markup=False, soft_wrap=True)


def _published_in_words(status: Status) -> str:
    published = status.published
    if published is None:
        return "none that can be read"
    simulated = " (SIMULATED)" if published.is_simulated else ""
    when = f"{published.built_at:%Y-%m-%d %H:%M} UTC"
    return f"build {published.build_id[:12]}, {published.profile}{simulated}, built {when}"


def _yes_or_no(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _run_in_words(status: Status) -> str:
    run = status.last_run
    if run is None:
        return "none"
    return f"{run.result}, {_day_and_time(run.started_at)}, {run.seconds:,.0f} s"


def _writer_in_words(writer: Writer | None) -> str:
    if writer is None:
        return "nobody is writing"
    return f"process {writer.pid} on {writer.host} is writing since {_day_and_time(writer.since)}"


def _day_and_time(text: str) -> str:
    """ISO 8601 without its seconds and zone; all times here are UTC."""
    return text[:16].replace("T", " ") + " UTC"
