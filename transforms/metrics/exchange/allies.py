"""Who was an ally in a session, and which states became allies on the same day."""

import polars as pl

from transforms.rollcall_matrix import SESSION_OFFSET


def with_status(
    rows: pl.DataFrame, ally_tier: pl.DataFrame, *, leader: int, tier: str
) -> pl.DataFrame:
    """Adds `is_ally`: a tie in force on any day of the year session + 1945.

    Args:
        rows: Any rows with ccode and session.
        ally_tier: `marts.ally_tier`.
        leader: COW code.
        tier: core, treaty, atop or guarantee.

    Returns:
        The rows with `is_ally`; NULL in a year that the tier does not cover. A state without a row
        in a year that is covered is no ally.
    """
    status = ally_tier.filter(pl.col("ccode_hegemon") == leader).select(
        "ccode",
        (pl.col("year") - SESSION_OFFSET).cast(pl.Int16).alias("session"),
        pl.col(f"tier_{tier}").alias("is_ally"),
    )
    is_known = pl.col("is_ally").is_not_null().any().alias("known")
    is_covered = status.group_by("session").agg(is_known)
    is_member = status.select("ccode", "session", pl.lit(True).alias("has_row"))
    return (
        rows.join(status, on=["ccode", "session"], how="left", validate="m:1")
        .join(is_member, on=["ccode", "session"], how="left", validate="m:1")
        .join(is_covered, on="session", how="left", validate="m:1")
        .with_columns(
            pl.when(pl.col("has_row").is_not_null())
            .then("is_ally")
            .when(pl.col("known"))
            .then(False)
            .alias("is_ally")
        )
        .drop("has_row", "known")
    )


def with_changed_status(
    rows: pl.DataFrame, ally_tier: pl.DataFrame, *, leader: int, tier: str
) -> pl.DataFrame:
    """Adds `is_ally`, and `is_status_unchanged` since the session before.

    Args:
        rows: Any rows with ccode and session.
        ally_tier: `marts.ally_tier`.
        leader: COW code.
        tier: core, treaty, atop or guarantee.

    Returns:
        The rows with both; NULL where the status, of either session, is not covered.
    """
    at = pl.col("session")
    before = with_status(
        rows.select("ccode", (at - 1).alias("session")).unique(),
        ally_tier,
        leader=leader,
        tier=tier,
    ).select("ccode", (at + 1).alias("session"), pl.col("is_ally").alias("was_ally"))
    return (
        with_status(rows, ally_tier, leader=leader, tier=tier)
        .join(before, on=["ccode", "session"], how="left", validate="m:1")
        .with_columns((pl.col("is_ally") == pl.col("was_ally")).alias("is_status_unchanged"))
        .drop("was_ally")
    )


def core_waves(ally_tier: pl.DataFrame, leader: int) -> dict[int, str]:
    """State to the day on which its first core treaty with the leader came into force.

    Args:
        ally_tier: `marts.ally_tier`, or an own list of allies in its columns.
        leader: COW code.
    """
    core = ally_tier.filter(pl.col("ccode_hegemon") == leader, pl.col("tier_core"))
    first = core.group_by("ccode").agg(pl.col("in_force_from").min().cast(pl.String))
    return {int(ccode): str(day) for ccode, day in first.iter_rows()}


def with_cluster(rows: pl.DataFrame, ally_tier: pl.DataFrame, *, leader: int) -> pl.DataFrame:
    """Adds `cluster`: the day on which the state's first core treaty came into force.

    States that joined on one day did so for one reason. A state that never had such a treaty is a
    cluster of its own ("state 205").

    Args:
        rows: Any rows with ccode.
        ally_tier: `marts.ally_tier`, or an own list of allies in its columns.
        leader: COW code.
    """
    waves = core_waves(ally_tier, leader)
    day = pl.col("ccode").replace_strict(waves, default=None, return_dtype=pl.String)
    own = pl.format("state {}", "ccode")
    return rows.with_columns(pl.coalesce(day, own).alias("cluster"))


def n_switchers(rows: pl.DataFrame) -> int:
    """States that are allies in some of the rows and not in others.

    Args:
        rows: Rows with ccode and is_ally.
    """
    both = rows.group_by("ccode").agg((pl.col("is_ally").n_unique() > 1).alias("both"))
    return int(both["both"].sum())
