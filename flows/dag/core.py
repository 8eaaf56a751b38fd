"""Steps of `core`: typed tables get dated COW codes; every lost row is counted."""

from flows.dag.step import core_step

STATES = {"states": "core.states"}
TREATIES = (
    "us_defence_treaties",
    "nato_accessions",
    "rio_parties",
    "soviet_russian_alliances",
    "chinese_alliances",
)
MEMBERS = {"members": "core.un_members"}
ROLL_CALLS_AND_VOTES = {"votes": "core.votes", "roll_calls": "core.roll_calls"}
VOTE_FILES = {
    name: f"staging.{name}"
    for name in (
        "stg_un_votes__votes",
        "stg_un_votes__roll_calls",
        "stg_undl_votes__votes",
        "stg_undl_votes__resolutions",
    )
}

CORE = (
    core_step(
        "states",
        "build the state system",
        "states:build_states",
        {"stg_cow_states__spells": "staging.stg_cow_states__spells"},
        ("state_aliases", "gw_codes", "region_exceptions"),
        coverage=("cow_states",),
    ),
    core_step(
        "un_members",
        "date UN membership",
        "un_members:build_un_members",
        STATES,
        ("un_members",),
    ),
    core_step(
        "vote_source_matches",
        "match UN Library resolutions to roll calls",
        "vote_source_matches:build_vote_sources",
        VOTE_FILES,
        ("state_aliases", "succession", "special_sessions"),
    ),
    core_step(
        "votes",
        "assign COW codes to votes",
        "votes:build_votes",
        {**VOTE_FILES, **STATES, **MEMBERS, "vote_source_matches": "core.vote_source_matches"},
        ("state_aliases", "succession"),
        also=("vote_contradictions",),
    ),
    core_step(
        "ballot_pairs",
        "tell roll calls that are one ballot",
        "ballot_pairs:build_ballot_pairs",
        {
            "stg_un_votes__roll_calls": "staging.stg_un_votes__roll_calls",
            "stg_undl_votes__resolutions": "staging.stg_undl_votes__resolutions",
            "vote_source_matches": "core.vote_source_matches",
            "votes": "core.votes",
        },
        ("ballots_reviewed",),
    ),
    core_step(
        "roll_calls",
        "date and classify roll calls",
        "roll_calls:build_roll_calls",
        {
            "stg_un_votes__roll_calls": "staging.stg_un_votes__roll_calls",
            "stg_undl_votes__resolutions": "staging.stg_undl_votes__resolutions",
            "vote_source_matches": "core.vote_source_matches",
            "votes": "core.votes",
            "ballot_pairs": "core.ballot_pairs",
        },
        coverage=("un_votes",),
    ),
    core_step(
        "dyad_sessions",
        "count joint votes by dyad and session",
        "dyad_sessions:build_dyad_sessions",
        {**ROLL_CALLS_AND_VOTES, **STATES},
    ),
    core_step(
        "capabilities",
        "check membership, name the currency",
        "capabilities:build_capabilities",
        {"state_years": "staging.stg_cow_capabilities__state_years", **STATES},
    ),
    core_step(
        "gdp",
        "assign COW codes",
        "gdp:build_gdp",
        {"entity_years": "staging.stg_gdp__entity_years", **STATES},
        ("state_aliases", "gdp_entities"),
    ),
    core_step(
        "military_expenditure",
        "assign COW codes",
        "military_expenditure:build_military_expenditure",
        {"state_years": "staging.stg_sipri_milex__state_years", **STATES},
        ("sipri_names",),
    ),
    core_step(
        "us_troops",
        "assign COW codes to host states",
        "us_troops:build_us_troops",
        {
            "host_years": "staging.stg_us_troops__host_years",
            "host_quarters": "staging.stg_us_troops_quarterly__host_quarters",
            **STATES,
        },
        ("us_troops_hosts", "us_troops_quarterly_hosts"),
    ),
    core_step(
        "us_bases",
        "assign COW codes to host states",
        "us_bases:build_us_bases",
        {"sites": "staging.stg_us_bases__sites", **STATES},
        ("us_places",),
    ),
    core_step(
        "us_construction",
        "add up US military construction by state",
        "us_construction:build_us_construction",
        {"projects": "staging.stg_us_construction__projects", **STATES},
        ("us_places",),
    ),
    core_step(
        "ideal_points_published",
        "apply the rules of succession",
        "ideal_points_published:build_ideal_points_published",
        {"state_years": "staging.stg_un_ideal_points__state_years", **STATES},
        ("succession", "state_aliases", "ideal_point_codes"),
    ),
    core_step(
        "regimes",
        "assign COW codes to V-Dem's countries",
        "regimes:build_regimes",
        {"country_years": "staging.stg_vdem__country_years", **STATES},
    ),
    core_step(
        "capitals",
        "date capitals",
        "capitals:build_capitals",
        {"capitals": "staging.stg_cow_capitals__capitals", **STATES},
        coverage=("cow_capitals",),
    ),
    core_step(
        "trade",
        "check membership",
        "trade:build_trade",
        {"state_years": "staging.stg_cow_trade__state_years", **STATES},
    ),
    core_step(
        "covariates",
        "join user covariates and those of the sources",
        "covariates:build_covariates",
        {
            **STATES,
            "regimes": "core.regimes",
            "capitals": "core.capitals",
            "trade": "core.trade",
        },
        user_files=("covariates",),
    ),
    core_step(
        "contiguity",
        "keep one direction of contiguous pairs",
        "contiguity:build_contiguity",
        {"directed_spells": "staging.stg_cow_contiguity__directed_spells", **STATES},
        coverage=("cow_contiguity",),
    ),
    core_step(
        "distances",
        "check membership of both states",
        "distances:build_distances",
        {"dyad_years": "staging.stg_cow_distance__dyad_years", **STATES},
    ),
    core_step(
        "rivalries",
        "tell which rivalries were going on at the end",
        "rivalries:build_rivalries",
        {"rivalries": "staging.stg_strategic_rivalries__rivalries", **STATES},
        coverage=("strategic_rivalries",),
    ),
    core_step(
        "disputes",
        "keep one direction of opponents",
        "disputes:build_disputes",
        {"directed_dyad_years": "staging.stg_disputes__directed_dyad_years", **STATES},
    ),
    core_step(
        "major_powers",
        "date major power status",
        "major_powers:build_major_powers",
        STATES,
        ("major_powers",),
        coverage=("major_powers",),
    ),
    core_step(
        "alliance_members",
        "date alliance memberships",
        "alliance_members:build_alliance_members",
        {"atop_members": "staging.stg_atop__members"},
        coverage=("atop",),
    ),
    core_step(
        "alliances",
        "describe alliance phases",
        "alliances:build_alliances",
        {
            "atop_phases": "staging.stg_atop__phases",
            "atop_members": "staging.stg_atop__members",
        },
        coverage=("atop",),
    ),
    core_step(
        "obligations",
        "derive directed obligations by year",
        "obligations:build_obligations",
        {"alliance_members": "core.alliance_members", **STATES},
        ("promises_to_others",),
        coverage=("atop",),
    ),
    core_step(
        "treaty_allies",
        "date the treaty allies of leaders",
        "treaty_allies:build_treaty_allies",
        STATES,
        TREATIES,
        coverage=TREATIES,
    ),
    core_step(
        "coalition_support",
        "code levels of support for coalitions",
        "coalition_support:build_coalition_support",
        STATES,
        ("coalition_lists", "coalition_iraq_2003", "coalition_mnf_i", "coalition_daesh"),
    ),
)
