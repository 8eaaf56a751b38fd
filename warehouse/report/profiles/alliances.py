"""Alliances of the leaders: how unequal they are, by year and by four measures."""

import polars as pl

from warehouse.db import Connection

_ASYMMETRY = """
SELECT atopid, year, variable, n_members, leader_ccode, leader_share, ratio_first_second,
       is_asymmetric, null_reason
FROM metrics.capability_asymmetry
WHERE atopid IN (SELECT atopid FROM core.treaty_allies WHERE tier <> 'partner')
ORDER BY atopid, variable, year
"""


def alliance_asymmetry(connection: Connection) -> pl.DataFrame:
    """Asymmetry of the alliances in our list of treaties.

    Returns:
        One row per alliance, year and variable (cinc, milex, milper, gdp): n_members,
        leader_ccode, leader_share, ratio_first_second, is_asymmetric (ratio of 3 and more);
        null_reason where the members' figures are missing.
    """
    rounded = pl.col("leader_share", "ratio_first_second").round(6)
    return pl.DataFrame(connection.sql(_ASYMMETRY).pl()).with_columns(rounded)
