"""What of a home is on a Prefect server: `deployed.json`, written when deployments are sent.

It has the home's id, by which a run that was deployed for one home refuses another (two machines
may call theirs by the same path), and the schedules that were sent, by which those are known that
somebody has changed on the server since. What people have is noted in it while deployments are
sent, which removes it from the server: whatever ends the sending, the next one puts it back.
"""

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = "deployed.json"
EXPECTED_ID, EXPECTED_PATH = "ASYMMETRY_DEPLOYED_ID", "ASYMMETRY_DEPLOYED_HOME"
"""Variables that a deployment sets in the environment of its runs."""

Schedules = Mapping[str, Mapping[str, Mapping[str, Any]]]


class OtherHomeError(RuntimeError):
    """The run was deployed for another home than the one that its worker has."""


@dataclass(frozen=True)
class Deployed:
    """What was sent from a home.

    Attributes:
        home_id: Made once, when deployments are first sent.
        schedules: Deployment to slug to what was sent; empty before anything was.
        to_put_back: Schedules of people (`flows.runtime.schedules.Kept`) that a sending which did
            not end may have removed; empty after one that did.
    """

    home_id: str
    schedules: Schedules = field(default_factory=dict)
    to_put_back: Sequence[Mapping[str, Any]] = ()


def read_deployed(home: Path) -> Deployed | None:
    """What was sent from a home; None where nothing was, or where the file cannot be read."""
    try:
        found = json.loads((home / FILE).read_text("utf-8"))
        to_put_back = tuple(found.get("to_put_back", ()))
        return Deployed(str(found["home_id"]), found["schedules"], to_put_back)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_deployed(home: Path, deployed: Deployed) -> None:
    """Writes what was sent, whole or not at all."""
    home.mkdir(parents=True, exist_ok=True)
    partial = home / f".{FILE}.{os.getpid()}"
    partial.write_text(json.dumps(asdict(deployed), indent=1) + "\n", "utf-8")
    partial.replace(home / FILE)


def identified(home: Path) -> Deployed:
    """What was sent from a home, which gets its id where it has none yet."""
    found = read_deployed(home)
    if found is None:
        found = Deployed(uuid.uuid4().hex)
        write_deployed(home, found)
    return found


def refuse_other_home(home: Path) -> None:
    """Refuses a run that was deployed for another home; a person's command is for any.

    Raises:
        OtherHomeError: The message names both, and what to do; nothing was read or changed.
    """
    expected = os.environ.get(EXPECTED_ID)
    if not expected:
        return
    found = read_deployed(home)
    if found is not None and found.home_id == expected:
        return
    known = f"its id is {found.home_id}" if found else f"it has no {FILE}"
    raise OtherHomeError(
        f"This run was deployed for the home {os.environ.get(EXPECTED_PATH)} (id {expected}), and"
        f" its worker has {home} ({known}). Nothing was read or changed. Give the worker the"
        " ASYMMETRY_HOME that the deployments were sent from; a home of its own needs a pool of its"
        " own (ASYMMETRY_POOL, for make deploy and make worker)."
    )
