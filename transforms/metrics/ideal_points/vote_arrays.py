"""Votes as arrays for the estimator of ideal points.

A state-session is the unit that has an ideal point; an item is a roll call, or several on
one text that are bridged. Votes are sorted by item and state-session, so the order in which
the rows come changes nothing, not even the last digit.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.choices import CAST
from transforms.rollcall_matrix import ABSTAIN, CODES, NO, YES

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Tails:
    """Votes in the lowest or the highest category of their item: P = Φ(sign · (cut − βθ)).

    Attributes:
        unit: State-session.
        item: Item.
        cut: Place of the cutpoint in the vector (first cutpoints, second cutpoints).
        sign: +1 for the lowest category, −1 for the highest.
    """

    unit: Indices
    item: Indices
    cut: Indices
    sign: Floats


@dataclass(frozen=True)
class VotingRecord:
    """Votes of state-sessions on items.

    Attributes:
        ccode: State of each state-session; state-sessions are sorted by state and session.
        session: Its session.
        is_sovereign: Whether it was sovereign at one or more of its votes.
        rcid: Lowest rcid of each item; ascending.
        item_session: Session of an item; 0 where the item is bridged across sessions.
        unit: State-session of each vote; votes are sorted by item and state-session.
        item: Item of each vote.
        roll_call: Roll call of each vote, as an index from 0.
        choice: `YES`, `ABSTAIN` or `NO`.
    """

    ccode: NDArray[np.int16]
    session: NDArray[np.int16]
    is_sovereign: NDArray[np.bool_]
    rcid: Indices
    item_session: NDArray[np.int16]
    unit: Indices
    item: Indices
    roll_call: Indices
    choice: NDArray[np.int8]
    counts: Floats = field(init=False)
    has_two_cuts: NDArray[np.bool_] = field(init=False)
    tails: Tails = field(init=False)
    middle_unit: Indices = field(init=False)
    middle_item: Indices = field(init=False)
    n_votes: Indices = field(init=False)

    def __post_init__(self) -> None:
        """Sorts the votes into tails and middles."""
        of_category = [self.choice == category for category in (YES, ABSTAIN, NO)]
        counts = np.array([np.bincount(self.item[v], minlength=self.n_items) for v in of_category])
        n_categories = (counts > 0).sum(axis=0)
        two_cuts = n_categories == 3
        is_informative = n_categories[self.item] > 1  # of one category only: no information
        middle = of_category[1] & two_cuts[self.item]
        tail = is_informative & ~middle
        lowest = np.where(counts[0] > 0, YES, ABSTAIN)
        item = self.item[tail]
        is_low = self.choice[tail] == lowest[item]
        cut = np.where(is_low | ~two_cuts[item], item, item + self.n_items)
        tails = Tails(self.unit[tail], item, cut, np.where(is_low, 1.0, -1.0))
        derived = {
            "counts": counts.astype(np.float64),
            "has_two_cuts": two_cuts,
            "tails": tails,
            "middle_unit": self.unit[middle],
            "middle_item": self.item[middle],
            "n_votes": np.bincount(self.unit[is_informative], minlength=self.n_units),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @property
    def n_units(self) -> int:
        """Number of state-sessions."""
        return len(self.ccode)

    @property
    def n_items(self) -> int:
        """Number of items."""
        return len(self.rcid)

    def with_choices(self, choice: NDArray[np.int8]) -> "VotingRecord":
        """The same states at the same roll calls, voting differently."""
        return VotingRecord(
            self.ccode,
            self.session,
            self.is_sovereign,
            self.rcid,
            self.item_session,
            self.unit,
            self.item,
            self.roll_call,
            choice,
        )

    def sum_by_unit(self, of_tails: Floats, of_middles: Floats) -> Floats:
        """Adds up one value per vote by state-session."""
        return _total(self.tails.unit, of_tails, self.middle_unit, of_middles, self.n_units)

    def sum_by_item(self, of_tails: Floats, of_middles: Floats) -> Floats:
        """Adds up one value per vote by item."""
        return _total(self.tails.item, of_tails, self.middle_item, of_middles, self.n_items)


def voting_record(votes: pl.DataFrame, bridges: pl.DataFrame | None = None) -> VotingRecord:
    """Arranges votes, without the roll calls on which all voted alike.

    Args:
        votes: rcid, ccode, session, choice, is_sovereign; choices other than yes, abstain
            and no are left out.
        bridges: rcid, item: roll calls on one and the same text have one `item`, the lowest
            rcid of them. Roll calls that are not listed stand for themselves.

    Returns:
        The record of all state-sessions with at least one informative vote.

    Raises:
        ValueError: There is no informative vote.
    """
    cast = votes.filter(pl.col("choice").is_in(CAST)).select(
        pl.col("rcid").cast(pl.Int64),
        pl.col("ccode").cast(pl.Int16),
        pl.col("session").cast(pl.Int16),
        "is_sovereign",
        pl.col("choice").cast(pl.String).replace_strict(CODES, return_dtype=pl.Int8),
    )
    items = _items(cast, bridges)
    cast = (
        cast.join(items, on="rcid", how="left", validate="m:1")
        .filter(pl.col("choice").n_unique().over("item") > 1)
        .sort("item", "ccode", "session", "rcid")
    )
    if cast.is_empty():
        raise ValueError("no ideal points without votes: on no roll call did two states differ")
    units = cast.group_by("ccode", "session").agg(pl.col("is_sovereign").any())
    units = units.sort("ccode", "session").with_row_index("unit")
    sessions = cast.group_by("item").agg(
        pl.when(pl.col("session").n_unique() == 1).then(pl.col("session").first()).otherwise(0)
    )
    sessions = sessions.sort("item")
    cells = cast.join(units, on=["ccode", "session"], how="left", maintain_order="left")
    rcid, item = np.unique(cast["item"].to_numpy(), return_inverse=True)
    return VotingRecord(
        ccode=units["ccode"].to_numpy(),
        session=units["session"].to_numpy(),
        is_sovereign=units["is_sovereign"].to_numpy(),
        rcid=rcid,
        item_session=sessions["session"].cast(pl.Int16).to_numpy(),
        unit=cells["unit"].cast(pl.Int64).to_numpy(),
        item=item.astype(np.int64),
        roll_call=np.unique(cast["rcid"].to_numpy(), return_inverse=True)[1].astype(np.int64),
        choice=cast["choice"].to_numpy(),
    )


def _items(cast: pl.DataFrame, bridges: pl.DataFrame | None) -> pl.DataFrame:
    """Rcid → item; a bridge counts from its lowest roll call that is there."""
    rcids = cast.select("rcid").unique()
    if bridges is None:
        return rcids.with_columns(item="rcid")
    group = bridges.select(pl.col("rcid").cast(pl.Int64), group=pl.col("item").cast(pl.Int64))
    return (
        rcids.join(group, on="rcid", how="left", validate="1:1")
        .with_columns(pl.col("group").fill_null(pl.col("rcid")))
        .select("rcid", item=pl.col("rcid").min().over("group"))
    )


def _total(
    tail_index: Indices, tails: Floats, middle_index: Indices, middles: Floats, n: int
) -> Floats:
    total = np.bincount(tail_index, tails, n) + np.bincount(middle_index, middles, n)
    return total.astype(np.float64, copy=False)
