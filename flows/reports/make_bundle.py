"""`make bundle`: writes the answers that are shipped with the package, from the published build."""

import sys
from pathlib import Path

from flows.engine.plan import plan_steps
from flows.home.paths import Home
from warehouse.db import QueryError, WarehouseMissingError, read_published
from warehouse.report.shipped_bundle import Bundle, shipped_bundle
from warehouse.report.write_bundle import NotABundleError, write_bundle

FOLDER = Path(__file__).resolve().parents[2] / "warehouse" / "report" / "bundle"


def stale_steps(bundle: Bundle) -> list[str]:
    """Steps that the bundle rests on and that code or lists have changed since it was made."""
    try:
        planned = plan_steps(bundle.snapshots)
    except KeyError as error:  # a source that came later
        return [f"source {error.args[0]}"]
    now = {name: step.step_hash for name, step in planned.items()}
    return [name for name, step_hash in bundle.steps.items() if now.get(name) != step_hash]


def main() -> None:
    """Writes the bundle, and says what it is and what of it is stale already."""
    warehouse = Home.from_environment().warehouse
    try:
        with read_published(warehouse) as connection:
            bundle = write_bundle(connection, FOLDER)
    except (NotABundleError, WarehouseMissingError, QueryError) as error:
        sys.exit(f"{error} Nothing was written.")
    n_bytes = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{FOLDER}: {n_bytes:,} bytes of build {bundle.build_id[:12]} of {bundle.built_at}")
    shipped_bundle.cache_clear()
    if stale := stale_steps(bundle):
        print(f"The code has changed since: {', '.join(stale)}. Refresh, then make bundle again.")


if __name__ == "__main__":
    main()
