"""What breaks each rule on a single table: a right row, and values that spoil it."""

import datetime as dt

from tests.expectations.right_rows import (
    ASYMMETRY,
    CO_MOVEMENT,
    DOSE,
    EVENT,
    PREMIUM,
    RETURNS,
    ROLL_CALL,
    SIMILARITY,
    SUPPLY,
    TIER,
    TRIPLE,
    UNDEFINED,
    UNDER_THREAT,
    WEIGHTED,
    Row,
)

BREACHES: list[tuple[str, Row, list[tuple[str, Row]]]] = [
    (
        "core.roll_calls",
        ROLL_CALL,
        [
            ("no_vote_date_before_session_58", {"session": 57, "year": 2003}),
            ("precision_says_whether_the_day_is_known", {"vote_date": None}),
            ("year_is_that_of_the_month", {"year": 2004}),
            ("importance_is_null_only_where_nobody_coded_it", {"is_important": None}),
            ("session_50_is_marked_as_suspect", {"importance_basis": "coded_suspect"}),
            ("final_only_leaves_out_flagged_votes_since_1990", {"is_amendment": True}),
            ("final_strict_leaves_out_flagged_votes", {"is_paragraph": True}),
            ("all_recorded_has_every_ballot", {"in_all_recorded": False}),
            ("a_duplicate_names_its_ballot", {"ballot_id": 2}),
            (
                "a_duplicate_names_its_ballot",
                {"duplicate_of": 2, "ballot_id": 2, "duplicate_evidence": "kept_apart"},
            ),
            ("only_emergency_sessions_are_outside_the_regular_ones", {"session": None}),
            ("a_roll_call_has_votes", {"n_yes": 0, "n_abstain": 0, "n_no": 0}),
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
            ("the_leader_is_the_hegemon", {"leader": 200}),
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
            **{
                "vote_set": "final_only",
                "n_votes_of_class": 20,
                "n_with_hegemon": 9,
                "n_abstained": 2,
            },
            **{"mean_agreement": 0.5, "null_reason": None},
        },
        [
            ("no_hegemon_supports_itself", {"ccode": 2}),
            ("counts_are_of_the_votes", {"n_with_hegemon": 19}),
            ("ten_votes_make_a_mean", {"n_votes_of_class": 9}),
            ("ten_votes_make_a_mean", {"null_reason": "n_below_min"}),
            ("the_mean_follows_from_the_counts", {"n_abstained": 3}),
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
            ("the_leader_is_the_hegemon", {"leader": 200}),
            ("every_null_has_a_reason", {"n_votes_of_class": 9}),
            ("every_null_has_a_reason", {"null_reason": "n_below_min"}),
            ("agreement_is_expected_plus_residual", {"expected_agreement": 0.5}),
            ("the_interval_is_around_the_residual", {"ci_high": 0.6}),
            ("the_interval_is_around_the_residual", {"inference": "none"}),
        ],
    ),
    (
        "metrics.legitimation_event_study",
        EVENT,
        [
            ("the_leader_is_the_hegemon", {"leader": 200}),
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
            ("the_leader_is_the_hegemon", {"leader": 200}),
            ("every_null_has_a_reason", {"estimate": None}),
            ("the_interval_has_two_ends", {"ci_low": None}),
            ("the_interval_has_two_ends", {"inference": "few_allies"}),
            ("a_slope_rests_on_ten_states", {"n_states": 9}),
        ],
    ),
    (
        "metrics.triple_difference_score",
        TRIPLE | {"cluster": "1949-08-24", "score": 0.1},
        [("permutations_and_imputations_have_no_score", {"design": "imputation"})],
    ),
    (
        "metrics.predictability_score",
        CO_MOVEMENT | {"cluster": "1949-08-24", "score": 0.1},
        [("trends_have_no_score", {"outcome": "n_clients"})],
    ),
    (
        "metrics.exchange_under_threat_score",
        UNDER_THREAT,
        [("combinations_have_no_score", {"quantity": "beyond_half"})],
    ),
    (
        "metrics.support_returns_score",
        RETURNS,
        [("the_jackknife_has_no_score", {"design": "half_panel_jackknife"})],
    ),
    (
        "marts.ally_tier",
        TIER,
        [
            ("no_state_is_its_own_ally", {"ccode": 2}),
            ("each_tier_contains_the_one_before", {"tier_treaty": False}),
            ("31_december_is_the_stricter_rule", {"tier_atop": False}),
            ("atop_tier_is_null_out_of_coverage", {"tier_atop": None}),
            ("dated_tiers_are_of_those_with_lists_of_treaties", {"ccode_hegemon": 200}),
            ("a_tie_has_a_basis", {"in_force_basis": None}),
        ],
    ),
    (
        "core.votes",
        {"rcid": 3, "ccode": 2, "session": 1, "choice": "yes", "is_sovereign": True},
        [
            ("non_sovereign_votes_have_a_reason", {"is_sovereign": False}),
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
            ("months_are_near_their_session", {"session": 70}),
            (
                "important_votes_are_listed_from_session_38_on",
                {"session": 37, "is_important_published": True},
            ),
        ],
    ),
]
