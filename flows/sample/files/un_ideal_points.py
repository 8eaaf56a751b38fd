"""The published ideal points: the true ones of the simulated world, with error."""

from typing import TypedDict

import numpy as np

from flows.sample.model.parameters import LAST_SESSION_OF_VOTE_FILE, LONE_VOTE_SESSION, SESSIONS
from flows.sample.model.simulation import Simulation
from flows.sample.model.votes import NO

IDEAL_POINT_HEADER = (
    "ccode\tiso3c\tCountryname\tyear\tNVotesFP\tIdealPointFP\tQ5%FP\tQ10%FP\tQ50%FP\tQ90%FP\tQ95%FP"
)
YEARS_AFTER_THE_VOTE_FILE = {2021: 70, 2022: 70, 2023: 75, 2024: 8, 2025: 158}
"""Most votes of a state in the release's last years: 2024 and 2025 look wrongly split."""


class _Published(TypedDict):
    n_votes: int
    centre: float


def simulated_file(simulation: Simulation) -> bytes:
    """Writes published ideal points: the true ones, on another scale and with error.

    Args:
        simulation: The simulated world; its votes give the number of votes.

    Returns:
        Tab-separated text, one row per state and year; no 1964.
    """
    world, ballots = simulation.world, simulation.ballots
    rng = world.rng("published ideal points")
    errors = rng.standard_normal(world.ideal_points.shape)
    lines = [IDEAL_POINT_HEADER]
    sessions = np.array([c.session for c in ballots.calls])
    finals = np.array([c.mark == "final" for c in ballots.calls])
    for k, state in enumerate(world.states):
        voted = (ballots.choices[:, k] <= NO) & finals
        n_votes = np.bincount(sessions[voted], minlength=SESSIONS + 1)
        years: dict[int, _Published] = {}
        for session in range(1, LAST_SESSION_OF_VOTE_FILE + 1):
            if n_votes[session] and session != LONE_VOTE_SESSION:
                theta = world.ideal_points[k, session - 1] + 0.1 * errors[k, session - 1]
                years[session + 1945] = {"n_votes": int(n_votes[session]), "centre": 0.9 * theta}
        if 2020 in years:
            last = years[2020]["centre"]
            for year, n in YEARS_AFTER_THE_VOTE_FILE.items():
                years[year] = {"n_votes": n - k % 5, "centre": last + 0.01 * (year - 2020)}
        lines += [
            _published_line(state.ccode, state.iso3, state.name, y, p) for y, p in years.items()
        ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _published_line(ccode: int, iso3: str, name: str, year: int, row: _Published) -> str:
    width = 0.9 / np.sqrt(row["n_votes"])
    quantiles = [row["centre"] + z * width for z in (0.0, -1.645, -1.282, 0.0, 1.282, 1.645)]
    numbers = "\t".join(f"{q:.6f}" for q in quantiles)
    return f'{ccode}\t"{iso3}"\t"{name}"\t{year}\t{row["n_votes"]}\t{numbers}'
