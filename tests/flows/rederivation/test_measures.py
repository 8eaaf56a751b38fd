"""The measures as they are defined, on values worked out by hand."""

import pytest

from flows.rederivation.vote_tables import measures

YES, ABSTAIN, NO = 1, 0, -1


def test_measures_of_four_votes() -> None:
    # distances 0, 1, 2, 0: mean 3/4, squared 5/4
    joint = [(YES, YES), (YES, ABSTAIN), (YES, NO), (NO, NO)]
    found = measures(joint)
    assert found["agreement"] == pytest.approx(1 - 3 / 8)
    assert found["s_abs"] == pytest.approx(1 / 4)
    assert found["s_sq"] == pytest.approx(1 - 5 / 8)
    # by the margins (3 yes, 1 no against 1, 1, 2): (3·(0 + 1 + 2·2) + 1·(2 + 1)) / 16 = 18/16
    assert found["kappa_abs"] == pytest.approx(1 - (3 / 4) / (18 / 16))
    # by both margins together (4 yes, 1 abstention, 3 no): 2·(4·1 + 1·3 + 2·4·3) / 64 = 62/64
    assert found["pi_abs"] == pytest.approx(1 - (3 / 4) / (62 / 64))
    # pairs: three with the last concordant but the third, whose other vote is equal; 3 and 5 untied
    assert found["tau_b"] == pytest.approx(2 / 15**0.5)


def test_two_states_that_always_vote_alike_vary_in_nothing() -> None:
    found = measures([(YES, YES)] * 3)
    assert found["agreement"] == 1
    assert (found["pi_abs"], found["kappa_abs"], found["tau_b"]) == (None, None, None)


def test_no_joint_vote_is_no_measure() -> None:
    assert set(measures([]).values()) == {None}
