"""Arguing with claims on the simulated world: a change gives the figures that it stands for."""

import re
from pathlib import Path
from typing import Any

import pytest

from flows.reports.argument_page import sentences_of
from tests.built_homes import BuiltHome
from tests.integration.arguing import argued, published_core
from transforms.arguing.choices import ARGUABLE


def primary_of(home: BuiltHome, claim: str) -> tuple[Any, ...]:
    return home.rows(
        "SELECT estimate, ci_low, ci_high, p_value, n FROM metrics.claim_test WHERE is_primary"
        f" AND edition = 2 AND leader = 2 AND claim = '{claim}'"
    )[0]


@pytest.mark.parametrize("claim", ARGUABLE)
def test_without_a_change_it_is_the_published_primary(sample_home: Any, claim: str) -> None:
    found = argued(sample_home.home, claim)
    estimate, low, high, p_value, n = primary_of(sample_home, claim)
    own = found.answer
    assert (own["estimate"], own["ci_low"], own["ci_high"]) == (estimate, low, high)
    if estimate is None:
        assert own["cannot_say"], "a sentence, not an empty figure"
        assert found.place is None
    else:
        assert (own["p_value"], found.counts["rows"]) == (p_value, n)
    assert found.changed == {}


def test_another_leader_stands_next_to_its_own_primary(sample_home: Any) -> None:
    found = argued(sample_home.home, "C8", leader="Russia")
    assert found.published["leader"] == 365
    assert found.answer["estimate"] == found.published["estimate"]
    assert found.changed.keys() == {"leader"}
    assert "it is a replication" in found.notes[0]


COLUMNS = "estimate, ci_low, ci_high, n"


@pytest.mark.parametrize(
    ("table", "where", "claim", "choices"),
    [
        (
            "triple_difference",
            "regressor = 'ally' AND design = 'state_era' AND control_class = 'contested'"
            " AND scale = 'share' AND sample = 'all' AND vote_subset = 'all'",
            "C2a",
            {"design": "state_era", "controls": "contested"},
        ),
        (
            "triple_difference",
            "regressor = 'ally' AND design = 'two_way' AND control_class = 'contested'"
            " AND scale = 'share' AND sample = 'sessions_46_on' AND vote_subset = 'all'",
            "C2a",
            {"years": "1991-2021", "controls": "contested"},
        ),
        (
            "triple_difference",
            "regressor = 'tier_steps' AND design = 'region_session' AND scale = 'logit'"
            " AND control_class = 'contested' AND vote_subset = 'all'",
            "C2b",
            {"design": "region_session", "controls": "contested", "scale": "logit"},
        ),
        (
            "triple_difference",
            "regressor = 'western_ally' AND sample = 'western_wide' AND scale = 'share'"
            " AND control_class = 'contested' AND vote_subset = 'all'",
            "C2f",
            {"sample": "western_wide", "controls": "contested"},
        ),
        (
            "triple_difference",
            "regressor = 'ally_by_size' AND design = 'two_way' AND scale = 'share'"
            " AND control_class = 'contested' AND vote_subset = 'all'",
            "C2g",
            {"controls": "contested"},
        ),
        (
            "predictability",
            "outcome = 'co_movement' AND tier = 'atop' AND vote_class = 'unpopular'"
            " AND scale = 'logit' AND design = 'region_session' AND sample = 'unchanged'",
            "C8",
            {"tier": "atop", "votes": "unpopular", "scale": "logit", "design": "region_session"},
        ),
        (
            "exchange_under_threat",
            "threat = 'external_threat' AND lag = 1 AND covariates = 'regime_trade'"
            " AND control_class = 'contested' AND scale = 'share' AND quantity = 'adjusted'",
            "C9",
            {"covariates": "regime_trade", "controls": "contested"},
        ),
    ],
)
def test_a_choice_that_the_build_has_gives_its_figures(
    sample_home: Any, table: str, where: str, claim: str, choices: dict[str, str]
) -> None:
    ((estimate, low, high, n),) = sample_home.rows(
        f"SELECT {COLUMNS} FROM metrics.{table} WHERE leader = 2 AND {where}"
    )
    found = argued(sample_home.home, claim, **choices)
    assert estimate is not None
    assert found.answer["estimate"] == estimate
    assert (found.answer["ci_low"], found.answer["ci_high"]) == (low, high)
    assert found.counts["rows"] == n


OF_CURVES = [
    ("C1a", "dyad_year", "personnel, ratio 10, 1946-1991",
     {"design": "dyad_year", "variable": "milper", "ratio": "10", "period": "1946-1991"}),
    ("C1a", "alliance_year_trend", "CINC, ratio 3, 1816-2018", {"design": "alliance_year_trend"}),
    ("C1a", "alliance_year_drawn", "CINC, ratio 3, from 1946", {"design": "alliance_year_drawn"}),
    ("C1b", "sign_test", "CINC, first to second, 1946-2018", {"years": "1946-2018"}),
    ("C1c", "share_of_partners", "Russia, atop, spending, ratio 10, 1946-2018",
     {"leader": "Russia", "tier": "atop", "variable": "milex_thousand", "years": "1946-2018"}),
    ("C2c", "firth_covariates_region",
     "iraq_2003 2003-03-27, treaty, any_day, as_published, ally",
     {"specification": "firth_covariates_region", "tier": "treaty", "tie_rule": "any_day"}),
    ("C2c", "firth_aspirant",
     "iraq_2003 2003-03-27, core, in_force_on_date, without_angola, ally",
     {"specification": "firth_aspirant", "list_version": "without_angola"}),
    ("C2c", "firth_covariates",
     "iraq_2003 2003-03-27, core, in_force_on_date, as_published, aspirant",
     {"term": "aspirant"}),
    ("C2d", "ordinal", "daesh 2016-01-31, atop, in_force_on_date, as_published, ally",
     {"specification": "ordinal", "tier": "atop", "as_of": "2016-01-31"}),
    ("C2d", "fisher", "daesh 2017-12-31, core, in_force_on_date, as_published, ally",
     {"specification": "fisher", "as_of": "2017-12-31"}),
    ("C2e", "permuted_ranks", "atop, firth_bivariate",
     {"tier": "atop", "specification": "firth_bivariate"}),
    ("C3", "balance", "hard, ratio 2, formed from 1945, all leaders",
     {"item": "hard", "ratio": "2", "years": "1945-2018"}),
    ("C3", "leader_share", "defense, ratio 3, formed all, all leaders",
     {"statistic": "leader_share"}),
    ("C3", "balance", "dipaid, ratio 3, formed all, led by Russia",
     {"item": "dipaid", "leader": "Russia"}),
    ("C4", "between_regions", "asia_pacific minus elsewhere, pairs, 1992-2018",
     {"region_other": "elsewhere", "weighting": "pairs", "years": "1992-2018"}),
    ("C5", "cox_time_fixed", "all_terminations, log_ratio",
     {"sample": "all_terminations", "estimator": "cox_time_fixed", "term": "log_ratio"}),
    ("C5", "cox_adjusted", "violation_only, asymmetric",
     {"sample": "violation_only", "estimator": "cox_adjusted"}),
    ("C6", "within_year", "ratio 1, 1960-2018",
     {"design": "within_year", "ratio": "1", "years": "1960-2018"}),
    ("C6", "later_minus_cold_war", "ratio 3, 1960-2018",
     {"design": "later_minus_cold_war", "years": "1960-2018"}),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "estimator", "specification", "choices"), OF_CURVES)
def test_a_choice_that_a_claim_lists_gives_its_figures(
    sample_home: Any, claim: str, estimator: str, specification: str, choices: dict[str, str]
) -> None:
    ((estimate, low, high, p_value, n),) = sample_home.rows(
        "SELECT estimate, ci_low, ci_high, p_value, n FROM metrics.claim_test WHERE edition = 2"
        f" AND leader = 2 AND claim = '{claim}' AND estimator = '{estimator}'"
        f" AND specification = '{specification}'"
    )
    found = argued(sample_home.home, claim, **choices)
    own = found.answer
    assert (own["estimate"], own["ci_low"], own["ci_high"]) == (estimate, low, high)
    if estimate is None:
        assert own["cannot_say"]
    else:
        assert (own["p_value"], found.counts["rows"]) == (p_value, n)


@pytest.mark.parametrize(
    ("claim", "choices"),
    [
        ("C3", {"item": "dipaid"}),
        ("C1a", {"design": "alliance_year_trend"}),
        ("C6", {"design": "later_minus_cold_war", "years": "1960-2018"}),
        ("C4", {"region": "europe", "region_other": "asia_pacific"}),
    ],
)
def test_another_question_has_no_side_and_no_place(
    sample_home: Any, claim: str, choices: dict[str, str]
) -> None:
    found = argued(sample_home.home, claim, **choices)
    assert found.asks
    assert found.place is None
    said = " ".join(sentences_of(found))
    assert "expected side;" not in said
    assert found.answer["cannot_say"] or "It asks something else than the primary" in said


@pytest.mark.parametrize(
    ("claim", "choices", "fewer"),
    [
        ("C1a", {"without_leaders": "USA"}, "rows"),
        ("C1a", {"clusters": "alliance"}, ""),
        ("C3", {"without_leaders": "USA"}, "rows"),
        ("C2c", {"without": "Canada, France"}, "states"),
        ("C4", {"without": "Japan"}, "allies"),
        ("C5", {"years": "1900-2018"}, "rows"),
        ("C6", {"without": "USA"}, "states"),
    ],
)
def test_what_is_left_out_is_left_out(
    sample_home: Any, claim: str, choices: dict[str, str], fewer: str
) -> None:
    found, whole = argued(sample_home.home, claim, **choices), argued(sample_home.home, claim)
    assert found.answer["estimate"] is None or (found.answer["ci_low"] != whole.answer["ci_low"])
    assert not fewer or found.counts[fewer] < whole.counts[fewer]


@pytest.mark.parametrize(
    ("claim", "more"),
    [
        ("C8", {}),
        ("C2a", {"controls": "contested"}),
        ("C1c", {}),
        ("C2c", {}),
        ("C2d", {"tie_rule": "any_day"}),
        ("C2e", {}),
    ],
)
def test_the_published_allies_as_a_list_give_the_published_figures(
    sample_home: Any, tmp_path: Path, claim: str, more: dict[str, str]
) -> None:
    own_list = published_core(sample_home, tmp_path / "core.csv")
    own = argued(sample_home.home, claim, allies=str(own_list), **more)
    tier = argued(sample_home.home, claim, **more)
    assert own.answer == tier.answer
    assert own.counts == tier.counts
    assert own.changed.keys() == {"allies", *more}
    assert re.search(r"The list has (\d+) .* core tier of the build \1; \1 are", own.notes[0])
