"""Allies and aspirants on a day, by tier and tie rule."""

from datetime import date

import polars as pl

from transforms.core.coalition_support import day
from transforms.core.obligations import owes
from transforms.metrics.coalitions.events import UNITED_STATES

TIERS = ("core", "treaty", "atop", "guarantee")
TIE_RULES = ("in_force_on_date", "any_day")

# Tiers of dated treaties, each with the narrower ones that it contains.
_TREATY_TIERS = {
    "core": ["core"],
    "treaty": ["core", "treaty"],
    "guarantee": ["core", "treaty", "guarantee"],
}


class Ties:
    """Allies of the United States by day, tier and tie rule, and aspirants to NATO by day.

    A tie in force on the date is read from dated treaties by entry into force, and for the
    tier atop from ATOP's dates, which are those of signature; a tie of any day of the year is
    that of `marts.ally_tier`.

    Args:
        treaty_allies: `core.treaty_allies`.
        obligations: `core.obligations`.
        ally_tier: `marts.ally_tier`.
        nato_aspirants: The hand-coded list.
    """

    def __init__(
        self,
        treaty_allies: pl.DataFrame,
        obligations: pl.DataFrame,
        ally_tier: pl.DataFrame,
        nato_aspirants: pl.DataFrame,
    ) -> None:
        ours = pl.col("ccode_hegemon") == UNITED_STATES
        self._treaties = treaty_allies.filter(ours)
        self._by_year = ally_tier.filter(ours)
        self._promises = obligations.filter(
            pl.col("ccode_from") == UNITED_STATES, owes("defense")
        ).select(pl.col("ccode_to").alias("ccode"), "in_force_from", "in_force_to")
        self._last_atop_year = obligations["year"].max()
        self._aspirants = nato_aspirants.select(
            pl.col("ccode").cast(pl.Int16),
            day(nato_aspirants, "aspirant_from", "nato_aspirants"),
        )
        self._known: dict[tuple[date, str, str], frozenset[int] | None] = {}

    def allies(self, on: date, tier: str, tie_rule: str) -> frozenset[int] | None:
        """Codes of the allies; None where the tier is not covered (atop after its end).

        Args:
            on: The day.
            tier: One of `TIERS`.
            tie_rule: One of `TIE_RULES`.
        """
        key = (on, tier, tie_rule)
        if key not in self._known:
            self._known[key] = self._allies(*key)
        return self._known[key]

    def _allies(self, on: date, tier: str, tie_rule: str) -> frozenset[int] | None:
        if tie_rule == "any_day":
            in_year = self._by_year.filter(pl.col("year") == on.year)
            if in_year[f"tier_{tier}"].null_count() == in_year.height:
                return None
            return frozenset(in_year.filter(pl.col(f"tier_{tier}"))["ccode"].to_list())
        if tier == "atop":
            if self._last_atop_year is None or on.year > int(str(self._last_atop_year)):
                return None
            rows = self._promises
        else:
            rows = self._treaties.filter(pl.col("tier").is_in(_TREATY_TIERS[tier]))
        ended = pl.col("in_force_to").is_not_null() & (pl.col("in_force_to") < on)
        return frozenset(rows.filter(pl.col("in_force_from") <= on, ~ended)["ccode"].to_list())

    def aspirants(self, on: date) -> frozenset[int]:
        """Codes of the states that have aspired to NATO by a day, members of today included.

        Args:
            on: The day. Allies by then are included; the caller removes them.
        """
        return frozenset(self._aspirants.filter(pl.col("aspirant_from") <= on)["ccode"].to_list())
