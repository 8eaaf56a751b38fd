"""Further states, for a simulated world that is larger than the usual one.

Names, codes and days of admission are those of real members of the United Nations
(`transforms/reference/un_members.csv`, `state_aliases.csv`); a state enters the system on the day
of its admission, has no treaty, and everything else about it is made up.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from flows.sample.model.parameters import LAST_SESSION_OF_VOTE_FILE
from flows.sample.model.states import FOREVER, Spell, State, listed_rows

BLOCS = (
    (200, "latin"),
    (400, "non_aligned"),
    (600, "africa"),
    (700, "arab"),
    (1000, "non_aligned"),
)
"""Path of ideal points of a further state, by the hundreds of its code."""

POPULATION_1950, POPULATION_GROWTH = 2e6, 3.0
INCOME_1960, INCOME_GROWTH = 200.0, 12.0
"""Made-up orders of magnitude, a little different for each state."""


def further_states(listed: Iterable[State], n: int) -> tuple[State, ...]:
    """States beyond the listed ones, by their day of admission.

    Only those with one membership and one code serve: whose membership never changed.

    Args:
        listed: The states that the world has already.
        n: How many more.

    Raises:
        ValueError: There are not so many.
    """
    known = {state.ccode for state in listed}
    found = sorted(_candidates(known), key=lambda s: (s.voting[0].first, s.ccode))
    if n > len(found):
        raise ValueError(f"A world has at most {len(known) + len(found)} states.")
    return tuple(found[:n])


def _candidates(known: set[int]) -> Iterator[State]:
    codes: dict[int, list[str]] = {}
    for row in listed_rows("state_aliases.csv"):
        if row["scheme"] == "iso3":
            codes.setdefault(int(row["ccode"]), []).append(row["code"])
    stays: dict[int, list[dict[str, str]]] = {}
    for row in listed_rows("un_members.csv"):
        stays.setdefault(int(row["ccode"]), []).append(row)
    for ccode, rows in stays.items():
        if ccode in known or len(rows) > 1 or len(codes.get(ccode, [])) != 1 or rows[0]["valid_to"]:
            continue
        yield _state(ccode, rows[0]["name"], codes[ccode][0], rows[0]["valid_from"])


def _state(ccode: int, name: str, iso3: str, admitted: str) -> State:
    first = date.fromisoformat(admitted)
    member = (Spell(first, FOREVER),)
    unlike = 1 + ccode % 17 / 10
    return State(
        ccode=ccode,
        abb=iso3,
        name=name,
        iso3=iso3,
        bloc=next(bloc for below, bloc in BLOCS if ccode < below),
        system=member,
        voting=member,
        absent=(),
        # from the session before: like the real file, this one lists states that are no members
        file_sessions=(max(1, first.year - 1946), LAST_SESSION_OF_VOTE_FILE),
        population=(POPULATION_1950 * unlike, POPULATION_1950 * POPULATION_GROWTH * unlike),
        income=(INCOME_1960 * unlike, INCOME_1960 * INCOME_GROWTH * unlike),
        vote_file_name=name,
        bank_name=name,
        sipri_name=None,
        troops_name=None,
    )
