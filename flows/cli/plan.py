"""`asymmetry plan`: what a refresh would do, and why."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from expectations.shown_text import shown
from flows.cli import console
from flows.cli.console import print_json
from flows.cli.options import (
    CovariatesOption,
    Form,
    FormOption,
    LockedOption,
    MirrorOption,
    Profile,
    check_locked,
    check_mirror,
    current_home,
)
from flows.home.covariates import NAME, check_covariates, user_files_of
from flows.home.paths import Home
from flows.home.real_figures import refuse_sample_over_real
from flows.home.step_parts import SECONDS, Parts
from flows.operations.preview import PreviewedStep, RefreshPreview, preview_refresh
from warehouse.catalog.builds import read_build

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry plan --profile mirror --locked`")
def plan(
    profile: Annotated[
        Profile | None,
        typer.Option(help="As for refresh; that of the published build unless given."),
    ] = None,
    mirror: MirrorOption = None,
    locked: LockedOption = False,
    covariates: CovariatesOption = None,
    form: FormOption = Form.table,
) -> None:
    """Say which steps a refresh would run, and why, without fetching or computing anything."""
    if mirror:
        check_mirror(profile or Profile.mirror, mirror)
    if profile:
        check_locked(profile, locked)

    chosen = profile.value if profile else None
    print_plan(current_home(), chosen, locked, form.value, covariates)


def print_plan(
    home: Home,
    profile: str | None,
    locked: bool,
    form: str,
    covariates: Path | None = None,
) -> None:
    """Prints what a refresh would do.

    Args:
        home: The home.
        profile: Where the bytes would come from; that of the published build when None,
            `sample` where nothing is published.
        locked: Whether exactly the pinned bytes would be used.
        form: `table` or `json`.
        covariates: A file that would be handed over.

    Raises:
        RealFiguresError: Such a refresh would be refused.
        CovariatesError: The file would be refused.
    """
    published = read_build(home.warehouse)
    chosen = profile or (published.profile if published else "sample")
    refuse_sample_over_real(published, chosen, home)
    provided = {NAME: check_covariates(covariates)} if covariates else {}
    preview = preview_refresh(home, chosen, locked, provided)  # type: ignore[arg-type]
    if form == "json":
        n_unknown = len(_of_unknown_time(preview))
        print_json(
            {**asdict(preview), "seconds": _seconds(preview), "n_seconds_unknown": n_unknown}
        )
        return
    rows = [[s.slug, (s.sha256 or "")[:12] or None, s.basis] for s in preview.sources]
    console.print_rows(["source", "bytes", "known from"], rows, wrap=["known from"])
    console.out.print()
    running = [step for step in preview.steps if step.runs]
    if running:
        lines = [
            [s.name, "; ".join(s.reasons), _in_words(s.seconds), _in_words(_computing(s.parts))]
            for s in running
        ]
        columns = ["step that would run", "why", "s, last time", "computing"]
        console.print_rows(columns, lines, wrap=["why"])
        console.out.print()
    faults = [source.fault for source in preview.sources if source.fault]
    for line in (*preview.releases, *faults):
        console.out.print(shown(line), markup=False, soft_wrap=True)
    console.out.print(_verdict(preview), markup=False, soft_wrap=True)
    if published and NAME not in preview.parameters and user_files_of(published.parameters):
        console.out.print(
            "The published build has covariates; this would be another build, without them."
            " To keep them: --covariates FILE.",
            soft_wrap=True,
        )


def _verdict(preview: RefreshPreview) -> str:
    running = sum(step.runs for step in preview.steps)
    kept = len(preview.steps) - running
    steps = f"{running} of {len(preview.steps)} steps would run, {kept} are kept"
    if running:
        steps += f"; {_time_in_words(preview, running)}"
    if preview.outcome == "nothing":
        return f"Nothing to do: build {str(preview.build_id)[:12]} is published."
    if preview.outcome == "unknown":
        return f"{steps}. The build's id is not known before every source has been fetched."
    if preview.outcome == "stop":
        return f"{steps}, and nothing would be published: a release is held."
    was = f" in place of {preview.published[:12]}" if preview.published else ""
    return f"{steps}. Build {str(preview.build_id)[:12]} would be published{was}."


def _computing(parts: Parts) -> float | None:
    """Seconds of bare computation among those of a step; None where no record tells."""
    return parts.get("compute", {}).get(SECONDS)


def _in_words(seconds: float | None) -> str:
    return "not known" if seconds is None else f"{seconds:.6g}".rjust(len("not known"))


def _time_in_words(preview: RefreshPreview, running: int) -> str:
    """How long the steps that would run took the last time, and of how many that is not known."""
    unknown = len(_of_unknown_time(preview))
    if unknown == running:
        return "how long they take is not known here"
    known = f"{_seconds(preview):,.0f} s of computing, going by the last time"
    return f"{known}; of {unknown} of them it is not known" if unknown else known


def _of_unknown_time(preview: RefreshPreview) -> list[PreviewedStep]:
    return [step for step in preview.steps if step.runs and step.seconds is None]


def _seconds(preview: RefreshPreview) -> float:
    return round(sum(s.seconds or 0.0 for s in preview.steps if s.runs), 1)
