"""Units of `metrics.asymmetry_grid` with their leaders, as arrays.

The leader of a unit is the state with the most of the variable in the unit's year: the alliance's
leader, or the larger of two states.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats


@dataclass(frozen=True)
class Units:
    """Measured units of one kind and variable.

    Attributes:
        ratio: First to second; infinite where the second has nothing.
        weight: What each counts.
        year: Its year.
        after: Whether it lies in the later period.
        leader: Place of its leader in `leaders`.
        leaders: Codes of the leaders, ascending.
    """

    ratio: Floats
    weight: Floats
    year: Floats
    after: Floats
    leader: NDArray[np.int64]
    leaders: NDArray[np.int64]


def with_leaders(
    measured: pl.DataFrame, capability_asymmetry: pl.DataFrame, values: pl.DataFrame
) -> pl.DataFrame:
    """Adds who leads each unit.

    Args:
        measured: Measured units (`asymmetry_units.units`).
        capability_asymmetry: `metrics.capability_asymmetry`.
        values: All variables (`capability_asymmetry.variable_values`).

    Returns:
        The units with `leader`, sorted.
    """
    of_alliance = capability_asymmetry.select("variable", "year", "leader_ccode", atopid="atopid")
    by_state = pl.col("unit") == "state_weighted"
    atopid = pl.when(by_state).then("key2").otherwise("key1")
    x = values.select("variable", "year", key="ccode", x="x")
    keyed = measured.with_columns(atopid.alias("atopid"))
    for number in ("1", "2"):
        one = x.rename({"key": f"key{number}", "x": f"x{number}"}).cast({f"key{number}": pl.Int32})
        keyed = keyed.join(one, on=[f"key{number}", "variable", "year"], how="left")
    joined = keyed.join(of_alliance, on=["atopid", "variable", "year"], how="left")
    larger = pl.when(pl.col("x1") >= pl.col("x2")).then("key1").otherwise("key2")
    leader = (
        pl.when(pl.col("unit") == "dyad_year")
        .then(larger)
        .when(pl.col("unit") == "leader_specific")
        .then("key1")
        .otherwise("leader_ccode")
    )
    return joined.with_columns(leader.cast(pl.Int64).alias("leader")).sort(
        "unit", "variable", "year", "key1", "key2"
    )


def units_of(rows: pl.DataFrame, since: int) -> Units:
    """Rows as arrays.

    Args:
        rows: ratio, weight, year, leader.
        since: First year of the later period.
    """
    leaders, place = np.unique(rows["leader"].to_numpy(), return_inverse=True)
    year = rows["year"].cast(pl.Float64).to_numpy()
    return Units(
        ratio=rows["ratio"].to_numpy(),
        weight=rows["weight"].to_numpy(),
        year=year,
        after=(year >= since).astype(np.float64),
        leader=place,
        leaders=leaders,
    )
