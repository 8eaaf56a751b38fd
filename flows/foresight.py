"""What a refresh would do, said beforehand: which sources are known, which steps run, and why.

Nothing is fetched and nothing is computed. What a fetch would bring cannot be known, so each
source counts with the newest bytes that are here, and the answer says so.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal

from flows.fetch.lock import load_lock
from flows.fetch.route import Profile
from flows.fetch.snapshots import SnapshotStore
from flows.fingerprint import build_id
from flows.plan import PlannedStep, plan_steps
from flows.reasons import reasons_to_run
from flows.settings import Settings
from flows.sources import load_declarations
from flows.step_store import StepStore
from flows.steps import PARAMETERS, STEPS
from warehouse.catalog import hashes_of_steps, published_build

Outcome = Literal["nothing", "publish", "unknown"]


@dataclass(frozen=True)
class KnownSource:
    """What is known of a source without asking for it.

    Attributes:
        slug: The source.
        sha256: Hash of the bytes that the plan counts with; None where there are none.
        basis: Where that comes from, in words.
    """

    slug: str
    sha256: str | None
    basis: str


@dataclass(frozen=True)
class ForeseenStep:
    """What would happen to one step.

    Attributes:
        name: The step.
        stage: Its stage.
        runs: Whether it would be computed; otherwise its finished result is used.
        reasons: Why, in words.
        seconds: How long it took the last time; None where it never ran here.
    """

    name: str
    stage: str
    runs: bool
    reasons: tuple[str, ...]
    seconds: float | None


@dataclass(frozen=True)
class Foresight:
    """What a refresh would do.

    Attributes:
        profile: Where the bytes would come from.
        outcome: `nothing` (that build is published already), `publish`, or `unknown` while a
            source has never been fetched.
        build_id: Of the build that would be published; None while it is unknown.
        published: Id of the published build, if any.
        sources: Every declared source.
        steps: Every step, in order.
        parameters: Of the build: the hash of covariates that would be handed over.
    """

    profile: Profile
    outcome: Outcome
    build_id: str | None
    published: str | None
    sources: tuple[KnownSource, ...]
    steps: tuple[ForeseenStep, ...]
    parameters: Mapping[str, object]


def foresee(
    settings: Settings,
    profile: Profile,
    locked: bool = False,
    handed_over: Mapping[str, str] | None = None,
) -> Foresight:
    """Says what a refresh would do with what is known now.

    Args:
        settings: The home.
        profile: Where the bytes would come from.
        locked: Whether it would use exactly the pinned bytes.
        handed_over: Name to the hash of a file that would be handed over (`flows.covariates`).
    """
    parameters = {**PARAMETERS, **(handed_over or {})}
    sources = known_sources(settings, profile, locked)
    hashes = {s.slug: s.sha256 or f"unknown bytes of {s.slug}" for s in sources}
    planned = plan_steps(hashes, handed_over)
    published = published_build(settings.warehouse)
    unknown = {s.slug for s in sources if s.sha256 is None}
    at_present = hashes_of_steps(settings.warehouse)
    steps = _foresee_steps(planned, unknown, at_present, StepStore(settings.steps))
    new_id = None
    if not unknown:
        new_id = build_id(hashes, parameters, [s.wiring for s in STEPS])
    outcome: Outcome = "unknown" if new_id is None else "publish"
    if published and new_id == published[0]:
        outcome = "nothing"
    return Foresight(
        profile,
        outcome,
        new_id,
        str(published[0]) if published else None,
        tuple(sources),
        tuple(steps),
        parameters,
    )


def known_sources(settings: Settings, profile: Profile, locked: bool) -> list[KnownSource]:
    """What is known of each source: its pin, or the newest bytes that the profile has seen."""
    store = SnapshotStore(settings.snapshots)
    pins = load_lock() if locked else {}
    found = []
    for slug in load_declarations():
        if slug in pins:
            stored = store.find(slug, pins[slug].sha256)
            basis = f"pinned; {'here' if stored else 'to be fetched'}"
            found.append(KnownSource(slug, pins[slug].sha256, basis))
            continue
        newest = store.latest(slug, profile)
        if newest is None:
            found.append(KnownSource(slug, None, f"never fetched here ({profile})"))
        else:
            basis = f"newest here, of {newest.fetched_at[:10]}; a fetch may bring other bytes"
            found.append(KnownSource(slug, newest.sha256, basis))
    return found


def _foresee_steps(
    planned: Mapping[str, PlannedStep],
    unknown: AbstractSet[str],
    published: Mapping[str, str],
    store: StepStore,
) -> list[ForeseenStep]:
    found = []
    for name, step in planned.items():
        record = store.record_of(name, step.step_hash)
        runs = record is None
        if record is not None:
            as_published = published.get(name) == step.step_hash
            reasons = ["as published" if as_published else "finished earlier"]
        else:
            record, reasons = _why(name, step, published, store)
            if step.step.source in unknown:
                reasons = [f"{step.step.source} was never fetched here"]
        seconds = record["seconds"] if record else None
        found.append(ForeseenStep(name, step.step.stage, runs, tuple(reasons), seconds))
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
