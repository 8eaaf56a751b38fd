"""Samples of the coalition models: states with support, ties and covariates, as arrays."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.inference.fisher_exact import TwoByTwo
from transforms.metrics.coalitions.alliance_ties import Ties
from transforms.metrics.coalitions.events import UNITED_STATES, Event
from transforms.metrics.covariate_coverage import MAX_AGE

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

COVARIATES = ("log_gdp", "ideal_point_distance", "ex_warsaw_pact")
USER_COVARIATES = (
    *("log_distance_km", "polyarchy", "asinh_aid_usd", "trade_share"),
    "log_trade_openness",
)
"""From `core.covariates`. Distance, aid and share of trade are between the state and the United
States; openness is total trade by gross domestic product."""

REGIONS = ("europe", "sub_saharan_africa", "middle_east_north_africa", "asia_pacific")


@dataclass(frozen=True)
class Sample:
    """States of one event, ascending by code.

    Attributes:
        ccodes: Codes.
        support: Whether the state gave support.
        level: Its level of support; 0 for none.
        ally: Whether it was an ally.
        aspirant: Whether it aspired to NATO and was no ally.
        covariates: Term to values; NaN where not known.
    """

    ccodes: NDArray[np.int64]
    support: Flags
    level: NDArray[np.int64]
    ally: Flags
    aspirant: Flags
    covariates: dict[str, Floats]

    def counts(self) -> TwoByTwo:
        """Allies against all others, by support."""
        return self.of_groups(self.ally, ~self.ally)

    def of_groups(self, first: Flags, second: Flags) -> TwoByTwo:
        """Two groups of states against each other, by support."""
        y = self.support
        return TwoByTwo(
            int((first & y).sum()),
            int((first & ~y).sum()),
            int((second & y).sum()),
            int((second & ~y).sum()),
        )

    def where(self, kept: Flags) -> "Sample":
        """The same with some of the states only."""
        return Sample(
            self.ccodes[kept],
            self.support[kept],
            self.level[kept],
            self.ally[kept],
            self.aspirant[kept],
            {name: values[kept] for name, values in self.covariates.items()},
        )

    def complete(self, names: Iterable[str]) -> "Sample":
        """The states for which all these covariates are known."""
        known = np.ones(len(self.ccodes), dtype=np.bool_)
        for name in names:
            known &= ~np.isnan(self.covariates[name])
        return self.where(known)

    def at_level(self, level: int) -> "Sample":
        """The same states with support meaning at least this level."""
        return replace(self, support=self.level >= level)


class Population:
    """Reads states and covariates; makes the sample of an event for a tier and a tie rule.

    Args:
        states: `core.states`.
        ties: Allies and aspirants by day.
        gdp: `core.gdp`; without it (and the next two) samples have no covariates.
        ideal_points_published: `core.ideal_points_published`.
        warsaw_pact_states: The hand-coded list.
        covariates: `core.covariates`; if empty, samples have none of `USER_COVARIATES`.
    """

    def __init__(
        self,
        states: pl.DataFrame,
        ties: Ties,
        *,
        gdp: pl.DataFrame | None = None,
        ideal_points_published: pl.DataFrame | None = None,
        warsaw_pact_states: pl.DataFrame | None = None,
        covariates: pl.DataFrame | None = None,
    ) -> None:
        self._user_covariates = None if covariates is None or covariates.is_empty() else covariates
        self._states, self._gdp, self._points = states, gdp, ideal_points_published
        coded: list[str] = []
        if warsaw_pact_states is not None:
            coded = warsaw_pact_states["ccode"].to_list()
        self._warsaw_pact = [int(c) for c in coded]
        self._ties = ties
        self._read: dict[tuple[date, int, frozenset[int]], pl.DataFrame] = {}

    def states_of(self, event: Event) -> pl.DataFrame:
        """The states of the event's sample with their covariates, one row each.

        Args:
            event: The event.

        Returns:
            ccode and one column per covariate, NULL where not known.
        """
        key = (event.event_date, event.baseline_year, event.left_out)
        if key not in self._read:
            self._read[key] = self._states_of(*key)
        return self._read[key]

    def _states_of(self, on: date, baseline: int, left_out: frozenset[int]) -> pl.DataFrame:
        members = (
            self._states.filter(pl.col("valid_from") <= on, pl.col("counts_to") >= on)
            .filter(~pl.col("ccode").is_in(list(left_out)))
            .sort("ccode")
        )
        if self._gdp is None or self._points is None:
            return members.select("ccode")
        year = pl.col("year") == baseline
        points = self._points.filter(year).select("ccode", point="ideal_point_published")
        leader = points.filter(pl.col("ccode") == UNITED_STATES)["point"]
        own = pl.lit(leader.item() if leader.len() else None, dtype=pl.Float64)
        covariates = {
            "log_gdp": pl.col("gdp_usd").log(),
            "ideal_point_distance": (pl.col("point") - own).abs(),
            "ex_warsaw_pact": pl.col("ccode").is_in(self._warsaw_pact).cast(pl.Float64),
            **{f"region_{r}": (pl.col("region") == r).cast(pl.Float64) for r in REGIONS},
        }
        if self._user_covariates is not None:
            last_known = _last_known(self._user_covariates, self._gdp, baseline)
            members = members.join(last_known, "ccode", how="left")
            covariates |= {name: pl.col(name) for name in USER_COVARIATES}
        return (
            members.join(self._gdp.filter(year).select("ccode", "gdp_usd"), on="ccode", how="left")
            .join(points, on="ccode", how="left")
            .select("ccode", **covariates)
            .sort("ccode")
        )

    def sample(self, event: Event, tier: str, tie_rule: str) -> Sample | None:
        """The sample of an event; None where the tier does not cover its date.

        Args:
            event: The event.
            tier: Ally tier.
            tie_rule: When a tie counts.
        """
        allies = self._ties.allies(event.event_date, tier, tie_rule)
        if allies is None:
            return None
        rows = self.states_of(event)
        ccodes = rows["ccode"].cast(pl.Int64).to_numpy()
        ally = np.isin(ccodes, list(allies))
        aspirants = list(self._ties.aspirants(event.event_date))
        return Sample(
            ccodes=ccodes,
            support=np.isin(ccodes, list(event.supporters)),
            level=np.array([event.levels.get(c, 0) for c in ccodes.tolist()], dtype=np.int64),
            ally=ally,
            aspirant=np.isin(ccodes, aspirants) & ~ally,
            covariates={
                c: rows[c].cast(pl.Float64).to_numpy() for c in rows.columns if c != "ccode"
            },
        )


def _last_known(covariates: pl.DataFrame, gdp: pl.DataFrame, baseline: int) -> pl.DataFrame:
    """The last known values up to a year; a distance that is known only later counts, too."""
    age = baseline - pl.col("year")
    product = gdp.select("ccode", "year", "gdp_usd")
    rows = covariates.join(product, on=["ccode", "year"], how="left").sort("ccode", "year")
    openness = pl.col("trade_total_usd") / pl.col("gdp_usd")
    rows = rows.with_columns(pl.when(openness > 0).then(openness.log()).alias("log_trade_openness"))

    def last(name: str) -> pl.Expr:
        return pl.col(name).filter(age.is_between(0, MAX_AGE)).drop_nulls().last()

    distance = pl.coalesce(
        pl.col("distance_km").filter(age >= 0).drop_nulls().last(),
        pl.col("distance_km").drop_nulls().first(),
    )
    return rows.group_by("ccode").agg(
        log_distance_km=distance.log1p(),
        polyarchy=last("polyarchy"),
        asinh_aid_usd=last("aid_usd").arcsinh(),
        trade_share=last("trade_share"),
        log_trade_openness=last("log_trade_openness"),
    )
