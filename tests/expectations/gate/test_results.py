"""Results as rows, as text, and as the verdict that stops a build."""

import datetime as dt
import json
from dataclasses import replace

import polars as pl
import pytest

from expectations.gate.failures import GateFailedError, raise_if_stopped
from expectations.gate.results import (
    QUARANTINE_SCHEMA,
    SAMPLE_ROWS,
    VALIDATION_SCHEMA,
    ExpectationResult,
    GateReport,
    quarantine_frame,
    rule_result,
    validation_frame,
)
from expectations.suite import SqlRule
from warehouse.contracts.read import contracts

HOLDS = ExpectationResult(
    stage="staged",
    table="staging.stg_x__votes",
    expectation="ColumnValuesToNotBeNull(rcid)",
    column="rcid",
    severity="critical",
    passed=True,
    n_evaluated=1_234_275,
    n_failed=0,
    sample=(),
    why="without it the row cannot be told apart",
)
BREACHES = tuple({"rcid": 3, "ccode": c, "vote_code": 7} for c in (2, 20, 31, 40, 41, 42))
FAILS = replace(
    HOLDS,
    expectation="ColumnValuesToBeInSet(vote_code, value_set: 1, 2, 3)",
    column="vote_code",
    passed=False,
    n_failed=1_203,
    sample=BREACHES,
    why="any other code has no meaning",
)
WARNS = replace(FAILS, severity="warning", expectation="totals_agree", column=None)
INFORMS = replace(FAILS, severity="info", expectation="known_quirk", column=None)
REPORT = GateReport("staged", HOLDS.table, (HOLDS, INFORMS, WARNS, FAILS))

MESSAGE = """\
The staged gate stopped staging.stg_x__votes: 3 of 4 rules do not hold.
  critical ColumnValuesToBeInSet(vote_code, value_set: 1, 2, 3): 1,203 of 1,234,275 do not hold
           why it matters: any other code has no meaning
           rcid=3  ccode=2  vote_code=7
           rcid=3  ccode=20  vote_code=7
           rcid=3  ccode=31  vote_code=7
           rcid=3  ccode=40  vote_code=7
           rcid=3  ccode=41  vote_code=7
           … and 1,198 more
"""


def test_the_message_names_rule_keys_what_is_intact_and_what_to_do() -> None:
    with pytest.raises(GateFailedError) as stopped:
        raise_if_stopped([REPORT])
    text = str(stopped.value)
    assert text.startswith(MESSAGE)
    assert text.index("critical") < text.index("warning") < text.index("info ")
    assert "the published warehouse are\nuntouched" in text
    assert "Compare these rows with the publisher's file" in text
    assert stopped.value.reports == (REPORT,)


def test_only_critical_failures_stop() -> None:
    report = replace(REPORT, results=(HOLDS, WARNS, INFORMS))
    assert not report.stops
    raise_if_stopped([report, report])
    with pytest.raises(GateFailedError) as stopped:
        raise_if_stopped([report, REPORT])
    assert stopped.value.reports == (REPORT,)


def test_what_could_not_be_evaluated_says_so() -> None:
    broken = replace(FAILS, n_evaluated=0, n_failed=1, sample=({"error": "no column vote_code"},))
    with pytest.raises(GateFailedError, match="could not be evaluated") as stopped:
        raise_if_stopped([GateReport("staged", broken.table, (broken,))])
    assert "error=no column vote_code" in str(stopped.value)
    assert "more" not in str(stopped.value)


def test_results_become_rows_of_the_validation_table() -> None:
    frame = REPORT.validation
    assert frame.schema == pl.Schema(VALIDATION_SCHEMA)
    assert frame["ordinal"].to_list() == [1, 2, 3, 4]
    assert frame["passed"].to_list() == [True, False, False, False]
    assert frame["sample_keys"][0] is None
    assert json.loads(frame["sample_keys"][3]) == list(BREACHES)
    assert frame["column_name"].to_list() == ["rcid", None, None, "vote_code"]


def test_ordinals_count_within_stage_and_table() -> None:
    other = replace(HOLDS, table="staging.stg_x__roll_calls")
    frame = validation_frame([HOLDS, other, FAILS, other])
    assert frame["ordinal"].to_list() == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("table", "frame"),
    [
        ("meta.validation_results", REPORT.validation),
        ("meta.quarantine", REPORT.quarantine),
        ("meta.validation_results", validation_frame([])),
        ("meta.quarantine", quarantine_frame([])),
    ],
)
def test_frames_fit_their_contracts(table: str, frame: pl.DataFrame) -> None:
    contract = contracts()[table]
    assert frame.schema == pl.Schema(contract.polars_schema)
    assert contract.conform(frame).height == frame.height
    assert not frame.select(contract.key).is_duplicated().any()


def test_severities_and_stages_are_those_of_the_contract() -> None:
    columns = {c.name: c for c in contracts()["meta.validation_results"].columns}
    assert set(columns["severity"].codes or ()) == {"critical", "warning", "info"}
    stages = {"raw", "staged", "core", "marts", "metrics", "warehouse"}
    assert set(columns["stage"].codes or ()) == stages


def test_only_warnings_go_to_quarantine_each_key_once() -> None:
    twice = replace(WARNS, sample=(*BREACHES[:2], BREACHES[0]))
    frame = quarantine_frame([HOLDS, FAILS, INFORMS, twice])
    assert frame.schema == pl.Schema(QUARANTINE_SCHEMA)
    assert [json.loads(key)["ccode"] for key in frame["row_key"]] == [2, 20]
    assert set(frame["reason"]) == {twice.why}
    assert quarantine_frame([replace(twice, passed=True)]).is_empty()


def test_dates_in_keys_are_written_out() -> None:
    dated = replace(WARNS, sample=({"ccode": 2, "day": dt.date(2003, 3, 20)},))
    assert quarantine_frame([dated])["row_key"][0] == '{"ccode": 2, "day": "2003-03-20"}'


def test_a_rule_across_tables_becomes_a_result() -> None:
    rule = SqlRule("votes_have_roll_calls", "SELECT 1", "no date", ("core.votes",), "warning")
    failing = pl.DataFrame({"rcid": range(SAMPLE_ROWS + 1)})
    result = rule_result("core.votes", rule, failing, 4_711)
    assert (result.stage, result.table, result.expectation) == (
        *("warehouse", "core.votes"),
        "votes_have_roll_calls",
    )
    assert (result.passed, result.n_failed, len(result.sample)) == (False, 4_711, SAMPLE_ROWS)
    assert (result.severity, result.why) == ("warning", "no date")
    held = rule_result("core.votes", rule, failing.clear(), 0, n_evaluated=9)
    assert (held.passed, held.n_evaluated, held.sample) == (True, 9, ())
