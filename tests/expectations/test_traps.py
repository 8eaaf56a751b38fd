"""The traps of the data, each found by the rule that guards against it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import duckdb
import polars as pl
import pytest

from expectations.gate import GateReport
from expectations.suite import Suite
from expectations.suites import suite_for
from warehouse.contracts import contracts

Row = dict[str, Any]

ROLL_CALL: Row = {
    **{"rcid": 1, "session": 58, "year": 2003, "source": "un_votes"},
    **{"vote_date": dt.date(2003, 12, 8), "vote_month": dt.date(2003, 12, 1)},
    **{"date_precision": "day", "is_important": False, "importance_basis": "coded"},
    **{"is_amendment": None, "is_paragraph": None, "in_final_only": True, "in_final_strict": True},
    **{"n_yes": 120, "n_abstain": 20, "n_no": 5, "is_unanimous": False},
    **{"n_yes_published": 120, "n_abstain_published": 20, "n_no_published": 5},
}
SIMILARITY: Row = {
    **{"ccode1": 2, "ccode2": 200, "session": 58, "vote_set": "final_only"},
    **{"n_joint": 8, "n_both_member": 9, "agreement": 0.75, "s_abs": 0.5, "s_sq": 0.625},
    **dict.fromkeys(["pi_abs", "pi_sq", "pi_nominal", "kappa_abs", "kappa_sq", "tau_b"], 0.45),
    **{"n_same": 5, "n_yes1": 4, "n_no1": 2, "n_yes2": 4, "n_no2": 2},
    **{"n_yes_yes": 3, "n_yes_no": 0, "n_no_yes": 1, "n_no_no": 1},
}
WEIGHTED: Row = {
    **{"ccode1": 2, "ccode2": 200, "session": 58, "vote_set": "final_only"},
    **{"weighting": "importance", "n_joint": 8, "n_both_member": 9, "s_abs": 0.5},
}
UNDEFINED = dict.fromkeys(
    ["agreement", "s_abs", "s_sq", "pi_abs", "pi_sq", "pi_nominal", "kappa_abs", "kappa_sq"]
)
ASYMMETRY: Row = {
    **{"atopid": 3000, "year": 1990, "variable": "cinc", "n_members": 2, "n_observed": 2},
    **{"leader_ccode": 2, "leader_share": 0.75, "ratio_first_second": 3.0, "dominance": 0.5},
    **{"majority_margin": 0.5, "hhi": 0.625, "hhi_normalized": 0.25, "concentration": 0.5},
    **{"gini": 0.25, "gini_normalized": 0.5, "theil": 0.130812, "theil_normalized": 0.188722},
    **{"second_zero": False, "is_asymmetric": True, "is_overwhelming": False},
}
PREMIUM: Row = {
    **{"ccode_hegemon": 2, "tier": "core", "session_from": 58, "session_to": 58},
    **{"vote_set": "final_only", "vote_class": "unpopular", "estimator": "LP0"},
    **{"estimate": 0.2, "ci_low": 0.1, "ci_high": 0.3, "n_allies": 20, "n_others": 100},
    **{"n_roll_calls": 40, "inference": "state_bootstrap", "p_value": None},
    **{"ci_low_bca": None, "ci_high_bca": None, "session_first": 58, "session_last": 58},
}
SUPPLY: Row = {
    **{"ccode_hegemon": 2, "ccode": 200, "session_from": 46, "session_to": 72},
    **{"vote_class": "unpopular", "residual": 0.25, "ci_low": 0.0, "ci_high": 0.5},
    **{"mean_agreement": 0.5, "expected_agreement": 0.25, "n_votes_of_class": 100},
    **{"inference": "sessions", "null_reason": None},
}
EVENT: Row = {
    **{"ccode_hegemon": 2, "vote_class": "unpopular", "estimator": "sun_abraham"},
    **{"cohort_year": "all", "event_time": 3, "event_time_to": 3, "estimate": 0.1},
    **{"ci_low": 0.0, "ci_high": 0.2, "p_value": 0.04, "null_reason": None},
}
DOSE: Row = {
    **{"ccode_hegemon": 2, "dose": "tier_steps", "estimator": "within"},
    **{"session_from": 46, "session_to": 72, "estimate": 0.1, "ci_low": 0.0, "ci_high": 0.2},
    **{"p_value": 0.04, "inference": "wild_bootstrap", "n_states": 60, "null_reason": None},
}
TIER: Row = {
    **{"ccode_hegemon": 2, "ccode": 200, "year": 2003, "in_force_basis": "treaty"},
    **{"tier_core": True, "tier_treaty": True, "tier_atop": True, "tier_guarantee": True},
    **dict.fromkeys(["tier_core_on_31_dec", "tier_treaty_on_31_dec"], True),
    **dict.fromkeys(["tier_atop_on_31_dec", "tier_guarantee_on_31_dec"], True),
}

BREACHES: list[tuple[str, Row, list[tuple[str, Row]]]] = [
    (
        "core.roll_calls",
        ROLL_CALL,
        [
            ("no_vote_date_before_session_58", {"session": 57, "year": 2003}),
            ("precision_says_whether_the_day_is_known", {"vote_date": None}),
            ("year_is_that_of_the_month", {"year": 2004}),
            ("importance_is_null_only_where_nobody_coded_it", {"is_important": None}),
            (
                "importance_is_out_of_coverage_before_38_and_after_72",
                {"session": 73, "importance_basis": "coded"},
            ),
            ("session_50_is_marked_as_suspect", {"importance_basis": "coded_suspect"}),
            ("final_only_leaves_out_flagged_votes_since_1990", {"is_amendment": True}),
            ("final_strict_leaves_out_flagged_votes", {"is_paragraph": True}),
            ("somebody_voted", {"n_yes": 0, "n_abstain": 0, "n_no": 0}),
            ("unanimous_means_one_choice", {"is_unanimous": True}),
            ("published_totals_equal_counted_votes", {"n_yes_published": 119}),
            ("published_totals_are_close", {"n_yes_published": 19}),
            ("library_roll_calls_have_their_own_numbers", {"source": "undl_votes"}),
        ],
    ),
    (
        "metrics.vote_similarity",
        SIMILARITY,
        [
            ("the_lower_code_comes_first", {"ccode1": 220}),
            ("joint_votes_are_of_members", {"n_joint": 10}),
            ("the_counts_are_of_one_table", {"n_same": 6}),
            ("s_abs_is_twice_agreement_less_one", {"s_abs": 0.5000001}),
            ("agreement_is_null_without_joint_votes", {"n_joint": 0}),
            ("every_null_has_a_reason", {"tau_b": None}),
            ("every_null_has_a_reason", {"null_reason": "no_variation"}),
            ("the_reason_fits_the_votes", {"null_reason": "absent_all", "tau_b": None}),
            (
                "the_reason_fits_the_votes",
                {"n_joint": 0, **UNDEFINED, "tau_b": None, "null_reason": "no_variation"},
            ),
        ],
    ),
    (
        "metrics.vote_similarity_weighted",
        WEIGHTED,
        [
            ("the_lower_code_comes_first", {"ccode1": 220}),
            ("joint_votes_are_of_members", {"n_joint": 10}),
            ("every_null_has_a_reason", {"s_abs": None}),
            ("every_null_has_a_reason", {"null_reason": "not_member"}),
            ("every_null_has_a_reason", {"n_joint": 0, "null_reason": "absent_all"}),
        ],
    ),
    (
        "metrics.capability_asymmetry",
        ASYMMETRY,
        [
            ("observed_members_are_members", {"n_observed": 3}),
            ("every_null_has_a_reason", {"leader_ccode": None}),
            ("a_ratio_is_null_where_the_second_is_zero", {"second_zero": True}),
            ("a_leader_has_at_least_an_equal_share", {"leader_share": 0.49}),
            ("majority_margin_follows_from_the_share", {"leader_share": 0.76}),
            ("concentration_is_the_root_of_hhi_normalized", {"concentration": 0.25}),
            ("two_members_have_one_asymmetry", {"gini_normalized": 0.25}),
            ("classes_follow_from_the_ratio", {"ratio_first_second": 2.9}),
            ("a_single_member_has_no_asymmetry", {"n_members": 1}),
        ],
    ),
    (
        "metrics.legitimation_premium",
        PREMIUM,
        [
            ("every_null_has_a_reason", {"estimate": None}),
            ("sessions_are_in_order", {"session_to": 57}),
            ("the_interval_has_two_ends", {"ci_high": None}),
            ("the_interval_contains_the_estimate", {"estimate": 0.4}),
            ("single_sessions_have_no_p_value", {"p_value": 0.04}),
            ("inference_is_named", {"inference": "few_allies"}),
            ("the_second_interval_has_two_ends", {"ci_low_bca": 0.1}),
            ("shares_stay_within_one", {"estimate": 1.5, "ci_high": 2.0}),
            ("sessions_used_are_in_the_range", {"session_last": 59}),
            ("an_estimate_rests_on_two_groups", {"n_allies": 0}),
        ],
    ),
    (
        "metrics.hegemon_support",
        {
            **{"ccode_hegemon": 2, "ccode": 200, "session": 58, "vote_class": "unpopular"},
            **{"n_votes_of_class": 20, "n_with_hegemon": 9, "n_half_with_hegemon": 2},
            **{"mean_agreement": 0.5, "null_reason": None},
        },
        [
            ("nobody_supports_himself", {"ccode": 2}),
            ("counts_are_of_the_votes", {"n_with_hegemon": 19}),
            ("ten_votes_make_a_mean", {"n_votes_of_class": 9}),
            ("ten_votes_make_a_mean", {"null_reason": "n_below_min"}),
            ("the_mean_follows_from_the_counts", {"n_half_with_hegemon": 3}),
        ],
    ),
    (
        "metrics.outside_ideal_point",
        {**{"ccode_hegemon": 2, "ccode": 200, "session": 58}, "ideal_point": 1.0}
        | {"n_votes_outside": 30},
        [
            ("points_rest_on_votes", {"n_votes_outside": 0}),
            ("points_are_on_the_scale", {"ideal_point": -11.0}),
        ],
    ),
    (
        "metrics.legitimation_supply",
        SUPPLY,
        [
            ("every_null_has_a_reason", {"n_votes_of_class": 9}),
            ("every_null_has_a_reason", {"null_reason": "n_below_min"}),
            ("the_residual_is_what_is_left", {"expected_agreement": 0.5}),
            ("the_interval_is_around_the_residual", {"ci_high": 0.6}),
            ("the_interval_is_around_the_residual", {"inference": "none"}),
        ],
    ),
    (
        "metrics.legitimation_event_study",
        EVENT,
        [
            ("every_null_has_a_reason", {"estimate": None, "ci_low": None}),
            ("the_interval_has_two_ends", {"p_value": None}),
            ("the_year_before_entry_is_the_base", {"event_time": -1, "event_time_to": -1}),
            ("spans_are_in_order", {"event_time": 4}),
        ],
    ),
    (
        "metrics.legitimation_dose",
        DOSE,
        [
            ("every_null_has_a_reason", {"estimate": None}),
            ("the_interval_has_two_ends", {"ci_low": None}),
            ("the_interval_has_two_ends", {"inference": "few_allies"}),
            ("a_slope_rests_on_ten_states", {"n_states": 9}),
        ],
    ),
    (
        "marts.ally_tier",
        TIER,
        [
            ("nobody_is_his_own_ally", {"ccode": 2}),
            ("each_tier_contains_the_one_before", {"tier_treaty": False}),
            ("31_december_is_the_stricter_rule", {"tier_atop": False}),
            ("atop_tier_is_null_out_of_coverage", {"tier_atop": None}),
            ("dated_tiers_are_of_the_united_states", {"ccode_hegemon": 365}),
            ("a_tie_has_a_basis", {"in_force_basis": None}),
        ],
    ),
    (
        "core.votes",
        {"rcid": 3, "ccode": 2, "session": 1, "choice": "yes", "is_sovereign": True},
        [
            ("what_is_not_sovereign_has_a_reason", {"is_sovereign": False}),
            ("zanzibar_has_no_votes", {"ccode": 511}),
            ("south_africa_has_no_vote_in_session_48", {"ccode": 560, "session": 48}),
        ],
    ),
    (
        "staging.stg_un_votes__roll_calls",
        {
            **{"rcid": 3, "session": 58, "vote_month": dt.date(2003, 12, 1)},
            **{"vote_date": dt.date(2003, 12, 8), "date_precision": "day"},
        },
        [
            ("no_vote_date_before_session_58", {"session": 57}),
            ("vote_date_from_session_58_on", {"vote_date": None}),
            ("precision_says_whether_the_day_is_known", {"date_precision": "month"}),
            ("vote_month_is_a_first_of_month", {"vote_month": dt.date(2003, 12, 8)}),
            ("month_lies_in_its_session", {"session": 70}),
            (
                "important_votes_are_listed_from_session_38_on",
                {"session": 37, "is_important_published": True},
            ),
        ],
    ),
]


def rows_of(table: str, *rows: Row) -> pl.DataFrame:
    schema = contracts()[table].polars_schema
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def conditions_of(table: str) -> Suite:
    suite = suite_for(table)
    wanted = tuple(e for e in suite.expectations if e.kind == "RowsToSatisfy")
    return Suite(table, suite.key, wanted)


@pytest.mark.parametrize(("table", "right", "_"), BREACHES, ids=lambda v: v if "." in v else "")
def test_a_right_row_breaks_nothing(
    gate: Callable[..., GateReport], table: str, right: Row, _: object
) -> None:
    report = gate(conditions_of(table), rows_of(table, right))
    assert [r.expectation for r in report.failures] == []


@pytest.mark.parametrize("table", [table for table, _, _ in BREACHES])
def test_each_wrong_row_is_found_by_its_rule(gate: Callable[..., GateReport], table: str) -> None:
    ((right, listed),) = [(right, listed) for name, right, listed in BREACHES if name == table]
    frame = rows_of(table, *(right | change for _, change in listed))
    found = {r.expectation: r for r in gate(conditions_of(table), frame).failures}
    key = suite_for(table).key
    for rule, change in listed:
        keys = [{c: breach[c] for c in key} for breach in found[rule].sample]
        assert {c: (right | change)[c] for c in key} in keys, rule


@pytest.mark.parametrize("table", [table for table, _, _ in BREACHES])
def test_every_condition_of_these_suites_has_a_wrong_row(table: str) -> None:
    ((listed),) = [listed for name, _, listed in BREACHES if name == table]
    stated = {e.kwargs["name"] for e in conditions_of(table).expectations}
    assert stated - {rule for rule, _ in listed} <= {"session_is_plausible"}


def broken(table: str, rule_name: str, tables: dict[str, list[Row]]) -> list[Row]:
    """Rows that one rule across tables returns on invented tables."""
    (rule,) = [rule for rule in suite_for(table).rules if rule.name == rule_name]
    with duckdb.connect(":memory:") as connection:
        for name in rule.tables:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name.split('.')[0]}")
            frame = rows_of(name, *tables[name])  # noqa: F841 - DuckDB finds it by its name
            connection.execute(f"CREATE TABLE {name} AS FROM frame")
        return connection.sql(rule.sql).pl().to_dicts()


def vote(rcid: int, ccode: int, **more: object) -> Row:
    right = {"session": 1, "choice": "yes", "is_sovereign": True, "source": "un_votes"}
    return {"rcid": rcid, "ccode": ccode, "ccode_source": ccode, **right, **more}


def test_a_vote_without_roll_call_or_with_another_session_is_found() -> None:
    tables = {
        "core.votes": [vote(1, 2), vote(2, 2), vote(3, 2, session=2)],
        "core.roll_calls": [ROLL_CALL | {"rcid": n, "session": 1} for n in (1, 3)],
    }
    found = broken("core.votes", "every_vote_has_its_roll_call", tables)
    assert sorted(row["rcid"] for row in found) == [2, 3]


def test_eighty_votes_outside_the_system_are_the_most() -> None:
    reason = {"is_sovereign": False, "sovereignty_reason": "un_member_before_cow_entry"}
    eighty = [vote(n, 581, **reason) for n in range(80)]
    absent = [vote(n, 581, **reason | {"choice": "absent"}) for n in range(100, 190)]
    assert (
        broken("core.votes", "few_votes_outside_the_system", {"core.votes": eighty + absent}) == []
    )
    found = broken(
        "core.votes",
        "few_votes_outside_the_system",
        {"core.votes": [*eighty, vote(99, 581, **reason)]},
    )
    assert found == [{"ccode": 581, "n_votes": 81}]


def test_both_chinas_vote_in_session_26_only() -> None:
    both = [vote(n, ccode, session=n) for n in (26, 27) for ccode in (710, 713)]
    found = broken("core.votes", "both_chinas_only_in_session_26", {"core.votes": both})
    assert found == [{"session": 27, "n_chinas": 2}]


def test_a_sovereign_vote_before_the_state_exists_is_found() -> None:
    august = ROLL_CALL | {"rcid": 1, "vote_date": None, "vote_month": dt.date(1947, 8, 1)}
    july = august | {"rcid": 2, "vote_month": dt.date(1947, 7, 1)}
    india = {"ccode": 750, "valid_from": dt.date(1947, 8, 15), "valid_to": dt.date(2024, 12, 31)}
    tables = {
        "core.votes": [vote(1, 750), vote(2, 750), vote(2, 750, is_sovereign=False)],
        "core.roll_calls": [august, july],
        "core.states": [india],
    }
    found = broken("core.votes", "sovereign_voters_are_in_the_system", tables)
    assert found == [{"ccode": 750, "vote_month": dt.date(1947, 7, 1)}]


def test_a_vote_that_is_lost_is_found_but_for_those_left_out_on_purpose() -> None:
    def staged(rcid: int, ccode: int, code: int, session: int = 18) -> Row:
        return {"rcid": rcid, "ccode_source": ccode, "vote_code": code, "session": session}

    tables = {
        "core.votes": [vote(1, 2), vote(2, 2, choice="absent")],
        "staging.stg_un_votes__votes": [
            *(staged(1, 2, 1), staged(2, 2, 3), staged(2, 20, 8), staged(2, 31, 9)),
            *(staged(1, 511, 1), staged(1, 560, 1, session=48)),
        ],
    }
    found = broken("core.votes", "every_vote_of_the_file_is_kept", tables)
    assert found == [{"rcid": 2, "ccode_source": 2, "vote_code": 3}]


def test_a_missing_session_is_found() -> None:
    held = [{"rcid": n, "session": n} for n in (1, 2, 4)]
    table = "staging.stg_un_votes__roll_calls"
    assert broken(table, "sessions_follow_each_other", {table: held}) == [{"session": 3}]


def test_more_important_votes_than_a_session_has_are_found() -> None:
    table = "staging.stg_un_votes__roll_calls"
    flagged = [{"rcid": n, "session": 50, "is_important_published": True} for n in range(28)]
    found = broken(table, "important_votes_per_session", {table: flagged})
    assert found == [{"session": 50, "n_important": 28}]


def test_more_joint_votes_than_roll_calls_are_found() -> None:
    tables = {
        "metrics.vote_similarity": [
            SIMILARITY | {"n_both_member": 2},
            SIMILARITY | {"n_both_member": 2, "vote_set": "all_recorded"},
        ],
        "core.roll_calls": [
            ROLL_CALL | {"rcid": 1},
            ROLL_CALL | {"rcid": 2, "in_final_only": False},
            ROLL_CALL | {"rcid": 3, "is_unanimous": True},
        ],
    }
    found = broken("metrics.vote_similarity", "joint_votes_are_at_most_the_roll_calls", tables)
    assert [row["vote_set"] for row in found] == ["final_only"]


def test_years_that_do_not_hold_the_votes_of_the_sessions_are_found() -> None:
    tables = {
        "metrics.vote_similarity": [SIMILARITY, SIMILARITY | {"session": 59}],
        "metrics.vote_similarity_year": [SIMILARITY | {"year": 2003}],
    }
    rule = "years_deal_out_the_votes_of_the_sessions"
    found = broken("metrics.vote_similarity_year", rule, tables)
    assert [(row["n_by_year"], row["n_by_session"]) for row in found] == [(8, 16)]


def test_weighted_votes_that_are_not_among_all_are_found() -> None:
    tables = {
        "metrics.vote_similarity": [SIMILARITY, SIMILARITY | {"session": 59, "s_abs": 1.0}],
        "metrics.vote_similarity_weighted": [
            WEIGHTED | {"n_joint": 9},
            WEIGHTED | {"session": 59},
        ],
    }
    table = "metrics.vote_similarity_weighted"
    found = broken(table, "weighted_votes_are_among_all", tables)
    assert [row["session"] for row in found] == [58]
    found = broken(table, "two_who_always_vote_alike_do_so_under_any_weight", tables)
    assert [row["session"] for row in found] == [59]


def test_totals_that_are_not_those_of_the_votes_are_found() -> None:
    right = ROLL_CALL | {"rcid": 1, "n_yes": 2, "n_abstain": 0, "n_no": 1}
    cast = [vote(1, 2), vote(1, 20), vote(1, 31, choice="no"), vote(1, 40, choice="absent")]
    tables = {"core.votes": cast, "core.roll_calls": [right, right | {"rcid": 2}]}
    found = broken("core.roll_calls", "totals_are_those_of_the_votes", tables)
    assert [row["rcid"] for row in found] == [2]


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
