"""Listing a ballot again changes no measure: one property over all that count votes."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.trunk import Trunk, build_trunk, write_vote_file
from transforms.core.dyad_sessions import build_dyad_sessions
from transforms.metrics.ideal_points.ideal_point import record_of
from transforms.metrics.legitimation.hegemon_support import build_hegemon_support
from transforms.metrics.legitimation.outside_ideal_point import rcids_outside
from transforms.metrics.similarity.vote_similarity import VOTE_SETS, build_vote_similarity
from transforms.metrics.similarity.vote_similarity_weighted import build_vote_similarity_weighted
from transforms.metrics.similarity.vote_similarity_year import build_vote_similarity_year
from transforms.metrics.similarity.voting_coincidence import build_voting_coincidence
from warehouse.load.marts import run_mart

STATES = (2, 200, 365, 651, 710, 840, 850)
NO_CONSENSUS = pl.DataFrame(schema={"session": pl.String, "n_consensus": pl.String})


@st.composite
def assemblies(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[int]]:
    """Roll calls of two sessions under different numbers, and which are listed again."""
    n = draw(st.integers(2, 8))
    votes = st.sampled_from([1, 2, 3, 8])
    roll_calls = [
        {
            "rcid": 10 * place,
            "session": 58 + place % 2,
            "date": f"{2003 + place % 2}-12-{1 + place:02}",
            "unres": f"R/{58 + place % 2}/{100 + place}",
            "para": draw(st.sampled_from(["0", "0", "1"])),
            "importantvote": draw(st.sampled_from(["0", "1"])),
            # the first states cast a vote, so that there is a ballot
            "votes": {s: draw(votes) for s in STATES} | {2: draw(st.sampled_from([1, 2, 3]))},
        }
        for place in range(1, n + 1)
    ]
    again = draw(st.lists(st.sampled_from(range(n)), min_size=1, max_size=4))
    # a part that is listed twice cannot be told from two parts with one result
    return roll_calls, [place for place in again if roll_calls[place]["para"] == "0"]


def measure(built: Trunk) -> Mapping[str, pl.DataFrame]:
    """Everything that counts roll calls."""
    tables = built.tables
    votes, roll_calls, states = (tables[k] for k in ("votes", "roll_calls", "states"))
    found: dict[str, pl.DataFrame] = {}
    for outcome in (
        build_dyad_sessions(votes=votes, roll_calls=roll_calls, states=states),
        build_vote_similarity(
            votes=votes, roll_calls=roll_calls, states=states, vote_sets=VOTE_SETS
        ),
        build_vote_similarity_year(votes=votes, roll_calls=roll_calls, states=states),
        build_voting_coincidence(
            votes=votes, roll_calls=roll_calls, states=states, consensus_adoptions=NO_CONSENSUS
        ),
        build_hegemon_support(votes=votes, roll_calls=roll_calls),
    ):
        found |= outcome.tables
    sovereign = votes.filter("is_sovereign")
    outside = [sorted(rcids) for rcids in rcids_outside(sovereign, roll_calls).values()]
    found["outside"] = pl.DataFrame({"rcids": outside}, schema={"rcids": pl.List(pl.Int64)})
    return found


@settings(max_examples=25)
@given(assemblies())
def test_listing_a_ballot_again_changes_no_measure(
    assembly: tuple[list[dict[str, Any]], list[int]],
) -> None:
    roll_calls, again = assembly
    listed_again = [
        roll_calls[place] | {"rcid": 1000 + k, "unres": f"A/RES/{roll_calls[place]['unres'][2:]}"}
        for k, place in enumerate(again)
    ]
    once = build_trunk(write_vote_file(*roll_calls))
    twice = build_trunk(write_vote_file(*roll_calls, *listed_again))
    assert twice.tables["roll_calls"]["duplicate_of"].count() == len(again)
    expected, found = measure(once), measure(twice)
    for name, table in expected.items():
        assert found[name].equals(table), name


@pytest.fixture
def session_50(trunk: Callable[..., Trunk], vote_file: Callable[..., bytes]) -> Trunk:
    """Two ballots; the one against the United States is listed three times."""
    alone = {2: 3, 200: 1, 365: 1, 651: 1}
    common = {"session": 50, "date": "1995-12-04", "importantvote": "1"}
    sections = [
        common | {"rcid": n, "unres": f"R/50/38B/{s}", "votes": alone}
        for n, s in ((1, "I"), (2, "II"), (3, "III"))
    ]
    other = common | {"rcid": 9, "unres": "R/50/90", "votes": {2: 1, 200: 1, 365: 3, 651: 1}}
    return trunk(vote_file(*sections, other))


def test_a_worked_session(session_50: Trunk, tmp_path: Any) -> None:
    """The United States and Britain agree on one of two ballots: ½, not ¼."""
    tables = session_50.tables
    votes, roll_calls, states = (tables[k] for k in ("votes", "roll_calls", "states"))
    similarity = build_vote_similarity(
        votes=votes,
        roll_calls=roll_calls,
        states=states,
        vote_sets=("final_only", "final_only_as_listed"),
    ).tables["metrics.vote_similarity"]
    pair = similarity.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 200))
    by_set = dict(pair.select("vote_set", "agreement").iter_rows())
    assert by_set == {"final_only": 0.5, "final_only_as_listed": 0.25}
    coincidence = build_voting_coincidence(
        votes=votes, roll_calls=roll_calls, states=states, consensus_adoptions=NO_CONSENSUS
    ).tables["metrics.voting_coincidence"]
    britain = coincidence.filter(
        (pl.col("ccode") == 200)
        & (pl.col("vote_class") == "important")
        & (pl.col("formula") == "yes_no_only")
        & (pl.col("consensus") == "without")
    ).row(0, named=True)
    assert (britain["n_roll_calls"], britain["coincidence_share"]) == (2, 0.5)
    assert britain["coincidence_share_all_recorded"] == 0.5
    assert record_of(votes, roll_calls, "all_recorded").n_votes.sum() == 8
    paths = {}
    for name in ("votes", "roll_calls"):
        paths[f"core.{name}"] = tmp_path / f"core.{name}.parquet"
        tables[name].write_parquet(paths[f"core.{name}"])
    listed = run_mart("marts.roll_call", paths)
    weighted = build_vote_similarity_weighted(
        votes=tables["votes"], roll_calls=listed, states=tables["states"]
    ).tables["metrics.vote_similarity_weighted"]
    row = weighted.filter(
        (pl.col("ccode1") == 2)
        & (pl.col("ccode2") == 200)
        & (pl.col("vote_set") == "all_recorded")
        & (pl.col("weighting") == "importance")
    ).row(0, named=True)
    assert (row["n_joint"], row["s_abs"]) == (2, 0.0)
    assert np.isclose(listed.filter(pl.col("rcid") == 9)["usa_support_share"].item(), 2 / 3)
