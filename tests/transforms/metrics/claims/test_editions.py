"""The part of a key that says whose and which an estimate is, in tables of claims and premium."""

import polars as pl
import pytest

from transforms.metrics.claims.editions import (
    FIRST_EDITION,
    SECOND_EDITION,
    with_leader_and_edition,
)
from warehouse.contracts.read import contracts

OF_EDITION = {
    **dict.fromkeys(
        (
            "legitimation_premium",
            "legitimation_two_way",
            "legitimation_dose",
            "legitimation_event_study",
            "legitimation_supply",
        ),
        FIRST_EDITION,
    ),
    **dict.fromkeys(("triple_difference", "triple_difference_score"), SECOND_EDITION),
    **dict.fromkeys(("claim_test", "claim_joint_test", "claim_verdict"), None),
}


def test_the_leader_is_the_hegemon_and_rows_keep_their_order() -> None:
    rows = pl.DataFrame({"ccode_hegemon": [200, 2], "x": [1.0, 2.0]}).cast(
        {"ccode_hegemon": pl.Int16}
    )
    found = with_leader_and_edition(rows, FIRST_EDITION)
    assert found.columns == ["leader", "edition", "ccode_hegemon", "x"]
    assert found.schema["edition"] == found.schema["leader"] == pl.Int16
    assert found.rows() == [(200, 1, 200, 1.0), (2, 1, 2, 2.0)]


def test_a_leader_that_is_there_stays() -> None:
    found = with_leader_and_edition(pl.DataFrame({"x": [1], "leader": [365]}), SECOND_EDITION)
    assert found.columns == ["leader", "edition", "x"]
    assert found.rows() == [(365, 2, 1)]


@pytest.mark.parametrize("table", OF_EDITION)
def test_both_are_in_the_key_of_every_table_of_claims_and_premium(table: str) -> None:
    assert {"leader", "edition"} <= set(contracts()[f"metrics.{table}"].key)
