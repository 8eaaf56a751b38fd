"""Steps of `metrics`: the measures, made from core tables and marts."""

from flows.dag.core import ROLL_CALLS_AND_VOTES, STATES
from flows.dag.step import metric_step

SUPPORT = {
    "hegemon_support": "metrics.hegemon_support",
    "outside_ideal_point": "metrics.outside_ideal_point",
    "ally_tier": "marts.ally_tier",
}

# Decides who was an ally of the United States on a day.
COALITION_TIES = {
    "treaty_allies": "core.treaty_allies",
    "obligations": "core.obligations",
    "ally_tier": "marts.ally_tier",
    **STATES,
}

# Decides in which years alliances, and members of the state system, are known.
ALLIANCES_KNOWN = ("atop", "cow_states")

METRICS = (
    # the longest step first: the others run at the same time
    metric_step(
        "ideal_point",
        "estimate ideal points",
        "ideal_points.ideal_point:build_ideal_points",
        {**ROLL_CALLS_AND_VOTES, "ideal_points_published": "core.ideal_points_published"},
        also=("ideal_point_distance",),
    ),
    metric_step(
        "capability_asymmetry",
        "measure capability asymmetry",
        "asymmetry.capability_asymmetry:build_capability_asymmetry",
        {
            "alliance_members": "core.alliance_members",
            "capabilities": "core.capabilities",
            "gdp": "core.gdp",
            "major_powers": "core.major_powers",
            **STATES,
        },
    ),
    metric_step(
        "vote_similarity",
        "measure voting similarity by session",
        "similarity.vote_similarity:build_vote_similarity",
        {**ROLL_CALLS_AND_VOTES, **STATES},
    ),
    metric_step(
        "vote_similarity_year",
        "measure voting similarity by year",
        "similarity.vote_similarity_year:build_vote_similarity_year",
        {**ROLL_CALLS_AND_VOTES, **STATES},
    ),
    metric_step(
        "vote_similarity_weighted",
        "measure weighted voting similarity",
        "similarity.vote_similarity_weighted:build_vote_similarity_weighted",
        {"votes": "core.votes", "roll_calls": "marts.roll_call", **STATES},
    ),
    metric_step(
        "outside_ideal_point",
        "estimate ideal points without unpopular votes",
        "legitimation.outside_ideal_point:build_outside_ideal_points",
        ROLL_CALLS_AND_VOTES,
        chunk_function="legitimation.outside_ideal_point:estimate_outside",
        n_chunks=5,  # one per hegemon
    ),
    metric_step(
        "hegemon_support",
        "measure agreement with hegemons",
        "legitimation.hegemon_support:build_hegemon_support",
        ROLL_CALLS_AND_VOTES,
    ),
    metric_step(
        "legitimation_premium",
        "compare allies and other states on unpopular votes",
        "legitimation.legitimation_premium:build_legitimation_premium",
        {
            **SUPPORT,
            **STATES,
            "covariates": "core.covariates",
            "capitals": "core.capitals",
            "gdp": "core.gdp",
            "capabilities": "core.capabilities",
        },
        chunk_function="legitimation.legitimation_premium:compare",
        n_chunks=5,  # one per hegemon
    ),
    metric_step(
        "legitimation_two_way",
        "cluster standard errors by state and roll call",
        "legitimation.legitimation_two_way:build_legitimation_two_way",
        {
            **ROLL_CALLS_AND_VOTES,
            "hegemon_support": "metrics.hegemon_support",
            "ally_tier": "marts.ally_tier",
        },
    ),
    metric_step(
        "legitimation_supply",
        "measure support beyond preferences by state",
        "legitimation.legitimation_supply:build_legitimation_supply",
        SUPPORT,
    ),
    metric_step(
        "legitimation_event_study",
        "estimate effects of joining NATO",
        "legitimation.legitimation_event_study:build_legitimation_event_study",
        {
            "hegemon_support": "metrics.hegemon_support",
            "treaty_allies": "core.treaty_allies",
            "ally_tier": "marts.ally_tier",
        },
    ),
    metric_step(
        "system_concentration",
        "measure concentration of capabilities",
        "asymmetry.system_concentration:build_system_concentration",
        {"capabilities": "core.capabilities", "major_powers": "core.major_powers"},
    ),
    metric_step(
        "asymmetry_grid",
        "count asymmetric alliances under every rule",
        "asymmetry.asymmetry_grid:build_asymmetry_grid",
        {
            "capability_asymmetry": "metrics.capability_asymmetry",
            "alliance_members": "core.alliance_members",
            "obligations": "core.obligations",
            "capabilities": "core.capabilities",
            "gdp": "core.gdp",
        },
    ),
    metric_step(
        "portfolio_similarity",
        "measure similarity of alliance portfolios",
        "similarity.portfolio_similarity:build_portfolio_similarity",
        {"obligations": "core.obligations", "capabilities": "core.capabilities", **STATES},
        coverage=ALLIANCES_KNOWN,
    ),
    metric_step(
        "alliance_network",
        "measure hub-and-spoke structure",
        "networks.alliance_network:build_alliance_network",
        {"obligations": "core.obligations", "alliances": "core.alliances", **STATES},
        coverage=ALLIANCES_KNOWN,
    ),
    metric_step(
        "network_null",
        "compare networks with the configuration model",
        "networks.network_null:build_network_null",
        {"obligations": "core.obligations", "alliances": "core.alliances", **STATES},
        coverage=ALLIANCES_KNOWN,
        chunk_function="networks.network_null:rewire_graphs",
        n_chunks=4,
    ),
    metric_step(
        "obligation_balance",
        "compare obligations of leaders and partners",
        "alliances.obligation_balance:build_obligation_balance",
        {
            "alliance_members": "core.alliance_members",
            "capabilities": "core.capabilities",
            "major_powers": "core.major_powers",
        },
    ),
    metric_step(
        "obligation_by_role",
        "count written obligations by role",
        "alliances.obligation_by_role:build_obligation_by_role",
        {
            "obligation_balance": "metrics.obligation_balance",
            "alliances": "core.alliances",
        },
    ),
    metric_step(
        "institutionalization",
        "code institutionalization of alliances",
        "alliances.institutionalization:build_institutionalization",
        {"alliances": "core.alliances"},
    ),
    metric_step(
        "security_hierarchy",
        "measure security hierarchy",
        "security_hierarchy:build_security_hierarchy",
        {
            "us_troops": "core.us_troops",
            "capabilities": "core.capabilities",
            "obligations": "core.obligations",
            **STATES,
        },
        ("wartime_deployments",),
    ),
    metric_step(
        "legitimation_dose",
        "estimate agreement by strength of the guarantee",
        "legitimation.legitimation_dose:build_legitimation_dose",
        {
            "hegemon_support": "metrics.hegemon_support",
            "ally_tier": "marts.ally_tier",
            "security_hierarchy": "metrics.security_hierarchy",
            "obligations": "core.obligations",
        },
    ),
    metric_step(
        "external_threat",
        "sum capabilities of rivals and majors by distance",
        "external_threat:build_external_threat",
        {
            **STATES,
            "rivalries": "core.rivalries",
            "major_powers": "core.major_powers",
            "obligations": "core.obligations",
            "capabilities": "core.capabilities",
            "distances": "core.distances",
            "contiguity": "core.contiguity",
            "disputes": "core.disputes",
        },
        coverage=("strategic_rivalries",),
    ),
    metric_step(
        "burden_sharing",
        "correlate GDP and military burden",
        "alliances.burden_sharing:build_burden_sharing",
        {
            "alliance_members": "core.alliance_members",
            "military_expenditure": "core.military_expenditure",
            "gdp": "core.gdp",
            "major_powers": "core.major_powers",
        },
    ),
    metric_step(
        "voting_coincidence",
        "measure voting coincidence with the United States",
        "similarity.voting_coincidence:build_voting_coincidence",
        {**ROLL_CALLS_AND_VOTES, **STATES},
        ("consensus_adoptions",),
    ),
    metric_step(
        "coalition_model",
        "model support for coalitions",
        "coalitions.coalition_model:build_coalition_model",
        {
            **COALITION_TIES,
            "coalition_support": "core.coalition_support",
            "covariates": "core.covariates",
            "gdp": "core.gdp",
            "ideal_points_published": "core.ideal_points_published",
        },
        ("nato_aspirants", "warsaw_pact_states"),
        also=("coalition_model_score",),
    ),
    metric_step(
        "coalition_contrast",
        "contrast unpopular and popular coalitions",
        "coalitions.coalition_contrast:build_coalition_contrast",
        {**COALITION_TIES, "coalition_support": "core.coalition_support"},
        ("nato_aspirants",),
    ),
    metric_step(
        "coalition_contributors",
        "count contributors of troops in Iraq",
        "coalitions.coalition_contributors:build_coalition_contributors",
        COALITION_TIES,
        ("coalition_mnf_i", "nato_aspirants"),
    ),
    metric_step(
        "alliance_duration",
        "model the duration of alliances",
        "duration.alliance_duration:build_alliance_duration",
        {
            "alliances": "core.alliances",
            "capability_asymmetry": "metrics.capability_asymmetry",
        },
        coverage=ALLIANCES_KNOWN,
        also=("alliance_duration_score", "alliance_survival"),
    ),
    metric_step(
        "asymmetry_profile",
        "combine the components of asymmetry",
        "asymmetry.asymmetry_profile:build_asymmetry_profile",
        {
            "capability_asymmetry": "metrics.capability_asymmetry",
            "alliance_year": "marts.alliance_year",
            "obligation_balance": "metrics.obligation_balance",
            "security_hierarchy": "metrics.security_hierarchy",
            "legitimation_supply": "metrics.legitimation_supply",
        },
    ),
)
