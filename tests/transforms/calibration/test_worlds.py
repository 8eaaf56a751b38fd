"""Twenty worlds: the same by seed, never supported without the effect too often, found with it."""

from dataclasses import replace
from functools import cache
from importlib import resources

import polars as pl
import pytest
import yaml
from scipy import stats

from transforms.calibration.performance import (
    NOMINAL_FALSE_SUPPORT,
    count_intervals,
    count_verdicts,
    does_cover_too_little,
    support,
    with_share,
)
from transforms.calibration.registry import FAMILIES
from transforms.calibration.run_worlds import run_worlds
from transforms.calibration.scenario import ABSENT, CONFOUNDED, PRESENT, Scenario, rng_of
from transforms.calibration.verdicts import with_primaries_alone
from transforms.calibration.worlds import capability_asymmetry as capabilities
from transforms.calibration.worlds.legitimation_dose import make_guarantees
from transforms.calibration.worlds.legitimation_premium import MOVING, make_assembly
from transforms.metrics.claims.claim_definitions import read_claims

EDITIONS = {
    read["edition"]: read
    for name in ("claims_edition_1.yml", "claims.yml")
    for read in [
        yaml.safe_load(resources.files("transforms.reference").joinpath(name).read_text("utf-8"))
    ]
}
NULLS = (
    ("burdens", Scenario(ABSENT)),
    ("burdens", Scenario(CONFOUNDED)),
    ("classical", Scenario(ABSENT)),
    ("promises", Scenario(CONFOUNDED, variant="on paper")),
)
LARGE = (
    ("burdens", Scenario(PRESENT, 0.8)),
    ("classical", Scenario(PRESENT, 0.6)),
    ("promises", Scenario(PRESENT, 0.4)),
    ("preponderance", Scenario(PRESENT, 1.5)),
)


@cache
def judged(family, scenario, n):
    return run_worlds(FAMILIES[family], scenario, 0, n, editions=EDITIONS)


def test_a_world_does_not_depend_on_the_worlds_before_it():
    both = run_worlds(FAMILIES["burdens"], Scenario(ABSENT), 0, 2, editions=EDITIONS)
    second = run_worlds(FAMILIES["burdens"], Scenario(ABSENT), 1, 2, editions=EDITIONS)
    assert all(a.filter(pl.col("world") == 1).equals(b) for a, b in zip(both, second, strict=True))


def test_worlds_differ_and_scenarios_share_their_random_numbers():
    draws = [rng_of(name, k).random() for name in ("rise", "classical") for k in (0, 1)]
    assert len(set(draws)) == 4
    assert rng_of("rise", 0).random() == draws[0]


@pytest.mark.soak
def test_a_claim_without_its_effect_is_supported_no_more_often_than_the_rule_allows():
    verdicts = pl.concat(judged(family, scenario, 4)[0] for family, scenario in NULLS)
    n_supported = verdicts.filter(pl.col("verdict") == "supported").height
    assert verdicts.height == 16
    # a rule at the nominal rate gives more with a probability below .001
    assert n_supported <= stats.binom.isf(0.001, 16, NOMINAL_FALSE_SUPPORT)


@pytest.mark.parametrize(("family", "scenario"), LARGE, ids=[family for family, _ in LARGE])
def test_a_large_effect_is_found(family, scenario):
    (verdict,) = judged(family, scenario, 1)[0]["verdict"]
    assert verdict == "supported"


def test_what_is_only_on_paper_does_not_support_the_claim_of_an_exchange():
    verdicts, estimates = judged("promises", Scenario(CONFOUNDED, variant="on paper"), 4)
    signs = estimates.filter(pl.col("test").str.starts_with("balance_sign: defense, ratio 3"))
    assert (signs["ci_low"] > 0).all()  # the leader is bound on paper, beyond doubt
    assert set(verdicts["verdict"]) == {"not_supported"}


@pytest.mark.soak
def test_shared_preferences_fool_the_raw_premium_but_not_the_verdict():
    scenario = Scenario(CONFOUNDED)
    tables = make_assembly(scenario, rng_of("assembly", 0))
    raw = tables["legitimation_premium"].row(
        by_predicate=(pl.col("ccode_hegemon") == 2)
        & (pl.col("tier") == "core")
        & (pl.col("window_name") == "whole")
        & (pl.col("vote_class") == "unpopular")
        & (pl.col("estimator") == "LP0"),
        named=True,
    )
    assert raw["ci_low"] > 0.05  # the truth is 0: alliance does nothing in this world
    verdicts, _ = judged("assembly", scenario, 1)
    assert verdicts["verdict"].to_list() != ["supported"]


def test_preferences_that_move_with_guarantees_do_not_pass_for_what_they_buy():
    moving, bought = Scenario(CONFOUNDED, variant=MOVING), Scenario(PRESENT, 2.0)
    slopes = {}
    for scenario in (moving, bought):
        doses = make_guarantees(scenario, rng_of("guarantees", 0))["legitimation_dose"]
        of_usa = doses.filter(
            pl.col("ccode_hegemon") == 2,
            pl.col("dose") == "tier_steps",
            pl.col("estimator") == "within",
            pl.col("window_name") == "whole",
        )
        slopes[scenario.name] = {row["vote_class"]: row for row in of_usa.iter_rows(named=True)}
    moved, paid = slopes.values()
    assert moved["unpopular"]["ci_low"] > 0  # though the guarantee does nothing
    assert moved["popular"]["ci_high"] > moved["unpopular"]["estimate"]  # popular votes tell
    assert paid["unpopular"]["ci_low"] > paid["popular"]["ci_high"]


def test_a_sparse_region_is_no_hub_with_spokes_beyond_chance():
    _, estimates = judged("hubs", Scenario(CONFOUNDED), 1)
    assert (estimates["ci_low"] < 0).all()  # the truth is 0: the null is the model itself
    assert (estimates["ci_high"] > 0).all()
    (verdict,) = judged("hubs", Scenario(PRESENT, 4.0), 1)[0]["verdict"]
    assert verdict == "supported"


def test_the_truth_of_the_rise_is_what_many_alliances_show():
    scenario = Scenario(PRESENT, 0.6)
    named = capabilities.truths_of_rise(scenario)["C1a"]
    truth = named["formation_cohort: CINC, ratio 3, leader share none, from 1946"]
    after, before = capabilities._share(3, capabilities.MEDIAN_BEFORE + 0.6), 0.5
    assert capabilities._share(3, capabilities.MEDIAN_BEFORE) == pytest.approx(before)
    assert truth == pytest.approx(float(pl.Series([after / (1 - after)]).log().item()), abs=1e-12)


def test_a_primary_fails_below_92_percent_and_significantly_below_95():
    assert not does_cover_too_little(184, 200)  # .920
    assert does_cover_too_little(181, 200)  # .905, upper end .942
    assert not does_cover_too_little(9, 10)  # .9, but ten intervals cannot say so
    assert not does_cover_too_little(925, 1000)
    assert not does_cover_too_little(10, 10)


def test_a_file_of_claims_with_primaries_alone_reads_nothing_else():
    for edition in EDITIONS.values():
        alone = read_claims(with_primaries_alone(edition))
        assert [[test.role for test in claim.tests] for claim in alone] == [["primary"]] * len(
            alone
        )


def test_worlds_are_drawn_on_the_published_tables_and_on_nothing_else():
    def make(_, rng, real):
        return {"seen": pl.DataFrame({"n": [sorted(real), rng.random()][0]})}

    family = replace(FAMILIES["burdens"], make=make, reads=("core.states", "marts.ally_tier"))
    real = {"states": pl.DataFrame(), "ally_tier": pl.DataFrame(), "gdp": pl.DataFrame()}
    seen = family.world(Scenario(ABSENT), 0, family.basis_of(real))["seen"]["n"].to_list()
    assert seen == ["ally_tier", "states"]


def test_scores_count_what_they_say():
    verdicts = pl.DataFrame(
        {
            "family": "burdens",
            "scenario": "absent",
            "world": range(4),
            "claim": "C6",
            "verdict": ["supported", "mixed", "not_supported", "mixed"],
            "rule": "",
        }
    )
    counted = count_verdicts(verdicts)
    (row,) = support(counted, {"burdens": FAMILIES["burdens"]}).iter_rows(named=True)
    counts = [row[f"n_{v}"] for v in ("supported", "mixed", "not_supported", "not_testable")]
    assert (row["n"], counts, row["is_true"]) == (4, [1, 2, 1, 0], False)
    assert (row["low"], row["high"]) == pytest.approx((0.045587, 0.699358), abs=1e-6)

    estimates = pl.DataFrame(
        {"claim": "C6", "family": "burdens", "test": "a: b", "role": "grid", "scenario": "absent",
         "truth": 0.0, "estimate": 0.1,
         "ci_low": [-1.0, 0.05, None], "ci_high": [1.0, 0.2, None]}
    )  # fmt: skip
    (held,) = with_share(count_intervals(estimates)).iter_rows(named=True)
    assert (held["n"], held["n_yes"], held["share"]) == (2, 1, 0.5)
    assert with_share(pl.DataFrame({"n_yes": [0], "n": [10]}))["low"].item() == 0
