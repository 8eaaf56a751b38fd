"""`asymmetry status`: what is published, what ran last, and what wants attention."""

from dataclasses import asdict

import typer

from expectations.releases.findings import shown
from flows.cli import console
from flows.cli.console import print_json
from flows.cli.options import Form, FormOption, current_home
from flows.home.paths import Home
from flows.home.writer_lock import Writer
from flows.operations.status import Status, status_of

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry status --format json`")
def status(form: FormOption = Form.table) -> None:
    """Say what is published, what ran last, which sources are stale, and what to do.

    Exit code 0 when all is well, 1 when something wants attention.
    """
    raise SystemExit(print_status(current_home(), form.value))


def print_status(home: Home, form: str) -> int:
    """Prints the state of the home.

    Returns:
        Exit code: 0 when all is well, 1 when something wants attention.
    """
    status = status_of(home)
    code = int(bool(status.attention))
    if form == "json":
        print_json(asdict(status))
        return code
    rows = [["warehouse", _published_in_words(status)], ["last run", _run_in_words(status)]]
    if status.last_publish:
        put = "rolled back" if status.last_publish.result == "rolled_back" else "published"
        rows.append(["last publish", f"{put} {_day_and_time(status.last_publish.ended_at)}"])
    rows.append(["writer", _writer_in_words(status.writer)])
    console.print_rows([status.home, ""], rows, wrap=[""])
    console.out.print()
    used = status.published.snapshots if status.published else {}
    lines = [
        [
            s.slug,
            s.snapshot_id.partition(".")[2] if s.snapshot_id else None,
            "yes" if s.snapshot_id and used.get(s.slug) == s.snapshot_id else "no",
            "STALE" if s.is_stale else "ok",
            s.reason,
        ]
        for s in status.sources
    ]
    columns = ["source", "newest bytes", "published", "", "freshness"]
    console.print_rows(columns, lines, wrap=["freshness"])
    console.out.print()
    for line in status.attention:
        console.out.print(shown(line), style="yellow", markup=False, soft_wrap=True)
    if not status.attention:
        console.out.print("All is well.")
    return code


def _published_in_words(status: Status) -> str:
    published = status.published
    if published is None:
        return "none that can be read"
    simulated = " (SIMULATED)" if published.is_simulated else ""
    when = f"{published.built_at:%Y-%m-%d %H:%M} UTC"
    return f"build {published.build_id[:12]}, {published.profile}{simulated}, built {when}"


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
