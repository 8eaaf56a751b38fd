"""`core.dyad_sessions`: counts of joint votes."""

from datetime import date

import polars as pl

from transforms.core.dyad_sessions import build_dyad_sessions
from transforms.metrics.similarity.vote_similarity import build_vote_similarity
from warehouse.contracts.read import contracts

CHOICES = ["yes", "abstain", "no", "absent", "no_row", "not_member", "seat_disputed"]
SEATED = 5
"""Choices before this place are those of members that could vote."""


def world(n_roll_calls=60, ccodes=range(2, 30)):
    """Votes that run through all combinations, without a random number."""
    votes = pl.DataFrame(
        [
            (rcid, ccode, CHOICES[(rcid * ccode + rcid // 7 + ccode // 3) % len(CHOICES)])
            for rcid in range(n_roll_calls)
            for ccode in ccodes
        ],
        schema={"rcid": pl.Int32, "ccode": pl.Int16, "choice": pl.String},
        orient="row",
    )
    rcid = pl.int_range(n_roll_calls, dtype=pl.Int32, eager=True).alias("rcid")
    roll_calls = pl.DataFrame([rcid]).with_columns(
        session=(pl.col("rcid") // 20 + 1).cast(pl.Int16),
        in_final_only=pl.col("rcid") % 5 != 0,
        is_unanimous=pl.col("rcid") % 11 == 0,
    )
    states = pl.DataFrame(
        {"ccode": list(ccodes), "valid_from": date(1900, 1, 1), "counts_to": date(2024, 12, 31)},
        schema_overrides={"ccode": pl.Int16},
    )
    return {"votes": votes, "roll_calls": roll_calls, "states": states}


def test_counts_are_those_of_a_self_join():
    tables = world()
    got = build_dyad_sessions(**tables).tables["core.dyad_sessions"]
    counted = (
        tables["votes"]
        .join(tables["roll_calls"].filter("in_final_only", ~pl.col("is_unanimous")), on="rcid")
        .with_columns(place=pl.col("choice").replace_strict(CHOICES, range(len(CHOICES))))
    )
    dyads = counted.join(counted, on=["rcid", "session"], suffix="2").filter(
        pl.col("ccode") < pl.col("ccode2")
    )
    gap = (pl.col("place") - pl.col("place2")).abs()
    voted = (pl.col("place") < 3) & (pl.col("place2") < 3)
    expected = dyads.group_by(ccode1="ccode", ccode2="ccode2", session="session").agg(
        n_both_member=((pl.col("place") < SEATED) & (pl.col("place2") < SEATED))
        .sum()
        .cast(pl.Int16),
        n_joint=voted.sum().cast(pl.Int16),
        n_same=(voted & (gap == 0)).sum().cast(pl.Int16),
        n_partial=(voted & (gap == 1)).sum().cast(pl.Int16),
        n_opposite=(voted & (gap == 2)).sum().cast(pl.Int16),
    )
    conform = contracts()["core.dyad_sessions"].conform
    assert conform(got).equals(conform(expected))
    assert got.height == 3 * 28 * 27 // 2


def test_agreement_is_what_the_counts_say():
    tables = world()
    counts = build_dyad_sessions(**tables).tables["core.dyad_sessions"]
    measures = build_vote_similarity(**tables, vote_sets=("final_only",))
    both = counts.join(
        measures.tables["metrics.vote_similarity"],
        on=["ccode1", "ccode2", "session", "n_joint", "n_both_member"],
        validate="1:1",
    )
    assert both.height == counts.height
    agreement = (pl.col("n_same") + pl.col("n_partial") / 2) / pl.col("n_joint")
    assert both.filter((agreement - pl.col("agreement")).abs() > 1e-15).is_empty()


def test_no_sessions_give_an_empty_table():
    tables = world()
    empty = build_dyad_sessions(
        votes=tables["votes"].clear(),
        roll_calls=tables["roll_calls"].clear(),
        states=tables["states"],
    ).tables["core.dyad_sessions"]
    assert contracts()["core.dyad_sessions"].conform(empty).is_empty()
