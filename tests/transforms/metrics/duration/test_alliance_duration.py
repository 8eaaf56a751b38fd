"""Spells of alliances and their estimates on small worlds."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from flows.engine.coverage import coverages
from transforms.metrics.duration.alliance_duration import build_alliance_duration
from transforms.metrics.duration.spells import (
    defense_spells,
    first_measured,
    intervals,
    measured_years,
)
from warehouse.contracts.read import contracts

COVERED = coverages(("atop", "cow_states"))
PHASE = ("atopid", "phase", "began_on", "ended_on", "term_code", "defense",
         "in_force_at_source_end", "is_bilateral", "wartime")  # fmt: skip
PHASES = [
    (1, 1, date(1900, 1, 1), date(1905, 6, 1), 3, 1, False, True, 0),
    (1, 2, date(1905, 6, 1), date(1910, 12, 31), 2, 0, False, True, 0),
    (2, 0, date(1815, 6, 8), date(1820, 5, 15), 1, 1, False, False, 1),
    (3, 0, date(1949, 4, 4), None, 0, 1, True, False, 0),
    (4, 0, date(1939, 4, 6), date(1939, 9, 27), 0, 1, False, True, 0),
    (5, 0, date(1930, 1, 1), date(1935, 1, 1), 2, 0, False, True, 0),
    (6, 0, date(1815, 1, 3), date(1815, 2, 8), 1, 1, False, True, 1),
]


def phases(rows=PHASES):
    return pl.DataFrame(rows, schema=PHASE, orient="row")


def ratios(rows):
    frame = pl.DataFrame(rows, schema=["atopid", "year", "ratio_first_second"], orient="row")
    return frame.with_columns(
        variable=pl.lit("cinc"), second_zero=pl.lit(False), leader_ccode=pl.lit(2)
    )


def test_spells_join_phases_and_know_how_they_ended():
    spells = {r["atopid"]: r for r in defense_spells(phases(), COVERED).iter_rows(named=True)}
    assert set(spells) == {1, 2, 3, 4}  # 5 promises no defence, 6 ended before 1816
    assert spells[1]["end"] == "violated"
    assert spells[1]["years"] == pytest.approx(11, abs=0.01)
    assert spells[2]["entry"] == pytest.approx(207 / 365.25)  # 8 June 1815 to 1 January 1816
    assert (spells[3]["end"], spells[3]["ended_on"]) == ("none", date(2018, 12, 31))
    assert spells[4]["end"] == "lost_independence"
    assert [spells[i]["era"] for i in (1, 3, 4)] == ["to 1913", "1946-1991", "1914-1945"]


def test_years_cut_a_spell_without_losing_a_day():
    measured = measured_years(ratios([(1, y, 2.0 + (y > 1905)) for y in range(1900, 1911)]))
    cut = intervals(first_measured(defense_spells(phases(), COVERED), measured), measured)
    one = cut.filter(pl.col("atopid") == 1)
    assert one["start"].to_list()[1:] == pytest.approx(one["stop"].to_list()[:-1])
    assert one["stop"].max() == pytest.approx(one["years"][0])
    assert one["is_last"].to_list() == [False] * 10 + [True]
    assert one["ratio"].to_list() == [2.0] * 6 + [3.0] * 5


def test_an_alliance_counts_from_the_year_in_which_it_is_measured():
    measured = measured_years(ratios([(1, 1903, 4.0)]))
    first = first_measured(defense_spells(phases(), COVERED), measured).filter(
        pl.col("atopid") == 1
    )
    assert first["entry_measured"][0] == pytest.approx(3, abs=0.01)


@pytest.fixture(scope="module")
def simulated():
    """100 alliances, the asymmetric ones with two thirds of the others' hazard."""
    rng = np.random.default_rng(12)
    rows, measured = [], []
    for atopid in range(1, 101):
        asymmetric = atopid % 2 == 0
        begin = date(1900 + atopid % 90, 1 + atopid % 12, 1 + atopid % 27)
        days = int(rng.exponential(5000 * (1.5 if asymmetric else 1.0))) + 30
        end = date.fromordinal(begin.toordinal() + days)
        in_force = end > date(2018, 12, 31)
        term = 0 if in_force else 1 + atopid % 3
        is_bilateral, wartime = atopid % 5 > 0, int(atopid % 7 == 0)
        ended_on = None if in_force else end
        rows.append((atopid, 0, begin, ended_on, term, 1, in_force, is_bilateral, wartime))
        last = 2018 if in_force else end.year
        measured += [(atopid, y, 5.0 if asymmetric else 1.5) for y in range(begin.year, last + 1)]
    table = ratios(measured).with_columns(leader_ccode=pl.col("atopid") % 25 + 2)
    return phases(rows), table


@pytest.fixture(scope="module")
def built(simulated):
    outcome = build_alliance_duration(
        alliances=simulated[0], capability_asymmetry=simulated[1], coverage=COVERED
    )
    return {name: contracts()[name].conform(frame) for name, frame in outcome.tables.items()}


def estimate(built, sample, estimator, term="asymmetric"):
    where = {"sample": sample, "estimator": estimator, "term": term}
    (row,) = built["metrics.alliance_duration"].filter(**where).iter_rows(named=True)
    return row


def test_a_class_that_never_changes_gives_both_models_the_same(built):
    fixed = estimate(built, "all_terminations", "cox_time_fixed")
    varying = estimate(built, "all_terminations", "cox_time_varying")
    assert varying["estimate"] == pytest.approx(fixed["estimate"], abs=1e-6)
    assert varying["std_error"] == pytest.approx(fixed["std_error"], abs=1e-6)
    assert fixed["hazard_ratio"] < 1


def test_hazards_and_curves_are_those_of_lifelines(built, simulated):
    from lifelines import CoxPHFitter, KaplanMeierFitter

    spells = defense_spells(simulated[0], COVERED).to_pandas()
    spells["ended"] = spells["end"].isin(["fulfilled", "violated", "renegotiated"])
    spells["asymmetric"] = spells["atopid"] % 2 == 0
    spells["leader"] = spells["atopid"] % 25
    columns = ["years", "ended", "asymmetric", "leader"]
    cox = CoxPHFitter().fit(
        spells[columns], duration_col="years", event_col="ended", cluster_col="leader"
    )
    found = estimate(built, "all_terminations", "cox_time_fixed")
    assert found["estimate"] == pytest.approx(float(cox.params_.iloc[0]), abs=1e-3)
    assert found["std_error"] == pytest.approx(float(cox.standard_errors_.iloc[0]), rel=1e-2)
    curve = built["metrics.alliance_survival"].filter(curve="survival", alliance_group="all")
    theirs = KaplanMeierFitter().fit(durations=spells["years"], event_observed=spells["ended"])
    for year in (1, 10, 25):
        ours = curve.filter(years_since_start=year)["estimate"].item()
        assert ours == pytest.approx(theirs.survival_function_at_times(year).iloc[0], abs=1e-9)


def test_incidences_and_survival_make_up_the_whole(built):
    curves = built["metrics.alliance_survival"].filter(
        pl.col("curve") != "survival_until_violation"
    )
    sums = curves.group_by("alliance_group", "years_since_start").agg(pl.col("estimate").sum())
    assert sums["estimate"].to_list() == pytest.approx([1.0] * sums.height)


def test_the_same_alliances_give_the_same_numbers(built, simulated):
    again = build_alliance_duration(
        alliances=simulated[0], capability_asymmetry=simulated[1], coverage=COVERED
    )
    for name, frame in again.tables.items():
        assert contracts()[name].conform(frame).equals(built[name])


def test_too_few_alliances_have_a_reason_and_no_number():
    outcome = build_alliance_duration(
        alliances=phases(),
        capability_asymmetry=ratios([(1, 1900, 4.0), (3, 1949, 5.0)]),
        coverage=COVERED,
    )
    table = outcome.tables["metrics.alliance_duration"]
    hazards = table.filter(pl.col("scale") == "log_hazard_ratio")
    assert hazards["estimate"].null_count() == hazards.height
    assert set(hazards["null_reason"]) <= {"n_below_min", "no_variation"}
