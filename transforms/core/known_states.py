"""Keeps the rows whose state is in `core.states`, and counts the others."""

from collections.abc import Sequence

import polars as pl

from transforms.step_result import count_losses


def keep_known_states(
    rows: pl.DataFrame, states: pl.DataFrame, *, reference: str, to_table: str, key: tuple[str, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keeps the rows whose state is in the list of states.

    The lists name real states; a list of states that has fewer (the simulated world) leaves
    some of them without a state. With the real list a loss here is a mistyped code.

    Args:
        rows: Rows with `ccode`.
        states: `core.states`; any spell counts.
        reference: Name of the hand-coded list, for the losses.
        to_table: Table that the rows go to.
        key: Columns that name a row.

    Returns:
        The rows kept, and the losses (`not_in_system`).
    """
    known = states.select("ccode").unique()
    lost = rows.join(known, on="ccode", how="anti").with_columns(reason=pl.lit("not_in_system"))
    losses = count_losses(lost, from_table=f"reference.{reference}", to_table=to_table, key=key)
    return rows.join(known, on="ccode", how="semi"), losses


def split_unknown_codes(
    rows: pl.DataFrame, states: pl.DataFrame, *, ccodes: Sequence[str] = ("ccode",)
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Separates the rows of a source with COW codes whose code no state ever had.

    Such a code is a mistake or a new state; that the state was no member in that year is another
    reason.

    Args:
        rows: Rows with `ccode`, or with the two codes of a pair.
        states: `core.states`; any spell counts.
        ccodes: The columns of the codes.

    Returns:
        Rows of known states, and the others with `reason` = `unknown_code`; the order is kept.
    """
    known = states["ccode"].unique().implode()
    is_known = pl.all_horizontal(
        pl.col(ccode).cast(pl.Int16).is_in(known).fill_null(False) for ccode in ccodes
    )
    unknown = rows.filter(~is_known).with_columns(pl.lit("unknown_code").alias("reason"))
    return rows.filter(is_known), unknown


def member_years(states: pl.DataFrame) -> pl.DataFrame:
    """Every year in which a state counts as a member of the system on at least one day.

    Args:
        states: `core.states`: ccode, valid_from, counts_to.

    Returns:
        ccode, year (Int16), each pair once.
    """
    years = pl.int_ranges(pl.col("valid_from").dt.year(), pl.col("counts_to").dt.year() + 1)
    return (
        states.select("ccode", years.alias("year"))
        .explode("year")
        .with_columns(pl.col("year").cast(pl.Int16))
        .unique(maintain_order=True)
    )
