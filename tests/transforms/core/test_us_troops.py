"""`core.us_troops` after the legacy series: one series carries the other on."""

from datetime import date

import polars as pl
import pytest

from flows.engine.reference import read_reference
from tests.publisher import current_releases as current
from transforms.core.us_troops import FROM_QUARTERS, build_us_troops
from transforms.core.us_troops_hosts import COUNTS
from transforms.staging.us_troops_quarterly import STAGED, read, stage
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts

END = date(2024, 12, 31)
Count = tuple[int, int, int | None]
"""Host code, year, troops."""


@pytest.fixture
def states() -> pl.DataFrame:
    spells = [
        (255, date(1990, 10, 3), END),
        (260, date(1955, 5, 5), date(1990, 10, 2)),
        (325, date(1861, 3, 17), END),
        (345, date(1921, 1, 1), END),
        (645, date(1932, 10, 3), END),
        (732, date(1949, 6, 29), END),
        (740, date(1952, 4, 28), END),
    ]
    schema = {"ccode": pl.Int16, "valid_from": pl.Date, "valid_to": pl.Date}
    frame = pl.DataFrame(spells, schema=schema, orient="row")
    last = pl.when(pl.col("valid_to") == END).then(date(2100, 12, 31)).otherwise("valid_to")
    return frame.with_columns(last.alias("counts_to"))


def counts(rows: list[Count], **more: int) -> pl.DataFrame:
    frame = pl.DataFrame(
        rows,
        schema={"host_code": pl.Int32, "year": pl.Int16, "troops_persons": pl.Int64},
        orient="row",
    )
    branches = [pl.lit(None, dtype=pl.Int64).alias(c) for c in COUNTS[1:] if c not in more]
    given = [pl.lit(value, dtype=pl.Int64).alias(name) for name, value in more.items()]
    return frame.with_columns(pl.lit("Host").alias("host_name"), *branches, *given)


def built(
    states: pl.DataFrame, legacy: list[Count], rebuilt: pl.DataFrame | list[Count]
) -> StepResult:
    quarters = rebuilt if isinstance(rebuilt, pl.DataFrame) else counts(rebuilt, quarter=3)
    return build_us_troops(
        host_years=counts(legacy),
        host_quarters=quarters.with_columns(pl.col("quarter").cast(pl.Int16)),
        states=states,
        us_troops_hosts=read_reference("us_troops_hosts"),
        us_troops_quarterly_hosts=read_reference("us_troops_quarterly_hosts"),
    )


def table(outcome: StepResult) -> pl.DataFrame:
    return contracts()["core.us_troops"].conform(outcome.tables["core.us_troops"])


def test_the_rebuilt_series_begins_after_the_legacy_one(states: pl.DataFrame) -> None:
    legacy: list[Count] = [(255, 2022, 35_000), (255, 2023, 35_188), (740, 2023, 53_246)]
    rebuilt: list[Count] = [(260, 2022, 35_001), (260, 2023, 35_188), (260, 2024, 34_001)]
    outcome = built(states, legacy, rebuilt)
    found = table(outcome).select("ccode_to", "year", "troops_persons", "source").rows()
    assert found == [
        (255, 2022, 35_000, "us_troops"),
        (255, 2023, 35_188, "us_troops"),
        (255, 2024, 34_001, "us_troops_quarterly"),
        (740, 2023, 53_246, "us_troops"),
    ]
    lost = outcome.losses.filter(from_table=FROM_QUARTERS)
    assert lost.select("reason", "ccode", "n_rows").rows() == [("in_legacy_series", 255, 2)]


def test_only_september_counts_and_only_what_a_report_has(states: pl.DataFrame) -> None:
    june, september = counts([(740, 2024, 90)], quarter=2), counts([(645, 2024, None)], quarter=3)
    outcome = built(states, [(740, 2023, 80)], pl.concat([june, september]))
    assert table(outcome)["year"].to_list() == [2023]
    lost = dict(outcome.losses.select("reason", "n_rows").rows())
    assert lost == {"other_quarter": 1, "not_in_report": 1}


def test_a_host_that_the_release_counts_twice_is_halved(states: pl.DataFrame) -> None:
    legacy: list[Count] = [(732, 2022, 25_001), (732, 2023, 24_159), (740, 2023, 100)]
    rebuilt: list[Count] = [
        *[(732, 2022, 50_002), (732, 2023, 48_318), (732, 2024, 46_222)],
        *[(740, 2023, 100), (740, 2024, 200)],
    ]
    later = table(built(states, legacy, rebuilt)).filter(pl.col("year") > 2023)
    assert later.select("ccode_to", "troops_persons", "is_count_halved").rows() == [
        (732, 23_111, True),
        (740, 200, False),
    ]


def test_an_odd_count_has_no_half(states: pl.DataFrame) -> None:
    # the release has been corrected from 2024 on
    legacy: list[Count] = [(732, 2023, 24_159)]
    rebuilt: list[Count] = [(732, 2023, 48_318), (732, 2024, 23_111)]
    later = table(built(states, legacy, rebuilt)).filter(year=2024)
    assert later.select("troops_persons", "is_count_halved").rows() == [(23_111, False)]


def test_one_year_of_twice_as_many_is_no_pattern(states: pl.DataFrame) -> None:
    legacy: list[Count] = [(325, 2022, 12_000), (325, 2023, 12_405)]
    rebuilt: list[Count] = [(325, 2022, 12_000), (325, 2023, 24_810), (325, 2024, 24_000)]
    later = table(built(states, legacy, rebuilt)).filter(year=2024)
    assert later.select("troops_persons", "is_count_halved").rows() == [(24_000, False)]


def test_a_branch_that_is_nowhere_was_not_read(states: pl.DataFrame) -> None:
    branches = {"army_persons": 40, "navy_persons": 0, "marine_corps_persons": 60}
    rebuilt = counts([(740, 2024, 100), (345, 2024, 100)], quarter=3, **branches)
    found = table(built(states, [(740, 2023, 90)], rebuilt)).filter(year=2024)
    assert found["navy_persons"].null_count() == 2
    assert found["army_persons"].to_list() == [40, 40]


def test_a_release_that_counts_each_host_once_is_taken_as_it_is(states: pl.DataFrame) -> None:
    """Version 1.1.0 of the package."""
    staged = stage(read({"data": current.troops_of_version_1_1()})).tables[STAGED]
    assert staged["count_status"].unique().to_list() == ["reported"]
    more = {"valid_from": date(1945, 9, 2), "valid_to": END, "counts_to": date(2100, 12, 31)}
    others = pl.DataFrame([{"ccode": ccode, **more} for ccode in (220, 983)], schema=states.schema)
    outcome = built(pl.concat([states, others]), [(732, 2023, 101)], staged)
    found = table(outcome).select("ccode_to", "year", "troops_persons", "navy_persons")
    assert found.rows() == [(220, 2024, 2, 2), (732, 2023, 101, None), (732, 2024, 103, 3),
                            (983, 2024, 15, 0)]  # fmt: skip
    assert not table(outcome)["is_count_halved"].any()
    lost = outcome.losses.filter(from_table=FROM_QUARTERS).select("reason", "n_rows").rows()
    assert dict(lost) == {
        "other_quarter": 1, "in_legacy_series": 1, "not_in_system": 1, "afloat": 1
    }  # fmt: skip


def test_codes_of_gleditsch_and_ward_find_their_state(states: pl.DataFrame) -> None:
    rebuilt: list[Count] = [(260, 2024, 1), (340, 2024, 14), (1008, 2024, 6_000), (2, 2024, 9)]
    outcome = built(states, [(740, 2023, 1)], rebuilt)
    assert table(outcome).filter(year=2024)["ccode_to"].to_list() == [255, 345]
    assert set(outcome.losses["reason"]) == {"not_in_system", "home_country"}
