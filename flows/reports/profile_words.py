"""Figures, ranks, regions and treaties in the words of a screen."""

from collections.abc import Sequence

import polars as pl

TREATIES = {
    "nato_1949": "NATO",
    "rio_1947": "Rio treaty",
    "anzus_1951": "ANZUS",
    "seato_1954": "SEATO",
    "warsaw_1955": "Warsaw Pact",
    "collective_security_1992": "Collective Security Treaty (CSTO)",
    "fsm_1982": "Compact of Free Association",
    "rmi_1983": "Compact of Free Association",
    "palau_1986": "Compact of Free Association",
    "union_1997": "Union of Belarus and Russia",
    "security_guarantees_2024": "Treaty on Security Guarantees",
    "gdr_1964": "German Democratic Republic 1964",
    "gdr_1975": "German Democratic Republic 1975",
}
"""Treaty of the list to its usual name; the others are named for the partner and the year."""

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def figure(value: float) -> str:
    """A share with two digits, without the 0 before the point."""
    return f"{value:.2f}".replace("0.", ".", 1) if value < 1 else f"{value:.2f}"


def ranked(place: int) -> str:
    """A place in words and figures: 1st, 2nd, 3rd, 4th."""
    if place % 100 in (11, 12, 13):
        return f"{place}th"
    return f"{place}{({1: 'st', 2: 'nd', 3: 'rd'}).get(place % 10, 'th')}"


def listed(parts: Sequence[str]) -> str:
    """Parts with commas, the last with `and`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def ago(year: int, event: int) -> str:
    """How long before or after it became an ally something happened."""
    n = abs(event - year)
    if n == 0:
        return "in the year in which it became"
    number = _SMALL[n] if n < len(_SMALL) else str(n)
    return f"{number} year{'s' if n > 1 else ''} {'before' if event > year else 'after'} it became"


def membership_in_words(spells: pl.DataFrame) -> str:
    """When a state was in the UN, and as what.

    Args:
        spells: Its rows of `core.un_members` (membership_status, valid_from, valid_to), by first
            day.

    Returns:
        `UN member since 1945` of a state that has always been one since, else every spell; empty
        for a state that never was in the UN.
    """
    rows = list(spells.iter_rows(named=True))
    if [(row["membership_status"], row["valid_to"]) for row in rows] == [("member", None)]:
        return f"UN member since {rows[0]['valid_from'].year}"
    parts = []
    for row in rows:
        first, last = row["valid_from"].year, row["valid_to"]
        when = f"{first} to {last.year}" if last else f"since {first}"
        parts.append(f"{row['membership_status'].replace('_', ' ')} {when}")
    return f"UN: {', '.join(parts)}" if parts else ""


def region_name(region: str) -> str:
    """A region of `core.states`, in words."""
    words = {
        "asia_pacific": "Asia-Pacific",
        "middle_east_north_africa": "Middle East, North Africa",
    }
    return words.get(region, region.replace("_", " ").title())


def treaty_name(treaty: str) -> str:
    """A treaty by its usual name."""
    return TREATIES.get(treaty) or treaty.replace("_", " ").title()


def with_article(name: str) -> str:
    """A leader's name in a sentence."""
    return name if name in ("China", "France") else f"the {name}"
