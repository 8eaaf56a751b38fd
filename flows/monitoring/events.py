"""Custom events: what other flows, automations and people may react to.

| event | resource | told when |
|---|---|---|
| `source.changed` | `source.<slug>` | a per-source run has stored bytes that are new here |
| `source.stale` | `source.<slug>` | nobody has asked the publisher for longer than the cadence |
| `source.released` | `source.<slug>` | a publisher has a newer release, which was not tried yet |
| `source.regressed` | `source.<slug>` | a new release has lost or changed more than is usual |
| `warehouse.published` | `warehouse` | a build has taken the place of the published one |
| `gate.failed` | `warehouse` | a critical rule has stopped a build |
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flows.home.paths import Home
from flows.home.pool import PREFIX, pool_name
from flows.home.secrets import presentable

if TYPE_CHECKING:
    from prefect.events import Event

SOURCE_CHANGED = "source.changed"
SOURCE_STALE = "source.stale"
SOURCE_RELEASED = "source.released"
SOURCE_REGRESSED = "source.regressed"
WAREHOUSE_PUBLISHED = "warehouse.published"
GATE_FAILED = "gate.failed"


def emit(
    event: str,
    *,
    resource: str,
    payload: Mapping[str, object],
    cause: str = "",
    follows: "Event | None" = None,
) -> "Event | None":
    """Sends one event to the Prefect server of this run.

    Args:
        event: Name, one of the constants of this module.
        resource: What it is about, without the prefix: `warehouse`, `source.un_votes`. The
            server knows it as `alliance-asymmetry.<resource>`.
        payload: What a receiver needs to know: short values that JSON can hold. The `home` is
            added.
        cause: What it comes of, where the resource does not say it: an alert is sent once a week
            for the same one.
        follows: The event before it in a burst: the server then takes them one by one. Two that
            come within milliseconds can otherwise be counted at once, and a trigger that waits
            for the end of a burst never fires.

    Returns:
        The event; None where Prefect has sent none.
    """
    from prefect.events import emit_event

    labels = {
        "prefect.resource.id": f"{PREFIX}.{resource}",
        # the same for every source: what an automation counts together
        f"{PREFIX}.kind": resource.partition(".")[0],
        # two homes on one server do not hear each other
        f"{PREFIX}.pool": pool_name(),
        f"{PREFIX}.cause": cause,
    }
    shown = {**payload, "home": str(Home.from_environment().path)}
    shown = {k: presentable(v) if isinstance(v, str) else v for k, v in shown.items()}
    return emit_event(event, resource=labels, payload=shown, follows=follows)
