"""A leader on one screen: who sides with it, and what became of the claims about it."""

import textwrap
from collections.abc import Callable, Iterator

import polars as pl

from flows.reports.profile_words import figure
from warehouse.report.profiles.leaders import ALLY_TIERS
from warehouse.report.profiles.vote_classes import MIN_VOTES_TO_COMPARE, PERIODS, VOTE_CLASSES

Frame = Callable[[str], pl.DataFrame]
_HEADING = 15
_N_NAMED = 8


def leader_screen(leader: int, name: str, vote_class: str, frame: Frame, width: int) -> list[str]:
    """Lines of the screen, the first the heading.

    Args:
        leader: COW code.
        name: The leader's name.
        vote_class: Class of votes.
        frame: Name of a frame to the frame.
        width: Most characters of a line.
    """
    tier = ALLY_TIERS[leader]
    spells = frame("tier_spells").filter(leader=leader, tier=tier)
    now = spells.filter("is_in_force_at_end").height
    known_to = max(spells["known_to"], default=None)
    kind = "core treaties" if tier == "core" else "ATOP"
    lines = [
        f"{name} ({leader}) · {now} allies by {kind} in {known_to},"
        f" {spells['ccode'].n_unique()} ever",
        *textwrap.wrap(f"Agreement with it on {VOTE_CLASSES[vote_class]}:", width),
        f"{'':<11}{'allies':<19}{'all others':<19}difference",
        *_periods(frame("group_means").filter(leader=leader, vote_class=vote_class)),
        "Means of states, of each session the same; in brackets their middle half.",
    ]
    for heading, text in (
        ("Most with it", _supporters(frame, leader, vote_class, most=True)),
        ("Least with it", _supporters(frame, leader, vote_class, most=False)),
        ("Most changed", _changes(frame, leader, vote_class)),
        ("Claims", _claims(frame("claims").filter(leader=leader))),
    ):
        first, *more = textwrap.wrap(text, width - _HEADING)
        lines.append(f"{heading:<{_HEADING}}{first}")
        lines += [f"{'':<{_HEADING}}{line}" for line in more]
    return lines


def leader_rows(leader: int, vote_class: str, frame: Frame, origin: str) -> pl.DataFrame:
    """Agreement of every state with a leader by period, and whether it is its ally, for programs.

    Args:
        leader: COW code.
        vote_class: Class of votes.
        frame: Name of a frame to the frame.
        origin: Which build, in a column of its own.
    """
    names = frame("states").select("ccode", "state_name")
    rows = frame("agreement_by_period").filter(leader=leader, vote_class=vote_class)
    joined = rows.join(names, on="ccode", how="left", maintain_order="left")
    ally = frame("tier_spells").filter("is_in_force_at_end", leader=leader, tier=ALLY_TIERS[leader])
    return joined.with_columns(
        pl.col("ccode").is_in(ally["ccode"].to_list()).alias("is_ally_at_end"),
        origin=pl.lit(origin),
    )


def _periods(means: pl.DataFrame) -> Iterator[str]:
    for period, first, last in PERIODS:
        within = means.filter(pl.col("year").is_between(first, last))
        cells, estimates = [], []
        for group in ("ally", "other"):
            of_group = within.filter(group=group)
            mean, low, high = (
                of_group.select(pl.col("agreement", "lower_quarter", "upper_quarter").mean())
            ).row(0)
            estimates.append(mean)
            known = mean is not None
            cells.append(f"{figure(mean)} ({figure(low)}–{figure(high)})" if known else "—")
        if estimates[1] is not None:
            apart = estimates[0] is not None
            difference = f"{estimates[0] - estimates[1]:+.2f}" if apart else "no three allies voted"
            yield f"{period:<11}{cells[0]:<19}{cells[1]:<19}{difference}"


def _supporters(frame: Frame, leader: int, vote_class: str, *, most: bool) -> str:
    period = PERIODS[-2][0]
    rows = (
        frame("agreement_by_period")
        .filter(
            pl.col("n_votes") >= MIN_VOTES_TO_COMPARE,
            leader=leader,
            vote_class=vote_class,
            period=period,
        )
        .join(frame("states").select("ccode", "state_name"), on="ccode")
        .sort("agreement", "ccode", descending=[most, False])
        .head(_N_NAMED)
    )
    named = [f"{r['state_name']} {figure(r['agreement'])}" for r in rows.iter_rows(named=True)]
    return f"{', '.join(named)} ({period})" if named else "unknown: no state with ten votes"


def _changes(frame: Frame, leader: int, vote_class: str) -> str:
    rows = (
        frame("largest_changes")
        .filter(leader=leader, vote_class=vote_class)
        .join(frame("states").select("ccode", "state_name"), on="ccode")
        .sort(pl.col("change").abs(), "ccode", descending=[True, False])
        .head(3)
    )
    named = [
        f"{r['state_name']} {figure(r['agreement_before'])} in {r['year_before']},"
        f" {figure(r['agreement_after'])} in {r['year_after']}"
        for r in rows.iter_rows(named=True)
    ]
    return "; ".join(named) or "unknown: no two sessions in a row with ten votes"


def _claims(claims: pl.DataFrame) -> str:
    newest = claims.filter(pl.col("edition") == pl.col("edition").max())
    by_verdict: dict[str, list[str]] = {}
    for row in newest.iter_rows(named=True):
        by_verdict.setdefault(row["verdict"].replace("_", " "), []).append(row["claim"])
    parts = [f"{verdict}: {', '.join(names)}" for verdict, names in sorted(by_verdict.items())]
    return f"{'; '.join(parts)} (`asymmetry claims` has each)"
