"""Totals of a roll call in the two vote sources: as published, and as counted in their rows.

Either may be short of a vote. The vote file has no row for some members, whose votes are in its
totals; and some of its totals are off by one.
"""

import polars as pl

from transforms.core.choices import CAST

COUNTED = tuple(f"_n_{choice}" for choice in CAST)
PUBLISHED = tuple(f"_p_{choice}" for choice in CAST)
_OF_SOURCE = tuple(f"n_{choice}_published" for choice in CAST)


def published_totals() -> list[pl.Expr]:
    """The published totals, under the names of `PUBLISHED`."""
    return [pl.col(old).alias(new) for old, new in zip(_OF_SOURCE, PUBLISHED, strict=True)]


def with_counted_totals(roll_calls: pl.DataFrame, votes: pl.DataFrame, key: str) -> pl.DataFrame:
    """Adds counted totals, and fills published ones that mean 0.

    Args:
        roll_calls: The key and `PUBLISHED`.
        votes: The key and choice.
        key: Column that names a roll call in both.

    Returns:
        The roll calls with `COUNTED`. A published total that is empty is 0 where no such vote is
        counted, which is how the vote file writes it in its later sessions.
    """
    names = dict(zip(CAST, COUNTED, strict=True))
    counted = votes.group_by(key).agg(
        (pl.col("choice") == choice).sum().alias(name) for choice, name in names.items()
    )
    filled = [
        pl.when(pl.col(published).is_null() & (pl.col(name) == 0))
        .then(pl.lit(0, pl.Int16))
        .otherwise(published)
        .alias(published)
        for published, name in zip(PUBLISHED, COUNTED, strict=True)
    ]
    return (
        roll_calls.join(counted, on=key, how="left", validate="1:1")
        .with_columns(pl.col(COUNTED).fill_null(0))
        .with_columns(filled)
    )


def of_equal_totals(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a resolution and a roll call that have the same totals of yes, abstain and no.

    Args:
        pairs: `COUNTED` and `PUBLISHED` of the Library, and those of the vote file with the
            suffix `_file`.

    Returns:
        The pairs whose counted or published totals are the same, with `totals_matched`:
        `counted`, `published` or `both`.
    """
    counted, published = (
        pl.all_horizontal((pl.col(c) == pl.col(f"{c}_file")).fill_null(False) for c in totals)
        for totals in (COUNTED, PUBLISHED)
    )
    basis = (
        pl.when(counted & published)
        .then(pl.lit("both"))
        .when(counted)
        .then(pl.lit("counted"))
        .when(published)
        .then(pl.lit("published"))
    )
    return pairs.with_columns(basis.alias("totals_matched")).drop_nulls("totals_matched")
