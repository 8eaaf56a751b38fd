import pytest

from tests.warehouse.report.profiles.small_support import warehouse_of
from warehouse.report.profiles.ally_groups import group_means, ranks
from warehouse.report.profiles.largest_change import largest_changes

ALLIES = ((200, 1991, True), (220, 1991, True), (255, 1991, True), (290, 1991, False))


def one_session(*shares: tuple[int, int]) -> tuple[tuple[int, int, str, int, int, int], ...]:
    """Session 46: ten unpopular votes of each state, so many of them like the leader's."""
    return tuple((ccode, 46, "unpopular", 10, n_with, 0) for ccode, n_with in shares)


def test_an_ally_is_ranked_among_allies_and_among_all() -> None:
    connection = warehouse_of(*one_session((200, 8), (220, 6), (255, 6), (290, 7)), allies=ALLIES)
    rows = ranks(connection).filter(vote_class="unpopular")
    found = {
        r["ccode"]: (r["rank_in_group"], r["n_in_group"], r["rank_of_all"])
        for r in rows.iter_rows(named=True)
    }
    assert found == {200: (1, 3, 1), 220: (2, 3, 3), 255: (2, 3, 3), 290: (1, 1, 2)}
    means = group_means(connection).filter(vote_class="unpopular")
    assert means.select("group", "n_states", "agreement").rows() == [("ally", 3, round(2 / 3, 9))]


def test_a_state_whose_tie_is_not_known_is_in_no_group() -> None:
    connection = warehouse_of(*one_session((200, 8), (290, 7)), allies=ALLIES[:1])
    assert ranks(connection)["ccode"].unique().to_list() == [200]


def votes(session: int, n: int, n_with: int) -> tuple[int, int, str, int, int, int]:
    return (290, session, "unpopular", n, n_with, 0)


def test_the_largest_change_needs_ten_votes_in_sessions_that_follow_each_other() -> None:
    connection = warehouse_of(
        votes(40, 20, 0),
        votes(44, 20, 10),  # 40 and 44 do not follow each other
        votes(45, 9, 9),
        votes(46, 20, 6),  # too few votes in 45
        votes(47, 20, 12),
    )
    row = largest_changes(connection).filter(vote_class="unpopular").row(0, named=True)
    assert (row["year_before"], row["year_after"], row["change"]) == (1991, 1992, 0.3)
    # Newcombe (1998) of 6/20 and 12/20, whose Wilson intervals are [.145, .519] and [.387, .781]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((-0.006, 0.538), abs=1e-3)


def test_the_session_of_1964_does_not_part_those_around_it() -> None:
    connection = warehouse_of(votes(18, 20, 4), votes(19, 10, 10), votes(20, 20, 8))
    row = largest_changes(connection).filter(vote_class="unpopular").row(0, named=True)
    assert (row["year_before"], row["year_after"], row["change"]) == (1963, 1965, 0.2)
