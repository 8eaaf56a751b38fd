"""Irregularities of the real vote files that the simulated ones reproduce, a known few of each."""

from dataclasses import dataclass, replace

import numpy as np

from flows.sample.model.votes import ABSENT, NO, YES, Ballots

WRONG_TOTAL_SESSIONS = (21, 25, 33, 41, 54, 68)
"""Sessions with one roll call whose published yes total is one too high."""

TWIN_SESSION, UNRECORDED_SESSION, CORRECTED_SESSION = 64, 61, 66


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
    """

    wrong_totals: tuple[int, ...]
    twin_of: dict[int, int]
    unrecorded: tuple[int, ...]
    corrected: dict[int, int]


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
    ballots, twin = _with_twin(ballots)
    return ballots, Quirks(wrong, twin, (unrecorded.rcid,), correction)


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
