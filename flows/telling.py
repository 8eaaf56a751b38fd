"""What `plan`, `status` and `history` print: a table for people, JSON for programs."""

import json
from dataclasses import asdict
from pathlib import Path

from flows import console
from flows.covariates import NAME, check_covariates, handed_over_of
from flows.foresight import Foresight, foresee
from flows.run_history import past_runs, what_changed
from flows.runs import keep_real_figures
from flows.settings import Settings
from flows.status import Status, status_of
from flows.writer_lock import Writer
from warehouse.catalog import parameters_of_build, published_build


def tell_plan(
    settings: Settings,
    profile: str | None,
    locked: bool,
    form: str,
    covariates: Path | None = None,
) -> None:
    """Prints what a refresh would do.

    Args:
        settings: The home.
        profile: Where the bytes would come from; that of the published build when None,
            `sample` where nothing is published.
        locked: Whether exactly the pinned bytes would be used.
        form: `table` or `json`.
        covariates: A file that would be handed over.

    Raises:
        RealFiguresError: Such a refresh would be refused.
        CovariatesError: The file would be refused.
    """
    published = published_build(settings.warehouse)
    chosen = profile or (str(published[1]) if published else "sample")
    keep_real_figures(published, chosen, settings)
    given = {NAME: check_covariates(covariates)} if covariates else {}
    foresight = foresee(settings, chosen, locked, given)  # type: ignore[arg-type]
    if form == "json":
        print_json({**asdict(foresight), "seconds": _seconds(foresight)})
        return
    rows = [[s.slug, (s.sha256 or "")[:12] or None, s.basis] for s in foresight.sources]
    console.print_rows(["source", "bytes", "known from"], rows, wrap=["known from"])
    console.out.print()
    running = [step for step in foresight.steps if step.runs]
    if running:
        lines = [[s.name, "; ".join(s.reasons), s.seconds] for s in running]
        console.print_rows(["step that would run", "why", "s, last time"], lines, wrap=["why"])
        console.out.print()
    console.out.print(_verdict(foresight), markup=False, soft_wrap=True)
    if NAME not in foresight.parameters and handed_over_of(parameters_of_build(settings.warehouse)):
        console.out.print(
            "The published build has covariates; this would be another build, without them."
            " To keep them: --covariates FILE.",
            soft_wrap=True,
        )


def _verdict(foresight: Foresight) -> str:
    running = sum(step.runs for step in foresight.steps)
    kept = len(foresight.steps) - running
    steps = f"{running} of {len(foresight.steps)} steps would run, {kept} are kept"
    if running:
        steps += f"; {_seconds(foresight):,.0f} s of computing, going by the last time"
    if foresight.outcome == "nothing":
        return f"Nothing to do: build {str(foresight.build_id)[:12]} is published."
    if foresight.outcome == "unknown":
        return f"{steps}. The build's id is not known before every source has been fetched."
    was = f" in place of {foresight.published[:12]}" if foresight.published else ""
    return f"{steps}. Build {str(foresight.build_id)[:12]} would be published{was}."


def _seconds(foresight: Foresight) -> float:
    return round(sum(s.seconds or 0.0 for s in foresight.steps if s.runs), 1)


def tell_status(settings: Settings, form: str) -> int:
    """Prints the state of the home.

    Returns:
        Exit code: 0 when all is well, 1 when something wants attention.
    """
    status = status_of(settings)
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
        console.out.print(line, style="yellow", markup=False, soft_wrap=True)
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


def tell_history(settings: Settings, n: int, form: str) -> None:
    """Prints the last runs, newest first.

    Args:
        settings: The home.
        n: How many; 0 for all.
        form: `table` or `json`.
    """
    runs = past_runs(settings)
    told = [(run, what_changed(run, runs[:i])) for i, run in enumerate(runs)][::-1]
    told = told[:n] if n else told
    if form == "json":
        print_json([{**asdict(run), "what": what} for run, what in told])
        return
    if not told:
        console.out.print(f"No runs yet in {settings.home}.", markup=False, soft_wrap=True)
        return
    columns = ["started, UTC", "result", "profile", "s", "build", "what"]
    rows = [
        [
            run.started_at[:19].replace("T", " "),
            run.result,
            run.profile,
            run.seconds,
            run.build_id[:12] if run.build_id else None,
            what,
        ]
        for run, what in told
    ]
    console.print_rows(columns, rows, wrap=["what"])
    if len(told) < len(runs):
        console.out.print(f"({len(told)} of {len(runs)} runs; -n 0 prints all)", style="dim")


def print_json(value: object) -> None:
    """Prints a value as JSON, dates as ISO 8601."""
    print(json.dumps(value, indent=1, ensure_ascii=False, default=str))
