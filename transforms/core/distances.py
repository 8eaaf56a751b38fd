"""`core.distances`: minimum distance of states, one row per undirected dyad and year."""

import polars as pl

from transforms.core.known_states import member_years, split_unknown_codes
from transforms.step_result import StepResult, count_losses

TABLE = "core.distances"
FROM = "staging.stg_cow_distance__dyad_years"
KEY = ("ccode1", "ccode2", "year")


def build_distances(*, dyad_years: pl.DataFrame, states: pl.DataFrame) -> StepResult:
    """Keeps the years in which both states were members of the system.

    Args:
        dyad_years: `staging.stg_cow_distance__dyad_years`.
        states: `core.states`.

    Returns:
        One row per dyad and year, in kilometres. Lost rows: `unknown_code`, `not_in_system`.
    """
    members = member_years(states)
    known, unknown = split_unknown_codes(dyad_years, states, ccodes=("ccode1", "ccode2"))
    rows = known
    for ccode in ("ccode1", "ccode2"):
        rows = rows.join(members, left_on=[ccode, "year"], right_on=["ccode", "year"], how="semi")
    outside = known.join(rows, on=KEY, how="anti").with_columns(
        pl.lit("not_in_system").alias("reason")
    )
    lost = count_losses(pl.concat([unknown, outside]), from_table=FROM, to_table=TABLE, key=KEY)
    return StepResult({TABLE: rows.select(*KEY, "distance_km_min").sort(KEY)}, lost)
