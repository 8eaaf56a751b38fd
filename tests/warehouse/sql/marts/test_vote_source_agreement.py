"""marts.vote_source_agreement over three sessions: matched, extending, and in one source only."""

import polars as pl

from warehouse.contracts.read import contracts
from warehouse.load.marts import run_mart

MATCHES = [
    # undl_id, session, rcid, is_matched, extends, match_rule, compared, equal
    (1, 70, 11, True, False, "only_candidate", 190, 190),
    (2, 70, 12, True, False, "most_equal_votes", 10, 5),
    (3, 70, None, False, False, None, 0, 0),
    (4, 76, 10_000_004, False, True, None, 0, 0),
]
ROLL_CALLS = [
    # rcid, session, is_paragraph, is_amendment, source
    (11, 70, False, None, "un_votes"),
    (12, 70, None, None, "un_votes"),
    (13, 70, True, None, "un_votes"),
    (10_000_004, 76, False, False, "undl_votes"),
    (1, 1, False, False, "un_votes"),
]


def test_sessions_of_either_source(tmp_path):
    matches = pl.DataFrame(
        MATCHES,
        schema=[
            "undl_id",
            "session",
            "rcid",
            "is_matched",
            "extends_un_votes",
            "match_rule",
            "n_votes_compared",
            "n_votes_equal",
        ],
        orient="row",
    )
    columns = ["rcid", "session", "is_paragraph", "is_amendment", "source"]
    roll_calls = pl.DataFrame(ROLL_CALLS, schema=columns, orient="row")
    inputs = {}
    for name, frame in (("core.vote_source_matches", matches), ("core.roll_calls", roll_calls)):
        inputs[name] = tmp_path / f"{name}.parquet"
        frame.write_parquet(inputs[name])
    table = contracts()["marts.vote_source_agreement"].conform(
        run_mart("marts.vote_source_agreement", inputs)
    )
    rows = {row["session"]: row for row in table.iter_rows(named=True)}
    counts = ["n_library", "n_matched", "n_matched_by_votes", "n_extending", "n_unmatched"]
    assert sorted(rows) == [1, 70, 76]
    assert [rows[70][c] for c in [*counts, "n_un_votes"]] == [3, 2, 1, 0, 1, 2]
    assert [rows[76][c] for c in [*counts, "n_un_votes"]] == [1, 0, 0, 1, 0, 0]
    assert [rows[1][c] for c in [*counts, "n_un_votes"]] == [0, 0, 0, 0, 0, 1]
    assert rows[70]["agreement_share"] == 195 / 200
    assert (rows[70]["null_reason"], rows[1]["agreement_share"]) == (None, None)
    assert {rows[1]["null_reason"], rows[76]["null_reason"]} == {"unit_not_in_source"}
