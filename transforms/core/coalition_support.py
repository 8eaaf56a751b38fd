"""`core.coalition_support`: support for US coalitions, by date of a published list.

Hand-coded from published lists (`transforms/reference/coalition_*.csv`). A state has a row from
the first list that names it; one that a later version no longer names stays with
`is_listed = false` and level 0. States that were never named have no row.
"""

from datetime import date

import polars as pl

from transforms.core.known_states import keep_known_states
from transforms.step_result import StepResult, count_losses

# Ranks on the scale against ISIS.
_MEMBER, _TRAINERS, _STRIKES = 1, 3, 4

_BASIS = {
    "iraq_2003": "named in the list; level is the most in the operation",
    "mnf_i": "months with troops in Iraq; level is the most in the operation",
    "daesh": "named in the list; strikes count from the first strike",
}


def build_coalition_support(
    *,
    coalition_lists: pl.DataFrame,
    coalition_iraq_2003: pl.DataFrame,
    coalition_mnf_i: pl.DataFrame,
    coalition_daesh: pl.DataFrame,
    states: pl.DataFrame,
) -> StepResult:
    """Builds `core.coalition_support`: one row per coalition, state and date of the list.

    Args:
        coalition_lists: Dates, with the number of names where one was published.
        coalition_iraq_2003: Names and days of the White House list.
        coalition_mnf_i: States with troops in Iraq, by month.
        coalition_daesh: Partners against ISIS with the dates of their roles.
        states: `core.states`.

    Returns:
        `core.coalition_support`. Levels: Iraq 0-5, ISIS 0-4. Lost: states that the list of
        states does not have (`not_in_system`), and those listed after the last date at which the
        list is read (`listed_after_last_date`).

    Raises:
        ValueError: A date cannot be read, or a list does not have as many names as were
            published.
    """
    lists = coalition_lists.select(
        "coalition",
        pl.col("as_of").str.to_date("%Y-%m-%d"),
        pl.col("n_listed").cast(pl.Int32),
    )
    spells = pl.concat([
        _iraq_spells(coalition_iraq_2003),
        _mnf_i_spells(coalition_mnf_i),
        _daesh_spells(coalition_daesh),
    ])  # fmt: skip
    support = _read_at(lists, spells)
    _check_counts(lists, support)
    kept, losses = keep_known_states(
        support.drop("n_listed"),
        states,
        reference="coalitions",
        to_table="core.coalition_support",
        key=("coalition", "ccode", "as_of"),
    )
    last = lists.group_by("coalition").agg(pl.col("as_of").max())
    late = (
        spells.group_by("coalition", "ccode")
        .agg(pl.col("spell_from").min())
        .join(last, on="coalition", how="left", validate="m:1")
        .filter(pl.col("as_of").is_null() | (pl.col("spell_from") > pl.col("as_of")))
        .with_columns(pl.lit("listed_after_last_date").alias("reason"))
    )
    unread = count_losses(
        late,
        from_table="reference.coalitions",
        to_table="core.coalition_support",
        key=("coalition", "ccode"),
    )
    return StepResult({"core.coalition_support": kept}, pl.concat([losses, unread]))


def _iraq_spells(names: pl.DataFrame) -> pl.DataFrame:
    return _spells(
        names.with_columns(
            pl.col("support_level").alias("level_in_spell"),
            day(names, "listed_from", "coalition_iraq_2003").alias("spell_from"),
            day(names, "listed_to", "coalition_iraq_2003", end=True).alias("spell_to"),
        ),
        "iraq_2003",
    )


def _mnf_i_spells(names: pl.DataFrame) -> pl.DataFrame:
    return _spells(
        names.with_columns(
            pl.col("support_level").alias("level_in_spell"),
            day(names, "troops_from", "coalition_mnf_i").alias("spell_from"),
            day(names, "troops_to", "coalition_mnf_i", end=True).alias("spell_to"),
        ),
        "mnf_i",
    )


def _daesh_spells(names: pl.DataFrame) -> pl.DataFrame:
    # One spell per level that a state reached: as a member from its listing on, and at its highest
    # level from the day on which the role began. The higher one counts where both cover a date.
    level = pl.col("support_level").cast(pl.Int16)
    dated = names.with_columns(
        day(names, column, "coalition_daesh").alias(column)
        for column in ("listed_from", "level_from", "strikes_iraq_from", "strikes_syria_from")
    )
    first_strike = pl.min_horizontal("strikes_iraq_from", "strikes_syria_from")
    before = (
        pl.when((level == _STRIKES) & (pl.col("has_trainers") == "yes"))
        .then(_TRAINERS)
        .when((level == _STRIKES) | pl.col("level_from").is_not_null())
        .then(_MEMBER)
        .otherwise(level)
    )
    reached = pl.coalesce(pl.when(level == _STRIKES).then(first_strike), "level_from")
    member = dated.with_columns(
        before.cast(pl.String).alias("level_in_spell"), pl.col("listed_from").alias("spell_from")
    )
    active = dated.filter(reached.is_not_null()).with_columns(
        pl.col("support_level").alias("level_in_spell"),
        pl.max_horizontal(reached, "listed_from").alias("spell_from"),
    )
    both = pl.concat([member, active]).with_columns(pl.lit(None, dtype=pl.Date).alias("spell_to"))
    return _spells(both, "daesh")


def _spells(rows: pl.DataFrame, coalition: str) -> pl.DataFrame:
    return rows.select(
        pl.lit(coalition).alias("coalition"),
        pl.col("ccode").cast(pl.Int16),
        "spell_from",
        "spell_to",
        pl.col("level_in_spell").cast(pl.Int16),
        "confidence",
        "level_confidence",
        "note",
    )


def _read_at(lists: pl.DataFrame, spells: pl.DataFrame) -> pl.DataFrame:
    on_day = pl.col("spell_to").is_null() | (pl.col("spell_to") >= pl.col("as_of"))
    return (
        lists.join(spells, on="coalition")
        .filter(pl.col("spell_from") <= pl.col("as_of"))
        .with_columns(
            on_day.alias("is_listed"),
            pl.when(on_day).then("level_in_spell").otherwise(0).alias("support_level"),
        )
        .sort("is_listed", "support_level", "spell_from")
        .unique(["coalition", "ccode", "as_of"], keep="last", maintain_order=True)
        .select(
            "coalition",
            "ccode",
            "as_of",
            pl.col("support_level").cast(pl.Int16),
            "is_listed",
            pl.col("coalition").replace_strict(_BASIS).alias("basis"),
            "confidence",
            "level_confidence",
            "note",
            "n_listed",
        )
        .sort("coalition", "ccode", "as_of")
    )


def _check_counts(lists: pl.DataFrame, support: pl.DataFrame) -> None:
    counted = support.filter("is_listed").group_by("coalition", "as_of").agg(pl.len())
    wrong = (
        lists.filter(pl.col("n_listed").is_not_null())
        .join(counted, on=("coalition", "as_of"), how="left", validate="1:1")
        .filter(pl.col("n_listed").ne_missing(pl.col("len").cast(pl.Int32)))
    )
    for row in wrong.iter_rows(named=True):
        raise ValueError(
            f"coalition_lists.csv: {row['coalition']} {row['as_of']} should name"
            f" {row['n_listed']} states, coalition_{row['coalition']}.csv gives {row['len']};"
            " correct the days there or the count here"
        )


def day(frame: pl.DataFrame, column: str, name: str, *, end: bool = False) -> pl.Series:
    """Reads hand-coded dates: YYYY-MM-DD, or YYYY-MM for a month.

    Args:
        frame: All-String reference frame.
        column: Column to read.
        name: File name without `.csv`, for messages.
        end: Whether a month means its last day instead of its first.

    Returns:
        Dates; NULL where the cell is empty.

    Raises:
        ValueError: A cell is no date; names file, row and value.
    """
    cells = frame[column]
    dates: list[date | None] = []
    for row, cell in enumerate(cells, start=1):
        try:
            dates.append(_parse(cell, end=end) if cell else None)
        except ValueError as error:
            raise ValueError(f"{name}.csv, row {row}, {column}: {cell!r} is no date") from error
    return pl.Series(column, dates, dtype=pl.Date)


def _parse(cell: str, *, end: bool) -> date:
    if len(cell) != len("YYYY-MM"):
        return date.fromisoformat(cell)
    first = date.fromisoformat(f"{cell}-01")
    if not end:
        return first
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
