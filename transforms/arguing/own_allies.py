"""A list of allies of one's own: state, from, to; and the tiers that it makes.

CSV in UTF-8 with the columns `ccode` or `state` (COW code, abbreviation or name), `from` and `to`:
days (1949-08-24) or years, whose first and last day are meant. An empty `to` is a tie that is still
in force. As in the published tiers a tie on any day of a year counts for that year's session.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from transforms.arguing.errors import ArgumentError
from transforms.arguing.states_by_name import StateNames

FROM, TO = "from", "to"
STATE = ("ccode", "state")
COLUMNS = f"Columns: {STATE[0]} or {STATE[1]}, {FROM}, {TO}"
TIER = {
    "ccode_hegemon": pl.Int16,
    "ccode": pl.Int16,
    "year": pl.Int16,
    "tier_core": pl.Boolean,
    "in_force_from": pl.Date,
}


@dataclass(frozen=True)
class Spell:
    """A tie.

    Attributes:
        ccode: The ally.
        first: First day.
        last: Last day; None: still in force.
    """

    ccode: int
    first: date
    last: date | None


def read_spells(text: str, leader: int, states: pl.DataFrame) -> tuple[Spell, ...]:
    """The list's spells, sorted.

    Args:
        text: The file.
        leader: COW code: no ally of itself.
        states: `core.states` (…, valid_from, counts_to).

    Raises:
        ArgumentError: The message names the row (1 is the first below the header): no row at all,
            an unknown column or state, the leader itself, a day that is none, a spell that ends
            before it begins or lies where the state did not exist, or two spells of a state that
            overlap.
    """
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    header = [cell.lower() for cell in rows[0]] if rows else []
    named = [name for name in header if name in STATE]
    if len(named) != 1 or sorted(set(header) - set(STATE)) != [FROM, TO] or len(header) != 3:
        raise ArgumentError(f"allies: the header is {','.join(header)!r}. {COLUMNS}.")
    if len(rows) == 1:
        raise ArgumentError("allies: the list is empty: there is no ally to compare with others.")
    names = StateNames(states)
    found: list[tuple[Spell, int]] = []
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(header):
            raise ArgumentError(f"allies, row {number}: {len(row)} cells, and the header has 3.")
        cells = dict(zip(header, row, strict=True))
        spell = _spell(cells, cells[named[0]], f"allies, row {number}", leader, names)
        found.append((spell, number))
    _refuse_overlaps(found, names)
    for spell, number in found:
        _refuse_without_state(spell, number, states, names)
    return tuple(sorted((spell for spell, _ in found), key=_place))


def _place(spell: Spell) -> tuple[int, date, date]:
    return spell.ccode, spell.first, spell.last or date.max


def _spell(cells: dict[str, str], state: str, where: str, leader: int, names: StateNames) -> Spell:
    ccode = names.code(state, where)
    if ccode == leader:
        raise ArgumentError(f"{where}: {names.name(ccode)} is the leader, and no ally of itself.")
    first = _day(cells[FROM], where, month=1, day=1)
    last = _day(cells[TO], where, month=12, day=31) if cells[TO] else None
    if last is not None and last < first:
        raise ArgumentError(f"{where}: it ends ({last}) before it begins ({first}).")
    return Spell(ccode, first, last)


def _day(text: str, where: str, *, month: int, day: int) -> date:
    try:
        if len(text) == 4 and text.isdigit():
            return date(int(text), month, day)
        return date.fromisoformat(text)
    except ValueError:
        what = f"{text!r} is neither a year nor a day (1949-08-24)"
        raise ArgumentError(f"{where}: {what}.") from None


def _refuse_overlaps(found: Sequence[tuple[Spell, int]], names: StateNames) -> None:
    ordered = sorted(found, key=lambda pair: _place(pair[0]))
    for (one, at), (other, also_at) in pairwise(ordered):
        if one.ccode == other.ccode and (one.last is None or other.first <= one.last):
            rows = sorted((at, also_at))
            raise ArgumentError(
                f"allies, rows {rows[0]} and {rows[1]}: two spells of {names.name(one.ccode)}"
                " overlap. Write one spell for each time without a break."
            )


def _refuse_without_state(
    spell: Spell, number: int, states: pl.DataFrame, names: StateNames
) -> None:
    own = states.filter(pl.col("ccode") == spell.ccode).select("valid_from", "counts_to")
    last = spell.last or date.max
    if not any(start <= last and spell.first <= end for start, end in own.iter_rows()):
        raise ArgumentError(
            f"allies, row {number}: {names.name(spell.ccode)} was no state of the system between"
            f" {spell.first} and {spell.last or 'today'}."
        )


def own_tier(spells: Sequence[Spell], leader: int, years: tuple[int, int]) -> pl.DataFrame:
    """The list as rows of `marts.ally_tier`, its tier being `core`.

    Args:
        spells: Ties, none of a state overlapping.
        leader: COW code.
        years: First and last year that the list has to cover. It covers all of its own, too: as
            in the build, who is an ally only before or after the votes is no never-allied judge.

    Returns:
        One row per ally and year with a tie, and one of the leader itself per year, which says that
        the year is covered: a state without a row is no ally then.
    """
    starts = [spell.first.year for spell in spells]
    years = min(years[0], *starts), max(years[1], *starts)
    rows: dict[tuple[int, int], tuple[bool, date | None]] = {
        (leader, year): (False, None) for year in range(years[0], years[1] + 1)
    }
    for spell in spells:
        end = spell.last.year if spell.last else years[1]
        for year in range(max(spell.first.year, years[0]), min(end, years[1]) + 1):
            rows.setdefault((spell.ccode, year), (True, spell.first))
    return pl.DataFrame(
        [(leader, ccode, year, *values) for (ccode, year), values in sorted(rows.items())],
        schema=TIER,
        orient="row",
    )


def tier_as_core(ally_tier: pl.DataFrame, leader: int, tier: str) -> pl.DataFrame:
    """Rows of the leader, with another tier in the place of core.

    Args:
        ally_tier: `marts.ally_tier`.
        leader: COW code.
        tier: core, treaty, guarantee or atop.

    Raises:
        ArgumentError: The build does not have that tier of the leader.
    """
    own = ally_tier.filter(pl.col("ccode_hegemon") == leader)
    known = [
        name.removeprefix("tier_")
        for name in ("tier_core", "tier_treaty", "tier_guarantee", "tier_atop")
        if own[name].any()
    ]
    if tier not in known:
        there_are = f"It has: {', '.join(known)}" if known else "It has none of this leader"
        raise ArgumentError(
            f"tier={tier}: the build has no such tier of this leader. {there_are}; or name a list"
            " of your own: allies=FILE."
        )
    return own.with_columns(pl.col(f"tier_{tier}").alias("tier_core")).select(
        pl.col(name).cast(kind) for name, kind in TIER.items()
    )
