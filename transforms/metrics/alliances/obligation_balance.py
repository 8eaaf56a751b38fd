"""`metrics.obligation_balance`: obligations of the leader of an alliance against its partners'.

For each alliance-phase and item k, with o = 1 where a member promises it:

* leader_value o_ℓ, partner_mean the mean over partners p of o_p (each counting the same);
* balance, in [−1, 1]: o_ℓ − mean_p o_p for what is military (defense, offense, hard, neutral,
  nonagg, consul and the conditions defcon, offcon, olimob), and mean_p o_p − o_ℓ for territorial
  and political items (terrres, dipaid, noothall, thirdcom, notaiden, pol), as in
  `balance_direction`. There is no weighted sum of items, which are of different kinds;
* hard = defence or offence; notaiden = 1 for any of its kinds; pol = the mean of dipaid,
  noothall, thirdcom and notaiden;
* one_way_pledge: the leader promises defence and no partner does.

The leader is the member with the largest CINC in the first year of the phase in which members can
be compared: two of them or more in force, four fifths observed, every major power among these.
Of equals the one with the higher military expenditure, then the one with the lower code.

Only columns of ATOP that vary between the members of one phase have a direction
(`MEMBER_ITEMS`). BASE, MILAID, ASYMM, INTCOM and the like are one value for the whole alliance and
are never read here; they are in `transforms.metrics.alliances.institutionalization`.

References: Leeds, Ritter, Mitchell and Long 2002 (International Interactions 28: 237-260); Benson
and Clinton 2016 (JCR 60: 866-898); Kim 2011 (Security Studies 20: 350-377).

Worked example: United States–Japan 1960: defense 1 and 0, balance +1; terrres 0 and 1, balance
+1; one-way pledge. United States–South Korea 1953: hard 0, terrres +1.
"""

import polars as pl

from transforms.core.major_powers import major_power_years
from transforms.step_result import StepResult

TABLE = "metrics.obligation_balance"

MEMBER_ITEMS = (
    *("defense", "offense", "neutral", "nonagg", "consul"),
    *("defcon", "offcon", "olimob"),
    *("terrres", "dipaid", "noothall", "thirdcom", "notaiden"),
)
"""Columns of members that differ between the members of at least one phase."""

POLITICAL = ("dipaid", "noothall", "thirdcom", "notaiden")
OF_PARTNERS = ("terrres", *POLITICAL, "pol")
ITEMS = (*MEMBER_ITEMS, "hard", "pol")

OBSERVED_IN_FIVE = 4  # at least four of five members, in whole numbers
PHASE = ["atopid", "phase"]


def build_obligation_balance(
    *, alliance_members: pl.DataFrame, capabilities: pl.DataFrame, major_powers: pl.DataFrame
) -> StepResult:
    """Compares the leader's promises with those of its partners.

    Args:
        alliance_members: `core.alliance_members`; of its items only `MEMBER_ITEMS` are read.
        capabilities: `core.capabilities`: ccode, year, cinc, milex_thousand.
        major_powers: `core.major_powers`.

    Returns:
        One row per alliance, phase and item. Without a leader all is NULL: single_member,
        out_of_coverage (the phase ended before the capabilities begin) or capability_missing;
        with one, unit_not_in_source where ATOP did not find the text. Nothing is lost.
    """
    read = alliance_members.select(*PHASE, "ccode", "year_from", "year_to", *MEMBER_ITEMS)
    promises = _promises(read)
    phases = _leaders(read, capabilities, major_powers)
    balances = (
        promises.join(phases.select(*PHASE, "leader_ccode"), on=PHASE, how="left")
        .group_by(*PHASE, "item")
        .agg(
            *_values(pl.col("ccode") == pl.col("leader_ccode")),
            (pl.len() - 1).cast(pl.Int16).alias("n_partners"),
        )
        .join(phases, on=PHASE, how="left", validate="m:1")
    )
    return StepResult({TABLE: _judge(balances)})


def _promises(members: pl.DataFrame) -> pl.DataFrame:
    """Members × items, 0 or 1 (pol: a mean); several spells of one member are one."""
    once = members.group_by(*PHASE, "ccode").agg(pl.col(i).max() for i in MEMBER_ITEMS)
    wide = once.with_columns(
        (pl.col("notaiden") > 0).cast(pl.Float64).alias("notaiden"),
        pl.max_horizontal("defense", "offense").alias("hard"),
    ).with_columns(
        # Not mean_horizontal: one unknown of the four leaves the mean unknown.
        (sum((pl.col(i).cast(pl.Float64) for i in POLITICAL), pl.lit(0.0)) / 4).alias("pol")
    )
    return wide.with_columns(pl.col(*ITEMS).cast(pl.Float64)).unpivot(
        ITEMS, index=[*PHASE, "ccode"], variable_name="item", value_name="promised"
    )


def _values(is_leader: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The leader's promise, and the share of partners that promise; NULL if one is unknown."""
    partners = pl.col("promised").filter(~is_leader)
    return (
        pl.col("promised").filter(is_leader).first().alias("leader_value"),
        pl.when(partners.null_count() == 0).then(partners.mean()).alias("partner_mean"),
    )


def _leaders(
    members: pl.DataFrame, capabilities: pl.DataFrame, major_powers: pl.DataFrame
) -> pl.DataFrame:
    """The phases with their leader and the year that decides, or the null reason."""
    year = pl.int_ranges(pl.col("year_from").cast(pl.Int32), pl.col("year_to") + 1)
    majors = major_power_years(major_powers).select("ccode", "year", is_major=pl.lit(True))
    in_force = (
        members.select(*PHASE, "ccode", year.alias("year"))
        .explode("year")
        .with_columns(pl.col("year").cast(pl.Int16))
        .unique()
        .join(
            capabilities.select("ccode", "year", "cinc", milex="milex_thousand"),
            on=["ccode", "year"],
            how="left",
            validate="m:1",
        )
        .join(majors, on=["ccode", "year"], how="left", validate="m:1")
    )
    falling = [False, False, False, True, True, False]
    ranked = in_force.sort(
        *PHASE, "year", "cinc", "milex", "ccode", descending=falling, nulls_last=True
    )
    years = ranked.group_by(*PHASE, "year", maintain_order=True).agg(
        pl.len().alias("n"),
        pl.col("cinc").count().alias("n_observed"),
        (pl.col("is_major").fill_null(False) & pl.col("cinc").is_null()).any().alias("no_major"),
        pl.col("ccode").first().alias("leader_ccode"),
    )
    enough = 5 * pl.col("n_observed") >= OBSERVED_IN_FIVE * pl.col("n")
    comparable = years.filter((pl.col("n") > 1) & enough & ~pl.col("no_major"))
    first = comparable.group_by(PHASE, maintain_order=True).agg(
        pl.col("leader_ccode").first(), pl.col("year").first().alias("leader_year")
    )
    begins = capabilities["year"].min()
    reason = (
        pl.when(pl.col("leader_ccode").is_not_null())
        .then(None)
        .when(pl.col("n_members") == 1)
        .then(pl.lit("single_member"))
        .when(pl.col("last_year") < begins)
        .then(pl.lit("out_of_coverage"))
        .otherwise(pl.lit("capability_missing"))
    )
    return (
        members.group_by(PHASE)
        .agg(
            pl.col("ccode").n_unique().alias("n_members"),
            pl.col("year_to").max().alias("last_year"),
        )
        .join(first, on=PHASE, how="left", validate="1:1")
        .select(*PHASE, "leader_ccode", "leader_year", reason.alias("no_leader"))
    )


def _judge(balances: pl.DataFrame) -> pl.DataFrame:
    """Adds balance, direction, pledge and reasons."""
    by_partners = pl.col("item").is_in(OF_PARTNERS)
    leader, partners = pl.col("leader_value"), pl.col("partner_mean")
    known = pl.col("leader_value").is_not_null() & pl.col("partner_mean").is_not_null()
    has_leader = pl.col("leader_ccode").is_not_null()
    on_defense = pl.col("item") == "defense"
    one_way = (
        ((pl.col("leader_value") == 1) & (pl.col("partner_mean") == 0)).filter(on_defense).first()
    )
    return balances.select(
        *PHASE,
        "item",
        "leader_ccode",
        "leader_year",
        pl.when(has_leader).then("n_partners").alias("n_partners"),
        pl.when(known).then("leader_value").alias("leader_value"),
        pl.when(known).then("partner_mean").alias("partner_mean"),
        pl.when(by_partners).then(partners - leader).otherwise(leader - partners).alias("balance"),
        pl.when(by_partners)
        .then(pl.lit("partners_minus_leader"))
        .otherwise(pl.lit("leader_minus_partners"))
        .alias("balance_direction"),
        pl.when(has_leader).then(one_way.over(PHASE)).alias("one_way_pledge"),
        pl.when(has_leader & ~known)
        .then(pl.lit("unit_not_in_source"))
        .otherwise("no_leader")
        .alias("null_reason"),
    ).sort(*PHASE, "item")
