"""What a refresh would do, said beforehand: which sources are known, which steps run, and why.

Nothing is fetched and nothing is computed. What a fetch would bring cannot be known, so each
source counts with the newest bytes that are here, and the answer says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flows.engine.build_identity import plan_build
from flows.engine.invalidation import reasons_to_run
from flows.engine.plan import PlannedStep
from flows.engine.store import StepStore
from flows.fetch.route import Profile
from flows.fetch.selection import KnownSource, known_or_damaged_sources
from flows.home.paths import Home
from flows.home.step_parts import Parts
from flows.operations.releases import preview_releases
from warehouse.catalog.builds import read_build

Outcome = Literal["nothing", "publish", "unknown", "stop"]


@dataclass(frozen=True)
class PreviewedStep:
    """What would happen to one step.

    Attributes:
        name: The step.
        stage: Its stage.
        runs: Whether it would be computed; otherwise its finished result is used.
        reasons: Why, in words.
        seconds: How long it took the last time; None where it never ran here.
        parts: What they went to (`flows.home.step_parts`); nothing where no record tells.
    """

    name: str
    stage: str
    runs: bool
    reasons: tuple[str, ...]
    seconds: float | None
    parts: Parts


@dataclass(frozen=True)
class RefreshPreview:
    """What a refresh would do.

    Attributes:
        profile: Where the bytes would come from.
        outcome: `nothing` (that build is published already), `publish`, `unknown` while a source
            has never been fetched or is damaged here, or `stop` while a release is held.
        build_id: Of the build that would be published; None while it is unknown.
        published: Id of the published build, if any.
        sources: Every declared source.
        steps: Every step, in order.
        parameters: Of the build: the hash of covariates that would be handed over.
        releases: What is known of each release that would take the place of a published one.
    """

    profile: Profile
    outcome: Outcome
    build_id: str | None
    published: str | None
    sources: tuple[KnownSource, ...]
    steps: tuple[PreviewedStep, ...]
    parameters: Mapping[str, object]
    releases: tuple[str, ...]


def preview_refresh(
    home: Home,
    profile: Profile,
    locked: bool = False,
    user_files: Mapping[str, str] | None = None,
) -> RefreshPreview:
    """Says what a refresh would do with what is known now.

    Args:
        home: The home.
        profile: Where the bytes would come from.
        locked: Whether it would use exactly the pinned bytes.
        user_files: Name to the hash of a file that would be handed over (`flows.home.covariates`).
    """
    sources = known_or_damaged_sources(home, profile, locked)
    hashes = {s.slug: s.sha256 or f"unknown bytes of {s.slug}" for s in sources}
    planned = plan_build(hashes, user_files)
    published = read_build(home.warehouse)
    unknown = {s.slug: s.basis for s in sources if s.sha256 is None}
    at_present = published.step_hashes if published else {}
    steps = _preview_steps(planned.steps, unknown, at_present, StepStore(home.steps))
    new_id = None if unknown else planned.build_id
    outcome: Outcome = "unknown" if new_id is None else "publish"
    if published and new_id == published.build_id:
        outcome = "nothing"
    new = {s.slug: s.sha256 for s in sources if s.sha256 is not None}
    releases, is_stopped = preview_releases(home, new, profile, locked)
    if is_stopped and outcome == "publish":
        outcome = "stop"
    return RefreshPreview(
        profile,
        outcome,
        new_id,
        published.build_id if published else None,
        tuple(sources),
        tuple(steps),
        planned.parameters,
        releases,
    )


def _preview_steps(
    planned: Mapping[str, PlannedStep],
    unknown: Mapping[str, str],
    published: Mapping[str, str],
    store: StepStore,
) -> list[PreviewedStep]:
    found = []
    for name, step in planned.items():
        record = store.record_of(name, step.step_hash)
        runs = record is None
        if record is not None:
            as_published = published.get(name) == step.step_hash
            reasons = ["as published" if as_published else "finished earlier"]
        else:
            record, reasons = _why(name, step, published, store)
            source = step.step.source
            if source is not None and source in unknown:
                reasons = [f"{source}: {unknown[source]}"]
        seconds = record.get("seconds") if record else None
        parts = (record.get("parts") or {}) if record else {}
        found.append(PreviewedStep(name, step.step.stage, runs, tuple(reasons), seconds, parts))
    return found


def _why(
    name: str, step: PlannedStep, published: Mapping[str, str], store: StepStore
) -> tuple[dict[str, Any] | None, list[str]]:
    """The earlier result that a step is compared with, and why the step would run."""
    if published.get(name) == step.step_hash:
        return store.newest_record(name), ["its finished result has been removed"]
    before = store.record_of(name, published[name]) if name in published else None
    before = before or store.newest_record(name)
    if before is None:
        return None, ["its finished result has been removed" if name in published else "new step"]
    return before, reasons_to_run(step.ingredients, before.get("ingredients", {}))
