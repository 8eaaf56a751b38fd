"""States that a source never had, each with the reason; any other state without a row is lost.

A publisher that renames a state, or drops it, takes all its rows with it; the names that no list
knows are a warning of their own (`expectations.gate.losses`), and this is the other side: the
state that has nothing any more. The lists were made from the releases in use, once, by hand. This
module has no suite of its own.
"""

from collections.abc import Mapping

from expectations.suite import SqlRule

SESSION_OFFSET = 1945
"""A session's main year is its number plus this."""

EVERY_STATE_HAS_ROWS = "every_state_of_the_system_has_rows"

_NOT_IN_THE_UN = {347: "Kosovo", 511: "Zanzibar", 817: "South Vietnam"}
_NO_SERIES = {
    265: "German Democratic Republic",
    315: "Czechoslovakia",
    511: "Zanzibar",
    678: "North Yemen",
    680: "South Yemen",
    713: "Taiwan",
    731: "North Korea",
    817: "South Vietnam",
}
_NOT_COVERED = {
    31: "Bahamas",
    53: "Barbados",
    54: "Dominica",
    55: "Grenada",
    56: "St. Lucia",
    57: "St. Vincent and the Grenadines",
    58: "Antigua and Barbuda",
    60: "St. Kitts and Nevis",
    115: "Suriname",
    221: "Monaco",
    223: "Liechtenstein",
    232: "Andorra",
    331: "San Marino",
    403: "São Tomé and Príncipe",
    511: "Zanzibar",
    581: "Comoros",
    680: "South Yemen",
    760: "Bhutan",
    781: "Maldives",
    817: "South Vietnam",
    935: "Vanuatu",
    940: "Solomon Islands",
    946: "Kiribati",
    947: "Tuvalu",
    955: "Tonga",
    970: "Nauru",
    983: "Marshall Islands",
    986: "Palau",
    987: "Federated States of Micronesia",
    990: "Samoa",
}

ABSENT_STATES: Mapping[str, Mapping[int, str]] = {
    "core.capabilities": {},
    "core.gdp": _NO_SERIES,
    "core.ideal_points_published": _NOT_IN_THE_UN,
    "core.military_expenditure": _NOT_COVERED,
    "core.us_troops": {2: "United States: the troops' home", 511: "Zanzibar"},
    "core.votes": _NOT_IN_THE_UN,
}
"""Table to the states that its source does not have: code to name or reason."""


def every_state_of_the_system_has_rows(
    table: str, *, ccode: str = "ccode", year: str = "year"
) -> SqlRule:
    """Expects rows of every state that was in the system in the years of a table.

    Args:
        table: A table of `ABSENT_STATES`.
        ccode: Column of the state.
        year: SQL for the year of a row.
    """
    listed = ", ".join(str(code) for code in sorted(ABSENT_STATES[table])) or "NULL"
    in_the_years = f"SELECT min({year}) AS first, max({year}) AS last FROM {table}"
    return SqlRule(
        EVERY_STATE_HAS_ROWS,
        f"SELECT DISTINCT s.ccode, s.state_name FROM core.states s, ({in_the_years}) t"
        " WHERE year(s.valid_from) <= t.last AND year(s.counts_to) >= t.first"
        f" AND s.ccode NOT IN (SELECT {ccode} FROM {table})"
        f" AND coalesce(s.ccode NOT IN ({listed}), TRUE) ORDER BY s.ccode",
        "a state without a row was lost on the way (was it renamed?), or the source never had it:"
        " then it belongs on the list in expectations/absent_states.py",
        (table, "core.states"),
        "warning",
    )
