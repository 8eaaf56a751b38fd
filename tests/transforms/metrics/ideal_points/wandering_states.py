"""Simulated votes of states whose ideal points wander, and the truth behind them."""

import numpy as np
import polars as pl

from transforms.metrics.ideal_points.vote_arrays import VotingRecord

CHOICES = np.array(["yes", "abstain", "no"])
N_STATES, N_SESSIONS, N_ROLL_CALLS = 60, 10, 60


def simulate(seed: int, *, absence: float = 0.15) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A world of states that wander; code 2 is at the upper end, 365 at the lower one.

    Some states join late, some are away for sessions, some roll calls have two categories.
    """
    random = np.random.default_rng(seed)
    ccodes = np.array([2, 365, *range(400, 400 + N_STATES - 2)])
    theta = np.empty((N_SESSIONS, N_STATES))
    theta[0] = random.normal(size=N_STATES)
    theta[0, :2] = 2.0, -2.0
    for s in range(1, N_SESSIONS):
        theta[s] = theta[s - 1] + 0.2 * random.normal(size=N_STATES)
    rows = []
    rcid = 0
    joins = random.integers(0, 4, N_STATES) * (ccodes >= 400)
    away = random.random((N_SESSIONS, N_STATES)) < 0.05
    away[:, :2] = False
    for s in range(N_SESSIONS):
        for _ in range(N_ROLL_CALLS):
            rcid += 1
            slope = random.normal(0, 1.5)
            low = slope * random.normal() + random.normal(0.3, 0.5)
            high = low + (random.exponential(0.8) if random.random() < 0.8 else 0)
            z = slope * theta[s] + random.normal(size=N_STATES)
            choice = CHOICES[(z >= low).astype(int) + (z >= high)]
            present = (random.random(N_STATES) >= absence) & (joins <= s) & ~away[s]
            for i in np.flatnonzero(present):
                rows.append((rcid, int(ccodes[i]), s + 1, str(choice[i]), True))
    columns = ["rcid", "ccode", "session", "choice", "is_sovereign"]
    votes = pl.DataFrame(rows, schema=columns, orient="row").cast(
        {"rcid": pl.Int32, "ccode": pl.Int16, "session": pl.Int16}
    )
    truth = pl.DataFrame(
        {
            "ccode": np.tile(ccodes, N_SESSIONS).astype(np.int16),
            "session": np.repeat(np.arange(1, N_SESSIONS + 1), N_STATES).astype(np.int16),
            "truth": theta.ravel(),
        }
    )
    return votes, truth


def true_values(record: VotingRecord, truth: pl.DataFrame) -> np.ndarray:
    units = pl.DataFrame({"ccode": record.ccode, "session": record.session})
    joined = units.join(truth, on=["ccode", "session"], how="left", maintain_order="left")
    return joined["truth"].to_numpy()
