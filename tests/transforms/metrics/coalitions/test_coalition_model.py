"""Coalition models on a small world: who is in the sample, who is an ally, what is estimated."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from transforms.inference.firth import fit_firth
from transforms.metrics.coalitions.coalition_contrast import build_coalition_contrast
from transforms.metrics.coalitions.coalition_contributors import build_coalition_contributors
from transforms.metrics.coalitions.coalition_model import build_coalition_model
from transforms.metrics.coalitions.events import events
from transforms.metrics.coalitions.leave_one_out import leave_one_out
from transforms.metrics.coalitions.samples import Sample
from transforms.metrics.coalitions.specifications import design, firth, firth_by_group
from warehouse.contracts.read import contracts

FOREVER = date(2024, 12, 31)
ALLIES, LATE_ALLIES, ASPIRANTS = (20, 200, 220, 210), (355, 360), (339, 343, 355, 360)
OTHERS = (94, 540, 940, 365, 710, 750, 616, 620, 700, 501)
EVERYONE = sorted({2, 645, 652, *ALLIES, *ASPIRANTS, *OTHERS})
DATED = ("core", "treaty", "guarantee")
IRAQ = {200: 4, 210: 3, 339: 3, 355: 3, 360: 3, 94: 1, 540: 1, 940: 0, 700: 1, 2: 5}
ISIS = {20: 4, 200: 4, 220: 4, 210: 4, 355: 1, 343: 1, 645: 1, 616: 1}


@pytest.fixture(scope="module")
def world():
    lists = [
        ("iraq_2003", date(2003, 3, 27), IRAQ),
        ("mnf_i", date(2003, 12, 31), {200: 4, 355: 3}),
    ]
    lists += [("daesh", date(2014, 12, 31), ISIS), ("daesh", date(2020, 1, 31), ISIS)]
    support = [(name, c, on, level) for name, on, listed in lists for c, level in listed.items()]
    years = [(c, y) for c in EVERYONE for y in (2003, 2014)]
    rng = np.random.default_rng(4)
    return {
        "coalition_support": pl.DataFrame(
            support, schema=["coalition", "ccode", "as_of", "support_level"], orient="row"
        ).with_columns(is_listed=pl.lit(True)),
        "states": pl.DataFrame({
            "ccode": EVERYONE,
            "region": ["europe" if 200 <= c < 400 else "asia_pacific" for c in EVERYONE],
            "valid_from": [date(1816, 1, 1)] * len(EVERYONE),
            "counts_to": [FOREVER] * len(EVERYONE),
        }),
        "treaty_allies": pl.DataFrame(
            [(2, c, date(1949, 8, 24), None, "core") for c in ALLIES]
            + [(2, c, date(2004, 3, 29), None, "core") for c in LATE_ALLIES]
            + [(2, 94, date(1948, 12, 9), None, "treaty")],
            schema=["ccode_hegemon", "ccode", "in_force_from", "in_force_to", "tier"],
            orient="row",
        ).with_columns(pl.col("in_force_to").cast(pl.Date)),
        "obligations": pl.DataFrame(
            [(2, c, y, 1, date(1949, 4, 4), None) for c in ALLIES for y in (2003, 2014)]
            + [(2, c, 2003, 1, date(2003, 3, 26), None) for c in LATE_ALLIES],
            schema=["ccode_from", "ccode_to", "year", "defense", "in_force_from", "in_force_to"],
            orient="row",
        ).with_columns(pl.col("in_force_to").cast(pl.Date), not_owed=pl.lit(None, pl.String)),
        "ally_tier": pl.DataFrame(years, schema=["ccode", "year"], orient="row").with_columns(
            pl.lit(2).alias("ccode_hegemon"),
            *(pl.col("ccode").is_in(ALLIES).alias(f"tier_{t}") for t in DATED),
            pl.col("ccode").is_in([*ALLIES, *LATE_ALLIES]).alias("tier_atop"),
        ),
        "gdp": pl.DataFrame(
            [(c, y, float(rng.lognormal(25, 2))) for c in EVERYONE[1:] for y in (2002, 2013)
             if c != 501],
            schema=["ccode", "year", "gdp_usd"], orient="row",
        ),
        "ideal_points_published": pl.DataFrame(
            [(c, y, float(rng.normal())) for c in EVERYONE for y in (2002, 2013)],
            schema=["ccode", "year", "ideal_point_published"], orient="row",
        ),
        "nato_aspirants": pl.DataFrame({
            "ccode": [str(c) for c in ASPIRANTS], "aspirant_from": ["2000-05-19"] * 4,
        }),
        "warsaw_pact_states": pl.DataFrame({"ccode": ["339", "355", "360", "365"]}),
    }  # fmt: skip


@pytest.fixture(scope="module")
def model(world):
    outcome = build_coalition_model(**world)
    return contracts()["metrics.coalition_model"].conform(outcome.tables["metrics.coalition_model"])


def one(model, **where):
    where = {"tie_rule": "in_force_on_date", "list_version": "as_published", "term": "ally"} | where
    (row,) = model.filter(**where).iter_rows(named=True)
    return row


IRAQ_CORE = {"coalition": "iraq_2003", "tier": "core"}


def test_leader_and_targets_are_in_no_sample(model):
    iraq = one(model, **IRAQ_CORE, specification="fisher")
    assert iraq["n"] == len(EVERYONE) - 2
    isis = one(
        model, coalition="daesh", as_of=date(2014, 12, 31), tier="core", specification="fisher"
    )
    assert isis["n"] == len(EVERYONE) - 3
    assert (isis["n_ally_support"], isis["n_ally_none"]) == (5, 1)  # Iraq is listed, and left out


def test_an_ally_of_the_next_week_is_an_aspirant_on_the_day(model):
    on_date = one(model, coalition="iraq_2003", tier="atop", specification="fisher")
    any_day = one(
        model, coalition="iraq_2003", tier="atop", specification="fisher", tie_rule="any_day"
    )
    assert (on_date["n_ally_support"], on_date["n_aspirant_support"]) == (2, 3)
    assert (any_day["n_ally_support"], any_day["n_aspirant_support"]) == (4, 1)


def test_tiers_widen(model):
    sizes = [
        one(model, coalition="iraq_2003", tier=t, specification="fisher")
        for t in ("core", "treaty")
    ]
    assert [s["n_ally_support"] + s["n_ally_none"] for s in sizes] == [4, 5]


@pytest.mark.parametrize(
    ("version", "taken_off"),
    [("without_angola", 1), ("without_costa_rica", 1), ("without_solomon_islands", 1),
     ("without_all_three", 3)],
)  # fmt: skip
def test_disputed_names_stay_in_the_sample_without_support(model, version, taken_off):
    published = one(model, **IRAQ_CORE, specification="fisher")
    without = one(model, **IRAQ_CORE, specification="fisher", list_version=version)
    assert without["n"] == published["n"]
    assert published["n_other_support"] - without["n_other_support"] == taken_off


def test_logits_by_group_add_half_a_unit(model):
    row = one(model, **IRAQ_CORE, specification="firth_aspirant")
    neither = (row["n_other_support"] - row["n_aspirant_support"],
               row["n_other_none"] - row["n_aspirant_none"])  # fmt: skip
    expected = (row["n_ally_support"] + 0.5) * (neither[1] + 0.5)
    expected /= (row["n_ally_none"] + 0.5) * (neither[0] + 0.5)
    assert row["odds_ratio"] == pytest.approx(expected)


def test_after_the_end_of_atop_its_tier_is_not_known(model):
    late = model.filter(pl.col("as_of") == date(2020, 1, 31), pl.col("tier") == "atop")
    assert set(late["null_reason"]) == {"out_of_coverage"}


def test_who_lacks_a_covariate_is_left_out(model):
    assert one(model, **IRAQ_CORE, specification="firth_covariates")["n"] == len(EVERYONE) - 3


def sample_of(n, seed):
    rng = np.random.default_rng(seed)
    ally = rng.random(n) < 0.3
    aspirant = ~ally & (rng.random(n) < 0.2)
    x = rng.normal(size=n)
    support = rng.random(n) < 1 / (1 + np.exp(-(x + 1.2 * ally + aspirant - 0.5)))
    return Sample(
        np.arange(2, n + 2), support, support.astype(np.int64), ally, aspirant, {"log_gdp": x}
    )


def test_the_closed_form_and_the_general_logit_agree():
    sample, terms = sample_of(90, 1), ("ally", "aspirant")
    by_group, general = (f(sample, "s", terms) for f in (firth_by_group, firth))
    for a, b in zip(by_group, general, strict=True):
        for name in ("estimate", "std_error", "ci_low", "ci_high", "p_value"):
            assert a[name] == pytest.approx(b[name], abs=1e-6)


def test_leave_one_out_is_every_fit_without_one_state():
    sample, terms = sample_of(40, 2), ("ally", "log_gdp")
    low, high = leave_one_out(sample, "s", terms)
    fits = [
        fit_firth(
            design(sample, terms)[np.arange(40) != i],
            np.delete(sample.support, i).astype(float), test=(),
        ).coefficients[1]
        for i in range(40)
    ]  # fmt: skip
    assert (low["estimate"], high["estimate"]) == pytest.approx((min(fits), max(fits)), abs=1e-7)
    assert low["left_out_ccode"] == sample.ccodes[int(np.argmin(fits))]


def test_contrasts_are_differences_and_do_not_change_from_run_to_run(world, model):
    needed = ("coalition_support", "states", "treaty_allies", "obligations", "ally_tier")
    tables = {name: world[name] for name in (*needed, "nato_aspirants")}
    first, second = (
        build_coalition_contrast(**tables).tables["metrics.coalition_contrast"] for _ in range(2)
    )
    assert first.equals(second)
    found = contracts()["metrics.coalition_contrast"].conform(first)
    where = {"coalition": "iraq_2003", "as_of_other": date(2014, 12, 31), "tier": "core",
             "coalition_other": "daesh", "specification": "firth_bivariate",
             "tie_rule": "in_force_on_date"}  # fmt: skip
    (row,) = found.filter(**where).iter_rows(named=True)
    iraq = one(model, **IRAQ_CORE, specification="firth_bivariate")
    isis = one(model, coalition="daesh", as_of=date(2014, 12, 31), tier="core",
               specification="firth_bivariate")  # fmt: skip
    assert row["estimate"] == pytest.approx(iraq["estimate"] - isis["estimate"], abs=1e-12)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]


def test_contributors_by_year(world):
    troops = pl.DataFrame({
        "ccode": ["200", "355", "2"], "troops_from": ["2003-03", "2003-08", "2003-03"],
        "troops_to": ["2005-06", "2004-12", "2011-12"], "peak_troops": ["46000", "485", "170000"],
    })  # fmt: skip
    needed = ("states", "treaty_allies", "obligations", "ally_tier", "nato_aspirants")
    outcome = build_coalition_contributors(
        coalition_mnf_i=troops, **{name: world[name] for name in needed}
    )
    name = "metrics.coalition_contributors"
    found = contracts()[name].conform(outcome.tables[name])
    where = {"tier": "core", "tie_rule": "in_force_on_date"}
    by_year = {r["year"]: r for r in found.filter(**where).iter_rows(named=True)}
    assert [by_year[y]["n_ally_contributors"] for y in (2003, 2005, 2006)] == [1, 1, 0]
    assert [by_year[y]["n_other_contributors"] for y in (2003, 2004, 2005)] == [1, 1, 0]
    assert by_year[2003]["n_aspirant_contributors"] == 1
    assert by_year[2003]["ally_peak_troops_persons"] == 46_000  # the leader is not counted


def test_strikes_are_a_coalition_of_their_own(world):
    strikes = next(e for e in events(world["coalition_support"]) if e.coalition == "daesh_strikes")
    assert strikes.supporters == {20, 200, 220, 210}
