"""Coalition support given covariates of a file: which values count, and what the logit is."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from transforms.inference.firth import fit_firth
from transforms.metrics.coalitions.alliance_ties import Ties
from transforms.metrics.coalitions.events import IRAQ_LIST, Event
from transforms.metrics.coalitions.samples import COVARIATES, USER_COVARIATES, Population, Sample
from transforms.metrics.coalitions.specifications import LOGITS, TIES, firth
from transforms.metrics.coalitions.user_covariates import firth_user_covariates

NAME = "firth_user_covariates"
TERMS = LOGITS[NAME]
N = 60


@pytest.fixture
def sample():
    rng = np.random.default_rng(9)
    ally = np.arange(N) < 20
    return Sample(
        ccodes=np.arange(N) + 100,
        support=rng.random(N) < np.where(ally, 0.6, 0.3),
        level=np.zeros(N, int),
        ally=ally,
        aspirant=np.arange(N) >= 54,
        covariates={name: rng.normal(size=N) for name in (*COVARIATES, *USER_COVARIATES)}
        | {"ex_warsaw_pact": (np.arange(N) % 7 == 0).astype(float)},
    )


def without(sample, name, n_allies, n_others):
    values = sample.covariates[name].copy()
    values[:n_allies] = np.nan
    values[20 : 20 + n_others] = np.nan
    sample.covariates[name] = values


def test_it_is_firths_logit_on_all_terms(sample):
    rows = {row["term"]: row for row in firth_user_covariates(sample, NAME, TERMS)}
    assert tuple(rows) == TERMS
    x = [np.ones(N), sample.ally, sample.aspirant]
    x += [sample.covariates[name] for name in (*COVARIATES, *USER_COVARIATES)]
    fit = fit_firth(np.column_stack(x).astype(float), sample.support.astype(float))
    found = [rows[term]["estimate"] for term in TERMS]
    assert found == pytest.approx(fit.coefficients[1:].tolist(), abs=1e-6)
    assert {row["n"] for row in rows.values()} == {N}


def test_a_covariate_of_few_allies_is_missing_and_the_others_count(sample):
    without(sample, "polyarchy", 11, 0)  # 9 of 20 allies have it
    without(sample, "trade_share", 10, 20)  # half of both have it
    rows = {row["term"]: row for row in firth_user_covariates(sample, NAME, TERMS)}
    assert rows["polyarchy"]["null_reason"] == "covariates_missing"
    used = [term for term in TERMS if term != "polyarchy"]
    assert [rows[t]["estimate"] for t in used] == [
        row["estimate"] for row in firth(sample, NAME, used)
    ]
    assert rows["ally"]["n"] == N - 30


def test_without_a_file_nothing_is_estimated(sample):
    for name in USER_COVARIATES:
        del sample.covariates[name]
    rows = firth_user_covariates(sample, NAME, TERMS)
    assert {row["null_reason"] for row in rows} == {"covariates_missing"}
    assert {row["term"] for row in rows} == set(TERMS)
    assert set(TIES) < set(TERMS)


def test_values_are_those_known_before_the_event():
    keys: Any = {"ccode": pl.Int16, "year": pl.Int16}
    rows = [
        (200, 1950, 0.9, 5900.0, 0.0, 0.1, None),
        (200, 1999, 0.8, None, 10.0, None, 3e11),
        (200, 2003, 0.1, 1.0, 99.0, 0.9, 9e11),
        (220, 1996, 0.7, None, None, None, None),
        (220, 2020, None, 6100.0, None, None, None),
    ]
    names = ["ccode", "year", "polyarchy", "distance_km", "aid_usd", "trade_share"]
    names.append("trade_total_usd")
    everyone = {"ccode": [200, 220, 230], "region": ["europe"] * 3}
    always = {"valid_from": [date(1816, 1, 1)] * 3, "counts_to": [date(2024, 12, 31)] * 3}
    no_ties = pl.DataFrame(schema={"ccode_hegemon": pl.Int16, "ccode_from": pl.Int16,
                                   "ccode_to": pl.Int16, "defense": pl.Int16, "year": pl.Int16,
                                   "not_owed": pl.String,
                                   "in_force_from": pl.Date, "in_force_to": pl.Date})  # fmt: skip
    aspirants = pl.DataFrame(schema={"ccode": pl.String, "aspirant_from": pl.String})
    population = Population(
        pl.DataFrame(everyone | always).cast({"ccode": pl.Int16}),
        Ties(no_ties, no_ties, no_ties, aspirants),
        gdp=pl.DataFrame({"ccode": [200, 200], "year": [1999, 2003], "gdp_usd": [1e12] * 2}).cast(
            keys
        ),
        ideal_points_published=pl.DataFrame(schema=keys | {"ideal_point_published": pl.Float64}),
        covariates=pl.DataFrame(rows, schema=names, orient="row").cast(keys),
    )
    event = Event(*IRAQ_LIST, "as_published", date(2003, 3, 20), 2002, frozenset(), {}, frozenset())
    found = population.states_of(event).select("ccode", *USER_COVARIATES).rows()
    distance, aid, openness = np.log(5901), np.arcsinh(10), np.log(0.3)
    assert found[0] == pytest.approx((200, distance, 0.8, aid, None, openness))
    # a distance that is known only later counts, nothing else does
    assert found[1] == pytest.approx((220, np.log(6101), None, None, None, None))
    assert found[2] == (230, *[None] * 5)
