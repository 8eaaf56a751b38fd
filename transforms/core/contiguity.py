"""`core.contiguity`: direct contiguity of states, one row per undirected dyad and spell."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.coverage import Coverage
from transforms.step_result import StepResult, count_losses

TABLE = "core.contiguity"
FROM = "staging.stg_cow_contiguity__directed_spells"
KEY = ("ccode_one", "ccode_other", "valid_from", "contiguity_type")


def build_contiguity(
    *, directed_spells: pl.DataFrame, states: pl.DataFrame, coverage: Mapping[str, Coverage]
) -> StepResult:
    """Keeps one direction of each pair, and the spells in which it was contiguous.

    Args:
        directed_spells: `staging.stg_cow_contiguity__directed_spells`; the gate has seen that each
            pair is there in both directions.
        states: `core.states`.
        coverage: Of `cow_contiguity`: a spell that lasts to its end has no known end.

    Returns:
        One row per dyad and spell; `valid_to` is the last day of its last month. Lost rows:
        `other_direction`, `not_contiguous` (type 0), `unknown_code`.
    """
    by_month = directed_spells.with_columns(pl.col("valid_to").dt.month_end().alias("last_day"))
    latest = by_month["last_day"].max()
    end = coverage["cow_contiguity"].end(latest if isinstance(latest, date) else None)
    reason = (
        pl.when(pl.col("ccode_one") > pl.col("ccode_other"))
        .then(pl.lit("other_direction"))
        .when(pl.col("contiguity_type") == 0)
        .then(pl.lit("not_contiguous"))
    )
    judged = by_month.with_columns(reason.alias("reason"))
    left_out = judged.filter(pl.col("reason").is_not_null())
    pairs = judged.filter(pl.col("reason").is_null()).drop("reason")
    known, unknown = split_unknown_codes(pairs, states, ccodes=("ccode_one", "ccode_other"))
    rows = known.select(
        pl.col("ccode_one").alias("ccode1"),
        pl.col("ccode_other").alias("ccode2"),
        "valid_from",
        pl.col("last_day").alias("valid_to"),
        "contiguity_type",
        (pl.col("last_day") >= end).alias("is_contiguous_at_source_end"),
    ).sort("ccode1", "ccode2", "valid_from")
    losses = [
        count_losses(part, from_table=FROM, to_table=TABLE, key=KEY) for part in (left_out, unknown)
    ]
    return StepResult({TABLE: rows}, pl.concat(losses))
