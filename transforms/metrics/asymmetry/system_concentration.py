"""`metrics.system_concentration`: concentration of capabilities in the state system, by year.

For the shares s_i of N states in the sum of their CINC, taken among the states of the set (CINC
itself does not add up to 1 in every year):

=========================  ============================================================  ========
column                     formula                                                       range
=========================  ============================================================  ========
concentration              CON_t = √[(Σ s² − 1/N) / (1 − 1/N)]                           [0, 1]
concentration_change_k     CON_t − CON_{t−k}                                             [−1, 1]
movement_k                 MOVE_t,k = Σ |s_it − s_i,t−k| / (2 (1 − min_i s_it))          [0, 1]
usa_share, leader_share    share of the United States, and of the largest                [0, 1]
=========================  ============================================================  ========

Two sets: the major powers (Correlates of War, carried forward after 2016) and all states.
MOVE is taken over the states that are in the set in both years, with shares among them: a state
that enters or leaves is no redistribution. `concentration_change_k` compares the sets as they
were, entries included.

Null rules as for alliances: fewer than two states, `single_member`; a major power without CINC,
or fewer than four fifths of all states with one, `capability_missing`.

References: Singer, Bremer and Stuckey 1972 for CON, ΔCON and MOVE; Ray and Singer 1973
(Sociological Methods & Research 1: 403-437).

Check values (National Material Capabilities 7.0): 1816 .3296 among 5 majors and .3458 among all,
2016 .4619 among 7 and .2827.
"""

import polars as pl

from transforms.core.major_powers import major_power_years
from transforms.metrics.asymmetry.inequality import asymmetry_measures
from transforms.step_result import StepResult

TABLE = "metrics.system_concentration"

UNITED_STATES = 2
LAGS = (1, 5, 10)  # years
OBSERVED_IN_FIVE = 4  # at least four of five states, in whole numbers
GROUP = ["year", "state_set"]


def build_system_concentration(
    *, capabilities: pl.DataFrame, major_powers: pl.DataFrame
) -> StepResult:
    """Measures both sets of states in every year that the capabilities cover.

    Args:
        capabilities: `core.capabilities`: ccode, year, cinc; who has a row is in the set `all`.
        major_powers: `core.major_powers`.

    Returns:
        One row per year and set, measured or with its `null_reason`. Nothing is lost.
    """
    members = _sets(capabilities, major_powers)
    groups = members.group_by(GROUP).agg(
        pl.len().cast(pl.Int16).alias("n_states"),
        pl.col("cinc").null_count().cast(pl.Int16).alias("n_missing"),
        (pl.col("cinc").is_null() & pl.col("is_major")).any().alias("lacks_major"),
        pl.col("is_carried_forward").any().alias("is_major_carried_forward"),
    )
    judged = groups.with_columns(_reason().alias("null_reason")).drop("lacks_major")
    shares = _shares(members.join(judged.filter(pl.col("null_reason").is_null()), on=GROUP))
    table = judged.join(_measures(shares), on=GROUP, how="left", validate="1:1")
    for lag in LAGS:
        table = _against(table, shares, lag)
    return StepResult({TABLE: table.sort(GROUP)})


def _sets(capabilities: pl.DataFrame, major_powers: pl.DataFrame) -> pl.DataFrame:
    """Rows of both sets: all states, and the major powers."""
    everyone = capabilities.select("year", "ccode", "cinc")
    majors = major_power_years(major_powers).join(
        everyone.select("year").unique(), on="year", how="semi"
    )
    keys = ["ccode", "year"]
    everyone = everyone.join(majors, on=keys, how="left", validate="1:1").select(
        "year",
        pl.lit("all").alias("state_set"),
        "ccode",
        "cinc",
        pl.col("is_carried_forward").is_not_null().alias("is_major"),
        pl.lit(False).alias("is_carried_forward"),
    )
    powers = majors.join(everyone.select(*keys, "cinc"), on=keys, how="left", validate="1:1")
    return pl.concat(
        [
            everyone,
            powers.select(
                "year",
                pl.lit("majors").alias("state_set"),
                "ccode",
                "cinc",
                pl.lit(True).alias("is_major"),
                "is_carried_forward",
            ),
        ]
    )


def _reason() -> pl.Expr:
    observed = pl.col("n_states") - pl.col("n_missing")
    too_few = 5 * observed.cast(pl.Int32) < OBSERVED_IN_FIVE * pl.col("n_states").cast(pl.Int32)
    return (
        pl.when(pl.col("n_states") < 2)
        .then(pl.lit("single_member"))
        .when(too_few | pl.col("lacks_major") | (observed < 2))
        .then(pl.lit("capability_missing"))
    )


def _shares(members: pl.DataFrame) -> pl.DataFrame:
    """The states with CINC, largest first, with their shares in their set."""
    falling = [False, False, True, False]
    known = members.drop_nulls("cinc").sort(*GROUP, "cinc", "ccode", descending=falling)
    total = pl.col("cinc").sum().over(GROUP)
    return known.select(*GROUP, "ccode", (pl.col("cinc") / total).alias("share"))


def _measures(shares: pl.DataFrame) -> pl.DataFrame:
    """Concentration, leader and the share of the United States, per year and set."""
    rows = []
    for (year, state_set), group in shares.group_by(GROUP, maintain_order=True):
        share = dict(zip(group["ccode"].to_list(), group["share"].to_list(), strict=True))
        leader, leader_share = next(iter(share.items()))
        concentration = asymmetry_measures(list(share.values()))["concentration"]
        usa_share = share.get(UNITED_STATES)
        rows.append((year, state_set, concentration, usa_share, leader, leader_share))
    types = {"year": pl.Int16, "state_set": pl.String, "concentration": pl.Float64}
    types |= {"usa_share": pl.Float64, "leader_ccode": pl.Int16, "leader_share": pl.Float64}
    return pl.DataFrame(rows, schema=types, orient="row")


def _against(table: pl.DataFrame, shares: pl.DataFrame, lag: int) -> pl.DataFrame:
    """Adds change, movement and common states against `lag` years before."""
    later = (pl.col("year") + lag).cast(pl.Int16)
    before = table.select(later, "state_set", earlier="concentration")
    common = shares.join(
        shares.select(later, "state_set", "ccode", earlier_share="share"),
        on=[*GROUP, "ccode"],
        how="inner",
        validate="1:1",
    ).sort(*GROUP, "ccode")
    rows = []
    for (year, state_set), group in common.group_by(GROUP, maintain_order=True):
        moved = movement(group["earlier_share"].to_list(), group["share"].to_list())
        rows.append((year, state_set, group.height, moved))
    names = (f"n_common_{lag}", f"movement_{lag}")
    schema = dict(zip((*GROUP, *names), (pl.Int16, pl.String, pl.Int16, pl.Float64), strict=True))
    moved_by = pl.DataFrame(rows, schema=schema, orient="row")
    change = (pl.col("concentration") - pl.col("earlier")).alias(f"concentration_change_{lag}")
    return (
        table.join(before, on=GROUP, how="left", validate="1:1")
        .with_columns(change)
        .drop("earlier")
        .join(moved_by, on=GROUP, how="left", validate="1:1")
    )


def movement(before: list[float], after: list[float]) -> float | None:
    """Redistribution of shares between two times, MOVE.

    Args:
        before: The states' capabilities at the earlier time, in any unit.
        after: The same states' at the later time, in the same order.

    Returns:
        Σ |Δs| / (2 (1 − min s)) of the shares among them, in [0, 1]: 1 when the state that is
        now the smallest had all. None for fewer than two states.

    Raises:
        ValueError: The lists differ in length, or all of one is 0.

    Examples:
        >>> round(movement([0.5, 0.3, 0.2], [0.4, 0.4, 0.2]), 12)
        0.125
        >>> movement([0.0, 1.0], [1.0, 0.0])
        1.0
    """
    if len(before) != len(after) or sum(before) == 0 or sum(after) == 0:
        raise ValueError(f"two lists of the same states' capabilities: {before!r}, {after!r}")
    if len(before) < 2:
        return None
    old = [x / sum(before) for x in before]
    new = [x / sum(after) for x in after]
    moved = sum(abs(b - a) for a, b in zip(old, new, strict=True))
    return min(moved / (2 * (1 - min(new))), 1.0)
