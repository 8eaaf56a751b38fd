"""The votes that the joint model reads, as arrays: sides, periods, status of allies.

A vote is coded towards the leader: against it (lowest category), abstention, with it (highest), on
roll calls on which the leader said yes or no. The record is that of
`transforms.metrics.ideal_points.vote_arrays` with these categories in the place of yes, abstain
and no, so a positive slope draws a high ideal point to the leader's side.

A unit, which has an ideal point and a shift, is a state in a period of `PERIOD` sessions with one
status: a state that becomes an ally within a period has two. One session has too few popular votes
(a median of 17 for the United States) to tell the two apart, and what a state does on unpopular
votes alone for a session or two would be taken for a move of its ideal point.

A roll call is unpopular if fewer than half of the states that are never allies and voted did so
like the leader. At least ten of them must have voted. Its class is one for all states: it is a
trait of the item, whose cutpoints are one for all, too.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.choices import CAST
from transforms.metrics.ideal_points.vote_arrays import (
    Floats,
    Indices,
    VotingRecord,
    voting_record,
)

UNPOPULAR_BELOW = 1 / 2
LEAST_NEVER_ALLIED = 10
PERIOD = 5
"""Sessions."""

AGAINST, NEITHER, WITH = CAST
"""The categories of the record that stand for sides."""


@dataclass(frozen=True)
class ShiftVotes:
    """Votes with the leader or against it, and who was its ally.

    Attributes:
        record: The votes; highest category: with the leader. Its session is a unit's first.
        is_unpopular: Whether an item is unpopular, one per item.
        is_ally: Whether the state was an ally, one per unit.
        unit: Unit of each vote, tails before middles.
        item: Item of each vote, in the same order.
        row: State of each unit, from 0 in the order of the codes.
        states: COW codes, ascending.
        group: 1 for states that are allies in some unit of the record, else 0.
        period: Period of each unit, from 0.
        item_period: Period of each item.
        begins: Whether a unit is the first of its state.
        on_unpopular: 1.0 for votes on unpopular items.
    """

    record: VotingRecord
    is_unpopular: NDArray[np.bool_]
    is_ally: NDArray[np.bool_]
    unit: Indices = field(init=False)
    item: Indices = field(init=False)
    row: Indices = field(init=False)
    states: NDArray[np.int16] = field(init=False)
    group: Indices = field(init=False)
    period: Indices = field(init=False)
    item_period: Indices = field(init=False)
    begins: NDArray[np.bool_] = field(init=False)
    on_unpopular: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Lines up tails and middles."""
        record = self.record
        states, row = np.unique(record.ccode, return_inverse=True)
        item = np.concatenate([record.tails.item, record.middle_item])
        begins = np.ones(record.n_units, bool)
        begins[1:] = row[1:] != row[:-1]
        period = (record.session.astype(np.int64) - int(record.session.min())) // PERIOD
        item_period = np.zeros(record.n_items, np.int64)
        item_period[record.item] = period[record.unit]
        derived = {
            "period": period,
            "item_period": item_period,
            "unit": np.concatenate([record.tails.unit, record.middle_unit]),
            "item": item,
            "row": row,
            "states": states,
            "group": (np.bincount(row, self.is_ally, len(states)) > 0).astype(np.int64),
            "begins": begins,
            "on_unpopular": self.is_unpopular[item].astype(np.float64),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @property
    def item_class(self) -> Indices:
        """1 for unpopular items, else 0."""
        return self.is_unpopular.astype(np.int64)

    def by_unit(self, of_votes: Floats) -> Floats:
        """Adds up one value per vote by unit."""
        total: Floats = np.bincount(self.unit, of_votes, self.record.n_units).astype(np.float64)
        return total

    def by_state(self, of_units: Floats) -> Floats:
        """Adds up one value per unit by state."""
        total: Floats = np.bincount(self.row, of_units, len(self.states)).astype(np.float64)
        return total


def classified(sides: pl.DataFrame) -> pl.DataFrame:
    """Adds `is_unpopular`, and leaves out roll calls on which too few never-allied states voted.

    Args:
        sides: rcid, ccode, session, choice, is_with (voted like the leader), is_ally,
            is_never_ally (in any year); cast votes of the other states.
    """
    of_never = (
        sides.filter("is_never_ally")
        .group_by("rcid")
        .agg(pl.col("is_with").mean().alias("share_with"), pl.len().alias("n"))
        .filter(pl.col("n") >= LEAST_NEVER_ALLIED)
    )
    return sides.join(of_never.select("rcid", "share_with"), on="rcid", how="inner").select(
        *sides.columns, (pl.col("share_with") < UNPOPULAR_BELOW).alias("is_unpopular")
    )


def shift_votes(sides: pl.DataFrame) -> ShiftVotes | None:
    """Arranges votes by units.

    Args:
        sides: What `classified` gives, of the sessions to estimate from; periods are counted from
            the first of them.

    Returns:
        The arrays; None where no roll call divides the states.
    """
    if sides.is_empty():
        return None
    first = pl.col("session").min()
    unit = ["ccode", "period", "is_ally"]
    coded = sides.with_columns(
        ((pl.col("session") - first) // PERIOD).alias("period"),
        pl.when(pl.col("choice").cast(pl.String) == NEITHER)
        .then(pl.lit(NEITHER))
        .when("is_with")
        .then(pl.lit(WITH))
        .otherwise(pl.lit(AGAINST))
        .alias("choice"),
    ).with_columns(pl.col("session").min().over(unit))
    sides_of = coded.group_by("rcid").agg(pl.col("choice").n_unique())
    if sides_of["choice"].max() == 1:
        return None
    record = voting_record(coded.with_columns(pl.lit(True).alias("is_sovereign")))
    status = coded.select("ccode", "session", "is_ally").unique()
    units = pl.DataFrame({"ccode": record.ccode, "session": record.session}).join(
        status, on=["ccode", "session"], how="left", validate="1:1", maintain_order="left"
    )
    classes = dict(coded.select("rcid", "is_unpopular").unique().iter_rows())
    return ShiftVotes(
        record,
        np.array([classes[rcid] for rcid in record.rcid.tolist()]),
        units["is_ally"].to_numpy(),
    )
