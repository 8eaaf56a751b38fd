"""What a step lost is judged: unknown codes and lost figures warn, by name."""

import polars as pl
import pytest

from expectations.gate.losses import LOSS_RULES, loss_results
from expectations.gate.results import ExpectationResult
from expectations.gate.run import run_gate
from expectations.registry import suite_for
from flows.engine.table_shape import shape_of
from tests.transforms.disturbed_steps import CASES
from transforms.step_result import LOSS_SCHEMA, count_losses, count_lost_values

TABLE = "core.gdp"
ACCOUNT = {"from_table": "staging.stg_gdp__entity_years", "to_table": TABLE}


def lost(*rows: tuple[int | None, str, str]) -> pl.DataFrame:
    """Lost rows as (ccode, entity_code, reason)."""
    schema = {"ccode": pl.Int16, "entity_code": pl.String, "reason": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return count_losses(frame, key=["entity_code"], code="entity_code", **ACCOUNT)


def judged(losses: pl.DataFrame) -> dict[str, ExpectationResult]:
    return {r.expectation: r for r in loss_results("core", TABLE, losses)}


def test_nothing_lost_has_nothing_to_judge() -> None:
    assert loss_results("core", TABLE, pl.DataFrame(schema=LOSS_SCHEMA)) == []
    other = lost((None, "XXX", "unknown_code")).with_columns(to_table=pl.lit("core.other"))
    assert loss_results("core", TABLE, other) == []


def test_what_is_meant_to_be_lost_passes() -> None:
    meant = judged(
        lost((None, "WLD", "aggregate_not_state"), (2, "USA", "not_in_system"), (511, "Z", "rule"))
    )
    assert list(meant) == list(LOSS_RULES)
    assert all(result.passed for result in meant.values())


def test_an_unknown_code_warns_with_its_name_and_stops_nothing() -> None:
    losses = lost(*[(None, "XKX", "unknown_code")] * 3, (None, "ZZZ", "unknown_code"))
    result = judged(losses)["every_code_is_known"]
    assert (result.passed, result.severity, result.stops) == (False, "warning", False)
    assert (result.n_failed, result.n_evaluated) == (4, 4)
    assert [(row["code"], row["n_rows"]) for row in result.sample] == [("XKX", 3), ("ZZZ", 1)]


def test_a_figure_that_is_lost_without_its_row_warns_unless_it_is_meant() -> None:
    frame = pl.DataFrame(
        {"ccode": [2, 200], "year": [2000, 2000], "reason": ["zero_unconfirmed", "not_converted"]}
    )
    losses = count_lost_values(frame, column="milex_usd", key=["year"], **ACCOUNT)
    assert losses["n_rows"].sum() == 0
    result = judged(losses)["no_value_is_lost_alone"]
    assert [(row["ccode"], row["column_name"]) for row in result.sample] == [(2, "milex_usd")]
    assert result.n_failed == 1


@pytest.mark.parametrize("sheets", [("share_of_gdp",), ("current_usd", "share_of_gdp")])
def test_a_state_that_sheets_of_the_workbook_rename_is_a_warning(sheets: tuple[str, ...]) -> None:
    """Case 08: a name that differs in one sheet, or in all, is counted and warned of."""
    case = CASES["core.military_expenditure"]
    inputs = case.inputs()
    renamed = (pl.col("sipri_name") == "Russia") & pl.col("sheet").is_in(sheets)
    rows = inputs["state_years"].with_columns(
        pl.when(renamed).then(pl.lit("Russland")).otherwise("sipri_name").alias("sipri_name")
    )
    outcome = case.build({**inputs, "state_years": rows})
    table = "core.military_expenditure"
    frame = outcome.tables[table]
    report = run_gate(suite_for(table), frame, shape_of(table), losses=outcome.losses)
    unknown = {r.expectation: r for r in report.failures}["every_code_is_known"]
    assert {row["code"] for row in unknown.sample} == {"Russland"}
    assert not report.validation.filter(expectation="every_code_is_known")["passed"].item()
    assert report.quarantine["table_name"].unique().to_list() == [table]
    n_figures = {row["n_values"] for row in unknown.sample}
    assert n_figures == {len(sheets)}
