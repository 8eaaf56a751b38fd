"""`core.us_bases`: US military bases in other states, one row per base; a cross-section."""

import polars as pl

from transforms.core.us_places import UNITED_STATES, place_rows
from transforms.step_result import StepResult, count_losses

TABLE = "core.us_bases"
FROM = "staging.stg_us_bases__sites"
UNNAMED = "unnamed"


def build_us_bases(
    *, sites: pl.DataFrame, states: pl.DataFrame, us_places: pl.DataFrame
) -> StepResult:
    """Assigns COW codes to the hosts; a base that the file lists twice is one.

    Args:
        sites: `staging.stg_us_bases__sites`.
        states: `core.states`.
        us_places: Reference `us_places`.

    Returns:
        One row per host state and name of a base; sites without a name are `unnamed`, and
        numbered where a place has several. The list has no dates: it says what there was between
        2015 and 2018. Lost rows: `home_country`, `not_in_system` (dependent territories),
        `duplicate_row`, `no_code`, `unknown_code`.
    """
    key = ["file_row", "place_name", "base_name"]
    placed, lost = place_rows(sites, us_places=us_places, states=states)
    same = ["ccode", "place_name", "base_name", "latitude", "longitude"]
    is_named = pl.col("base_name").is_not_null()
    is_again = is_named & (pl.int_range(pl.len()).over(same, order_by="file_row") > 0)
    marked = placed.with_columns(is_again.alias("is_again"))
    again = marked.filter("is_again").with_columns(pl.lit("duplicate_row").alias("reason"))
    number = pl.int_range(1, pl.len() + 1).over("ccode", "base_name", order_by="file_row")
    name = pl.col("base_name").fill_null(UNNAMED)
    bases = (
        marked.filter(~pl.col("is_again"))
        .with_columns(
            pl.when(number > 1)
            .then(pl.format("{} ({})", name, number))
            .otherwise(name)
            .alias("base_name"),
            pl.lit(UNITED_STATES, dtype=pl.Int16).alias("ccode_from"),
        )
        .select(
            "ccode_from",
            pl.col("ccode").alias("ccode_to"),
            "base_name",
            "place_name",
            "latitude",
            "longitude",
            "is_base",
            "is_lilypad",
            "is_us_funded",
        )
        .sort("ccode_to", "base_name")
    )
    losses = [
        count_losses(part, from_table=FROM, to_table=TABLE, key=key, code="place_name")
        for part in (*lost, again)
    ]
    return StepResult({TABLE: bases}, pl.concat(losses))
