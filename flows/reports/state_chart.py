"""The chart of a state: how it votes with a leader, beside its allies and all others."""

from collections.abc import Callable
from typing import Any

import polars as pl

from flows.reports.alliance_screen import alliance_rows
from flows.reports.profile_words import treaty_name, with_article
from flows.reports.state_profile import USA, StateProfile
from warehouse.report.profile_charts import NothingToDrawError, agreement_chart, gaps_in_words
from warehouse.report.profiles.leaders import ALLY_TIERS, LEADERS
from warehouse.report.profiles.vote_classes import MIN_VOTES, MIN_VOTES_TO_COMPARE, VOTE_CLASSES

Frame = Callable[[str], pl.DataFrame]


def chart_of(profile: StateProfile, frame: Frame, origin: str, simulated: bool) -> dict[str, Any]:
    """The chart of a state and the United States; of the United States, another leader.

    Args:
        profile: The state.
        frame: Name of a frame to the frame.
        origin: Which build.
        simulated: Whether the world is made up.

    Returns:
        A Vega-Lite specification.

    Raises:
        NothingToDrawError: The state cast no vote with that leader.
    """
    code = USA if USA in profile.leaders else next(iter(profile.leaders))
    leader = with_article(profile.leaders[code])
    own = profile.sessions.filter(pl.col("leader") == code)
    if own["agreement"].drop_nulls().is_empty():
        raise NothingToDrawError(
            f"{profile.state.name} cast no votes with {leader} of which a figure could be drawn."
        )
    return agreement_chart(
        {
            profile.state.name: own.rename(
                {"agreement": "estimate", "ci_low": "low", "ci_high": "high"}
            ),
            **group_series(frame, code, profile.vote_class),
        },
        leader=leader,
        title=f"{profile.state.name} and {leader}",
        subtitle=f"Agreement on {VOTE_CLASSES[profile.vote_class]}; an abstention counts half."
        f" {profile.state.name}: bands are 95 % intervals over its votes. Allies and others:"
        f" means of states, bands their middle half.{_gaps(own)}",
        source=origin.rstrip("."),
        simulated=simulated,
    )


def leader_chart(
    leader: int, vote_class: str, frame: Frame, origin: str, simulated: bool
) -> dict[str, Any]:
    """The chart of a leader: its allies and all other states.

    Args:
        leader: COW code.
        vote_class: Class of votes.
        frame: Name of a frame to the frame.
        origin: Which build.
        simulated: Whether the world is made up.
    """
    name = LEADERS[leader]
    return agreement_chart(
        group_series(frame, leader, vote_class),
        leader=with_article(name),
        title=f"Who sides with {with_article(name)}",
        subtitle=f"Agreement on {VOTE_CLASSES[vote_class]}; an abstention counts half. Means of"
        " states with ten votes of the class, bands their middle half. Gaps: fewer than three.",
        source=origin.rstrip("."),
        simulated=simulated,
    )


def alliance_chart(
    treaty: str, vote_class: str, frame: Frame, origin: str, simulated: bool
) -> dict[str, Any]:
    """The chart of an alliance: its members, beside the leader's allies and all others.

    Args:
        treaty: Its name in the list.
        vote_class: Class of votes.
        frame: Name of a frame to the frame.
        origin: Which build.
        simulated: Whether the world is made up.
    """
    rows = alliance_rows(treaty, vote_class, frame, origin)
    leader = frame("treaties").filter(treaty=treaty)["leader"].item(0)
    name = with_article(LEADERS[leader])
    members = (
        rows.filter(pl.col("n_votes") >= MIN_VOTES_TO_COMPARE)
        .group_by("year")
        .agg(
            pl.col("agreement").mean().alias("estimate"),
            pl.col("agreement").quantile(0.25, "linear").alias("low"),
            pl.col("agreement").quantile(0.75, "linear").alias("high"),
        )
        .sort("year")
    )
    title = treaty_name(treaty)
    groups = group_series(frame, leader, vote_class)
    return agreement_chart(
        {title: members, "all others": groups["all others"]},
        leader=name,
        title=f"{title}: how its members side with {name}",
        subtitle=f"Agreement on {VOTE_CLASSES[vote_class]}; an abstention counts half. Means of"
        " states with ten votes of the class, bands their middle half; others are no allies.",
        source=origin.rstrip("."),
        simulated=simulated,
    )


def group_series(frame: Frame, leader: int, vote_class: str) -> dict[str, pl.DataFrame]:
    """Means of a leader's allies and of all others, as lines of a chart.

    Args:
        frame: Name of a frame to the frame.
        leader: COW code.
        vote_class: Class of votes.
    """
    means = frame("group_means").filter(
        pl.col("leader") == leader, pl.col("vote_class") == vote_class
    )
    lines = means.rename(
        {"agreement": "estimate", "lower_quarter": "low", "upper_quarter": "high"}
    ).sort("year")
    kind = "core allies" if ALLY_TIERS[leader] == "core" else "allies by ATOP"
    return {
        f"{kind} of {with_article(LEADERS[leader])}": lines.filter(pl.col("group") == "ally"),
        "all others": lines.filter(pl.col("group") == "other"),
    }


def _gaps(own: pl.DataFrame) -> str:
    """Why a state's line is broken: too few votes, or none."""
    years = own["year"].to_list()
    few = own.filter(pl.col("agreement").is_null())["year"].to_list()
    none = sorted(set(range(min(years), max(years))) - set(years))
    texts = [f"{gaps_in_words(few)} under {MIN_VOTES} votes"] if few else []
    texts += [f"{gaps_in_words(none)} no vote cast"] if none else []
    return f" Gaps: {'; '.join(texts)}." if texts else ""
