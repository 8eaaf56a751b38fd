"""A state's profile on one screen, as lines of text."""

import textwrap
from collections.abc import Iterator

import polars as pl

from flows.reports.profile_words import (
    ago,
    figure,
    listed,
    membership_in_words,
    ranked,
    region_name,
    treaty_name,
    with_article,
)
from flows.reports.state_profile import USA, Row, StateProfile
from warehouse.report.profiles.leaders import ALLY_TIERS
from warehouse.report.profiles.vote_classes import PERIODS, VOTE_CLASSES

_TIERS = ("core", "treaty", "guarantee", "atop")
_SHORT = {2: "United States", 365: "USSR/Russia", 710: "China", 220: "France", 200: "UK"}
_LABEL, _HEADING = 10, 13
_LEAST = 12
"""Characters of a line of text at least: a narrower terminal breaks lines itself."""
_REASONS = {"n_below_5": "<5 votes", "no_votes_of_class": "no votes"}


def screen_of(profile: StateProfile, width: int) -> Iterator[str]:
    """Lines of the screen, the first the heading; about twenty, of at most so many characters."""
    width = max(width, _HEADING + _LEAST)
    in_un = membership_in_words(profile.membership)
    yield f"{profile.state} · {region_name(profile.region)}" + (f" · {in_un}" if in_un else "")
    yield from textwrap.wrap(f"Agreement on {VOTE_CLASSES[profile.vote_class]}:", width)
    yield from table_of(profile, width)
    for heading, text in (
        ("Ally of", _ties(profile)),
        ("Rank", _ranks(profile)),
        ("Most changed", _change(profile)),
        ("Coalitions", _coalitions(profile)),
        ("Ideal point", _ideal_point(profile)),
    ):
        first, *more = textwrap.wrap(text, width - _HEADING)
        yield f"{heading:<{_HEADING}}{first}"
        yield from (f"{'':<{_HEADING}}{line}" for line in more)


def table_of(profile: StateProfile, width: int) -> Iterator[str]:
    """Periods by leaders, an interval in each cell, and why cells are empty."""
    rows = {(r["period"], r["leader"]): r for r in profile.periods.iter_rows(named=True)}
    if not rows:
        yield "  none: it cast no vote of its own in the General Assembly"
        return
    cells = {"": [_SHORT[code] for code in profile.leaders]}
    for period, first, _ in PERIODS:
        found = [rows.get((period, code)) for code in profile.leaders]
        if known := [row for row in found if row]:
            last = max(row["year_to"] for row in known)
            name = f"{first}-{last % 100:02}" if period.startswith("since") else period
            cells[name] = [_cell(row) for row in found]
    widths = [max(map(len, column)) + 1 for column in zip(*cells.values(), strict=True)]
    for name, texts in cells.items():
        padded = (text.ljust(width) for text, width in zip(texts, widths, strict=True))
        yield (f"{name:<{_LABEL}}" + "".join(padded)).rstrip()
    every = "".join(text for texts in cells.values() for text in texts)
    about = ["95 % intervals, an abstention counts half"]
    about += ["* one or two sessions: too short"] if "*" in every else []
    about += ["—: no vote of both"] if "—" in every else []
    first_year = min(row["year_from"] for row in rows.values())
    # Ukraine and Belarus voted from 1946: as what the list of states has them, parts of another
    about += [f"no votes of a sovereign state before {first_year}"] if first_year > 1946 else []
    yield from textwrap.wrap("; ".join(about), width)


def _cell(row: Row | None) -> str:
    if row is None:
        return "—"
    if row["agreement"] is None:
        return _REASONS[row["null_reason"]]
    mark = "*" if row["interval_basis"] == "votes" else ""
    low, high = figure(row["ci_low"]), figure(row["ci_high"])
    return f"{figure(row['agreement'])} ({low}–{high}){mark}"


def _ties(profile: StateProfile) -> str:
    leaders: dict[str, list[str]] = {}
    for code, name in profile.leaders.items():
        spells = profile.ties.filter(pl.col("leader") == code)
        # the narrowest definition that it ever met; wartime ties before the UN are left out
        for tier in _TIERS:
            of_tier = spells.filter(pl.col("tier") == tier, pl.col("year_to") > 1945)
            if not of_tier.is_empty():
                text = listed([_spell(profile, spell) for spell in _rows(of_tier)])
                leaders.setdefault(text, []).append(with_article(name))
                break
    parts = (f"{listed(names)} {text}" for text, names in leaders.items())
    return "; ".join(parts) or "none of the leaders"


def _spell(profile: StateProfile, spell: Row) -> str:
    day = spell["since"]
    years = (
        f"since {day or spell['year_from']}"
        if spell["is_in_force_at_end"]
        else f"{spell['year_from']}–{spell['year_to']}"
    )
    if spell["tier"] == "atop":
        end = f", known to {spell['known_to']}" if spell["is_in_force_at_end"] else ""
        return f"{years} (by ATOP{end})"
    tiers = _TIERS[: _TIERS.index(spell["tier"]) + 1]
    in_time = (
        (pl.col("leader") == spell["leader"])
        & pl.col("tier").is_in(tiers)
        & (pl.col("in_force_from").dt.year() <= spell["year_to"])
        & (pl.col("counts_to").dt.year() >= spell["year_from"])
    )
    names = profile.treaties.filter(in_time)["treaty"].unique(maintain_order=True).to_list()
    return f"{years} ({spell['tier']}: {', '.join(treaty_name(name) for name in names)})"


def _ranks(profile: StateProfile) -> str:
    parts = []
    for code, name in profile.leaders.items():
        row = profile.ranks.get(code)
        tier = "core" if ALLY_TIERS[code] == "core" else "ATOP"
        if row and (code == USA or (row["group"] == "ally" and tier == "core")):
            who = f"{tier} allies" if row["group"] == "ally" else f"that are no {tier} allies"
            parts.append(
                f"{ranked(row['rank_in_group'])} of {row['n_in_group']} {who} of"
                f" {with_article(name)} in {row['year']},"
                f" {ranked(row['rank_of_all'])} of {row['n_of_all']} states"
            )
    return "; ".join(parts) or "none: under ten votes of the class in every session"


def _change(profile: StateProfile) -> str:
    code = USA if USA in profile.changes else next(iter(profile.changes), None)
    if code is None:
        return "unknown: no two sessions in a row with ten votes of the class"
    row = profile.changes[code]  # of the United States, where it has one
    ends = f"[{row['ci_low']:+.2f}, {row['ci_high']:+.2f}]"
    text = (
        f"with {with_article(profile.leaders[code])}: {figure(row['agreement_before'])} in"
        f" {row['year_before']}, {figure(row['agreement_after'])} in {row['year_after']}"
        f" ({row['change']:+.2f} {ends})"
    )
    core = profile.ties.filter(pl.col("leader") == code, pl.col("tier") == "core")
    if core.is_empty():
        return text
    first = _rows(core)[0]
    return f"{text}, {ago(row['year_after'], first['year_from'])} a core ally"


def _coalitions(profile: StateProfile) -> str:
    # the level of 2003 is the most in the whole operation, troops of the years after included
    rows = _rows(profile.coalitions.filter(pl.col("coalition") != "mnf_i"))
    return "; ".join(f"{r['name']}: {r['support']}" for r in rows) or "not in the system then"


def _ideal_point(profile: StateProfile) -> str:
    point = profile.ideal_points.get(profile.state.ccode)
    if point is None:
        return "none"
    others = ", ".join(
        f"{_SHORT[code]} {profile.ideal_points[code]['ideal_point']:+.2f}"
        for code in profile.leaders
        if code in profile.ideal_points
    )
    return (
        f"{point['ideal_point']:+.2f} (SE {point['std_error']:.2f}) in {point['year']},"
        f" {ranked(point['rank'])} of {point['n_states']} from the American side; {others}"
    )


def _rows(frame: pl.DataFrame) -> list[Row]:
    return list(frame.iter_rows(named=True))
