"""Parameters of the simulated world.

An ordinal spatial model (Bailey, Strezhnev and Voeten 2017): a state with ideal point θ votes
yes, abstains or votes no on a roll call with slope β and cutpoints γ₁, γ₂ as β·θ + ε falls
below γ₁, between the two, or above γ₂, with ε standard normal. High θ is close to the hegemon.
"""

from dataclasses import dataclass

SESSIONS = 76
"""Sessions simulated; the vote file ends with 75, the UN Library's file has one more."""

LAST_SESSION_OF_VOTE_FILE = 75
FIRST_SESSION_OF_LIBRARY = 60
FIRST_SESSION_WITH_REAL_DAYS = 58
LONE_VOTE_SESSION = 19


@dataclass(frozen=True)
class Parameters:
    """The parameters that a method may try to recover from the files.

    Attributes:
        alliance_effect: Shift of β·θ + ε towards the hegemon's side by a guarantee in force, on
            roll calls that are unpopular by design; in standard deviations of ε.
        state_sd: Spread of states around their bloc's path, in units of θ.
        state_sd_west: The same in the bloc `west`; small, so that its allies and neutrals differ
            mainly by the alliance.
        drift_sd: Standard deviation of each state's autoregressive deviation.
        drift_memory: Its autocorrelation from one session to the next.
        unanimous_share: Share of roll calls on which everyone present votes yes.
        consensus_share: Share of roll calls on which nearly all vote yes.
    """

    alliance_effect: float = 0.7
    state_sd: float = 0.25
    state_sd_west: float = 0.10
    drift_sd: float = 0.10
    drift_memory: float = 0.9
    unanimous_share: float = 0.03
    consensus_share: float = 0.07


BLOC_PATHS: dict[str, dict[int, float]] = {
    "hegemon": {1: 1.9, 20: 2.1, 35: 2.4, 45: 2.8, 60: 2.7, 76: 2.6},
    "west": {1: 1.3, 20: 1.2, 35: 1.0, 45: 1.2, 76: 1.2},
    "israel": {1: 1.0, 30: 1.6, 45: 2.4, 76: 2.4},
    "associated": {1: 2.2, 76: 2.1},
    "asia_ally": {1: 1.1, 20: 0.6, 35: 0.0, 50: 0.2, 76: 0.1},
    "turkey": {1: 1.2, 20: 0.9, 35: 0.3, 50: 0.6, 76: 0.3},
    "latin": {1: 0.9, 15: 0.6, 25: 0.1, 35: -0.3, 50: 0.1, 76: -0.1},
    "south_africa": {1: 1.2, 30: 2.0, 47: 0.5, 48: -0.4, 76: -0.6},
    "non_aligned": {1: 0.0, 20: -0.6, 35: -0.9, 76: -0.8},
    "arab": {1: 0.1, 20: -0.6, 35: -1.0, 50: -0.8, 76: -0.9},
    "africa": {1: 0.0, 20: -0.7, 35: -0.9, 76: -0.7},
    "china": {1: -1.2, 35: -0.9, 76: -1.0},
    "cuba": {1: 0.9, 13: 0.7, 16: -1.8, 45: -1.7, 76: -1.5},
    "communist_asia": {1: -1.8, 45: -1.6, 76: -1.4},
    "yugoslavia": {1: -1.8, 4: -0.6, 35: -0.8, 47: -0.4, 55: 0.9, 76: 0.7},
    "east": {1: -2.0, 40: -1.9, 44: -1.4, 46: 0.9, 76: 1.1},
    "soviet": {1: -2.3, 43: -2.1, 46: 0.3, 50: 0.6, 60: -0.3, 76: -0.6},
    "post_soviet": {1: -2.3, 45: -1.8, 47: 0.2, 76: 0.0},
}
"""Ideal point of each bloc at some sessions, linearly interpolated in between.

Taiwan follows `asia_ally`, the People's Republic `china`.
"""

UNPOPULAR_SHARES = {15: 0.35, 30: 0.50, 46: 0.72, 56: 0.70, 64: 0.82, 77: 0.75}
"""Share of ordinary roll calls that are unpopular by design in sessions before each key."""

ABSENCE = {"hegemon": 0.01, "associated": 0.22, "africa": 0.12, "latin": 0.08, "west": 0.04}
ABSENCE_ELSEWHERE = 0.07
"""Probability that a member misses a vote, by bloc."""
