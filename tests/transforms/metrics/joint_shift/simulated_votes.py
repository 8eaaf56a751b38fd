"""Votes drawn from the joint model, as `sides_of` gives them."""

import numpy as np
import polars as pl

from transforms.choices import CAST

N_STATES, N_ALLIES, N_JOINING, N_SESSIONS, ROLL_CALLS = 40, 14, 6, 10, 24
JOINED = 6


def simulated_sides(
    seed: int, delta: float, *, closer: float = 0.0, shift_sd: float = 0.3
) -> pl.DataFrame:
    """Votes of forty states in ten sessions.

    Args:
        seed: Of the random numbers.
        delta: Shift of allies.
        closer: By how much allies' ideal points are higher.
        shift_sd: Standard deviation of states' own shifts, by period of five sessions.
    """
    rng = np.random.default_rng(seed)
    sessions = np.arange(1, N_SESSIONS + 1)
    joined = np.full(N_STATES, 99)
    joined[:N_ALLIES] = 1
    joined[N_ALLIES - N_JOINING : N_ALLIES] = JOINED
    first = rng.normal(closer * (joined < 99), 1.0)
    theta = first[:, None] + np.cumsum(rng.normal(0, 0.15, (N_STATES, N_SESSIONS)), axis=1)
    own = rng.normal(0, shift_sd, (N_STATES, 2))[:, (sessions - 1) // 5]
    rows = []
    for place, session in enumerate(sessions.tolist()):
        unpopular = np.arange(ROLL_CALLS) < 2 * ROLL_CALLS // 3
        slope = rng.uniform(0.6, 1.4, ROLL_CALLS)
        is_ally = session >= joined
        drawn = own[:, place] + delta * is_ally
        mean = slope * theta[:, [place]] + unpopular * drawn[:, None]
        latent = mean + rng.standard_normal(mean.shape)
        cut = np.where(
            unpopular, rng.uniform(0.8, 2.5, ROLL_CALLS), -rng.uniform(0.8, 2.5, ROLL_CALLS)
        )
        side = np.where(latent < cut - 0.5, 0, np.where(latent < cut, 1, 2))
        at, on = np.nonzero(rng.random(side.shape) < 0.95)
        rows.append(
            pl.DataFrame(
                {
                    "rcid": (session * 100 + on).astype(np.int32),
                    "ccode": (at + 101).astype(np.int16),
                    "session": np.full(len(at), session, np.int16),
                    "choice": np.array(CAST)[side[at, on]],
                    "is_with": side[at, on] == 2,
                    "is_ally": is_ally[at],
                    "is_never_ally": joined[at] == 99,
                }
            )
        )
    return pl.concat(rows)
