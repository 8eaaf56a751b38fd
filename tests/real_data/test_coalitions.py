"""Check values of coalitions and durations, from the real files through the steps."""

import polars as pl
import pytest

from flows.engine.coverage import coverages
from tests.built_homes import BuiltHome
from transforms.metrics.duration.spells import defense_spells


@pytest.fixture(scope="module")
def model(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.coalition_model")


def iraq(model, specification, *, tier="atop", tie_rule="in_force_on_date", term="ally"):
    rows = model.filter(
        pl.col("as_of") == pl.date(2003, 3, 27),
        coalition="iraq_2003",
        list_version="as_published",
        tier=tier,
        tie_rule=tie_rule,
        specification=specification,
        term=term,
    )
    (row,) = rows.iter_rows(named=True)
    return row


def counts(row):
    """[[others without, with support], [allies without, with support]]."""
    return [
        [row["n_other_none"], row["n_other_support"]],
        [row["n_ally_none"], row["n_ally_support"]],
    ]


def test_iraq_by_ties_in_force_on_the_date(model):
    row = iraq(model, "fisher")
    assert row["n"] == 190
    assert counts(row) == [[108, 26], [34, 22]]


def test_iraq_by_ties_of_any_day_counts_seven_aspirants_as_allies(model):
    fisher = iraq(model, "fisher", tie_rule="any_day")
    assert counts(fisher) == [[107, 20], [35, 28]]
    assert fisher["odds_ratio"] == pytest.approx(4.280, abs=5e-4)
    assert fisher["p_value"] == pytest.approx(3.5e-5, abs=5e-7)
    firth = iraq(model, "firth_bivariate", tie_rule="any_day")
    assert (firth["estimate"], firth["std_error"]) == pytest.approx((1.437, 0.350), abs=5e-4)


def test_iraq_by_the_core_tier_and_its_aspirants(model):
    ally = iraq(model, "firth_aspirant", tier="core")
    aspirant = iraq(model, "firth_aspirant", tier="core", term="aspirant")
    assert counts(ally) == [[134, 33], [8, 15]]
    assert (ally["n_aspirant_support"], ally["n_aspirant_none"]) == (8, 2)
    assert 0 < ally["estimate"] < aspirant["estimate"]


def test_samples_against_isis(model):
    isis = model.filter(coalition="daesh", specification="fisher", tier="core")
    assert set(isis["n"]) == {192}
    assert isis.filter(tie_rule="in_force_on_date")["odds_ratio"].min() > 10


def test_contributors_of_the_first_year(mirror_home: BuiltHome) -> None:
    table = mirror_home.table("metrics.coalition_contributors")
    where = {"year": 2003, "tier": "core", "tie_rule": "in_force_on_date"}
    (row,) = table.filter(**where).iter_rows(named=True)
    assert (row["n_ally_contributors"], row["n_allies"]) == (15, 23)
    assert (row["n_other_contributors"], row["n_others"]) == (20, 167)


def test_ends_of_the_defence_alliances(mirror_home: BuiltHome) -> None:
    covered = coverages(("atop", "cow_states"))
    spells = defense_spells(mirror_home.table("core.alliances"), covered)
    ends = dict(spells["end"].value_counts().iter_rows())
    # two that ended in 1815, before the system, are not among them
    assert ends == {
        "none": 48, "lost_independence": 19, "fulfilled": 50, "violated": 88, "renegotiated": 72,
    }  # fmt: skip


def test_asymmetric_alliances_end_less_but_not_surely(mirror_home: BuiltHome) -> None:
    table = mirror_home.table("metrics.alliance_duration")
    found = {
        r["estimator"]: r
        for r in table.filter(sample="all_terminations", term="asymmetric").iter_rows(named=True)
    }
    fixed = found["cox_time_fixed"]
    assert (fixed["n"], fixed["n_events"], fixed["n_clusters"]) == (268, 202, 54)
    assert fixed["hazard_ratio"] == pytest.approx(0.7594, abs=5e-4)
    assert fixed["ci_low"] < 0 < fixed["ci_high"]
    assert found["cox_time_varying"]["hazard_ratio"] == pytest.approx(0.773, abs=5e-4)
