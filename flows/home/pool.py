"""The work pool of a home on its Prefect server: `$ASYMMETRY_POOL`, else `asymmetry`.

A pool belongs to one home: its workers write there. Two homes on one server have two pools.
"""

import os

DEFAULT_POOL = "asymmetry"


def pool_name() -> str:
    """Name of the pool; the only place that reads `$ASYMMETRY_POOL`."""
    return os.environ.get("ASYMMETRY_POOL") or DEFAULT_POOL
