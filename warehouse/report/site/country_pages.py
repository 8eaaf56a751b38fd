"""A page and a data file for every state: how it votes with each leader, and whose ally it is."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from warehouse.report.profiles.leaders import LEADERS
from warehouse.report.profiles.vote_classes import PERIODS, VOTE_CLASSES
from warehouse.report.site.scripts import rounded

Frames = Mapping[str, pl.DataFrame]

TIER_NAMES = {
    "core": "core ally (a treaty or pledge of defence in force)",
    "treaty": "ally by a dated treaty of our list",
    "atop": "ally by ATOP (a pledge of defence)",
    "guarantee": "under a guarantee, written or not",
}
SHOWN_CLASSES = ("unpopular", "popular", "important", "all")
"""Classes of votes that a page has a table of; the chart has them all."""


def countries(frames: Frames) -> list[dict[str, Any]]:
    """The states that have a page: members of the system since 1946, or with a vote since then.

    Args:
        frames: `warehouse.report.profiles.frames.read_frames`.

    Returns:
        For each `ccode`, `abb` (COW's abbreviation, the address of its page), `name`, `names`,
        `iso3`, `region`, `year_from`, `year_to`, in alphabetical order.
    """
    with_votes = set(frames["agreement_by_session"]["ccode"].unique())
    rows = frames["states"].filter(
        pl.col("year_to").is_null()
        | (pl.col("year_to") >= 1946)
        | pl.col("ccode").is_in(with_votes)
    )
    listed = rows.rename({"state_abb": "abb", "state_name": "name"}).sort("name", "ccode")
    return listed.to_dicts()


def country_data(frames: Frames) -> Iterator[tuple[int, dict[str, Any]]]:
    """What the charts of each state draw.

    Yields:
        COW code, and `series` (leader → class of votes → columns over years), `periods` (rows) and
        `ideal_points`.
    """
    sessions = frames["agreement_by_session"].filter(pl.col("null_reason").is_null())
    by_state = sessions.sort("ccode", "leader", "vote_class", "year").partition_by(
        "ccode", as_dict=True, maintain_order=True
    )
    points = frames["ideal_points"].partition_by("ccode", as_dict=True)
    for (ccode,), rows in by_state.items():
        series: dict[str, dict[str, Any]] = {}
        for (leader, vote_class), part in rows.group_by(
            "leader", "vote_class", maintain_order=True
        ):
            series.setdefault(str(leader), {})[str(vote_class)] = _columns(
                part, ("year", "n_votes", "agreement", "ci_low", "ci_high")
            )
        own = points.get((ccode,))
        yield (
            int(str(ccode)),
            {
                "series": series,
                "ideal_points": None
                if own is None
                else _columns(own, ("year", "n_votes", "ideal_point", "std_error")),
            },
        )


def _columns(frame: pl.DataFrame, names: tuple[str, ...]) -> list[list[object]]:
    return [rounded(frame[name].to_list()) for name in names]


class CountryFacts:
    """Answers about single states, from frames that are split by state once."""

    def __init__(self, frames: Frames) -> None:
        self._parts = {
            name: frames[name].partition_by("ccode", as_dict=True)
            for name in (
                "agreement_by_period",
                "largest_changes",
                "ranks",
                "tier_spells",
                "treaties",
                "ideal_points",
                "coalitions",
                "un_members",
            )
        }

    def _rows(self, name: str, ccode: int) -> list[dict[str, Any]]:
        found = self._parts[name].get((ccode,))
        return [] if found is None else found.to_dicts()

    def of(self, ccode: int) -> dict[str, Any]:
        """What the page of a state says."""
        periods = self._rows("agreement_by_period", ccode)
        points = self._rows("ideal_points", ccode)
        return {
            "members": self._rows("un_members", ccode),
            "tables": [
                {
                    "vote_class": vote_class,
                    "meaning": VOTE_CLASSES[vote_class],
                    "rows": _by_period(periods, vote_class),
                }
                for vote_class in SHOWN_CLASSES
            ],
            "change": self._change(ccode),
            "rank": self._rank(ccode),
            "tiers": self._tiers(ccode),
            "treaties": self._rows("treaties", ccode),
            "coalitions": self._rows("coalitions", ccode),
            "point": points[-1] if points else None,
        }

    def _change(self, ccode: int) -> dict[str, Any] | None:
        rows = self._rows("largest_changes", ccode)
        found = [r for r in rows if r["leader"] == 2 and r["vote_class"] == "unpopular"]
        return found[0] if found else None

    def _rank(self, ccode: int) -> dict[str, Any] | None:
        rows = self._rows("ranks", ccode)
        found = [r for r in rows if r["leader"] == 2 and r["vote_class"] == "unpopular"]
        return found[-1] if found else None

    def _tiers(self, ccode: int) -> list[dict[str, Any]]:
        rows = self._rows("tier_spells", ccode)
        return [
            {**row, "leader_name": LEADERS[row["leader"]], "tier_name": TIER_NAMES[row["tier"]]}
            for row in rows
            if row["leader"] in LEADERS
        ]


def _by_period(periods: list[dict[str, Any]], vote_class: str) -> list[dict[str, Any]]:
    """One row per period, with the cell of each leader; periods in which there is none are out."""
    cells = {(r["period"], r["leader"]): r for r in periods if r["vote_class"] == vote_class}
    rows = []
    for name, _, _ in PERIODS:
        row = {leader: cells.get((name, leader)) for leader in LEADERS}
        if any(cell and cell["agreement"] is not None for cell in row.values()):
            rows.append({"period": name, "cells": row})
    return rows
