"""What steps cost: processor seconds on the real files, to the order of magnitude.

They say what to begin first (`flows.engine.order`), and nothing else: a step that has become
dearer than is written here makes a build a little longer, and changes no number.
"""

from collections.abc import Mapping

USUAL = 0.4
"""What a step takes that is not listed."""

SECONDS: Mapping[str, float] = {
    "metrics.joint_alliance_shift": 60,
    "metrics.ideal_point": 20,
    "metrics.outside_ideal_point": 20,
    "metrics.exchange_under_threat": 12,
    "metrics.support_returns": 10,
    "metrics.vote_similarity_year": 8,
    "metrics.vote_similarity": 8,
    "metrics.portfolio_similarity": 8,
    "stage_un_votes": 8,
    "metrics.alliance_duration": 8,
    "metrics.network_null": 8,
    "metrics.triple_difference": 7,
    "metrics.client_network": 6,
    "metrics.vote_similarity_weighted": 6,
    "metrics.spoke_contrast": 5,
    "metrics.predictability": 4,
    "metrics.coalition_model": 4,
    "metrics.asymmetry_profile": 4,
    "metrics.claim_test": 4,
    "metrics.legitimation_premium": 3,
    "metrics.burden_elasticity": 3,
    "metrics.written_balance": 3,
    "stage_vdem": 3,
    "stage_atop": 3,
    "core.votes": 2,
    "metrics.asymmetric_rise": 2,
    "stage_undl_votes": 2,
    "stage_sipri_milex": 2,
    "stage_cow_distance": 2,
    "metrics.legitimation_two_way": 2,
    "metrics.alliance_network": 2,
    "metrics.legitimation_event_study": 2,
}


def seconds_of(step: str) -> float:
    """What a step takes, about."""
    return SECONDS.get(step, USUAL)
