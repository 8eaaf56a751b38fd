"""Schedules that people have added or changed on the server outlive another `make deploy`.

Prefect replaces all schedules of a deployment when it is sent again. So what differs from what was
sent before (`flows.home.deployed`) is somebody's own, and is put back afterwards.
"""

from collections.abc import Iterator, Mapping
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
            slug = schedule.get("slug")
            body = {**{part: schedule.get(part) for part in _PARTS}, "slug": slug}
            when = in_words(schedule["schedule"])
            if slug not in ours and slug not in before:
                kept.append(Kept(deployment["id"], name, body, "added"))
            elif slug not in ours:
                lines.append(f"{name}: removed {slug} ({when}), which prefect.yaml no longer has")
            elif slug in before and not _is_same(schedule, before[slug]):
                kept.append(Kept(deployment["id"], name, body, "changed"))
            elif not _is_same(schedule, ours[slug]):
                new = in_words(ours[slug])
                was = when if schedule["active"] else f"{when}, paused"
                lines.append(f"{name}: {slug} was {was} on the server, and is {new} now")
    return kept, lines


def _is_same(schedule: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether a schedule of the server is what was sent."""
    at = schedule["schedule"]
    if any(at.get(part) != sent.get(part) for part in ("cron", "interval", "rrule")):
        return False
    zones = (at.get("timezone") or "UTC", sent.get("timezone") or "UTC")
    is_plain = not schedule.get("parameters") and schedule["active"]
    return zones[0] == zones[1] and bool(is_plain)


def put_back(kept: list[Kept], api: ServerApi) -> Iterator[str]:
    """Puts schedules back, in the place of those that were sent under their slugs.

    Yields:
        A line for each.
    """
    for one in kept:
        path = f"deployments/{one.deployment_id}/schedules"
        for there in api.ask("GET", path):
            if one.body["slug"] and there.get("slug") == one.body["slug"]:
                api.ask("DELETE", f"{path}/{there['id']}")
        api.ask("POST", path, [dict(one.body)])
        yield one.sentence()
