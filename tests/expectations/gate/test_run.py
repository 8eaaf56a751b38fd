"""Every kind of breach is found, with its key, in short tables and in long ones."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from expectations.gate.contract_rules import ColumnShape, TableShape
from expectations.gate.failures import raise_if_stopped
from expectations.gate.results import SAMPLE_ROWS, SHOWN_KEYS, ExpectationResult, validation_frame
from expectations.gate.rules import StatedRule
from expectations.gate.run import GateError, GateReport, assert_all_evaluated
from expectations.suite import (
    Expectation,
    Suite,
    columns_exactly,
    expect,
    key_is_unique,
    one_of,
    row_count_between,
    rows_satisfy,
)

Gate = Callable[..., GateReport]
Check = Callable[[Expectation, pl.DataFrame], ExpectationResult]

SHAPE = TableShape(
    "core.invented",
    ("rcid", "ccode"),
    (
        ColumnShape("rcid", pl.Int32(), minimum=1),
        ColumnShape("ccode", pl.Int16(), minimum=2, maximum=999),
        ColumnShape("choice", pl.String(), codes=("yes", "no")),
        ColumnShape("voted_on", pl.Date(), nullable=True),
        ColumnShape("share", pl.Float64(), nullable=True, minimum=0, maximum=1),
    ),
)
SUITE = Suite("core.invented", SHAPE.key)


def table(n_rows: int = 4) -> pl.DataFrame:
    """Rows that keep every promise of SHAPE."""
    number = pl.int_range(n_rows)
    return pl.select(
        rcid=(1 + number // 500).cast(pl.Int32),
        ccode=(2 + number % 500).cast(pl.Int16),
        choice=pl.when(number % 2 == 0).then(pl.lit("yes")).otherwise(pl.lit("no")),
        voted_on=pl.when(number % 3 > 0).then(pl.lit(dt.date(2003, 3, 20))),
        share=pl.when(number % 5 > 0).then(number / n_rows),
    )


def with_row(row: dict[str, object], n_rows: int) -> pl.DataFrame:
    """The table with one more row that differs from a right one."""
    right = {"rcid": 9_999, "ccode": 2, "choice": "yes", "voted_on": None, "share": 0.5}
    return pl.concat([table(n_rows), pl.DataFrame([right | row], schema=table().schema)])


def failing(report: GateReport) -> dict[str, ExpectationResult]:
    return {result.expectation: result for result in report.failures}


@pytest.mark.parametrize("n_rows", [4, 60_000])
def test_a_right_table_passes_every_rule(gate: Gate, n_rows: int) -> None:
    report = gate(SUITE, table(n_rows), SHAPE)
    assert report.failures == ()
    # columns, types, no gaps, codes, ranges, finite numbers, key
    assert report.n_evaluated == 7
    assert {r.n_evaluated for r in report.results} == {1, n_rows}
    raise_if_stopped([report])


@pytest.mark.parametrize("n_rows", [4, 60_000])
@pytest.mark.parametrize(
    ("row", "rule", "wrong_in"),
    [
        ({"choice": "maybe"}, "CodesToBeKnown", "choice=maybe"),
        ({"share": 1.25}, "NumbersToBeInRange", "share=1.25"),
        ({"ccode": 1000}, "NumbersToBeInRange", "ccode=1000"),
        ({"ccode": 1}, "NumbersToBeInRange", "ccode=1"),
        ({"rcid": 0, "share": -0.5}, "NumbersToBeInRange", "rcid=0, share=-0.5"),
        ({"choice": None}, "NoValueToBeMissing", "choice=NULL"),
        ({"choice": None, "ccode": None}, "NoValueToBeMissing", "ccode=NULL, choice=NULL"),
        # pandas takes NaN for a missing value
        ({"share": float("nan")}, "NumbersToBeFinite", "share=NaN"),
        ({"share": float("-inf")}, "NumbersToBeFinite", "share=-inf"),
    ],
)
def test_a_wrong_cell_is_named_with_key_and_column(
    gate: Gate, n_rows: int, row: dict[str, object], rule: str, wrong_in: str
) -> None:
    report = gate(SUITE, with_row(row, n_rows), SHAPE)
    result = failing(report)[rule]
    assert report.stops
    assert (result.severity, result.n_failed, result.n_evaluated) == ("critical", 1, n_rows + 1)
    key = {"rcid": 9_999, "ccode": 2} | {k: v for k, v in row.items() if k in SHAPE.key}
    assert result.sample == ({**key, "wrong_in": wrong_in},)


@pytest.mark.parametrize("n_rows", [4, 60_000])
def test_a_duplicate_key_is_found(gate: Gate, n_rows: int) -> None:
    report = gate(SUITE, with_row({"rcid": 1, "ccode": 3}, n_rows), SHAPE)
    (result,) = report.failures
    assert result.expectation == "CompoundColumnsToBeUnique(rcid, ccode)"
    assert result.n_failed == 2
    assert result.sample == ({"rcid": 1, "ccode": 3}, {"rcid": 1, "ccode": 3})


def test_a_duplicate_of_a_single_key_is_found(check: Check) -> None:
    frame = pl.DataFrame({"id": [3, 1, 2, 1]})
    result = check(key_is_unique(("id",)), frame)
    assert (result.passed, result.n_failed) == (False, 2)
    assert result.sample == ({"id": 1}, {"id": 1})


def test_columns_in_another_order_are_found(gate: Gate) -> None:
    frame = table().select("ccode", "rcid", "choice", "voted_on", "share")
    (result,) = gate(SUITE, frame, SHAPE).failures
    assert result.expectation.startswith("TableColumnsToMatchOrderedList(rcid, ccode")
    assert result.sample == (
        {"position": 1, "expected": "rcid", "found": "ccode"},
        {"position": 2, "expected": "ccode", "found": "rcid"},
    )


def test_another_type_is_found_although_pandas_shows_the_same(gate: Gate) -> None:
    (result,) = gate(SUITE, table().cast({"ccode": pl.Int64}), SHAPE).failures
    assert result.expectation == "ColumnTypesToMatch"
    assert result.sample == ({"column": "ccode", "expected": "Int16", "found": "Int64"},)


@pytest.mark.parametrize("n_rows", [4, 60_000])
def test_a_missing_column_fails_every_rule_about_it(gate: Gate, n_rows: int) -> None:
    report = gate(SUITE, table(n_rows).drop("choice"), SHAPE)
    found = failing(report)
    assert set(found) == {
        "TableColumnsToMatchOrderedList(rcid, ccode, choice, voted_on, share)",
        "NoValueToBeMissing",
        "CodesToBeKnown",
    }
    not_evaluated = found["NoValueToBeMissing"]
    assert (not_evaluated.n_evaluated, not_evaluated.n_failed) == (0, 1)
    assert "choice" in not_evaluated.sample[0]["error"]


@pytest.mark.parametrize("n_rows", [5, 60_000])
@pytest.mark.parametrize(
    "expectation",
    [
        rows_satisfy("not_there", "no_such_column > 1", "…", severity="info"),
        rows_satisfy("no_sql", "id >", "…", severity="info"),
        expect("ColumnValuesToBeBetween", "…", "info", column="name", min_value=1, max_value=2),
        expect("ColumnValuesToBeInSet", "…", "info", column="id", set_of_values=[1]),
        expect("NoSuchKind", "…", "info", column="id"),
        expect("ColumnValuesToMatchRegex", "…", "info", column="name", regex="("),
    ],
    ids=lambda e: e.kind + str(e.kwargs.get("name", "")),
)
def test_a_rule_that_raises_is_a_critical_failure(
    check: Check, expectation: Expectation, n_rows: int
) -> None:
    numbers = range(n_rows)
    result = check(expectation, pl.DataFrame({"id": numbers, "name": [f"x{i}" for i in numbers]}))
    assert (result.passed, result.severity, result.n_evaluated) == (False, "critical", 0)
    assert result.sample[0]["error"]


@pytest.mark.parametrize("n_rows", [5, 60_000])
def test_rows_that_do_not_satisfy_a_condition_are_found_and_null_holds(
    check: Check, n_rows: int
) -> None:
    frame = pl.DataFrame({"id": range(n_rows), "a": [1, None, 3, 4, 5] + [1] * (n_rows - 5)})
    result = check(rows_satisfy("small", "a < 4", "…", severity="warning"), frame)
    assert (result.passed, result.n_failed, result.severity) == (False, 2, "warning")
    assert result.sample == ({"id": 3, "a": 4}, {"id": 4, "a": 5})


def test_a_regex_and_a_set_of_strings(check: Check) -> None:
    frame = pl.DataFrame({"id": [1, 2, 3], "day": ["2003-03-20", "20 March", None]})
    regex = expect("ColumnValuesToMatchRegex", "…", column="day", regex=r"^\d{4}-\d\d-\d\d$")
    assert check(regex, frame).sample == ({"id": 2, "day": "20 March"},)
    assert check(one_of("day", ["2003-03-20"], "…"), frame).sample == (
        {"id": 2, "day": "20 March"},
    )


def test_dates_out_of_range_are_found(check: Check) -> None:
    frame = pl.DataFrame({"id": [1, 2], "day": [dt.date(2003, 3, 20), dt.date(1803, 3, 20)]})
    least = dt.datetime(1946, 1, 1)
    ranged = expect("ColumnValuesToBeBetween", "…", column="day", min_value=least)
    assert check(ranged, frame).sample == ({"id": 2, "day": dt.date(1803, 3, 20)},)


def test_an_empty_table_breaks_the_number_of_rows(check: Check) -> None:
    frame = pl.DataFrame(schema={"id": pl.Int16})
    result = check(row_count_between(1, 10, "…"), frame)
    assert (result.passed, result.n_evaluated, result.sample) == (False, 1, ({"found": 0},))


def test_a_set_that_misses_a_value(check: Check) -> None:
    frame = pl.DataFrame({"id": [2, 200]})
    kind = "ColumnDistinctValuesToContainSet"
    result = check(expect(kind, "…", column="id", value_set=[2, 365]), frame)
    assert result.sample == ({"missing": [365]},)


def test_a_tolerance_is_of_rows_not_of_distinct_values(check: Check) -> None:
    frame = pl.DataFrame({"id": range(60_000), "a": [9] + [1] * 59_999})
    mostly = expect("ColumnValuesToBeInSet", "…", column="a", value_set=[1], mostly=0.99)
    result = check(mostly, frame)
    assert (result.passed, result.n_failed) == (True, 1)


def test_many_breaches_are_counted_in_full_and_sampled(check: Check) -> None:
    frame = pl.DataFrame({"id": range(60_000), "a": [i % 2 for i in range(60_000)]})
    result = check(one_of("a", [0], "…"), frame)
    assert (result.n_failed, len(result.sample)) == (30_000, SAMPLE_ROWS)
    # the table of results quotes fewer than go to quarantine
    (quoted,) = validation_frame([result])["sample_keys"]
    assert len(json.loads(quoted)) == SHOWN_KEYS
    assert result.sample[1] == {"id": 3, "a": 1}


def test_raw_rows_are_numbered_as_in_the_file(gate: Gate) -> None:
    frame = pl.DataFrame({"id": ["7", "7"], "vote": ["1", "5"]})
    suite = Suite("raw.invented__votes", ("id",), (one_of("vote", ["1", "2"], "…"),))
    (result,) = gate(suite, frame).results
    assert (result.stage, result.sample) == ("raw", ({"row": 2, "id": "7", "vote": "5"},))


def test_results_are_matched_by_name_not_by_order(gate: Gate) -> None:
    # as many rules as make Great Expectations group and reorder them by column and metric
    frame = pl.DataFrame({"a": [1, 2], "b": [1, 2], "c": [1, 2]})
    rules = [one_of(c, [1, n], f"{c}{n}") for n in (2, 3) for c in ("c", "a", "b")]
    report = gate(Suite("core.invented", ("a",), tuple(rules)), frame)
    assert [(r.why, r.passed) for r in report.results] == [
        *(("c2", True), ("a2", True), ("b2", True)),
        *(("c3", False), ("a3", False), ("b3", False)),
    ]


def test_the_same_rule_twice_is_evaluated_twice(gate: Gate) -> None:
    twice = (one_of("a", [1], "first"), one_of("a", [1], "first"))
    report = gate(Suite("core.invented", ("a",), twice), pl.DataFrame({"a": [1]}))
    assert report.n_evaluated == 2


def test_an_empty_suite_is_refused(gate: Gate) -> None:
    with pytest.raises(GateError, match=r"core\.invented: no rule to evaluate"):
        gate(SUITE, table())


def test_the_contract_of_another_table_is_refused(gate: Gate) -> None:
    with pytest.raises(GateError, match=r"given the contract of core\.invented"):
        gate(Suite("core.other", ("a",)), table(), SHAPE)


def test_a_rule_without_result_breaks_the_gate() -> None:
    rules = [
        StatedRule("rule_0", columns_exactly(["a"], "…")),
        StatedRule("rule_1", expect("X", "")),
    ]
    held = {"success": True, "result": {}}
    assert_all_evaluated("core.x", rules, {"rule_0": held, "rule_1": held})
    with pytest.raises(GateError, match=r"core\.x: 2 rules stated, 1 evaluated"):
        assert_all_evaluated("core.x", rules, {"rule_0": held})
    with pytest.raises(GateError, match="2 rules stated, 2 evaluated"):
        assert_all_evaluated("core.x", rules, {"rule_0": held, "rule_1": held, "rule_2": held})
    with pytest.raises(GateError, match="2 rules stated, 1 evaluated"):
        assert_all_evaluated("core.x", [rules[0], rules[0]], {"rule_0": held})


def test_great_expectations_writes_no_file_and_phones_nobody(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gate(SUITE, table(), SHAPE)
    assert list(tmp_path.iterdir()) == []
    assert os.environ["GX_ANALYTICS_ENABLED"] == "False"


def test_nothing_is_printed(gate: Gate, capfd: pytest.CaptureFixture[str]) -> None:
    gate(SUITE, with_row({"share": 2.0}, 4), SHAPE)
    assert capfd.readouterr() == ("", "")
