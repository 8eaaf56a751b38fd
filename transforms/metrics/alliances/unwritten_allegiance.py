"""`metrics.unwritten_allegiance`: do partners without a written political duty legitimise less?

The claim says that an allegiance which is not written legitimises more. A test needs partners of
one leader of whom some owe it political support in writing and others do not. Items: `dipaid`
(diplomatic support, the nearest that ATOP has to such a duty) and `consul` (consultation). A
partner is a state with a defence promise to or from the leader; it has the duty in a year in which
any alliance with the leader says so.

Whether it can be tested is computed, in this order, each with its `null_reason`: no partner has the
duty, or all have it (no_variation); fewer than five do, or fewer than five do not (n_below_min); or
all that have it are parties to one alliance (one_treaty): then the duty cannot be told from the
treaty, its region and its history. `is_rio` says whether they are exactly the parties to the Rio
treaty.

Where it can be tested: g_is = Λ_U − Λ_P (mean agreement with the leader on its unpopular minus its
popular votes, ten of each or more, `metrics.hegemon_support`), g_is = δ_s + τ·unwritten_is with
weights n_U·n_P/(n_U + n_P), errors by state. The claim is not that τ is large but that it is not
negative: `is_non_inferior` where the interval lies above −.03. How the audience takes what is
unwritten is in no source.

Range of the estimate: [−2, 2], in shares.

References: Leeds, Ritter, Mitchell and Long 2002 (International Interactions 28: 237-260); Walker
and Nowacki 2011 (Statistics in Medicine 30: 192-196) on non-inferiority.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from transforms.core.obligations import owes
from transforms.inference.cluster_jackknife import Interval
from transforms.inference.two_way_effects import two_way_effect
from transforms.metrics.claims.cell_tables import Row, estimate_row, estimates_frame
from transforms.metrics.claims.leaders import LEADERS
from transforms.rollcall_matrix import SESSION_OFFSET
from transforms.step_result import StepResult

TABLE = "metrics.unwritten_allegiance"

CELL = {"item": pl.String}
VALUES = {
    "n_partners": pl.Int16,
    "n_written": pl.Int16,
    "n_unwritten": pl.Int16,
    "n_of_one_alliance": pl.Int16,
    "atopid": pl.Int32,
    "is_rio": pl.Boolean,
    "margin": pl.Float64,
    "is_non_inferior": pl.Boolean,
}
ITEMS = ("dipaid", "consul")
FIRST_YEAR = 1946
MIN_PARTNERS = 5
MARGIN = 0.03
VOTE_SET = "final_only"
CLASSES = ("unpopular", "popular")


def build_unwritten_allegiance(
    *,
    obligations: pl.DataFrame,
    hegemon_support: pl.DataFrame,
    rio_parties: pl.DataFrame,
) -> StepResult:
    """Says which claims on unwritten duties can be tested, and tests those.

    Args:
        obligations: `core.obligations`: ccode_from, ccode_to, year, atopid and the items.
        hegemon_support: `metrics.hegemon_support`.
        rio_parties: Hand-coded: parties to the Rio treaty.

    Returns:
        One row per leader and item. Nothing is lost.
    """
    parties = frozenset(int(c) for c in rio_parties["ccode"].to_list())
    rows = [
        {
            "leader": leader,
            "item": item,
            **_cell(leader, item, obligations, hegemon_support, parties),
        }
        for leader in LEADERS
        for item in ITEMS
    ]
    return StepResult({TABLE: estimates_frame(rows, CELL, VALUES)})


def _cell(
    leader: int,
    item: str,
    obligations: pl.DataFrame,
    hegemon_support: pl.DataFrame,
    parties: frozenset[int],
) -> Row:
    duties = duties_of_partners(obligations, leader, item)
    counts = counts_of(duties, parties - {leader})
    if counts["null_reason"]:
        return {**counts, "n": 0}
    return {**counts, **non_inferiority(gaps(hegemon_support, leader), duties)}


def duties_of_partners(obligations: pl.DataFrame, leader: int, item: str) -> pl.DataFrame:
    """Partners of a leader by year and alliance, and whether they owe the item.

    Args:
        obligations: `core.obligations`.
        leader: Code of the leader.
        item: dipaid or consul.

    Returns:
        ccode, year, atopid, is_written: of states with a defence promise either way in the year.
    """
    since = obligations.filter(pl.col("is_cow_dyad") & (pl.col("year") >= FIRST_YEAR))
    promised = since.filter(owes("defense"))
    partners = pl.concat(
        promised.filter(pl.col(one) == leader).select("year", ccode=other)
        for one, other in (("ccode_from", "ccode_to"), ("ccode_to", "ccode_from"))
    ).unique()
    owed = since.filter(pl.col("ccode_to") == leader).select(
        "year", "atopid", ccode="ccode_from", is_written=owes(item).fill_null(False)
    )
    return partners.join(owed, on=["ccode", "year"], how="left").with_columns(
        pl.col("is_written").fill_null(False)
    )


def counts_of(duties: pl.DataFrame, rio: frozenset[int]) -> Row:
    """How many partners owe the item at any time, and why it cannot be tested, if so.

    Args:
        duties: What `duties_of_partners` returns.
        rio: Parties to the Rio treaty without the leader.
    """
    written = duties.filter("is_written")
    owing = frozenset(written["ccode"].to_list())
    n_partners = duties["ccode"].n_unique()
    by_alliance = (
        written.group_by("atopid")
        .agg(pl.col("ccode").n_unique().alias("n"))
        .sort("n", "atopid", descending=[True, False])
    )
    largest = by_alliance.row(0) if by_alliance.height else (None, 0)
    counts: Row = {
        **{"n_partners": n_partners, "n_written": len(owing), "margin": MARGIN},
        "n_unwritten": n_partners - len(owing),
        **{"n_of_one_alliance": largest[1], "atopid": largest[0], "is_rio": owing == rio},
    }
    reason = None
    if not owing or len(owing) == n_partners:
        reason = "no_variation"
    elif min(counts["n_written"], counts["n_unwritten"]) < MIN_PARTNERS:
        reason = "n_below_min"
    elif largest[1] == len(owing):
        reason = "one_treaty"
    return {**counts, "null_reason": reason}


def gaps(hegemon_support: pl.DataFrame, leader: int) -> pl.DataFrame:
    """Agreement on unpopular minus popular votes, by state and session.

    Args:
        hegemon_support: `metrics.hegemon_support`.
        leader: Code of the leader.

    Returns:
        ccode, year, gap, weight; of states with ten votes or more of either class.
    """
    unpopular, popular = (
        hegemon_support.filter(
            pl.col("ccode_hegemon") == leader,
            pl.col("vote_set") == VOTE_SET,
            pl.col("vote_class") == vote_class,
            pl.col("mean_agreement").is_not_null(),
        ).select("ccode", "session", y="mean_agreement", n="n_votes_of_class")
        for vote_class in CLASSES
    )
    n_u, n_p = pl.col("n").cast(pl.Float64), pl.col("n_right").cast(pl.Float64)
    return (
        unpopular.join(popular, on=["ccode", "session"], how="inner", validate="1:1")
        .select(
            "ccode",
            (pl.col("session") + SESSION_OFFSET).cast(pl.Int16).alias("year"),
            (pl.col("y") - pl.col("y_right")).alias("gap"),
            (n_u * n_p / (n_u + n_p)).alias("weight"),
        )
        .sort("ccode", "year")
    )


def non_inferiority(gap: pl.DataFrame, duties: pl.DataFrame) -> Row:
    """Effect of having no written duty, and whether it lies above −.03.

    Args:
        gap: What `gaps` returns.
        duties: What `duties_of_partners` returns.

    Returns:
        Values of the cell.
    """
    of_year = duties.group_by("ccode", "year").agg(pl.col("is_written").any())
    rows = gap.join(of_year, on=["ccode", "year"], how="inner", validate="1:1").sort(
        "ccode", "year"
    )
    if rows.is_empty():
        return {"n": 0, "null_reason": "unit_not_in_source"}
    found = two_way_effect(
        outcome=rows["gap"].to_numpy(),
        regressor=(~rows["is_written"]).cast(pl.Float64).to_numpy(),
        weights=rows["weight"].to_numpy(),
        unit=rows["year"].to_numpy(),
        period=np.zeros(rows.height),
        cluster=rows["ccode"].to_numpy(),
    )
    if found is None:
        return {"n": rows.height, "null_reason": "no_variation"}
    interval = Interval(found.std_error, found.ci_low, found.ci_high, found.p_value)
    values: Mapping[str, object] = estimate_row(
        found.estimate, interval, found.n, len(found.clusters), "cluster_t"
    )
    return {**values, "is_non_inferior": found.ci_low > -MARGIN, "null_reason": None}
