"""`metrics.unwritten_allegiance`: when it can be tested, and non-inferiority where it can."""

import numpy as np
import pandas as pd
import polars as pl
import pyfixest as pf
import pytest

from transforms.metrics.alliances.unwritten_allegiance import (
    MARGIN,
    TABLE,
    build_unwritten_allegiance,
    counts_of,
    duties_of_partners,
    gaps,
    non_inferiority,
)
from warehouse.contracts.read import contracts

YEARS = range(1990, 1996)
LEADER = 2


def obligations(written: dict[int, set[int]], partners: range = range(101, 121)) -> pl.DataFrame:
    """Promises of defence between the leader and partners; `written` by ATOP number."""
    rows = [
        {"ccode_from": a, "ccode_to": b, "year": year, "atopid": 3000, "defense": 1, "dipaid": 0}
        for partner in partners
        for year in YEARS
        for a, b in ((LEADER, partner), (partner, LEADER))
    ]
    rows += [
        {
            **{"ccode_from": partner, "ccode_to": LEADER, "year": year, "atopid": atopid},
            **{"defense": 0, "dipaid": 1},
        }
        for atopid, members in written.items()
        for partner in members
        for year in YEARS
    ]
    return pl.DataFrame(rows).with_columns(
        pl.col("year").cast(pl.Int16),
        consul=pl.lit(1),
        is_cow_dyad=pl.lit(True),
        not_owed=pl.lit(None, pl.String),
    )


def support(effect: float, unwritten: set[int], seed: int = 3) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    taste = dict(zip(range(101, 121), rng.normal(0, 0.02, 20), strict=True))
    rows = []
    for year in YEARS:
        for ccode in range(101, 121):
            gap = -0.3 + effect * (ccode in unwritten) + taste[ccode] + rng.normal(0, 0.02)
            for name, value, n in (("unpopular", 0.9 + gap, 30), ("popular", 0.9, 12 + ccode % 5)):
                rows.append((LEADER, "final_only", name, ccode, year - 1945, value, n))
    return pl.DataFrame(
        rows,
        schema=[
            *("ccode_hegemon", "vote_set", "vote_class", "ccode", "session"),
            *("mean_agreement", "n_votes_of_class"),
        ],
        orient="row",
    ).cast({"session": pl.Int16, "ccode": pl.Int64})


def counts(written: dict[int, set[int]], rio: frozenset[int] = frozenset()) -> dict[str, object]:
    return counts_of(duties_of_partners(obligations(written), LEADER, "dipaid"), rio)


def test_a_duty_that_comes_with_one_treaty_cannot_be_told_from_it() -> None:
    members = set(range(101, 110))
    found = counts({3075: members}, frozenset(members))
    assert (found["null_reason"], found["is_rio"], found["atopid"]) == ("one_treaty", True, 3075)
    assert (found["n_partners"], found["n_written"], found["n_unwritten"]) == (20, 9, 11)


def test_two_treaties_can_be_told_apart_and_few_partners_cannot() -> None:
    both = {3075: set(range(101, 106)), 3076: set(range(105, 110))}
    assert counts(both)["null_reason"] is None
    assert counts({3075: {101, 102}, 3076: {103}})["null_reason"] == "n_below_min"
    assert counts({3075: set(range(101, 118))})["null_reason"] == "n_below_min"


def test_no_duty_and_a_duty_of_all_do_not_vary() -> None:
    assert counts({})["null_reason"] == "no_variation"
    everyone = set(range(101, 121))
    assert counts({3075: everyone, 3076: everyone})["null_reason"] == "no_variation"


def test_the_effect_is_that_of_pyfixest_with_session_effects() -> None:
    unwritten = set(range(110, 121))
    duties = duties_of_partners(obligations({3075: set(range(101, 110))}), LEADER, "dipaid")
    gap = gaps(support(0.05, unwritten), LEADER)
    found = non_inferiority(gap, duties)
    frame = pd.DataFrame(gap.to_dict(as_series=False))
    frame["unwritten"] = frame["ccode"].isin(unwritten).astype(float)
    fit = pf.feols("gap ~ unwritten | year", frame, {"CRV1": "ccode"}, weights="weight")
    assert found["estimate"] == pytest.approx(fit.coef()["unwritten"], abs=1e-9)
    assert found["std_error"] == pytest.approx(fit.se()["unwritten"], rel=1e-6)
    assert found["is_non_inferior"] is True


def test_weights_are_those_of_a_difference_of_two_means() -> None:
    row = gaps(support(0.0, set()), LEADER).row(0, named=True)
    n_popular = 12 + row["ccode"] % 5
    assert row["weight"] == pytest.approx(30 * n_popular / (30 + n_popular))


@pytest.mark.parametrize(("effect", "expected"), [(0.05, True), (0.0, True), (-0.08, False)])
def test_non_inferiority_is_an_interval_above_the_margin(effect: float, expected: bool) -> None:
    two = {3075: set(range(101, 106)), 3076: set(range(105, 110))}
    outcome = build_unwritten_allegiance(
        obligations=obligations(two),
        hegemon_support=support(effect, set(range(110, 121))),
        rio_parties=pl.DataFrame({"ccode": ["2", "101"]}),
    )
    table = contracts()[TABLE].conform(outcome.tables[TABLE])
    found = table.filter(item="dipaid").row(0, named=True)
    assert found["is_non_inferior"] is expected
    assert found["is_non_inferior"] == (found["ci_low"] > -MARGIN)
    assert found["is_rio"] is False
    consul = table.filter(item="consul").row(0, named=True)
    assert (consul["null_reason"], consul["estimate"]) == ("no_variation", None)


def test_partners_without_votes_have_no_estimate() -> None:
    duties = duties_of_partners(obligations({3075: {101}}), LEADER, "dipaid")
    assert non_inferiority(gaps(support(0.0, set()), 365), duties)["null_reason"] == (
        "unit_not_in_source"
    )
