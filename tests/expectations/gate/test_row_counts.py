"""Row counts of pinned snapshots."""

import json
from collections.abc import Callable
from importlib.resources import files

import polars as pl
import pytest

from expectations.gate.row_counts import pinned_row_counts, row_count_results
from expectations.gate.run import GateReport
from expectations.suite import Suite, not_empty

TABLE = "staging.stg_x__votes"
PINNED = pl.DataFrame(
    [
        (TABLE, "x.123456789abc", None, None, 5),
        (TABLE, "x.123456789abc", "session", "1", 2),
        (TABLE, "x.123456789abc", "session", "2", 3),
        ("staging.stg_x__other", "x.123456789abc", None, None, 9),
    ],
    schema=["table", "snapshot_id", "group_column", "group_value", "n_rows"],
    orient="row",
)


def votes(*sessions: int) -> pl.DataFrame:
    return pl.DataFrame({"session": sessions}, schema={"session": pl.Int16})


def test_counts_that_match() -> None:
    found = row_count_results("staged", TABLE, "x.123456789abc", votes(1, 1, 2, 2, 2), PINNED)
    assert [(r.expectation, r.passed, r.n_evaluated) for r in found] == [
        ("RowCountsAsPinned(whole table)", True, 1),
        ("RowCountsAsPinned(session)", True, 2),
    ]


def test_counts_that_differ_name_the_group() -> None:
    whole, by_session = row_count_results(
        "staged", TABLE, "x.123456789abc", votes(1, 1, 2, 2, 3, 3), PINNED
    )
    assert (whole.severity, whole.stops) == ("critical", True)
    assert whole.sample == ({"n_expected": 5, "n_found": 6},)
    assert by_session.n_failed == 2
    assert by_session.sample == (
        {"session": "2", "n_expected": 3, "n_found": 2},
        {"session": "3", "n_expected": 0, "n_found": 2},
    )


def test_a_session_that_is_gone_is_named() -> None:
    _, by_session = row_count_results("staged", TABLE, "x.123456789abc", votes(2, 2, 2), PINNED)
    assert by_session.sample == ({"session": "1", "n_expected": 2, "n_found": 0},)


def test_a_grouping_column_that_is_gone_fails() -> None:
    frame = pl.DataFrame({"other": [1] * 5})
    _, by_session = row_count_results("staged", TABLE, "x.123456789abc", frame, PINNED)
    assert (by_session.passed, by_session.n_failed) == (False, 2)


@pytest.mark.parametrize("snapshot_id", [None, "x.ffffffffffff"])
def test_snapshots_that_nobody_counted_are_not_judged(snapshot_id: str | None) -> None:
    assert row_count_results("staged", TABLE, snapshot_id, votes(1), PINNED) == []


def test_the_gate_applies_the_pins(gate: Callable[..., GateReport]) -> None:
    pin = pinned_row_counts().filter(table="raw.cow_states__spells").row(0, named=True)
    frame = pl.DataFrame({"ccode": ["2"] * (pin["n_rows"] - 1)})
    suite = Suite("raw.cow_states__spells", ("ccode",), not_empty("ccode"))
    report = gate(suite, frame, snapshot_id=pin["snapshot_id"])
    (failure,) = report.failures
    assert failure.sample == ({"n_expected": pin["n_rows"], "n_found": pin["n_rows"] - 1},)
    assert not gate(suite, frame, snapshot_id="cow_states.000000000000").failures


def test_every_pinned_source_is_counted_under_its_pinned_hash() -> None:
    lock = json.loads((files("flows") / "sources" / "sources.lock.json").read_text("utf-8"))
    ids = {f"{slug}.{entry['sha256'][:12]}" for slug, entry in lock["sources"].items()}
    assert set(pinned_row_counts()["snapshot_id"]) == ids


def test_the_figures_that_the_vote_file_is_known_by() -> None:
    counts = pinned_row_counts()
    whole = counts.filter(pl.col("group_column").is_null())
    known = dict(zip(whole["table"], whole["n_rows"], strict=True))
    assert known["staging.stg_un_votes__votes"] == 1_234_275
    assert known["staging.stg_un_votes__roll_calls"] == 6_299
    assert known["staging.stg_cow_capabilities__state_years"] == 17_121
    assert known["staging.stg_atop__members"] == 2_510
    for table in ("staging.stg_un_votes__votes", "staging.stg_un_votes__roll_calls"):
        by_session = counts.filter(table=table, group_column="session")
        assert by_session["group_value"].cast(pl.Int16).to_list() == list(range(1, 76))
        assert by_session["n_rows"].sum() == known[table]
    session_19 = counts.filter(
        table="staging.stg_un_votes__roll_calls", group_column="session", group_value="19"
    )
    assert session_19["n_rows"].item() == 1
