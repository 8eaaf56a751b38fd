"""The states: names, codes, regions, and since when they are in the system and the UN."""

import polars as pl

from warehouse.db import Connection

_STATES = """
WITH named AS (
    SELECT ccode, max_by(state_abb, valid_from) AS state_abb,
           max_by(state_name, valid_from) AS state_name,
           string_agg(DISTINCT state_name, '; ' ORDER BY state_name) AS names,
           string_agg(DISTINCT iso3, '; ' ORDER BY iso3) AS iso3,
           max_by(gwcode, valid_from) AS gwcode, max_by(region, valid_from) AS region,
           bool_or(is_in_system_at_source_end) AS is_there_still
    FROM core.states GROUP BY ccode
)
SELECT n.* EXCLUDE (is_there_still), y.year_from,
       CASE WHEN NOT n.is_there_still THEN y.year_to END AS year_to
FROM named AS n
JOIN (SELECT ccode, min(year) AS year_from, max(year) AS year_to FROM marts.state_year GROUP BY 1)
    AS y USING (ccode)
ORDER BY n.ccode
"""
_MEMBERS = """
SELECT ccode, membership_status, valid_from, valid_to FROM core.un_members
ORDER BY ccode, valid_from
"""


def states(connection: Connection) -> pl.DataFrame:
    """The states of the COW system.

    Returns:
        One row per state: ccode, state_abb, state_name (the latest), names and iso3 (all that it
        had, joined by "; "), gwcode, region, year_from, year_to (NULL where it is still there).
    """
    return pl.DataFrame(connection.sql(_STATES).pl())


def un_members(connection: Connection) -> pl.DataFrame:
    """Periods of UN membership, by our own list.

    Returns:
        One row per state and period: membership_status, valid_from, valid_to (NULL: still).
    """
    return pl.DataFrame(connection.sql(_MEMBERS).pl())
