"""Arguing with a claim: the same estimate with other choices, from the published build.

    from flows.operations.argue import argue
    found = argue("C2a", tier="treaty", years="1991-2010")
    found.answer["estimate"], found.published["estimate"]

The build is opened read-only and stays byte for byte what it was.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from flows.engine.coverage import coverages
from flows.engine.reference import read_reference
from flows.home.arguments import Argument, argument_name, keep_argument, kept_arguments
from flows.home.paths import Home
from flows.operations.argued_question import asked_question, read_table
from flows.operations.argument_notes import notes_of
from transforms.arguing.answer import Answer
from transforms.arguing.arguable import UNITED_STATES, Arguable
from transforms.arguing.choices import arguable, resolved
from transforms.arguing.families import FAMILIES
from transforms.arguing.own_allies import Spell
from transforms.arguing.place import place_on_curve
from transforms.metrics.claims.claim_definitions import edition_of, leaders_of
from warehouse.catalog.builds import current_build
from warehouse.db import Connection, read_published

_VERDICT = """
SELECT t.estimator, t.specification, t.estimate, t.ci_low, t.ci_high, t.p_value, t.n, t.null_reason,
  t.estimand, t.expected_sign, t.equivalence_bound, v.verdict, v.statement
FROM metrics.claim_test t JOIN metrics.claim_verdict v USING (claim, edition, leader)
WHERE t.is_primary AND t.claim = ? AND t.edition = ? AND t.leader = ?"""
_VARIANTS = """
SELECT estimate, ci_low, ci_high, estimand FROM metrics.claim_test
WHERE claim = ? AND edition = ? AND leader = ? AND is_distinct AND estimate IS NOT NULL
  AND ci_low IS NOT NULL ORDER BY estimator, specification"""
_OF_PUBLISHED = (
    *("estimator", "specification", "estimate", "ci_low", "ci_high", "p_value", "n"),
    *("null_reason", "verdict"),
)


def argue(
    claim: str,
    changes: Mapping[str, str] | None = None,
    *,
    home: str | Path | None = None,
    keep: bool = True,
    **choices: str,
) -> Argument:
    """Estimates a claim with other choices, beside what is published.

    Args:
        claim: The claim: any but C7.
        changes: Choices as `asymmetry argue CLAIM --set` takes them; `choices_of` lists them.
        home: The home with the published build; None: `$ASYMMETRY_HOME`, or ./var.
        keep: Whether it is kept in the home, to be compared.
        **choices: Further choices, by name.

    Returns:
        The argument.

    Raises:
        ArgumentError: A choice or a value is not known, or makes no sense.
        WarehouseMissingError: Nothing is published.
    """
    place = Home.from_environment() if home is None else Home.at(home)
    with read_published(place.warehouse) as connection:
        argument = argument_of(connection, claim, {**(changes or {}), **choices})
    if keep:
        keep_argument(argument, place)
    return argument


def argument_of(connection: Connection, claim: str, choices: Mapping[str, str]) -> Argument:
    """As `argue`, on an open warehouse; keeps nothing.

    Args:
        connection: A read-only connection.
        claim: The claim.
        choices: Choice to value, as text.

    Raises:
        ArgumentError: As `argue`.
    """
    begun = time.perf_counter()
    connection.execute("SET threads = 1")  # sums of floats depend on the order of rows
    raw = read_reference("claims.yml")
    name, about = arguable(claim, tuple(raw["claims"]))
    question, asked = asked_question(connection, name, about, choices)
    family = FAMILIES[about.family]
    tables = {table: read_table(connection, table) for table in family.tables_of(name)}
    tables |= {lists: read_reference(lists) for lists in family.all_lists(name)}
    coverage = {"coverage": coverages(family.coverage)} if family.coverage else {}
    answer = family.answer(question, tables, **coverage)
    asks = other_question(about, asked)
    build = current_build(connection)
    key = [name, edition_of(raw), _judged_leader(connection, name, raw, question.leader)]
    (primary,) = connection.sql(_VERDICT, params=key).pl().rows(named=True)
    curve = connection.sql(_VARIANTS, params=key).pl()
    spells = None if question.spells is None else [_cells(spell) for spell in question.spells]
    build_id = build.build_id if build else "unknown"
    return Argument(
        name=argument_name(name, asked, spells, build_id),
        claim=name,
        statement=primary["statement"],
        estimand=primary["estimand"],
        expected=primary["expected_sign"],
        bound=primary["equivalence_bound"],
        asked=asked,
        changed=_changed(name, about, asked),
        allies=spells,
        build_id=build_id,
        is_simulated=bool(build and build.is_simulated),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - begun, 2),
        answer={**answer.figures, "inference": answer.inference, "cannot_say": answer.cannot_say},
        counts=asdict(answer.counts),
        published={
            "edition": key[1],
            "leader": key[2],
            **{column: primary[column] for column in _OF_PUBLISHED},
        },
        place=None
        if asks
        else _place(answer, curve, primary, same_scale=_is_on_its_scale(about, asked)),
        notes=notes_of(
            question, answer, tables, primary, about=about, is_own_leader=key[2] == question.leader
        ),
        asks=asks,
    )


def _judged_leader(connection: Connection, claim: str, raw: Mapping[str, Any], leader: int) -> int:
    """The leader whose published primary an argument stands next to: its own, if it has one."""
    if raw["claims"][claim].get("judged_once"):
        return leaders_of(raw)[0]
    found = connection.execute(
        "SELECT count(*) FROM metrics.claim_test WHERE is_primary AND claim = ? AND edition = ?"
        " AND leader = ?",
        [claim, edition_of(raw), leader],
    ).fetchall()
    return leader if found[0][0] else leaders_of(raw)[0]


def _cells(spell: Spell) -> list[Any]:
    return [spell.ccode, str(spell.first), None if spell.last is None else str(spell.last)]


def _changed(claim: str, about: Arguable, asked: Mapping[str, str]) -> dict[str, list[str]]:
    primary = resolved(claim, about, {})
    if primary.get("leader") == UNITED_STATES:
        primary["leader"] = "United States of America"
    return {
        key: [primary[key] or "no list", value]
        for key, value in asked.items()
        if value != primary[key] and not (key == "tier" and asked.get("allies"))
    }


def _place(
    answer: Answer, curve: pl.DataFrame, primary: Mapping[str, Any], *, same_scale: bool
) -> dict[str, Any] | None:
    estimate, low, high = (answer.figures[name] for name in ("estimate", "ci_low", "ci_high"))
    curve = curve.filter(pl.col("estimand") == primary["estimand"])
    if estimate is None or low is None or high is None or curve.is_empty():
        return None
    variants = list(curve.select("estimate", "ci_low", "ci_high").iter_rows())
    return asdict(place_on_curve((estimate, low, high), variants, same_scale))


def other_question(about: Arguable, asked: Mapping[str, str]) -> str:
    """What is asked instead, where choices make it another question than the primary's."""
    said = [what for (key, value), what in about.asks.items() if asked[key] == value]
    return "; ".join(said)


def _is_on_its_scale(about: Arguable, asked: Mapping[str, str]) -> bool:
    """Whether an estimate is in the primary's units."""
    return "scale" not in about.words or asked["scale"] == about.words["scale"][0]


def earlier_arguments(argument: Argument, home: Home) -> int:
    """How many other arguments about the claim are kept of the same build."""
    kept, _ = kept_arguments(home)
    return sum(
        one.claim == argument.claim
        and one.build_id == argument.build_id
        and one.name != argument.name
        for one in kept
    )


def choices_of(claim: str) -> dict[str, str]:
    """The choices of a claim, each with its known values, the primary's first.

    Args:
        claim: The claim.

    Raises:
        ArgumentError: There is none, or it cannot be argued with.
    """
    _, about = arguable(claim, tuple(read_reference("claims.yml")["claims"]))
    words = {key: ", ".join(known) for key, known in about.words.items()}
    return words | {key: _MEANS[key].format(about.free[key] or "none") for key in about.free}


_MEANS = {
    "leader": "a state, by name or COW code ({})",
    "allies": "a CSV file: ccode or state, from, to ({})",
    "years": "a range such as 1991-2010 ({})",
    "sessions": "a range such as 46-65 ({})",
    "without": "states, separated by commas ({})",
    "without_leaders": "states whose alliances are left out, separated by commas ({})",
    "ratio": "a number from 1 ({})",
    "threshold": "a share between 0 and 1 ({})",
    "least": "a whole number from 1 ({})",
}
