"""What breaks each rule on a table of estimates behind claims: a right row, and what spoils it."""

from tests.expectations.right_rows import (
    CLIENTS,
    CO_MOVEMENT,
    EFFECT,
    ELASTICITY,
    GAP,
    JOINT_SHIFT,
    PREDICTABILITY,
    RANKS,
    RETURNS,
    RISE,
    SPOKES,
    TRIPLE,
    UNDER_THREAT,
    UNWRITTEN,
    WRITTEN,
    Row,
)

BREACHES_OF_ESTIMATES: list[tuple[str, Row, list[tuple[str, Row]]]] = [
    (
        "metrics.legitimation_gap",
        GAP,
        [
            ("every_null_has_a_reason", {"gap": None}),
            ("the_gap_is_a_difference", {"gap": -0.4}),
            ("a_mean_has_votes", {"agreement_unpopular": None}),
            ("a_gap_of_all_votes_has_ten_of_each", {"n_control": 9, "weight": 360 / 49}),
            ("the_weight_is_that_of_a_difference", {"weight": 10.0}),
            ("nobody_sides_with_himself", {"ccode": 2}),
        ],
    ),
    (
        "metrics.triple_difference",
        TRIPLE,
        [
            ("every_null_has_a_reason", {"estimate": None, "inference": "none"}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.04}),
            ("an_interval_says_where_it_is_from", {"inference": "few_switchers"}),
            ("an_interval_rests_on_three_states", {"n_switchers": 2}),
            (
                "labels_have_no_clustered_error",
                {"regressor": "western_ally", "design": "session"},
            ),
        ],
    ),
    (
        "metrics.vote_predictability",
        PREDICTABILITY,
        [
            ("every_null_has_a_reason", {"change_0": None}),
            ("no_state_agrees_with_itself", {"ccode": 2}),
            ("a_half_has_five_votes", {"n_before_1": 4}),
            ("a_session_before_has_votes", {"n_before_0": None}),
            ("the_product_is_that_of_the_changes", {"change_product": 0.02}),
            ("status_and_its_change_are_known_alike", {"is_ally": None}),
        ],
    ),
    (
        "metrics.predictability",
        CO_MOVEMENT,
        [
            ("every_null_has_a_reason", {"ci_low": None}),
            ("the_interval_contains_the_estimate", {"ci_high": -0.15}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
            ("the_bound_is_a_quarter_of_the_others_mean", {"equivalence_bound": 0.02}),
            ("only_co_movement_has_votes", {"outcome": "n_clients"}),
        ],
    ),
    (
        "metrics.exchange_under_threat",
        UNDER_THREAT,
        [
            ("every_null_has_a_reason", {"std_error": None}),
            ("the_interval_contains_the_estimate", {"ci_low": 0.15}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
            ("without_threat_there_is_no_lag", {"threat": "none"}),
        ],
    ),
    (
        "metrics.support_returns",
        RETURNS,
        [
            ("every_null_has_a_reason", {"p_value": None}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.05}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
            ("only_the_jackknife_is_one", {"inference": "jackknife"}),
            ("ten_states_or_none", {"n_states": 9}),
            ("bases_are_a_cross_section", {"good": "bases"}),
        ],
    ),
    (
        "metrics.client_network",
        CLIENTS,
        [
            ("new_clients_are_clients", {"n_clients_entered": 4}),
            ("indices_are_of_clients", {"n_independence_known": 4}),
            ("a_mean_has_values", {"troops_per_capita": 0.1}),
        ],
    ),
    (
        "metrics.asymmetric_rise",
        RISE,
        [
            ("every_null_has_a_reason", {"ci_low": None}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.1}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
        ],
    ),
    (
        "metrics.joint_alliance_shift",
        JOINT_SHIFT,
        [
            ("every_null_has_a_reason", {"ci_low": None}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.1}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
            ("a_change_of_agreement_is_a_share", {"estimate": 1.1, "ci_high": 1.2}),
            ("an_estimate_rests_on_allies_and_others", {"n_allies": 58}),
        ],
    ),
    (
        "metrics.written_balance",
        WRITTEN,
        [
            ("every_null_has_a_reason", {"ci_low": None}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.1}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
            ("a_mean_of_promises_is_a_share", {"statistic": "leader_share", "estimate": -0.1}),
        ],
    ),
    (
        "metrics.burden_elasticity",
        ELASTICITY,
        [
            ("every_null_has_a_reason", {"ci_low": None}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.1}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
        ],
    ),
    (
        "metrics.spoke_contrast",
        SPOKES,
        [
            ("every_null_has_a_reason", {"ci_low": None}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.1}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
            ("a_difference_of_densities_is_between_-1_and_1", {"estimate": 1.2}),
            ("a_density_needs_three_partners", {"n_partners": 2}),
        ],
    ),
    (
        "metrics.coalition_effect",
        EFFECT,
        [
            ("every_null_has_a_reason", {"ci_low": None}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.1}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
            ("an_estimate_has_its_counts", {"n_other_none": 90}),
        ],
    ),
    (
        "metrics.coalition_unpopularity",
        RANKS,
        [
            ("every_null_has_a_reason", {"ci_low": None}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.1}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
            ("a_slope_rests_on_five_coalitions", {"n": 4}),
        ],
    ),
    (
        "metrics.unwritten_allegiance",
        UNWRITTEN,
        [
            ("every_null_has_a_reason", {"ci_low": None}),
            ("the_interval_contains_the_estimate", {"ci_high": 0.1}),
            ("an_estimate_says_how_sure_it_is", {"inference": "none"}),
            ("partners_owe_it_or_do_not", {"n_written": 16}),
            ("what_one_treaty_explains_is_not_tested", {"n_of_one_alliance": 15}),
            ("non_inferiority_is_read_from_the_interval", {"is_non_inferior": False}),
        ],
    ),
]
