"""The network of defence promises at the end of each decade, and its measures by year."""

from typing import Any

import polars as pl

from warehouse.db import Connection
from warehouse.report.site.scripts import rows_of

REGIONS = {
    "all": "The world",
    "europe": "Europe",
    "asia_pacific": "Asia and the Pacific",
    "americas": "The Americas",
    "middle_east_north_africa": "The Middle East and North Africa",
    "sub_saharan_africa": "Sub-Saharan Africa",
}
"""Graph of `metrics.alliance_network` to its name."""

FIRST_YEAR = 1820

_TIES = """
SELECT DISTINCT year, least(ccode_from, ccode_to) AS one, greatest(ccode_from, ccode_to) AS other
FROM core.obligations
WHERE defense = 1 AND NOT coalesce(list_contains(string_split(not_owed, ' '), 'defense'), false)
  AND is_cow_dyad AND year >= $first
  AND (year % 10 = 9 OR year = (SELECT max(year) FROM core.obligations))
ORDER BY ALL
"""
_MEMBERS = """
SELECT year, ccode, region FROM marts.state_year
WHERE year IN (SELECT DISTINCT year FROM core.obligations
               WHERE year % 10 = 9 OR year = (SELECT max(year) FROM core.obligations))
  AND year >= $first
ORDER BY ALL
"""
_MEASURES = """
SELECT graph, ccode_hub, year, n_states, n_ties, n_spoke_ties, degree_hub, degree_centralization,
       spoke_density, hubness
FROM metrics.alliance_network WHERE graph <> 'bilateral' AND year >= $first
ORDER BY graph, ccode_hub, year
"""


def network_data(connection: Connection) -> dict[str, Any]:
    """Ties and members by year, and the measures of each graph and hub.

    Returns:
        `years`, `ties` (year → pairs of COW codes), `regions` (year → COW code → region) and
        `measures` (rows).
    """
    first = {"first": FIRST_YEAR}
    ties: dict[str, list[list[int]]] = {}
    for year, one, other in connection.execute(_TIES, first).fetchall():
        ties.setdefault(str(year), []).append([one, other])
    regions: dict[str, dict[str, str]] = {}
    for year, ccode, region in connection.execute(_MEMBERS, first).fetchall():
        regions.setdefault(str(year), {})[str(ccode)] = region
    measures = pl.DataFrame(connection.sql(_MEASURES, params=first).pl())
    return {
        "years": [int(year) for year in ties],
        "ties": ties,
        "regions": regions,
        "measures": rows_of(measures),
    }
