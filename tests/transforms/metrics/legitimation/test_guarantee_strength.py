"""The steps of the guarantee after ATOP has ended: no tie is 0, and no end is an exit."""

import numpy as np
import polars as pl
import pytest

from transforms.metrics.legitimation.guarantee_strength import doses_of
from transforms.metrics.legitimation.hegemon_support import VOTE_CLASSES
from transforms.metrics.legitimation.panel import panel_of

SESSIONS = (73, 74, 75)  # 2018 to 2020; ATOP ends with the first
CORE, TREATY, ATOP_ONLY, NO_TIE, LEFT = 200, 100, 770, 230, 101
STATES = (CORE, TREATY, ATOP_ONLY, NO_TIE, LEFT)


def tier(ccode: int, session: int) -> dict[str, object]:
    treaty = ccode in {CORE, TREATY} or (ccode == LEFT and session == SESSIONS[0])
    known = session == SESSIONS[0]
    return {
        "ccode_hegemon": 2,
        "ccode": ccode,
        "year": session + 1945,
        "tier_core": ccode == CORE,
        "tier_treaty": treaty,
        "tier_guarantee": treaty,
        "tier_atop": ccode != NO_TIE if known else None,
    }


def steps() -> dict[int, list[float]]:
    support = pl.DataFrame(
        [
            {
                "ccode_hegemon": 2,
                "ccode": ccode,
                "session": session,
                "vote_class": name,
                "n_votes_of_class": 20,
                "n_with_hegemon": 10,
                "n_abstained": 0,
                "n_roll_calls": 20,
            }
            for ccode in STATES
            for session in SESSIONS
            for name in VOTE_CLASSES
        ]
    )
    tiers = pl.DataFrame([tier(c, s) for c in STATES for s in SESSIONS])
    panel = panel_of(support, tiers, 2)
    dyads = {"ccode_from": pl.Int16, "ccode_to": pl.Int16, "year": pl.Int16}
    hierarchy = pl.DataFrame(
        schema=dyads
        | {
            "troops_per_capita": pl.Float64,
            "is_defense_partner": pl.Boolean,
            "n_independent_alliances": pl.Int16,
        }
    )
    owed = pl.DataFrame(schema=dyads | {"defense": pl.Int16, "not_owed": pl.String})
    found = doses_of(panel, hierarchy, owed)["tier_steps"]
    return dict(zip(panel.ccodes.tolist(), found.tolist(), strict=True))


@pytest.mark.parametrize(
    ("ccode", "expected"),
    [
        (CORE, [4.0, 4.0, 4.0]),
        (TREATY, [3.0, 3.0, 3.0]),
        (ATOP_ONLY, [1.0, np.nan, np.nan]),
        (NO_TIE, [0.0, 0.0, 0.0]),
        # left the treaty, and was tied by ATOP when ATOP ended: whether it still is, is not known
        (LEFT, [3.0, np.nan, np.nan]),
    ],
)
def test_steps_after_the_end_of_atop(ccode: int, expected: list[float]) -> None:
    np.testing.assert_array_equal(steps()[ccode], expected)
