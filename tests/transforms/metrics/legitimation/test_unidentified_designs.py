"""What no rows can identify is no estimate, in every design: never an error that ends a build."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.metrics.legitimation.ally_designs import fixed_effects, without_each_wave
from transforms.metrics.legitimation.gap_rows import GapRows
from transforms.metrics.legitimation.staggered_designs import (
    SPAN,
    TREND_FACTORS,
    callaway_santanna,
    honest_did,
    imputation,
    stacked,
    stacked_exit,
    staggered_rows,
    sun_abraham,
)

FOREVER = 99
SESSIONS = 13
JOINS = SPAN + 1

States = list[tuple[int, int, set[int]]]
STATES = st.lists(
    st.tuples(
        st.sampled_from((1, 3, JOINS, 9, FOREVER)),  # first session as an ally
        st.sampled_from((2, 8, FOREVER)),  # first one after leaving
        st.sets(st.integers(1, SESSIONS)),  # without a row
    ),
    min_size=1,
    max_size=6,
)


def rows_of(states: States) -> GapRows:
    """Rows of states by first session as an ally, first session after it, and missing sessions."""
    found = [
        (session, state, joins <= session < leaves, f"wave {joins}")
        for session in range(1, SESSIONS + 1)
        for state, (joins, leaves, missing) in enumerate(states, start=2)
        if session not in missing
    ]
    session, state, is_ally, wave = (
        np.array(values) for values in (zip(*found, strict=True) if found else [[]] * 4)
    )
    n = len(found)
    return GapRows(
        ccode=state.astype(np.int64),
        session=session.astype(np.int64),
        is_ally=is_ally.astype(bool),
        outcome=np.random.default_rng(2).normal(size=n),
        weights=np.arange(1.0, n + 1),
        cluster=wave.astype(str),
        region=np.full(n, "europe"),
    )


def estimates(rows: GapRows) -> dict[str, Any]:
    """Every design's estimate, or None."""
    joiners = staggered_rows(rows)
    found: dict[str, Any] = {
        f.__name__: f(joiners) for f in (imputation, sun_abraham, callaway_santanna)
    }
    found |= {"stacked": stacked(joiners)[0], "stacked_exit": stacked_exit(rows)[0]}
    found |= {f"honest_did {m}": value for m, value in honest_did(joiners).items()}
    for design in ("two_way", "state_era", "region_session", "session"):
        found[design] = fixed_effects(rows, design)
    found |= {wave: fixed_effects(part, "two_way") for wave, part in without_each_wave(rows)}
    return found


NO_NEVER_ALLIED: States = [(JOINS, FOREVER, set()), (9, FOREVER, set())]
NEVER_TOGETHER: States = [
    (JOINS, FOREVER, {2, 4, 5}),
    (FOREVER, FOREVER, {JOINS - 1, *range(7, 14)}),
]
NO_STATE_JOINS: States = [(FOREVER, FOREVER, set()), (FOREVER, FOREVER, {3})]


@settings(max_examples=40, deadline=None)
@given(STATES)
@example(NO_NEVER_ALLIED)
@example(NEVER_TOGETHER)
@example(NO_STATE_JOINS)
def test_every_design_has_a_finite_estimate_or_none(states):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = estimates(rows_of(states))
    for design, estimate in found.items():
        assert estimate is None or np.isfinite(estimate.estimate), design


@pytest.mark.parametrize("states", [NO_NEVER_ALLIED, NEVER_TOGETHER])
def test_waves_that_nothing_can_be_compared_with_have_no_estimate(states):
    assert callaway_santanna(staggered_rows(rows_of(states))) is None


def test_a_stack_without_later_sessions_has_no_bounds():
    """The library wants five sessions after joining, which a wave of the last years has not."""
    states: States = [(9, FOREVER, set()), (FOREVER, FOREVER, set()), (FOREVER, FOREVER, set())]
    rows = rows_of(states).where(rows_of(states).session <= 10)
    assert stacked(rows)[1] == 1
    assert honest_did(rows) == dict.fromkeys(TREND_FACTORS)
