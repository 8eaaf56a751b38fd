"""Rules across tables, on invented ones: what breaks them is found, what keeps them is not."""

import datetime as dt

import pytest

from tests.expectations.broken_rules import broken
from tests.expectations.right_rows import (
    ELASTICITY,
    RISE,
    ROLL_CALL,
    TIER,
    WRITTEN,
    Row,
)


def test_an_aspirant_is_no_core_ally() -> None:
    estonia: Row = {
        **{"ccode_hegemon": 2, "ccode": 366, "treaty": "nato", "tier": "core"},
        **{"in_force_from": dt.date(2004, 3, 29)},
    }
    tables = {
        "core.treaty_allies": [estonia],
        "marts.ally_tier": [TIER | {"ccode": 366, "year": year} for year in (2003, 2004)],
    }
    found = broken("marts.ally_tier", "aspirants_to_nato_are_no_core_allies", tables)
    assert found == [{"ccode": 366, "year": 2003}]


def test_spells_may_meet_but_not_overlap() -> None:
    def spell(first: int, last: int) -> Row:
        return {"ccode": 345, "valid_from": dt.date(first, 6, 3), "valid_to": dt.date(last, 6, 3)}

    name = "spells_of_a_state_do_not_overlap"
    meeting = {"core.states": [spell(1921, 2006), spell(2006, 2024)]}
    assert broken("core.states", name, meeting) == []
    overlapping = {"core.states": [spell(1921, 2007), spell(2006, 2024)]}
    (found,) = broken("core.states", name, overlapping)
    assert found["next_from"] == dt.date(2006, 6, 3)


def test_a_premium_without_an_estimate_has_one_reason_in_both_tables() -> None:
    none: Row = {"estimate": None}
    two_way = "metrics.legitimation_two_way"
    rows: dict[
        int, tuple[Row, Row]
    ] = {  # session_from: as the premium has it, as it is by state and roll call
        1: ({"estimate": 0.1}, {"estimate": 0.1}),
        2: ({"estimate": 0.1}, {"estimate": 0.2}),
        3: ({"estimate": 0.1}, none | {"null_reason": "n_below_min"}),
        4: ({"estimate": 0.1}, none | {"null_reason": "no_variation"}),
        5: (none | {"null_reason": "n_below_min"}, none | {"null_reason": "n_below_min"}),
        6: (none | {"null_reason": "n_below_min"}, none | {"null_reason": "no_variation"}),
        7: (none | {"null_reason": "n_below_min"}, {"estimate": 0.1}),
    }
    key: Row = {"leader": 2, "edition": 1, "tier": "core", "session_to": 9}
    key |= {"vote_set": "final_only", "vote_class": "unpopular", "estimator": "LP4"}
    tables = {
        name: [key | {"session_from": s} | pair[place] for s, pair in rows.items()]
        for place, name in enumerate(("metrics.legitimation_premium", two_way))
    }
    found = broken(two_way, "estimates_are_those_of_the_premium", tables)
    assert sorted(row["session_from"] for row in found) == [2, 4, 6, 7]


def test_a_state_without_any_row_is_found_unless_the_source_never_had_it() -> None:
    def spell(ccode: int, name: str, first: int = 1950, last: int = 2024) -> Row:
        days = {"valid_from": dt.date(first, 1, 1), "counts_to": dt.date(last, 12, 31)}
        return {"ccode": ccode, "state_name": name, **days}

    tables = {
        "core.gdp": [{"ccode": 2, "year": year} for year in (1990, 2000)],
        "core.states": [
            *(spell(2, "United States"), spell(640, "Turkey")),
            *(spell(713, "Taiwan"), spell(315, "Czechoslovakia", 1945, 1985)),
        ],
    }
    found = broken("core.gdp", "every_state_of_the_system_has_rows", tables)
    assert found == [{"ccode": 640, "state_name": "Turkey"}]


def test_importance_is_known_where_the_file_flags_it_and_nowhere_else() -> None:
    def listed(rcid: int, session: int, basis: str, **more: object) -> Row:
        return ROLL_CALL | {"rcid": rcid, "session": session, "importance_basis": basis, **more}

    tables: dict[str, list[Row]] = {
        "core.roll_calls": [
            listed(1, 37, "out_of_coverage"),
            listed(2, 38, "coded"),
            listed(3, 40, "out_of_coverage"),
            listed(4, 41, "coded"),
            listed(5, 40, "out_of_coverage", source="undl_votes"),
        ],
        "staging.stg_un_votes__roll_calls": [
            {"rcid": 1, "session": 37, "is_important_published": False},
            {"rcid": 2, "session": 38, "is_important_published": True},
            {"rcid": 3, "session": 40, "is_important_published": False},
            {"rcid": 4, "session": 41, "is_important_published": None},
        ],
    }
    rule = "importance_is_known_in_the_sessions_that_the_file_flags"
    found = broken("core.roll_calls", rule, tables)
    assert sorted(row["session"] for row in found) == [40, 41]


def test_one_wrong_date_does_not_make_exits_of_all_states() -> None:
    def spell(ccode: int, last: dt.date, *, at_end: bool) -> Row:
        return {"ccode": ccode, "valid_from": dt.date(1950, 1, 1), "valid_to": last} | {
            "is_in_system_at_source_end": at_end
        }

    end, wrong = dt.date(2024, 12, 31), dt.date(2029, 12, 31)
    listed = [spell(n, end, at_end=True) for n in range(5)]
    rule = "the_list_ends_for_most_states_at_once"
    assert broken("core.states", rule, {"core.states": listed}) == []
    moved = [spell(n, end, at_end=False) for n in range(5)] + [spell(9, wrong, at_end=True)]
    assert broken("core.states", rule, {"core.states": moved}) == [{"n_states": 6, "n_at_end": 1}]


@pytest.mark.parametrize(
    ("scores", "estimate"),
    [
        ("metrics.asymmetric_rise_score", RISE),
        ("metrics.burden_elasticity_score", ELASTICITY),
        ("metrics.written_balance_score", WRITTEN),
    ],
)
def test_a_score_without_its_estimate_is_found(scores: str, estimate: Row) -> None:
    right = estimate | {"cluster": "leader 2", "score": 0.5}
    empty = estimate | {"q": 10, "estimate": None, "null_reason": "n_below_min"}
    tables = {
        scores: [right, right | {"q": 10}, right | {"q": 5}],
        scores.removesuffix("_score"): [estimate, empty],
    }
    found = broken(scores, "scores_belong_to_an_estimate", tables)
    assert [row["q"] for row in found] == [5, 10]


def test_scores_of_hazards_and_of_logits_need_their_estimates() -> None:
    hazard: Row = {
        "sample": "all_terminations",
        "estimator": "cox_time_fixed",
        "term": "asymmetric",
    }
    tables: dict[str, list[Row]] = {
        "metrics.alliance_duration": [hazard | {"estimate": -0.2}],
        "metrics.alliance_duration_score": [
            hazard | {"cluster": "leader 2", "score": 0.1, "term": term}
            for term in ("asymmetric", "log_ratio")
        ],
    }
    rule = "scores_belong_to_an_estimate"
    found = broken("metrics.alliance_duration_score", rule, tables)
    assert [row["term"] for row in found] == ["log_ratio"]
    logit: Row = {
        **{"coalition": "daesh", "as_of": dt.date(2014, 12, 31), "tier": "core"},
        **{"tie_rule": "any_day", "list_version": "as_published", "term": "ally"},
    }
    rows = [logit | {"specification": name} for name in ("firth_aspirant", "firth_covariates")]
    tables = {
        "metrics.coalition_model": [rows[0] | {"estimate": 1.0}, rows[1] | {"estimate": None}],
        "metrics.coalition_model_score": [r | {"cluster": "state 20", "score": 1.0} for r in rows],
    }
    found = broken("metrics.coalition_model_score", rule, tables)
    assert [row["specification"] for row in found] == ["firth_covariates"]
