"""`asymmetry rollback`: an earlier build in the place of the published one."""

import os
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import requests
import typer

from flows.cli import console
from flows.cli.options import (
    current_home,
)
from flows.home.builds import kept_builds
from flows.home.paths import Home
from flows.home.pool import PREFIX, pool_name
from flows.monitoring.events import WAREHOUSE_PUBLISHED
from flows.operations.rollback import rollback as put_back

_SECONDS_TO_TELL = 10


app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry rollback 4018e394c043`")
def rollback(
    build: Annotated[
        str | None, typer.Argument(help="The build's id, or its first digits.")
    ] = None,
    list_builds: Annotated[
        bool, typer.Option("--list", help="Show the builds that are kept.")
    ] = False,
) -> None:
    """Publish an earlier build again, after reading its file through.

    Ends at once with exit code 5 while another run is writing.
    """
    if list_builds == (build is not None):
        console.fail("Name a build, or ask for --list.", 2)

    if build is None:
        print_kept_builds(current_home())
    else:
        print_rollback(current_home(), build)


def print_kept_builds(home: Home) -> None:
    """Prints the builds that can be put back."""
    rows = [
        [
            kept.name[:12],
            kept.build.profile if kept.build else None,
            str(kept.build.built_at) if kept.build else "cannot be read",
            "published" if kept.is_published else "",
            round(kept.path.stat().st_size / 1e6, 1),
        ]
        for kept in kept_builds(home)
    ]
    if not rows:
        console.out.print(f"No builds are kept in {home.path}.", markup=False, soft_wrap=True)
        return
    console.print_rows(["build", "profile", "built, UTC", "", "MB"], rows)


def _replaced(done: Mapping[str, object]) -> str:
    """What was published before, in words."""
    if done["replaced"] is None:
        return "a file that could not be read"
    if done["replaced"] == done["build_id"]:
        return "a file of the same id that was not as it was written"
    return str(done["replaced"])[:12]


def print_rollback(home: Home, name: str) -> None:
    """Puts an earlier build back, and says what that means.

    Raises:
        RollbackError: There is no such build, or it is damaged.
    """
    done = put_back(name, home)
    build = str(done["build_id"])[:12]
    if done["result"] == "unchanged":
        console.out.print(f"Build {build} is published already. Nothing was changed.")
        return
    if api := os.environ.get("PREFECT_API_URL"):
        _announce(api, done, home)
    console.out.print(
        f"Build {build} is published in place of {_replaced(done)}; readers that have"
        " the other one open keep it until they close it.",
        soft_wrap=True,
    )
    console.out.print(
        "The next refresh publishes the newer build again. Until its cause is mended, pause the"
        " schedules (docs/runbook.md, rolling back).",
        soft_wrap=True,
    )


def _announce(api: str, done: Mapping[str, Any], home: Home) -> None:
    """Tells the server, which knows nothing of what is done by hand; the publication stands.

    In the words of its REST API: importing Prefect for one request would take three seconds.
    """
    rows = done["rows"]
    event = {
        "id": str(uuid.uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": WAREHOUSE_PUBLISHED,
        "resource": {
            "prefect.resource.id": f"{PREFIX}.warehouse",
            f"{PREFIX}.kind": "warehouse",
            f"{PREFIX}.pool": pool_name(),
            f"{PREFIX}.cause": str(uuid.uuid4()),
        },
        "payload": {
            "build_id": done["build_id"],
            "replaced": done["replaced"],
            "by": "rollback",
            "n_tables": len(rows),
            "n_rows": sum(rows.values()),
            "file": str(home.warehouse),
            "home": str(home.path),
        },
    }
    try:
        url = f"{api.rstrip('/')}/events"
        answer = requests.post(url, json=[event], timeout=_SECONDS_TO_TELL)
        answer.raise_for_status()
    except requests.RequestException as error:
        reason = type(error).__name__
        console.err.print(f"The Prefect server was not told ({reason}).", markup=False)
