"""Every answer by name, read from a published build at once."""

from collections.abc import Callable, Mapping

import polars as pl

from warehouse.db import Connection
from warehouse.report.profiles.agreement import agreement_by_period, agreement_by_session
from warehouse.report.profiles.alliances import alliance_asymmetry
from warehouse.report.profiles.ally_groups import group_means, ranks
from warehouse.report.profiles.claims import claims
from warehouse.report.profiles.coalitions import coalitions
from warehouse.report.profiles.ideal_points import ideal_points
from warehouse.report.profiles.largest_change import largest_changes
from warehouse.report.profiles.leaders import leaders
from warehouse.report.profiles.states import states, un_members
from warehouse.report.profiles.tiers import tier_spells, treaties

FRAMES: Mapping[str, Callable[[Connection], pl.DataFrame]] = {
    "leaders": leaders,
    "states": states,
    "un_members": un_members,
    "agreement_by_session": agreement_by_session,
    "agreement_by_period": agreement_by_period,
    "largest_changes": largest_changes,
    "ranks": ranks,
    "group_means": group_means,
    "tier_spells": tier_spells,
    "treaties": treaties,
    "ideal_points": ideal_points,
    "coalitions": coalitions,
    "claims": claims,
    "alliance_asymmetry": alliance_asymmetry,
}
"""Name to what reads it. The bundle holds a Parquet file of each under the same name."""


RESTS_ON = (
    "core.coalition_support",
    "core.states",
    "core.treaty_allies",
    "core.un_members",
    "marts.ally_tier",
    "marts.state_year",
    "metrics.capability_asymmetry",
    "metrics.claim_verdict",
    "metrics.hegemon_support",
    "metrics.ideal_point",
)
"""Tables of the build that they read."""


def read_frames(connection: Connection) -> dict[str, pl.DataFrame]:
    """All of `FRAMES`, from a read-only connection of a published build."""
    return {name: read(connection) for name, read in FRAMES.items()}
