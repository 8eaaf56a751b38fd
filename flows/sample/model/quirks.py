"""Irregularities of the real vote files that the simulated ones reproduce, a known few of each."""

from dataclasses import dataclass, replace

import numpy as np

from flows.sample.model.votes import ABSENT, NO, NOT_MEMBER, YES, Ballots

WRONG_TOTAL_SESSIONS = (21, 25, 33, 41, 54, 68)
"""Sessions with one roll call whose published yes total is one too high."""

TWIN_SESSION, UNRECORDED_SESSION, CORRECTED_SESSION = 64, 61, 66

WITHOUT_ROW_SESSIONS = {55: 652, 71: 615, 72: 705}
"""Sessions with one roll call on which the file has no row for a state that voted; those from 60
on are in the Library too."""
CODED_NOT_MEMBER_SESSIONS = {57: 816, 67: 816}
"""Sessions with one roll call on which the file codes a member as none."""
EARLY_ABSENCE_SESSIONS = {52: 225, 53: 225, 56: 225}
"""Sessions with one roll call on which the file codes a state as absent before its admission."""


@dataclass(frozen=True)
class Quirks:
    """The irregularities, by number of the roll call in the vote file.

    Attributes:
        wrong_totals: The published yes total is one more than the votes counted.
        twin_of: Roll call that carries the resolution of another one and its counted totals,
            with the votes of two states exchanged.
        unrecorded: Final votes that the UN Library's file lacks.
        corrected: Roll call to the state whose vote the Library's file corrects from absent
            to yes, so that the two files' totals differ.
        without_row: Roll call to the state that has no row, though it voted and is in the totals.
        coded_not_member: Roll call to the member that is coded as none, though it voted and is
            in the totals.
        early_absence: Roll call to the state that is coded absent before its admission.
    """

    wrong_totals: tuple[int, ...]
    twin_of: dict[int, int]
    unrecorded: tuple[int, ...]
    corrected: dict[int, int]
    without_row: dict[int, int]
    coded_not_member: dict[int, int]
    early_absence: dict[int, int]


def add_quirks(ballots: Ballots, ccodes: list[int]) -> tuple[Ballots, Quirks]:
    """Chooses the irregular roll calls, and adds the twin.

    Args:
        ballots: All votes.
        ccodes: State of each column of the votes.

    Returns:
        The votes with the twin at the end of its session, and the irregularities.
    """
    wrong = tuple(ballots.calls[_first(ballots, s, YES)].rcid for s in WRONG_TOTAL_SESSIONS)
    unrecorded = ballots.calls[_first(ballots, UNRECORDED_SESSION, YES)]
    corrected = _first(ballots, CORRECTED_SESSION, ABSENT)
    absentee = ccodes[int(np.flatnonzero(ballots.choices[corrected] == ABSENT)[0])]
    correction = {ballots.calls[corrected].rcid: absentee}
    without, coded, early = (
        _of_states(ballots, ccodes, states, member=member)
        for states, member in (
            (WITHOUT_ROW_SESSIONS, True),
            (CODED_NOT_MEMBER_SESSIONS, True),
            (EARLY_ABSENCE_SESSIONS, False),
        )
    )
    ballots, twin = _with_twin(ballots)
    return ballots, Quirks(wrong, twin, (unrecorded.rcid,), correction, without, coded, early)


def _of_states(
    ballots: Ballots, ccodes: list[int], states: dict[int, int], *, member: bool
) -> dict[int, int]:
    """In each session the first final vote on which the state voted, or was no member."""
    found = {}
    for session, ccode in states.items():
        own = ballots.choices[:, ccodes.index(ccode)]
        fits = own <= NO if member else own == NOT_MEMBER
        found[
            next(
                call.rcid
                for call, is_fit in zip(ballots.calls, fits.tolist(), strict=True)
                if call.session == session and call.mark == "final" and is_fit
            )
        ] = ccode
    return found


def _first(ballots: Ballots, session: int, *choices: int) -> int:
    """Row of the session's first contested final vote on which each choice was made."""
    return next(
        row
        for row, call in enumerate(ballots.calls)
        if call.session == session
        and call.mark == "final"
        and call.kind in ("popular", "unpopular")
        and set(choices) <= set(ballots.choices[row].tolist())
    )


def _with_twin(ballots: Ballots) -> tuple[Ballots, dict[int, int]]:
    row = _first(ballots, TWIN_SESSION, YES, NO)
    original = ballots.calls[row]
    end = max(k for k, c in enumerate(ballots.calls) if c.session == TWIN_SESSION) + 1
    twin = replace(original, number=ballots.calls[end - 1].number + 1, is_important=False)
    votes = ballots.choices[row].copy()
    first_yes, first_no = np.flatnonzero(votes == YES)[0], np.flatnonzero(votes == NO)[0]
    votes[[first_yes, first_no]] = votes[[first_no, first_yes]]
    doubled = Ballots(
        calls=[*ballots.calls[:end], twin, *ballots.calls[end:]],
        choices=np.insert(ballots.choices, end, votes, axis=0),
        allies=np.insert(ballots.allies, end, ballots.allies[row], axis=0),
        effect_on_agreement=ballots.effect_on_agreement,
    )
    return doubled, {twin.rcid: original.rcid}
