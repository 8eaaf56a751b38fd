"""What a share of all recorded votes rests on besides final votes: parts and consensus.

The State Department's reports to 2016 count every vote in plenary, those on paragraphs and
amendments too, and give a second share in which adoptions without a vote count as agreement.
"""

import polars as pl

PARTS_FLAGGED_FROM = 52
"""From this session on the source flags votes on paragraphs and amendments, 10 to 40 in each
session that has them; a session without any lacks them. In sessions 40 to 51 they are listed
without a flag: the numbers of roll calls are within 8 of those of the reports."""


def sessions_without_parts(roll_calls: pl.DataFrame) -> frozenset[int]:
    """Sessions whose votes on paragraphs and amendments the source lacks.

    Args:
        roll_calls: `core.roll_calls`: session, is_paragraph, is_amendment.

    Returns:
        Sessions from `PARTS_FLAGGED_FROM` on without a flagged vote.
    """
    is_part = pl.any_horizontal(pl.col("is_paragraph", "is_amendment").fill_null(False))
    by_number = roll_calls.group_by("session").agg(is_part.any().alias("has_parts"))
    lacking = by_number.filter(~pl.col("has_parts") & (pl.col("session") >= PARTS_FLAGGED_FROM))
    return frozenset(lacking["session"].to_list())


def with_consensus(counted: pl.DataFrame, consensus_adoptions: pl.DataFrame) -> pl.DataFrame:
    """Every row without and with consensus adoptions.

    Args:
        counted: session, vote_class, n_voted, n_roll_calls, and anything else.
        consensus_adoptions: Reference `consensus_adoptions`: session, n_consensus.

    Returns:
        Twice the rows, with `consensus` (`without`, `with`), n_consensus and consensus_weight: the
        adoptions that count for the state, NULL where nobody counted them.
    """
    adopted = consensus_adoptions.select(
        pl.col("session").cast(pl.Int16), pl.col("n_consensus").cast(pl.Int16)
    )
    # A report's count is of all resolutions, not of the important ones.
    adopted = adopted.with_columns(pl.lit("all").alias("vote_class"))
    # as real numbers: as 16-bit integers their product ends at 32,767
    weight = pl.col("n_consensus").cast(pl.Float64) * pl.col("n_voted") / pl.col("n_roll_calls")
    nothing = [pl.lit(None, pl.Int16).alias("n_consensus"), pl.lit(None, pl.Float64).alias("w")]
    without = counted.with_columns(pl.lit("without").alias("consensus"), *nothing)
    with_consensus = (
        counted.with_columns(pl.lit("with").alias("consensus"))
        .join(adopted, on=["session", "vote_class"], how="left", validate="m:1")
        .with_columns(pl.when(pl.col("n_roll_calls") > 0).then(weight).alias("w"))
    )
    both = pl.concat([without, with_consensus.select(without.columns)])
    return both.rename({"w": "consensus_weight"})
