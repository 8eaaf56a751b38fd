"""Sends `automations.yaml` to the Prefect server: `python -m flows.monitoring.automations [FILE]`.

What was sent before is replaced, by name. Where `$ALERT_URL` is set, every alert is posted there
as JSON; elsewhere it shows in the UI only.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from prefect.automations import Automation
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.types import SecretDict

from flows.home.deployed import EXPECTED_PATH
from flows.runtime.deploy import shipped_file

BLOCK = "asymmetry-alerts"
_SUBJECT = "{{ automation.name }}"
# why, then where: what we tell has its home in it, and of a flow run its deployment knows
_BODY = (
    "{{ automation.description }}{% if event %}"
    "\n{{ event.payload.message or event.payload.reason or event.payload.build_id"
    " or event.resource.get('prefect.state-message') or event.resource.name or '' }}"
    "\n{{ event.resource.name or event.resource.id }}"
    "{% if flow_run and flow_run.parameters.profile %}; profile {{ flow_run.parameters.profile }}"
    "{% elif event.payload.profile %}; profile {{ event.payload.profile }}{% endif %}"
    "{% if flow_run and flow_run.parameters.sources %}; sources"
    " {{ flow_run.parameters.sources | join(', ') }}{% endif %}"
    "{% if event.payload.home %}; home {{ event.payload.home }}"
    "{% elif deployment and deployment.job_variables.env %}; home"
    " {{ deployment.job_variables.env." + EXPECTED_PATH + " }}{% endif %}"
    "{% endif %}"
)


async def send_automations(path: Path, alert_url: str | None) -> list[str]:
    """Makes or replaces every automation of a file.

    Args:
        path: YAML with a list `automations`, as `prefect automation create --from-file` reads it.
        alert_url: Where alerts are posted; None where the UI is enough.

    Returns:
        The names.

    Raises:
        ValueError: An automation of the file is faulty; those before it are on the server.
    """
    actions = [await _action_for(alert_url)]
    names = []
    for entry in yaml.safe_load(path.read_text("utf-8"))["automations"]:
        automation = Automation.model_validate({**entry, "actions": actions})
        await _delete(automation.name)
        await automation.acreate()
        names.append(automation.name)
    return names


async def _action_for(alert_url: str | None) -> Mapping[str, Any]:
    if not alert_url:
        return {"type": "do-nothing"}
    webhook = CustomWebhookNotificationBlock(
        name=BLOCK,
        url="{{alert_url}}",  # whoever knows it may post: the server keeps it encrypted
        secrets=SecretDict({"alert_url": alert_url}),
        json_data={"text": "{{subject}}\n{{body}}"},
        headers=None,
        cookies=None,
    )
    block_id = await webhook.asave(BLOCK, overwrite=True)
    return {
        "type": "send-notification",
        "block_document_id": str(block_id),
        "subject": _SUBJECT,
        "body": _BODY,
    }


async def _delete(name: str) -> None:
    try:
        earlier = await Automation.aread(name=name)
    except ValueError:  # there is none
        return
    await earlier.adelete()


if __name__ == "__main__":
    file = Path(sys.argv[1]) if sys.argv[1:] else shipped_file("automations.yaml")
    for sent in asyncio.run(send_automations(file, os.environ.get("ALERT_URL"))):
        print(sent)
