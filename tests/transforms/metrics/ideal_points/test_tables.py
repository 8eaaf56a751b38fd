"""Tables of ideal points: contracts, reasons, vote sets, distances."""

import polars as pl
import pytest

from transforms.metrics.ideal_points import build_ideal_points
from transforms.metrics.ideal_points.ideal_point import ideal_point_distances
from warehouse.contracts.read import contracts


def roll_calls_of(votes: pl.DataFrame) -> pl.DataFrame:
    voted = pl.col("choice").is_in(["yes", "abstain", "no"])
    return votes.group_by("rcid").agg(
        pl.col("session").first(),
        in_final_only=(pl.col("rcid").first() % 5 > 0),
        in_all_recorded=pl.lit(True),
        is_unanimous=pl.col("choice").filter(voted).n_unique() == 1,
    )


@pytest.fixture(scope="module")
def outcome(world):
    """The world with a weak state, a silent one, session 19, and a roll call without dissent."""
    votes, _ = world
    columns = ["rcid", "ccode", "session", "choice", "is_sovereign"]
    first = votes.filter(pl.col("session") == 1)["rcid"].unique().sort().to_list()
    extra = [(r, 900, 1, "yes", True) for r in first[:3]]
    extra += [(r, 901, 1, "absent", True) for r in first]
    extra += [(r, 902, 1, "not_member", True) for r in first]
    extra += [(r, 903, 1, "seat_disputed", True) for r in first]
    extra += [(r, 904, 1, "no_row", True) for r in first]
    extra += [(9000, c, 19, v, True) for c, v in ((2, "yes"), (365, "no"))]
    extra += [(9001, c, 1, "yes", True) for c in (2, 365, 400)]
    extra += [(first[0], 511, 1, "no", True)]
    added = pl.DataFrame(extra, schema=columns, orient="row").cast(votes.schema)
    votes = pl.concat([votes, added])
    published = pl.DataFrame(
        {
            "ccode": [2, 2],
            "year": [1946, 1990],
            "ideal_point_published": [1.74, 9.0],
            "published_release": ["a release"] * 2,
        },
        schema_overrides={"ccode": pl.Int16, "year": pl.Int16},
    )
    return build_ideal_points(
        votes=votes, roll_calls=roll_calls_of(votes), ideal_points_published=published
    )


def test_tables_keep_their_contracts(outcome):
    for name, frame in outcome.tables.items():
        conformed = contracts()[name].conform(frame)
        assert conformed.height == frame.height
        assert conformed.select(contracts()[name].key).is_duplicated().sum() == 0


def point(outcome, ccode, session=1, vote_set="all_recorded"):
    rows = outcome.tables["metrics.ideal_point"].filter(
        ccode=ccode, session=session, vote_set=vote_set
    )
    return rows.row(0, named=True) if rows.height else None


def test_few_votes_are_flagged(outcome):
    weak = point(outcome, 900)
    assert (weak["n_votes"], weak["is_weak"], weak["null_reason"]) == (3, True, None)
    assert weak["ideal_point"] is not None
    assert not point(outcome, 2)["is_weak"]


def test_silence_has_no_ideal_point_but_a_reason(outcome):
    silent = point(outcome, 901)
    assert (silent["ideal_point"], silent["ideal_point_se"]) == (None, None)
    assert (silent["n_votes"], silent["null_reason"]) == (0, "absent_all")
    assert point(outcome, 902) is None


def test_the_published_series_stands_beside(outcome):
    assert point(outcome, 2)["ideal_point_published"] == 1.74
    assert point(outcome, 2)["published_release"] == "a release"
    assert point(outcome, 2, session=2)["ideal_point_published"] is None
    assert point(outcome, 2, session=2)["ideal_point"] is not None


def test_what_is_left_out_is_counted(outcome, world):
    votes, _ = world
    unanimous = votes.filter(pl.col("choice").n_unique().over("rcid") == 1).height
    lost = dict(outcome.losses.group_by("reason").agg(pl.col("n_rows").sum()).rows())
    assert lost == {
        "single_roll_call_session": 2,
        "unanimous_roll_call": 3 + unanimous,
        "zanzibar_two_votes": 1,
    }
    assert point(outcome, 2, session=19) is None
    assert point(outcome, 511) is None


def test_vote_sets_differ(outcome):
    counts = outcome.tables["metrics.ideal_point"].group_by("vote_set").agg(pl.col("n_votes").sum())
    by_set = dict(counts.rows())
    assert 0.7 < by_set["final_only"] / by_set["all_recorded"] < 0.9


def test_distance_of_the_docstring():
    points = pl.DataFrame(
        {
            "ccode": [2, 200, 900],
            "session": [1, 1, 1],
            "vote_set": ["final_only"] * 3,
            "ideal_point": [1.5, -0.5, None],
            "ideal_point_se": [0.3, 0.4, None],
            "n_votes": [30, 4, 0],
            "null_reason": [None, None, "absent_all"],
        }
    )
    rows = ideal_point_distances(points).sort("ccode1", "ccode2").rows()
    assert rows == [
        (2, 200, 1, "final_only", 2.0, 0.5, 4, None),
        (2, 900, 1, "final_only", None, None, 0, "absent_all"),
        (200, 900, 1, "final_only", None, None, 0, "absent_all"),
    ]


def test_distances_are_of_all_pairs(outcome):
    points = outcome.tables["metrics.ideal_point"]
    n = points.group_by("session", "vote_set").len()["len"].cast(pl.Int64)
    assert outcome.tables["metrics.ideal_point_distance"].height == (n * (n - 1) // 2).sum()


def test_a_vote_without_its_roll_call_is_refused(world):
    votes, _ = world
    roll_calls = roll_calls_of(votes).filter(pl.col("rcid") != 7)
    empty = pl.DataFrame(
        schema={
            "ccode": pl.Int16,
            "year": pl.Int16,
            "ideal_point_published": pl.Float64,
            "published_release": pl.String,
        }
    )
    with pytest.raises(ValueError, match="rcid 7 belongs to no roll call"):
        build_ideal_points(votes=votes, roll_calls=roll_calls, ideal_points_published=empty)
