"""Starting values of ideal points, and the orientation of sessions.

Any session's solution can be mirrored (θ, β → −θ, −β) without a change of its likelihood; only the
random walks across sessions fix the sign. Starting values with sessions in different directions
lead to a poor local optimum, so sessions are turned while they are still estimated one by one.
"""

import numpy as np

from transforms.metrics.ideal_points.likelihood import Items
from transforms.metrics.ideal_points.model import Point
from transforms.metrics.ideal_points.vote_arrays import Floats, VotingRecord

USA = 2
RUSSIA = 365

FORGETTING = 0.8
"""Weight of a session, against the next one, where a later session is compared with both."""


def relative_agreement(record: VotingRecord) -> Floats:
    """Starting value: relative agreement with the United States against the USSR or Russia.

    Args:
        record: The votes.

    Returns:
        Per state-session the mean of |y − y_RUS| − |y − y_USA| over the votes that all three
        cast; 0 where there is none. A session without one of the two starts
        from how far a state is from the mean vote.
    """
    choice = record.choice.astype(np.float64)
    to_usa, to_russia = (_distance(record, choice, anchor) for anchor in (USA, RUSSIA))
    difference = to_russia - to_usa
    known = ~np.isnan(difference)
    n = np.bincount(record.unit, known, record.n_units)
    total = np.bincount(record.unit, np.where(known, difference, 0), record.n_units)
    start = total / np.maximum(n, 1)
    counts = record.counts
    mean_choice = (counts[0] + 2 * counts[1] + 3 * counts[2]) / counts.sum(axis=0)
    deviation = choice - mean_choice[record.item]
    fallback = np.bincount(record.unit, deviation, record.n_units) / np.maximum(
        np.bincount(record.unit, minlength=record.n_units), 1
    )
    anchored = np.unique(record.session[n > 0])
    points: Floats = np.where(np.isin(record.session, anchored), start, fallback)
    return points


def _distance(record: VotingRecord, choice: Floats, anchor: int) -> Floats:
    """|y − y_anchor| of each vote, NaN where the anchor did not vote."""
    of_anchor = np.full(int(record.roll_call.max()) + 1, np.nan)
    cast = record.ccode[record.unit] == anchor
    of_anchor[record.roll_call[cast]] = choice[cast]
    distance: Floats = np.abs(choice - of_anchor[record.roll_call])
    return distance


def session_signs(record: VotingRecord, theta: Floats) -> Floats:
    """Direction of each session, +1 or −1, that agrees best with the sessions before it.

    Args:
        record: The votes.
        theta: Ideal points.

    Returns:
        One sign per session from the first to the last, gaps included; the first is +1. What
        a session is compared with is a mean of each state's earlier ideal points whose
        weights fall by `FORGETTING` per session, so that one odd session does not turn later ones.
    """
    states, row = np.unique(record.ccode, return_inverse=True)
    column = record.session.astype(np.int64) - int(record.session.min())
    points = np.zeros((int(column.max()) + 1, len(states)))
    points[column, row] = theta
    signs = np.ones(len(points))
    memory = np.zeros(len(states))
    for t, session in enumerate(points):
        signs[t] = -1.0 if np.sum(memory * session) < 0 else 1.0
        memory = FORGETTING * memory + signs[t] * session
    return signs


def turn_sessions(record: VotingRecord, point: Point) -> Point:
    """Turns sessions into one direction; bridged items follow their earliest session."""
    signs = session_signs(record, point.theta)
    column = record.session.astype(np.int64) - int(record.session.min())
    earliest = np.full(record.n_items, len(signs) - 1)
    np.minimum.at(earliest, record.item, column[record.unit])
    items = Items(point.items.slope * signs[earliest], point.items.cuts)
    return Point(point.theta * signs[column], items)


def points_to_usa(record: VotingRecord, theta: Floats) -> bool:
    """Whether the mean ideal point of the United States is not negative.

    Raises:
        ValueError: The United States has no vote, so the sign is undefined.
    """
    of_usa = theta[record.ccode == USA]
    if not of_usa.size:
        raise ValueError(
            "the United States (ccode 2) has no informative vote, so ideal points have"
            " no direction; check core.votes of this build"
        )
    return bool(of_usa.mean() >= 0)
