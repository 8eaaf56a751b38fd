"""Places of the US military abroad: from the names and codes of two files to states."""

from collections.abc import Sequence

import polars as pl

from transforms.core.entity_kinds import split_by_kind

REASONS = {
    "home": "home_country",
    "territory": "not_in_system",
    "unspecified": "unspecified_place",
}
UNITED_STATES = 2


def place_rows(
    rows: pl.DataFrame, *, us_places: pl.DataFrame, states: pl.DataFrame
) -> tuple[pl.DataFrame, Sequence[pl.DataFrame]]:
    """Finds the state of each row: by the list where it has the name, else by the code.

    Args:
        rows: place_name, place_code (a COW code or NULL) and anything else.
        us_places: Reference `us_places`: name, kind, ccode.
        states: `core.states`.

    Returns:
        Rows of states, with `ccode` (Int16); and the others, each part with `reason`:
        `home_country`, `not_in_system` (dependent territories), `unspecified_place`, `no_code`,
        `unknown_code`.
    """
    others = us_places.filter(pl.col("kind") != "state").select(code="name", kind="kind")
    of_states, listed = split_by_kind(rows, others, code="place_name", reasons=REASONS)
    named = us_places.filter(pl.col("kind") == "state").select(
        place_name="name", _named=pl.col("ccode").cast(pl.Int16)
    )
    coded = (
        of_states.drop("kind")
        .join(named, on="place_name", how="left", validate="m:1", maintain_order="left")
        .with_columns(pl.coalesce("_named", "place_code").cast(pl.Int16).alias("ccode"))
        .drop("_named")
    )
    is_home = pl.col("ccode") == UNITED_STATES
    known = pl.col("ccode").is_in(states["ccode"].unique().implode())
    reason = (
        pl.when(pl.col("ccode").is_null())
        .then(pl.lit("no_code"))
        .when(is_home)
        .then(pl.lit("home_country"))
        .when(~known)
        .then(pl.lit("unknown_code"))
    )
    judged = coded.with_columns(reason.alias("reason"))
    kept = judged.filter(pl.col("reason").is_null()).drop("reason")
    unplaced = judged.filter(pl.col("reason").is_not_null()).drop("ccode")
    return kept, (listed.drop("kind"), unplaced)
