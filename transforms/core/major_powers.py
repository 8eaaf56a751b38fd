"""`core.major_powers`: periods of major power status."""

from collections.abc import Mapping

import polars as pl

from transforms.core.known_states import keep_known_states
from transforms.coverage import Coverage
from transforms.step_result import StepResult

TABLE = "core.major_powers"


def build_major_powers(
    *, major_powers: pl.DataFrame, states: pl.DataFrame, coverage: Mapping[str, Coverage]
) -> StepResult:
    """Casts the coded spells and carries the open ones forward.

    The Correlates of War list of major powers has an end. Spells that were open then are
    continued, in rows of their own that say so (`carried_forward_from_year`), to the year that
    the list's coverage declares.

    Args:
        major_powers: Reference `major_powers`: ccode, year_from, year_to.
        states: `core.states`.
        coverage: Of `major_powers`.

    Returns:
        One row per spell, both years inclusive. Lost: spells of states that the list of
        states does not have (`not_in_system`).

    Raises:
        ValueError: A spell ends before it begins.
    """
    spells = major_powers.select(
        pl.col("ccode").cast(pl.Int16),
        pl.col("year_from").cast(pl.Int16),
        pl.col("year_to").cast(pl.Int16),
        pl.lit(None, dtype=pl.Int16).alias("carried_forward_from_year"),
    )
    reversed_spells = spells.filter(pl.col("year_to") < pl.col("year_from"))
    if not reversed_spells.is_empty():
        raise ValueError(
            f"major_powers.csv: spells end before they begin: {reversed_spells.rows()}"
        )
    covered = coverage["major_powers"]
    last_coded = covered.end().year
    last_year = (covered.carried_to or covered.end()).year
    carried = spells.filter(
        (pl.col("year_to") == last_coded) & (pl.col("year_to") < last_year)
    ).select(
        "ccode",
        (pl.col("year_to") + 1).alias("year_from"),
        pl.lit(last_year, dtype=pl.Int16).alias("year_to"),
        pl.col("year_to").alias("carried_forward_from_year"),
    )
    rows, losses = keep_known_states(
        pl.concat([spells, carried]).sort("ccode", "year_from"),
        states,
        reference="major_powers",
        to_table=TABLE,
        key=("ccode", "year_from"),
    )
    return StepResult({TABLE: rows}, losses)


def major_power_years(major_powers: pl.DataFrame) -> pl.DataFrame:
    """Spreads spells over their years.

    Args:
        major_powers: `core.major_powers`.

    Returns:
        ccode, year, is_carried_forward: one row per major power and year.
    """
    return (
        major_powers.select(
            "ccode",
            pl.int_ranges(pl.col("year_from").cast(pl.Int32), pl.col("year_to") + 1).alias("year"),
            pl.col("carried_forward_from_year").is_not_null().alias("is_carried_forward"),
        )
        .explode("year")
        .with_columns(pl.col("year").cast(pl.Int16))
        .sort("ccode", "year")
    )
