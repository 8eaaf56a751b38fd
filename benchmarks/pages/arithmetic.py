"""What each step's cost is by its arithmetic: a power of roll calls, and one of states.

`n` roll calls, `m` states of each; sessions and years stay. A step that is not listed reads no
votes and goes through states and years once.
"""

VOTES = (1, 1, "every vote, once or so many times as iterations")
DYADS = (0, 2, "every dyad of a session or a year")
PRODUCTS = (1, 2, "products of matrices: roll calls × dyads")
PORTFOLIOS = (0, 3, "products of matrices: dyads × the states that both may be tied to")
STATE_YEARS = (0, 1, "every state in a session or a year")

ARITHMETIC = {
    **dict.fromkeys(
        (
            "stage_un_votes",
            "stage_undl_votes",
            "core.vote_source_matches",
            "core.votes",
            "core.ballot_pairs",
            "core.roll_calls",
            "marts.roll_call",
            "marts.state_session",
            "marts.vote_source_agreement",
            "metrics.hegemon_support",
            "metrics.outside_ideal_point",
            "metrics.voting_coincidence",
            "metrics.legitimation_two_way",
            "metrics.legitimation_gap",
            "metrics.joint_alliance_shift",
            "metrics.vote_predictability",
        ),
        VOTES,
    ),
    "metrics.ideal_point": (1, 2, "every vote in each iteration; then every dyad once"),
    **dict.fromkeys(
        (
            "core.dyad_sessions",
            "metrics.vote_similarity",
            "metrics.vote_similarity_year",
            "metrics.vote_similarity_weighted",
        ),
        PRODUCTS,
    ),
    **dict.fromkeys(
        (
            "stage_cow_distance",
            "stage_cow_contiguity",
            "core.distances",
            "core.contiguity",
            "core.obligations",
            "marts.dyad_session",
            "metrics.external_threat",
        ),
        DYADS,
    ),
    "metrics.portfolio_similarity": PORTFOLIOS,
}


def arithmetic_of(step):
    """Powers of roll calls and of states that a step's cost has, and why."""
    return ARITHMETIC.get(step, STATE_YEARS)
