"""`metrics.legitimation_event_study`: a jump at entry is found, at entry and by nobody else."""

from datetime import date

import polars as pl
import pytest

from transforms.metrics.legitimation.legitimation_event_study import (
    ASKED,
    ESTIMATORS,
    TABLE,
    build_legitimation_event_study,
)
from warehouse.contracts.read import contracts

ENTRY = {
    **dict.fromkeys(range(310, 314), 1999),
    **dict.fromkeys(range(350, 354), 2004),
    **dict.fromkeys((360, 361), 2009),
}
STATES = (*range(100, 110), *ENTRY)
YEARS = range(1990, 2016)
N_VOTES, BEFORE, JUMP = 20, 8, 4


def support_of(ccode: int, year: int, hegemon: int, vote_class: str) -> dict[str, object]:
    """One state-session: joiners agree more with the United States on unpopular votes."""
    is_in = year >= ENTRY.get(ccode, 3000) and (hegemon, vote_class) == (2, "unpopular")
    half = {"n_half_with_hegemon": 0, "n_abstained": 0}
    return {
        "ccode_hegemon": hegemon,
        "ccode": ccode,
        "session": year - 1945,
        "vote_class": vote_class,
        "n_votes_of_class": N_VOTES,
        "n_with_hegemon": BEFORE + JUMP * is_in,
        "n_roll_calls": N_VOTES,
        **half,
    }


@pytest.fixture(scope="module")
def studied() -> pl.DataFrame:
    support = [
        support_of(ccode, year, hegemon, vote_class)
        for hegemon in (2, 200, 220)
        for vote_class in ("unpopular", "popular")
        for ccode in STATES
        for year in YEARS
    ]
    entered = {"ccode": list(ENTRY), "in_force_from": [date(y, 3, 1) for y in ENTRY.values()]}
    tiers = [f"tier_{name}" for name in ("core", "treaty", "atop", "guarantee")]
    nobody = {"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "year": pl.Int16}
    found = build_legitimation_event_study(
        hegemon_support=pl.DataFrame(support),
        treaty_allies=pl.DataFrame(entered).with_columns(
            ccode_hegemon=pl.lit(2), tier=pl.lit("core")
        ),
        ally_tier=pl.DataFrame(schema=nobody | dict.fromkeys(tiers, pl.Boolean)),
    )
    return contracts()[TABLE].conform(found.tables[TABLE])


def test_every_hegemon_class_and_estimator_has_all_cohorts_and_times(studied: pl.DataFrame) -> None:
    groups = studied.group_by("ccode_hegemon", "vote_class", "estimator").len()
    assert set(groups.drop("len").rows()) == {(*asked, e) for asked in ASKED for e in ESTIMATORS}
    assert groups["len"].n_unique() == 1


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize(("times", "expected"), [((0, 10), JUMP / N_VOTES), ((-10, -2), 0.0)])
def test_the_jump_is_found_after_entry_and_not_before(
    studied: pl.DataFrame, estimator: str, times: tuple[int, int], expected: float
) -> None:
    row = studied.row(
        by_predicate=(pl.col("ccode_hegemon") == 2)
        & (pl.col("vote_class") == "unpopular")
        & (pl.col("estimator") == estimator)
        & (pl.col("cohort_year") == "all")
        & (pl.col("event_time") == times[0])
        & (pl.col("event_time_to") == times[1]),
        named=True,
    )
    assert row["estimate"] == pytest.approx(expected, abs=1e-9)
    assert row["n_states"] == len(ENTRY)


def test_placebos_show_nothing(studied: pl.DataFrame) -> None:
    placebos = studied.filter(
        (pl.col("ccode_hegemon") != 2) | (pl.col("vote_class") == "popular")
    ).drop_nulls("estimate")
    assert placebos["estimate"].abs().max() == pytest.approx(0.0, abs=1e-9)


def test_a_cohort_without_states_is_missing_with_a_reason(studied: pl.DataFrame) -> None:
    nobody = studied.filter(pl.col("cohort_year") == "1982")
    assert nobody["estimate"].null_count() == nobody.height
    assert set(nobody["null_reason"]) == {"n_below_min"}


def test_two_joiners_have_an_effect_and_no_interval(studied: pl.DataFrame) -> None:
    two = studied.filter(pl.col("cohort_year") == "2009").drop_nulls("estimate")
    assert two["n_states"].max() == 2
    assert not two.is_empty()
    assert two["ci_low"].null_count() == two["p_value"].null_count() == two.height
    assert two["n_draws"].to_list() == [0] * two.height
    four = studied.filter(pl.col("cohort_year") == "2004", pl.col("event_time") == 0)
    assert four["ci_low"].null_count() == 0
