"""Ballots of the real vote file: what it lists more than once, and what was really voted apart."""

import polars as pl
import pytest

from tests.built_homes import BuiltHome
from tests.transforms.trunk import read_reference
from transforms.core.vote_source_matches import build_vote_sources


@pytest.fixture(scope="module")
def roll_calls(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("core.roll_calls")


@pytest.fixture(scope="module")
def pairs(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("core.ballot_pairs")


@pytest.mark.parametrize(
    ("rcids", "evidence"),
    [
        ((9150, 9178, 9180, 9209), "listed_by_section"),  # 75/254 A-C, one vote of 168-2-0
        (tuple(range(3898, 3910)), "listed_by_section"),  # 50/38 B I to XII
        ((4393, 5702), "same_symbol_same_votes"),  # 57/84
        ((4379, 5695), "reviewed"),  # 57/58, by resolution and by verbatim record
        ((4706, 4707, 4713), "reviewed"),  # 61/128 A-B
        ((3178, 3179), "reviewed"),  # 42/70 A and B
        ((4391, 5700), "reviewed"),  # 57/78, flagged as a paragraph the second time
    ],
)
def test_one_ballot_counts_once(
    roll_calls: pl.DataFrame, rcids: tuple[int, ...], evidence: str
) -> None:
    listed = roll_calls.filter(pl.col("rcid").is_in(rcids)).sort("rcid")
    assert listed["ballot_id"].unique().to_list() == [rcids[0]]
    assert listed["duplicate_of"].to_list() == [None, *[rcids[0]] * (len(rcids) - 1)]
    assert set(listed["duplicate_evidence"].drop_nulls()) == {evidence}
    for vote_set in ("in_final_only", "in_final_strict", "in_all_recorded"):
        assert listed.filter(vote_set)["rcid"].to_list() == [rcids[0]]


@pytest.mark.parametrize(
    "rcids",
    [
        (441, 443, 444),  # Portugal, Italy and Austria were admitted one by one
        (1759, 1763, 1765),  # 32/105 H, L, N, voted on one by one
        (5788, 5790),  # two paragraphs of 61/77
        (2943, 2944, 2945),  # 40/257 A to C
        (27, 28),  # two trusteeship agreements on one page of the record
    ],
)
def test_what_was_voted_apart_stays(roll_calls: pl.DataFrame, rcids: tuple[int, ...]) -> None:
    listed = roll_calls.filter(pl.col("rcid").is_in(rcids))
    assert listed["duplicate_of"].null_count() == len(rcids)
    assert set(listed["duplicate_evidence"]) == {"kept_apart"}


def test_how_many_ballots_there_are(roll_calls: pl.DataFrame) -> None:
    counted = {
        name: roll_calls[f"in_{name}"].sum()
        for name in ("final_only_as_listed", "final_only", "final_strict", "all_recorded")
    }
    assert counted == {
        "final_only_as_listed": 5_911,
        "final_only": 5_880,
        "final_strict": 5_123,
        "all_recorded": 6_263,
    }


def test_every_pair_is_decided_and_every_reviewed_one_is_there(pairs: pl.DataFrame) -> None:
    assert "undecided" not in set(pairs["decision"])
    reviewed = pairs.filter(pl.col("evidence") == "reviewed").select("rcid1", "rcid2").rows()
    coded = read_reference("ballots_reviewed").select(
        pl.col("rcid1", "rcid2").cast(pl.Int32), "decision"
    )
    assert sorted(reviewed) == sorted(coded.select("rcid1", "rcid2").rows())


def test_important_votes_of_session_50_are_of_the_usual_number(roll_calls: pl.DataFrame) -> None:
    important = roll_calls.filter(pl.col("is_important") & (pl.col("session") == 50))
    assert (important.height, important.filter("in_final_only").height) == (28, 17)


@pytest.mark.parametrize(
    ("session", "mean"), [(50, 0.4673), (57, 0.3007), (61, 0.2520), (71, 0.4109), (75, 0.3396)]
)
def test_mean_agreement_of_the_united_states(
    mirror_home: BuiltHome, session: int, mean: float
) -> None:
    similarity = mirror_home.table("metrics.vote_similarity").filter(
        (pl.col("session") == session)
        & (pl.col("vote_set") == "final_only")
        & ((pl.col("ccode1") == 2) | (pl.col("ccode2") == 2))
    )
    assert similarity["agreement"].mean() == pytest.approx(mean, abs=5e-5)


def test_roll_calls_cut_out_of_the_middle_come_back_from_the_library(
    mirror_home: BuiltHome,
) -> None:
    """Every third resolution of sessions 60 to 74 is taken out of the vote file."""
    read = {
        name: mirror_home.table(f"staging.{name}")
        for name in (
            "stg_un_votes__votes",
            "stg_un_votes__roll_calls",
            "stg_undl_votes__votes",
            "stg_undl_votes__resolutions",
        )
    }
    original = mirror_home.table("core.vote_source_matches").select("undl_id", "rcid")
    cut = original.filter(pl.col("undl_id") % 3 == 0)
    inside = cut.join(
        read["stg_un_votes__roll_calls"].filter(pl.col("session").is_between(60, 74)),
        on="rcid",
        how="semi",
    )
    for name in ("stg_un_votes__votes", "stg_un_votes__roll_calls"):
        read[name] = read[name].join(inside, on="rcid", how="anti")
    matches = build_vote_sources(
        **read,
        **{n: read_reference(n) for n in ("state_aliases", "succession", "special_sessions")},
    ).tables["core.vote_source_matches"]
    fate = matches.join(inside.select("undl_id"), on="undl_id", how="semi")
    by_reason = dict(fate.group_by("unmatched_reason").len().iter_rows())
    # the others are still listed: by the verbatim record, or as a paragraph with like totals
    assert by_reason == {
        "lacking_in_un_votes": 371,
        "only_flagged_votes": 8,
        "totals_differ": 1,
        None: 1,
    }
    assert fate["extends_un_votes"].sum() == 371
    others = matches.join(inside.select("undl_id"), on="undl_id", how="anti")
    assert others["is_matched"].all()
