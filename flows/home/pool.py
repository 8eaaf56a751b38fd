"""The work pool of a home on its Prefect server: `$ASYMMETRY_POOL`, else `asymmetry`.

A pool belongs to one home: its workers write there. Two homes on one server have two pools.
"""

import os

PREFIX = "alliance-asymmetry"
"""Of what is ours on a server: events, and resources that they are about."""

DEFAULT_POOL = "asymmetry"
POOL_VARIABLE = "ASYMMETRY_POOL"


def pool_name() -> str:
    """Name of the pool; the only place that reads `$ASYMMETRY_POOL`."""
    return os.environ.get(POOL_VARIABLE) or DEFAULT_POOL
