import pytest

from tests.warehouse.report.profiles.small_support import warehouse_of
from warehouse.report.profiles.agreement import agreement_by_period, agreement_by_session

# Sessions 46 and 47 (1991, 1992): of 10 and 20 unpopular votes, 4 + 2/2 and 10 like the leader's.
POLAND = (
    (290, 46, "unpopular", 10, 4, 2),
    (290, 46, "popular", 4, 4, 0),
    (290, 47, "unpopular", 20, 10, 0),
    (290, 47, "popular", 0, 0, 0),
)


def test_an_abstention_is_half_and_all_votes_are_popular_and_unpopular_ones() -> None:
    frame = agreement_by_session(warehouse_of(*POLAND))
    found = {(r["session"], r["vote_class"]): r for r in frame.iter_rows(named=True)}
    assert found[46, "unpopular"]["agreement"] == 0.5
    assert found[46, "all"]["agreement"] == round((4 + 1 + 4) / 14, 9)
    assert found[46, "all"]["n_votes"] == 14
    # Wilson (1927) for 5 of 10: the textbook's [.237, .763]
    assert (found[46, "unpopular"]["ci_low"], found[46, "unpopular"]["ci_high"]) == pytest.approx(
        (0.237, 0.763), abs=5e-4
    )


def test_fewer_than_five_votes_are_no_figure() -> None:
    frame = agreement_by_session(warehouse_of(*POLAND, (713, 20, "popular", 0, 0, 0)))
    popular = frame.filter(vote_class="popular")
    assert dict(popular.select("session", "null_reason").iter_rows()) == {
        20: "leader_cast_no_vote",
        46: "n_below_5",
        47: "no_votes_of_class",
    }
    assert popular.select("n_votes", "n_with", "n_abstained", "agreement", "ci_low").is_empty() or (
        popular["n_votes"].null_count() == popular["agreement"].null_count() == 3
    )


def test_variants_of_a_class_are_left_out() -> None:
    frame = agreement_by_session(warehouse_of(*POLAND, (290, 46, "unpopular_third", 9, 1, 0)))
    assert set(frame["vote_class"]) == {"all", "popular", "unpopular"}


def test_a_period_counts_a_session_by_its_votes() -> None:
    frame = agreement_by_period(warehouse_of(*POLAND)).filter(
        period="1991-2000", vote_class="unpopular"
    )
    row = frame.row(0, named=True)
    assert row["agreement"] == 0.5
    assert (row["n_votes"], row["n_sessions"], row["year_from"], row["year_to"]) == (
        *(30, 2),
        *(1991, 1992),
    )
    assert row["interval_basis"] == "votes"  # two sessions tell nothing of how sessions differ


def test_a_sum_over_sessions_has_those_of_few_votes_in_it() -> None:
    frame = agreement_by_period(
        warehouse_of(*((290, 46 + k, "unpopular", 2, 1, 0) for k in range(3)))
    )
    row = frame.filter(period="1991-2000", vote_class="unpopular").row(0, named=True)
    assert (row["n_votes"], row["agreement"], row["interval_basis"]) == (6, 0.5, "sessions")
    one = agreement_by_period(warehouse_of((290, 46, "unpopular", 2, 1, 0)))
    assert set(one["null_reason"]) == {"n_below_5"}
    assert one["n_votes"].null_count() == one["interval_basis"].null_count() == one.height
