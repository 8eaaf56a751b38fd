"""Schedules that people have added or changed on the server outlive another `make deploy`.

Prefect can replace all schedules of a deployment that is sent again (where one has no slug, it
does). So what differs from what was sent before (`flows.home.deployed`) is somebody's own, and is
put back afterwards, by the next sending if this one does not come to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.home.deployed import Schedules
from flows.runtime.server_api import ServerApi

_PARTS = ("schedule", "active", "parameters", "max_scheduled_runs")


@dataclass(frozen=True)
class Kept:
    """One schedule to put back.

    Attributes:
        deployment_id: Of the deployment.
        deployment: Its name.
        body: As the API takes it.
        why: What somebody did to it.
    """

    deployment_id: str
    deployment: str
    body: Mapping[str, Any]
    why: str

    def sentence(self) -> str:
        """What is kept, in words."""
        when = in_words(self.body["schedule"])
        paused = "" if self.body["active"] else ", paused"
        return f"{self.deployment}: kept {self.body['slug'] or 'a schedule'} ({when}{paused})," + (
            f" which was {self.why} on the server"
        )


def in_words(schedule: Mapping[str, Any]) -> str:
    """When a schedule fires: its cron, interval or rule, and its time zone."""
    zone = schedule.get("timezone") or "UTC"
    if seconds := schedule.get("interval"):
        return f"every {float(seconds):,.0f} s, {zone}"
    return f"{schedule.get('cron') or schedule.get('rrule')}, {zone}"


def theirs(
    deployments: list[dict[str, Any]], declared: Schedules, sent: Schedules
) -> tuple[list[Kept], list[str]]:
    """What people have added or changed.

    Args:
        deployments: As the server has them, before anything is sent.
        declared: Deployment to slug to schedule, as they are about to be sent.
        sent: As they were sent the last time.

    Returns:
        What to put back, and a line for each that is not kept.
    """
    kept, lines = [], []
    for deployment in deployments:
        name = deployment["name"]
        ours, before = declared.get(name, {}), sent.get(name, {})
        for schedule in deployment["schedules"]:
            slug, body = schedule.get("slug"), _body_of(schedule)
            when = in_words(schedule["schedule"])
            if slug in ours and _is_same(schedule, ours[slug]):
                continue  # whatever was sent before, of which a part may have come through
            if slug not in ours and slug not in before:
                kept.append(Kept(deployment["id"], name, body, "added"))
            elif slug not in ours:
                lines.append(f"{name}: removed {slug} ({when}), which prefect.yaml no longer has")
            elif slug in before and not _is_same(schedule, before[slug]):
                kept.append(Kept(deployment["id"], name, body, "changed"))
            else:
                new = in_words(ours[slug])
                was = when if schedule["active"] else f"{when}, paused"
                lines.append(f"{name}: {slug} was {was} on the server, and is {new} now")
    return kept, lines


def with_unfinished(kept: Sequence[Kept], to_put_back: Sequence[Mapping[str, Any]]) -> list[Kept]:
    """What people have, and what an earlier sending has removed and not put back.

    Args:
        kept: What they have on the server now, which goes before.
        to_put_back: As `Deployed` has it.
    """
    named = {(one.deployment_id, one.body["slug"]) for one in kept if one.body["slug"]}
    noted = [Kept(**one) for one in to_put_back]
    gone = [n for n in noted if n not in kept and (n.deployment_id, n.body["slug"]) not in named]
    return [*kept, *gone]


def _body_of(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """A schedule of the server, as its API takes it."""
    return {part: schedule.get(part) for part in (*_PARTS, "slug")}


def _is_same(schedule: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether a schedule of the server is what was sent."""
    at = schedule["schedule"]
    if any(at.get(part) != sent.get(part) for part in ("cron", "interval", "rrule")):
        return False
    zones = (at.get("timezone") or "UTC", sent.get("timezone") or "UTC")
    is_plain = not schedule.get("parameters") and schedule["active"]
    return zones[0] == zones[1] and bool(is_plain)


def put_back(kept: list[Kept], api: ServerApi) -> Iterator[str]:
    """Puts schedules back that are not there, in the place of those sent under their slugs.

    Yields:
        A line for each.
    """
    for one in kept:
        path = f"deployments/{one.deployment_id}/schedules"
        there = api.ask("GET", path)
        if not any(_body_of(schedule) == one.body for schedule in there):
            for schedule in there:
                if one.body["slug"] and schedule.get("slug") == one.body["slug"]:
                    api.ask("DELETE", f"{path}/{schedule['id']}")
            api.ask("POST", path, [dict(one.body)])
        yield one.sentence()
