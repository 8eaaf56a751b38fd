"""Rows that break no rule, to be spoilt one value at a time."""

import datetime as dt
from typing import Any

import polars as pl

from warehouse.contracts.read import contracts

Row = dict[str, Any]

ROLL_CALL: Row = {
    **{"rcid": 1, "session": 58, "year": 2003, "source": "un_votes"},
    **{"vote_date": dt.date(2003, 12, 8), "vote_month": dt.date(2003, 12, 1)},
    **{"date_precision": "day", "is_important": False, "importance_basis": "coded"},
    **{"is_amendment": None, "is_paragraph": None, "in_final_only": True, "in_final_strict": True},
    **{"in_all_recorded": True, "in_final_only_as_listed": True, "emergency_session": None},
    **{"ballot_id": 1, "duplicate_of": None, "duplicate_evidence": None},
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
    **{
        "leader": 2,
        "edition": 1,
        "ccode_hegemon": 2,
        "tier": "core",
        "session_from": 58,
        "session_to": 58,
    },
    **{"vote_set": "final_only", "vote_class": "unpopular", "estimator": "LP0"},
    **{"estimate": 0.2, "ci_low": 0.1, "ci_high": 0.3, "n_allies": 20, "n_others": 100},
    **{"n_roll_calls": 40, "inference": "state_bootstrap", "p_value": None},
    **{"ci_low_bca": None, "ci_high_bca": None, "session_first": 58, "session_last": 58},
}
SUPPLY: Row = {
    **{
        "leader": 2,
        "edition": 1,
        "ccode_hegemon": 2,
        "ccode": 200,
        "session_from": 46,
        "session_to": 72,
    },
    **{"vote_class": "unpopular", "residual": 0.25, "ci_low": 0.0, "ci_high": 0.5},
    **{"mean_agreement": 0.5, "expected_agreement": 0.25, "n_votes_of_class": 100},
    **{"inference": "sessions", "null_reason": None},
}
EVENT: Row = {
    **{
        "leader": 2,
        "edition": 1,
        "ccode_hegemon": 2,
        "vote_class": "unpopular",
        "estimator": "sun_abraham",
    },
    **{"cohort_year": "all", "event_time": 3, "event_time_to": 3, "estimate": 0.1},
    **{"ci_low": 0.0, "ci_high": 0.2, "p_value": 0.04, "null_reason": None},
}
DOSE: Row = {
    **{"leader": 2, "edition": 1, "ccode_hegemon": 2, "dose": "tier_steps", "estimator": "within"},
    **{"vote_class": "unpopular"},
    **{"session_from": 46, "session_to": 72, "estimate": 0.1, "ci_low": 0.0, "ci_high": 0.2},
    **{"p_value": 0.04, "inference": "wild_bootstrap", "n_states": 60, "null_reason": None},
}
TIER: Row = {
    **{"ccode_hegemon": 2, "ccode": 200, "year": 2003, "in_force_basis": "treaty"},
    **{"tier_core": True, "tier_treaty": True, "tier_atop": True, "tier_guarantee": True},
    **dict.fromkeys(["tier_core_on_31_dec", "tier_treaty_on_31_dec"], True),
    **dict.fromkeys(["tier_atop_on_31_dec", "tier_guarantee_on_31_dec"], True),
}

PREDICTABILITY: Row = {
    **{"leader": 2, "ccode": 20, "session": 58, "vote_class": "all", "scale": "share"},
    **{"change_0": 0.1, "change_1": -0.2, "change_product": -0.02, "weight": 5.0},
    **{"n_0": 10, "n_1": 10, "n_before_0": 10, "n_before_1": 10},
    **{"is_ally": True, "is_status_unchanged": True, "null_reason": None},
}
CO_MOVEMENT: Row = {
    **{"leader": 2, "outcome": "co_movement", "tier": "core", "vote_class": "all"},
    **{"scale": "share", "design": "two_way", "sample": "unchanged", "inference": "cluster_t"},
    **{"estimate": -0.1, "ci_low": -0.2, "ci_high": 0.0, "null_reason": None},
    **{"mean_others": 0.04, "equivalence_bound": 0.01},
}
GAP: Row = {
    **{"leader": 2, "ccode": 20, "session": 58, "vote_subset": "all", "control_class": "popular"},
    **{"is_ally": True, "cluster": "1949-08-24", "n_unpopular": 40, "n_control": 10},
    **{"agreement_unpopular": 0.4, "agreement_control": 0.9, "gap": -0.5, "gap_logit": -2.5},
    **{"weight": 8.0, "null_reason": None},
}
TRIPLE: Row = {
    **{"leader": 2, "edition": 2, "regressor": "ally", "design": "two_way", "vote_subset": "all"},
    **{"control_class": "popular", "scale": "share", "sample": "all", "wave_left_out": "none"},
    **{"estimate": 0.05, "ci_low": 0.01, "ci_high": 0.09, "p_value": 0.01, "n": 7000},
    **{"n_switchers": 31, "inference": "cluster_t", "null_reason": None},
}
CLIENTS: Row = {
    **{"leader": 2, "year": 1980, "n_clients": 3, "n_clients_entered": 1, "n_clients_left": 0},
    **{"n_client_regions": 2, "n_independence_known": 3, "n_troops_known": 0},
    **{"independence_index_without_eu": 0.5, "troops_per_capita": None},
}

CELL: Row = {
    **{"leader": 2, "estimate": 0.2, "std_error": 0.1, "ci_low": 0.0, "ci_high": 0.4},
    **{"p_value": 0.05, "n": 100, "n_clusters": 20, "null_reason": None},
}
RISE: Row = CELL | {
    **{"design": "alliance_year", "variable": "cinc", "q": 3, "period": "from 1946"},
    "inference": "cluster_jackknife",
}
WRITTEN: Row = CELL | {
    **{"sample": "all", "statistic": "balance", "item": "defense", "q": 3, "formed": "all"},
    "inference": "cluster_jackknife",
}
ELASTICITY: Row = CELL | {
    **{"design": "within_year", "q": 3, "period": "1960-1991"},
    "inference": "cluster_effective_t",
}
SPOKES: Row = CELL | {
    **{"design": "between_regions", "region": "asia_pacific", "region_other": "europe"},
    **{"weighting": "years", "period": "1955-2018", "n_partners": 8, "n_partners_other": 20},
    "inference": "node_jackknife_permutation",
}

EFFECT: Row = CELL | {
    **{"coalition": "gulf_1991", "tier": "core", "specification": "firth_aspirant"},
    **{"unpopularity_rank": 3, "n_ally_support": 15, "n_ally_none": 5, "n_other_support": 20},
    **{"n_other_none": 60, "inference": "firth_profile"},
}
RANKS: Row = CELL | {
    **{"tier": "core", "specification": "firth_aspirant", "n": 5, "n_clusters": 5},
    "inference": "permutation",
}
JOINT_SHIFT: Row = CELL | {
    **{"window_name": "whole", "scale": "agreement", "n_states": 60, "n_allies": 18},
    **{"n_switchers": 9, "n_unpopular": 400, "n_popular": 200, "shift_sd": 0.8},
    "inference": "cluster_t",
}
UNWRITTEN: Row = CELL | {
    **{"item": "dipaid", "n_partners": 40, "n_written": 15, "n_unwritten": 25, "atopid": 3075},
    **{"n_of_one_alliance": 9, "is_rio": False, "margin": 0.03, "is_non_inferior": True},
    "inference": "cluster_t",
}
UNDER_THREAT: Row = {
    **{"leader": 2, "threat": "external_threat", "lag": 1, "covariates": "none"},
    **{"control_class": "popular", "design": "two_way", "scale": "share", "quantity": "adjusted"},
    **{"estimate": 0.1, "std_error": 0.05, "ci_low": 0.0, "ci_high": 0.2, "p_value": 0.05},
    **{"inference": "cluster_t", "null_reason": None, "cluster": "1949-08-24", "score": 0.1},
}
RETURNS: Row = {
    **{"leader": 2, "direction": "support_to_goods", "good": "troops", "estimator": "ppml"},
    **{"design": "static", "tier": "core", "sample": "wars_out", "n_states": 20},
    **{"estimate": 0.1, "std_error": 0.05, "ci_low": 0.0, "ci_high": 0.2, "p_value": 0.05},
    **{"inference": "cluster_t", "null_reason": None, "cluster": "1949-08-24", "score": 0.1},
}


def rows_of(table: str, *rows: Row) -> pl.DataFrame:
    schema = contracts()[table].polars_schema
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)
