"""The alliances with a promise of defence or offence: members, leader, and how unequal they are."""

from typing import Any

import polars as pl

from warehouse.db import Connection
from warehouse.report.site.scripts import rounded

_YEARS = """
SELECT a.atopid, a.year, c.leader_ccode, c.leader_share, c.ratio_first_second, p.scalar,
       p.scalar_min, p.scalar_max, a.n_members
FROM marts.alliance_year AS a
LEFT JOIN metrics.capability_asymmetry AS c
    ON c.atopid = a.atopid AND c.year = a.year AND c.variable = 'cinc'
LEFT JOIN metrics.asymmetry_profile AS p ON p.atopid = a.atopid AND p.year = a.year
WHERE a.has_defense_or_offense
ORDER BY a.atopid, a.year
"""
_LISTED = """
SELECT a.atopid, min(a.year) AS year_from, max(a.year) AS year_to,
       bool_or(a.is_in_force_on_31_dec AND a.year = last.year) AS is_in_force,
       max(a.n_members) AS n_members_most, arg_max(a.member_names, a.year) AS member_names,
       any_value(t.treaty) AS treaty
FROM marts.alliance_year AS a
CROSS JOIN (SELECT max(year) AS year FROM marts.alliance_year) AS last
LEFT JOIN (SELECT atopid, min(treaty) AS treaty FROM core.treaty_allies GROUP BY 1) AS t
    ON t.atopid = a.atopid
WHERE a.has_defense_or_offense
GROUP BY a.atopid ORDER BY a.atopid
"""
KNOWN = {
    "nato_1949": "NATO",
    "rio_1947": "Rio Treaty",
    "warsaw_1955": "Warsaw Pact",
    "seato_1954": "SEATO",
    "anzus_1951": "ANZUS",
    "collective_security_1992": "Collective Security Treaty",
}
"""Treaty of our list to the name under which it is known."""

_COLUMNS = ("year", "leader_ccode", "leader_share", "ratio_first_second", "scalar", "scalar_min")


def alliances(connection: Connection) -> dict[str, Any]:
    """Every alliance with its years.

    Returns:
        `list` (one mapping per alliance: its name, members, years, leader and shares of its last
        measured year) and `years` (ATOP number → columns over years).
    """
    columns = (*_COLUMNS, "scalar_max", "n_members")
    years = pl.DataFrame(connection.sql(_YEARS).pl())
    series = {
        str(atopid): [rounded(part[c].to_list()) for c in columns]
        for (atopid,), part in years.group_by("atopid", maintain_order=True)
    }
    measured = years.filter(pl.col("leader_ccode").is_not_null())
    last = {row["atopid"]: row for row in measured.iter_rows(named=True)}
    listed = []
    for row in connection.sql(_LISTED).pl().to_dicts():
        newest = last.get(row["atopid"], {})
        members = row["member_names"].split("; ")
        listed.append(
            {
                **row,
                "name": _name(row["treaty"], members, row["year_from"]),
                "leader_ccode": newest.get("leader_ccode"),
                "leader_share": newest.get("leader_share"),
                "ratio": newest.get("ratio_first_second"),
                "year_measured": newest.get("year"),
            }
        )
    return {"list": listed, "years": series}


def _name(treaty: str | None, members: list[str], year: int) -> str:
    """The name that a treaty is known under, or its first members and its first year."""
    if treaty in KNOWN:
        return KNOWN[str(treaty)]
    first = ", ".join(members[:3])
    more = f" and {len(members) - 3} more" if len(members) > 3 else ""
    return f"{first}{more} ({year})"
