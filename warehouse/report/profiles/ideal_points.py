"""Positions of states in the General Assembly, by our own estimate."""

import polars as pl

from warehouse.db import Connection

_POINTS = """
SELECT ccode, session, year, round(ideal_point, 6) AS ideal_point,
       round(ideal_point_se, 6) AS std_error, n_votes, is_weak,
       CAST(rank() OVER (PARTITION BY session ORDER BY ideal_point DESC) AS SMALLINT) AS rank,
       CAST(count(*) OVER (PARTITION BY session) AS SMALLINT) AS n_states
FROM metrics.ideal_point
WHERE vote_set = 'final_only' AND is_sovereign AND ideal_point IS NOT NULL AND n_votes >= 5
ORDER BY ccode, session
"""


def ideal_points(connection: Connection) -> pl.DataFrame:
    """Our ideal points of final votes; the published series is not in it.

    Returns:
        One row per sovereign state and session with five votes: ideal_point (mean 0 and standard
        deviation 1 over all, the United States on the positive side), std_error, n_votes, is_weak,
        rank (1 is the most positive) of n_states.
    """
    return pl.DataFrame(connection.sql(_POINTS).pl())
