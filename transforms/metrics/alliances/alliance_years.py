"""Alliances by year: members, promises and major powers.

A member counts in a year in which its obligations were in force on at least one day. Phases of
one alliance are combined.
"""

import polars as pl

from transforms.core.major_powers import major_power_years

PROMISES = {
    "defense": "defense",
    "offense": "offense",
    "neutral": "neutrality",
    "consul": "consultation",
    "nonagg": "nonaggression",
}


def member_years(alliance_members: pl.DataFrame) -> pl.DataFrame:
    """Spreads memberships over their years; phases of one alliance are combined.

    Args:
        alliance_members: `core.alliance_members`.

    Returns:
        atopid, year, ccode and the five promises (Boolean, any phase of the year), one row per
        alliance, year and member.
    """
    return (
        alliance_members.select(
            "atopid",
            "ccode",
            *(pl.col(p).fill_null(0) == 1 for p in PROMISES),
            pl.int_ranges(pl.col("year_from").cast(pl.Int32), pl.col("year_to") + 1).alias("year"),
        )
        .explode("year")
        .with_columns(pl.col("year").cast(pl.Int16))
        .group_by("atopid", "year", "ccode")
        .agg(pl.col(p).any() for p in PROMISES)
        .sort("atopid", "year", "ccode")
    )


def alliance_years(
    members: pl.DataFrame, major_powers: pl.DataFrame, states: pl.DataFrame
) -> pl.DataFrame:
    """Members, promises and major powers of every alliance in every year.

    Args:
        members: What `member_years` returns.
        major_powers: `core.major_powers`.
        states: `core.states`.

    Returns:
        One row per alliance and year: n_members, n_major_powers (NULL outside the years of the
        list of major powers), is_major_carried_forward, atop_class (strongest promise of any
        member), has_defense_or_offense, has_successor_pair (a state and the one that took its
        place on the next day both count).
    """
    majors = major_power_years(major_powers)
    coded_from, coded_to = majors["year"].min(), majors["year"].max()
    promise = pl.lit("none")
    for column, name in reversed(PROMISES.items()):
        promise = pl.when(pl.col(column)).then(pl.lit(name)).otherwise(promise)
    in_coverage = pl.col("year").is_between(coded_from, coded_to)
    return (
        members.join(majors, on=["ccode", "year"], how="left", validate="m:1")
        .group_by("atopid", "year", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int16).alias("n_members"),
            pl.col("is_carried_forward").count().cast(pl.Int16).alias("n_major_powers"),
            *(pl.col(p).any() for p in PROMISES),
            pl.col("ccode").alias("ccodes"),
        )
        .with_columns(
            pl.when(in_coverage).then("n_major_powers"),
            (pl.col("year") > _last_coded_year(major_powers)).alias("is_major_carried_forward"),
            promise.alias("atop_class"),
            (pl.col("defense") | pl.col("offense")).alias("has_defense_or_offense"),
        )
        .join(_succeeded(members, states), on=["atopid", "year"], how="left", validate="1:1")
        .with_columns(pl.col("has_successor_pair").fill_null(False))
        .drop(*PROMISES, "ccodes")
    )


def _last_coded_year(major_powers: pl.DataFrame) -> int:
    coded = major_powers.filter(pl.col("carried_forward_from_year").is_null())
    return int(coded.select(pl.col("year_to").max()).item())


def _succeeded(members: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Alliance-years in which a state and the one that took its place both count."""
    ended = states.select(
        "ccode",
        (pl.col("valid_to") + pl.duration(days=1)).alias("day"),
        pl.col("valid_to").dt.year().cast(pl.Int16).alias("year"),
    )
    began = states.select(
        pl.col("ccode").alias("successor"),
        pl.col("valid_from").alias("day"),
        pl.col("valid_from").dt.year().cast(pl.Int16).alias("year"),
    )
    pairs = ended.join(began, on=["day", "year"]).filter(pl.col("ccode") != pl.col("successor"))
    keys = members.select("atopid", "year", "ccode")
    return (
        keys.join(pairs, on=["ccode", "year"])
        .join(keys.rename({"ccode": "successor"}), on=["atopid", "year", "successor"], how="semi")
        .select("atopid", "year", pl.lit(True).alias("has_successor_pair"))
        .unique()
    )
