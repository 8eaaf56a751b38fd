"""An alliance of a leader on one screen: its members, how unequal it is, how they vote."""

import textwrap
from collections.abc import Callable

import polars as pl

from flows.reports.profile_words import TREATIES, figure, treaty_name, with_article
from warehouse.report.profiles.vote_classes import MIN_VOTES_TO_COMPARE, PERIODS, VOTE_CLASSES

Frame = Callable[[str], pl.DataFrame]
_HEADING = 13
_OTHER_NAMES = {
    "north atlantic treaty": "nato_1949",
    "north atlantic treaty organization": "nato_1949",
    "rio pact": "rio_1947",
    "inter american treaty reciprocal assistance": "rio_1947",
    "warsaw treaty": "warsaw_1955",
    "csto": "collective_security_1992",
    "collective security treaty": "collective_security_1992",
}
_VARIABLES = {"cinc": "capabilities (CINC)", "milex": "military spending", "gdp": "product"}


class NoSuchAllianceError(ValueError):
    """No alliance, or several, bear that name; the message has the choices."""


def treaty_named(text: str, treaties: pl.DataFrame, plain: Callable[[str], str]) -> str:
    """The treaty of a usual name, a name of the list (`japan_1960`) or an ATOP number.

    Args:
        text: What was asked for.
        treaties: `warehouse.report.profiles.tiers.treaties`.
        plain: Makes names comparable (`flows.reports.state_named.plain`).

    Raises:
        NoSuchAllianceError: None or several bear it.
    """
    wanted = plain(text.replace("_", " "))
    keys = treaties["treaty"].unique(maintain_order=True).to_list()
    numbers = dict(treaties.select("treaty", "atopid").iter_rows())
    forms = {
        key: {plain(key.replace("_", " ")), plain(treaty_name(key)), str(numbers[key])}
        for key in keys
    }
    found = [key for key in keys if wanted in forms[key] or _OTHER_NAMES.get(wanted) == key]
    if not found and wanted:
        found = [key for key in keys if any(form.startswith(wanted) for form in forms[key])]
    if len(found) == 1:
        return str(found[0])
    if found:
        choices = ", ".join(found)
        raise NoSuchAllianceError(f"{text} can be: {choices}. Say which.")
    known = ", ".join(dict.fromkeys(TREATIES[key] for key in keys if key in TREATIES))
    raise NoSuchAllianceError(
        f"No treaty of the leaders is called {text}. There are {known}; and treaties with single"
        " partners, by the partner's name or partner and year: Japan, japan_1960."
    )


def alliance_screen(treaty: str, vote_class: str, frame: Frame, width: int) -> list[str]:
    """Lines of the screen, the first the heading.

    Args:
        treaty: Its name in the list.
        vote_class: Class of votes.
        frame: Name of a frame to the frame.
        width: Most characters of a line.
    """
    members = frame("treaties").filter(treaty=treaty)
    leader = members["leader"].item(0)
    leaders = dict(frame("leaders").select("leader", "name").iter_rows())
    number = members["atopid"].item(0)
    in_atop = f", ATOP {number}" if number else ""
    lines = [f"{treaty_name(treaty)} ({treaty}{in_atop}) · led by {with_article(leaders[leader])}"]
    for heading, text in (
        ("Members", _members(members, frame)),
        *_asymmetry(frame("alliance_asymmetry").filter(pl.col("atopid").eq(number))),
    ):
        first, *more = textwrap.wrap(text, width - _HEADING)
        lines.append(f"{heading:<{_HEADING}}{first}")
        lines += [f"{'':<{_HEADING}}{line}" for line in more]
    about = f"Members' agreement with the leader on {VOTE_CLASSES[vote_class]}:"
    lines += textwrap.wrap(about, width)
    return [*lines, *_periods(alliance_rows(treaty, vote_class, frame, "")), _LEGEND]


_LEGEND = "Votes cast while in force, each member's session with ten votes the same."


def alliance_rows(treaty: str, vote_class: str, frame: Frame, origin: str) -> pl.DataFrame:
    """Agreement of each member with the leader in each session while in force, for programs.

    Args:
        treaty: Its name in the list.
        vote_class: Class of votes.
        frame: Name of a frame to the frame.
        origin: Which build, in a column of its own.
    """
    members = frame("treaties").filter(treaty=treaty)
    sessions = frame("agreement_by_session").filter(
        pl.col("vote_class") == vote_class, pl.col("leader") == members["leader"].item(0)
    )
    in_force = pl.col("year").is_between(
        pl.col("in_force_from").dt.year(), pl.col("counts_to").dt.year()
    )
    return (
        sessions.join(members.drop("leader", "atopid"), on="ccode")
        .filter(in_force)
        .join(frame("states").select("ccode", "state_name"), on="ccode", how="left")
        .with_columns(origin=pl.lit(origin))
        .sort("state_name", "year")
    )


def _members(members: pl.DataFrame, frame: Frame) -> str:
    named = members.join(
        frame("states").select("ccode", "state_name"), on="ccode", how="left", maintain_order="left"
    )
    parts: dict[str, list[str]] = {}
    for row in named.sort("in_force_from", "state_name").iter_rows(named=True):
        end = f"–{row['in_force_to'].year}" if row["in_force_to"] else ""
        parts.setdefault(f"{row['in_force_from'].year}{end}", []).append(row["state_name"])
    return "; ".join(f"{when} {', '.join(names)}" for when, names in parts.items())


def _asymmetry(rows: pl.DataFrame) -> list[tuple[str, str]]:
    found = []
    for variable, name in _VARIABLES.items():
        known = rows.filter(variable=variable).drop_nulls("leader_share").sort("year")
        if known.is_empty():
            continue
        first, last = known.row(0, named=True), known.row(-1, named=True)
        shares = [f"{figure(row['leader_share'])} in {row['year']}" for row in (first, last)]
        ratio = last["ratio_first_second"]
        times = f", {ratio:.1f} times the second" if ratio is not None else ""
        found.append(
            (
                variable.upper(),
                f"largest member's share of {name}: {', '.join(dict.fromkeys(shares))}{times}",
            )
        )
    return found


def _periods(rows: pl.DataFrame) -> list[str]:
    lines = []
    known = rows.filter(pl.col("n_votes") >= MIN_VOTES_TO_COMPARE)
    for period, first, last in PERIODS:
        within = known.filter(pl.col("year").is_between(first, last))
        if within.is_empty():
            continue
        means = (
            within.group_by("state_name")
            .agg(pl.col("agreement").mean())
            .sort("agreement", "state_name", descending=[True, False])
        )
        mean = within["agreement"].mean()
        top, bottom = means.row(0), means.row(-1)
        ends = f"from {top[0]} {figure(top[1])} to {bottom[0]} {figure(bottom[1])}"
        range_of = ends if means.height > 1 else top[0]
        lines.append(f"{period:<11}{figure(float(str(mean))):<6}{range_of}")
    return lines or ["none: no member cast ten votes of the class in a session"]
