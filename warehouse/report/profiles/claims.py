"""The claims and what became of them, for every leader and edition."""

import polars as pl

from warehouse.db import Connection

_VERDICTS = """
SELECT claim, edition, leader, origin, statement, verdict, one_line, estimate, ci_low, ci_high,
       ci_low_holm, ci_high_holm, p_holm, p_joint, n_grid, n_grid_as_expected,
       n_grid_contradicting, strongest_counter_specification, rule
FROM metrics.claim_verdict
ORDER BY edition DESC, leader, CAST(regexp_extract(claim, '[0-9]+') AS INTEGER), claim
"""


def claims(connection: Connection) -> pl.DataFrame:
    """Verdicts.

    Returns:
        One row per claim, edition and leader, the newest edition first; columns as in
        `metrics.claim_verdict`.
    """
    return pl.DataFrame(connection.sql(_VERDICTS).pl())
