"""What `plan`, `status` and `history` print: a table for people, JSON for programs."""

import json
from dataclasses import asdict

from flows import console
from flows.foresight import Foresight, foresee
from flows.runs import keep_real_figures
from flows.settings import Settings
from warehouse.catalog import published_build


def tell_plan(settings: Settings, profile: str | None, locked: bool, form: str) -> None:
    """Prints what a refresh would do.

    Args:
        settings: The home.
        profile: Where the bytes would come from; that of the published build when None,
            `sample` where nothing is published.
        locked: Whether exactly the pinned bytes would be used.
        form: `table` or `json`.

    Raises:
        RealFiguresError: Such a refresh would be refused.
    """
    published = published_build(settings.warehouse)
    chosen = profile or (str(published[1]) if published else "sample")
    keep_real_figures(published, chosen, settings)
    foresight = foresee(settings, chosen, locked)  # type: ignore[arg-type]
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


def print_json(value: object) -> None:
    """Prints a value as JSON, dates as ISO 8601."""
    print(json.dumps(value, indent=1, ensure_ascii=False, default=str))
