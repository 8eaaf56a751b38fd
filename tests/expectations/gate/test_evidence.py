"""Counts and distinct values say of a table what all its rows would say."""

import pickle
from collections.abc import Callable

import polars as pl
import pytest

from expectations.gate import run
from expectations.gate.contract_rules import ColumnShape, TableShape
from expectations.gate.evidence import gather
from expectations.gate.gx import validate
from expectations.gate.rules import StatedRule
from expectations.gate.run import GateReport, gather_evidence
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

FRAME = pl.DataFrame({"id": [1, 2, 2, None], "share": [0.1, 0.2, 1.5, None], "code": list("abba")})


def breaches(expectation: Expectation, frame: pl.DataFrame = FRAME) -> int | None:
    return gather([StatedRule("rule", expectation)], frame).breaches.get("rule")


@pytest.mark.parametrize(
    ("expectation", "expected"),
    [
        (expect("NoValueToBeMissing", "…", columns=["id", "code"]), 1),
        (expect("NumbersToBeInRange", "…", bounds={"share": (0, 1), "id": (2, None)}), 2),
        (expect("CodesToBeKnown", "…", codes={"code": ["a"]}), 2),
        (rows_satisfy("small", "share < 0.15", "…"), 2),
        (rows_satisfy("true", "1 = 1", "…"), 0),
        (key_is_unique(("id",)), 1),
        (key_is_unique(("id", "share")), 0),
        (key_is_unique(("code", "id")), 1),
        (columns_exactly(["id", "share", "code"], "…"), 0),
        (columns_exactly(["share", "id", "code"], "…"), 1),
        (expect("TableColumnsToMatchSet", "…", column_set=["id", "day"], exact_match=False), 1),
        (expect("TableColumnsToMatchSet", "…", column_set=["id"]), 2),
        (row_count_between(1, 4, "…"), 0),
        (row_count_between(7, 9, "…"), 3),
        (row_count_between(1, 3, "…"), 1),
        (expect("ColumnTypesToMatch", "…", types={"id": pl.Int64()}), 0),
        (expect("ColumnTypesToMatch", "…", types={"id": pl.Int8()}), 1),
        # what cannot be counted is left to be evaluated on all rows
        (rows_satisfy("no_such_column", "size > 1", "…"), None),
        (key_is_unique(("id", "size")), None),
        (expect("TableRowCountToBeBetween", "…", min_value=1, strict_min=True), None),
        (one_of("code", ["a"], "…"), None),
    ],
    ids=str,
)
def test_breaches_are_counted(expectation: Expectation, expected: int | None) -> None:
    assert breaches(expectation) == expected


@pytest.mark.parametrize("keys", [[1, 2, 3], [3, 1, 2], [1], []])
def test_keys_in_any_order_are_unique_or_are_not(keys: list[int]) -> None:
    frame = pl.DataFrame({"id": keys, "n": [0] * len(keys)}, schema={"id": pl.Int32, "n": pl.Int8})
    rule = key_is_unique(("n", "id"))
    assert breaches(rule, frame) == 0
    if keys:
        assert breaches(rule, pl.concat([frame, frame[:1]])) == 1


def test_one_rule_that_cannot_be_counted_leaves_the_others_counted() -> None:
    wrong, right = rows_satisfy("wrong", "size > 1", "…"), rows_satisfy("right", "id < 2", "…")
    found = gather([StatedRule("a", wrong), StatedRule("b", right)], FRAME)
    assert found.breaches == {"b": 2}


def test_values_are_those_of_the_column() -> None:
    rules = [
        StatedRule("codes", one_of("code", ["a", "b"], "…")),
        StatedRule("range", expect("ColumnValuesToBeBetween", "…", column="share", min_value=0)),
        StatedRule("mostly", expect("ColumnValuesToBeInSet", "…", column="id", mostly=0.5)),
    ]
    found = gather(rules, FRAME)
    assert set(found.values) == {"code", "share"}
    assert set(found.values["code"]) == {"a", "b"}
    assert set(found.values["share"]) == {0.1, 1.5, None}  # its ends, and that some are missing
    assert found.frame.height == 3
    assert set(found.frame["code"]) == {"a", "b"}


SHAPE = TableShape(
    "core.invented",
    ("id",),
    (ColumnShape("id", pl.Int64(), minimum=0), ColumnShape("code", pl.String(), codes=("a", "b"))),
)
SUITE = Suite("core.invented", (), (one_of("code", ["a", "b"], "…", "warning"),))


def test_a_table_that_holds_is_judged_without_its_rows(gate: Callable[..., GateReport]) -> None:
    frame = pl.DataFrame({"id": range(70_000), "code": ["a", "b"] * 35_000})
    evidence = pickle.loads(pickle.dumps(gather_evidence(SUITE, frame, SHAPE)))
    assert evidence.frame.height < 10

    def no_rows() -> pl.DataFrame:
        raise AssertionError("the rows were asked for")

    report = gate(SUITE, no_rows, SHAPE, evidence=evidence)
    assert report == gate(SUITE, frame, SHAPE)
    assert report.failures == ()
    assert {result.n_evaluated for result in report.results} == {1, 70_000}


def test_a_table_that_does_not_hold_is_judged_by_its_rows(
    gate: Callable[..., GateReport],
) -> None:
    frame = pl.DataFrame({"id": [1, 1, -3], "code": ["a", "c", "c"]})
    evidence = gather_evidence(SUITE, frame, SHAPE)
    asked: list[int] = []

    def rows() -> pl.DataFrame:
        asked.append(1)
        return frame

    report = gate(SUITE, rows, SHAPE, evidence=evidence)
    assert report == gate(SUITE, frame, SHAPE)
    assert {result.expectation: result.n_failed for result in report.failures} == {
        "CodesToBeKnown": 2,
        "NumbersToBeInRange": 1,
        "ColumnValuesToBeUnique(id)": 2,
        "ColumnValuesToBeInSet(code, value_set: a, b)": 2,
    }
    assert asked == [1]  # read once, however many rules are broken


def test_great_expectations_judges_the_counts(
    gate: Callable[..., GateReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pl.DataFrame({"id": [1, 2], "code": ["a", "b"]})
    seen: list[pl.DataFrame] = []

    def watched(rules: list[StatedRule], rows: pl.DataFrame) -> object:
        seen.append(rows)
        return validate(rules, rows)

    monkeypatch.setattr(run, "validate", watched)
    assert gate(SUITE, frame, SHAPE).failures == ()
    (judged,) = seen
    assert judged.columns == ["code", "number of breaches"]
    assert judged["number of breaches"].to_list() == [0] * judged.height
