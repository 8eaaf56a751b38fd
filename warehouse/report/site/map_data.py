"""Who sides with whom in a period, for the map and for the ranking of states."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from warehouse.report.profiles.vote_classes import PERIODS
from warehouse.report.site.scripts import rounded


def by_leader(agreement_by_period: pl.DataFrame) -> dict[int, dict[str, Any]]:
    """Agreement by leader, class of votes, period and state.

    Args:
        agreement_by_period: `warehouse.report.profiles.agreement.agreement_by_period`.

    Returns:
        Leader to class of votes to period to COW code to [agreement, ci_low, ci_high, n_votes].
    """
    found: dict[int, dict[str, Any]] = {}
    rows = agreement_by_period.filter(pl.col("agreement").is_not_null())
    columns = (
        "leader",
        "vote_class",
        "period",
        "ccode",
        "agreement",
        "ci_low",
        "ci_high",
        "n_votes",
    )
    for leader, vote_class, period, ccode, *figures in rows.select(columns).rows():
        place = found.setdefault(leader, {}).setdefault(vote_class, {}).setdefault(period, {})
        place[str(ccode)] = rounded(figures)
    return found


def years_of_periods(last_year: int) -> dict[str, int]:
    """Period to the year in which the map looks up whom a shape shows: the last one of it.

    Args:
        last_year: The last year with votes.
    """
    return {name: min(last, last_year) for name, _, last in PERIODS}


def ally_codes(
    tier_spells: pl.DataFrame, ally_tiers: Mapping[int, str]
) -> dict[str, dict[str, Any]]:
    """Leader to state to the years in which it was its ally, as [first, last] pairs.

    Args:
        tier_spells: `warehouse.report.profiles.tiers.tier_spells`.
        ally_tiers: Leader to the tier that counts.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in tier_spells.iter_rows(named=True):
        if ally_tiers.get(row["leader"]) == row["tier"]:
            spells = found.setdefault(str(row["leader"]), {}).setdefault(str(row["ccode"]), [])
            spells.append([row["year_from"], row["year_to"]])
    return found
