"""The leaders whose support is measured, and which of their allies are meant."""

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:  # a screen of the bundle needs what is said here, and no DuckDB
    from warehouse.db import Connection

LEADERS = {
    2: "United States",
    365: "Soviet Union and Russia",
    710: "China",
    220: "France",
    200: "United Kingdom",
}
"""COW code to name, in the order in which they are shown."""

ALLY_TIERS = {2: "core", 365: "core", 710: "core", 220: "atop", 200: "atop"}
"""Leader to the tier of `marts.ally_tier` that counts as its allies: the list of dated treaties
ends with three leaders, so those of France and the United Kingdom are ATOP's."""

TIERS = ("core", "treaty", "atop", "guarantee")
"""Definitions of an ally, as `marts.ally_tier` has them."""


def leaders(_: "Connection") -> pl.DataFrame:
    """The leaders: ccode, name, ally_tier, in the order in which they are shown."""
    rows = [(ccode, name, ALLY_TIERS[ccode]) for ccode, name in LEADERS.items()]
    schema = {"leader": pl.Int16, "name": pl.String, "ally_tier": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
