"""Dates of typed rows against what their source declares to cover."""

from datetime import date

import polars as pl
import pytest

from expectations.gate.coverage import DatedColumn, coverage_results

TABLE = "staging.stg_gdp__entity_years"


def broken(values: list[date | int | None], column: DatedColumn) -> dict[str, tuple[str, int]]:
    """Rule that does not hold to its severity and the number of rows that break it."""
    frame = pl.DataFrame({"entity_code": [f"E{n}" for n in range(len(values))], "at": values})
    results = coverage_results("staged", TABLE, frame, ["entity_code"], [column])
    return {r.expectation: (r.severity, r.n_failed) for r in results if not r.passed}


YEARS = DatedColumn("at", 1960, 2018)


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ([1960, 2018, None], {}),
        ([1959, 1960], {"NotBeforeCoverage(at)": ("critical", 1)}),
        ([2018, 2019, 2023], {"NotAfterCoverage(at)": ("warning", 2)}),
        (
            [2081],
            {
                "NotAfterCoverage(at)": ("warning", 1),
                "NotFarAfterCoverage(at)": ("critical", 1),
                "NotInTheFuture(at)": ("critical", 1),
            },
        ),
    ],
)
def test_a_declared_end(years: list[date | int | None], found: dict[str, tuple[str, int]]) -> None:
    assert broken(years, YEARS) == found


def test_without_a_declared_end_rows_may_run_on_until_now() -> None:
    now = date.today().year
    assert broken([1960, now, now + 1], DatedColumn("at", 1960, None)) == {}
    future = {"NotInTheFuture(at)": ("critical", 1)}
    assert broken([1960, now + 2], DatedColumn("at", 1960, None)) == future
    days = DatedColumn("at", date(1816, 1, 1), None)
    assert broken([date(now + 1, 12, 31)], days) == {}
    assert broken([date(now + 2, 1, 1)], days) == future


def test_a_clock_that_is_behind_refuses_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(date):
        @classmethod
        def today(cls) -> "Stopped":
            return cls(1970, 1, 1)

    monkeypatch.setattr("expectations.gate.coverage.date", Stopped)
    assert broken([2026], DatedColumn("at", 1960, None)) == {}
    session = pl.DataFrame({"rcid": [1, 2], "session": [80, 83]})
    results = coverage_results(
        "staged", TABLE, session, ["rcid"], [DatedColumn("session", 1, None)]
    )
    assert [r.n_failed for r in results if r.expectation.startswith("NotInTheFuture")] == [1]


def test_without_a_declared_end_the_beginning_still_counts() -> None:
    assert broken([1959], DatedColumn("at", 1960, None)) == {
        "NotBeforeCoverage(at)": ("critical", 1)
    }


def test_days_are_compared_as_days() -> None:
    column = DatedColumn("at", date(1816, 1, 1), date(2024, 12, 31))
    assert broken([date(1816, 1, 1), date(2024, 12, 31)], column) == {}
    assert broken([date(2025, 1, 1)], column) == {"NotAfterCoverage(at)": ("warning", 1)}
    assert "NotFarAfterCoverage(at)" in broken([date(2030, 1, 1)], column)


def test_a_breach_names_its_row() -> None:
    frame = pl.DataFrame({"entity_code": ["A", "B"], "at": [1959, 1960]})
    (result, *_) = coverage_results("staged", TABLE, frame, ["entity_code"], [YEARS])
    assert result.sample == ({"entity_code": "A", "at": 1959},)
    assert result.stops
