"""The UN Library's voting file, and the published ideal points."""

from collections import Counter
from typing import TypedDict

import numpy as np

from flows.sample.model.ideal_points import World
from flows.sample.model.parameters import (
    FIRST_SESSION_OF_LIBRARY,
    LAST_SESSION_OF_VOTE_FILE,
    LONE_VOTE_SESSION,
    SESSIONS,
)
from flows.sample.model.quirks import Quirks
from flows.sample.model.roll_calls import RollCall
from flows.sample.model.votes import ABSENT, ABSTAIN, NO, NOT_MEMBER, YES, Ballots

LIBRARY_HEADER = (
    "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,"
    "title,agenda_title,subjects,vote_note,total_yes,total_no,total_abstentions,"
    "total_non_voting,total_ms,undl_link"
)
FIRST_UNDL_ID = 4_100_000
LETTERS = {YES: "Y", NO: "N", ABSTAIN: "A", ABSENT: "X"}

IDEAL_POINT_HEADER = (
    "ccode\tiso3c\tCountryname\tyear\tNVotesFP\tIdealPointFP\tQ5%FP\tQ10%FP\tQ50%FP\tQ90%FP\tQ95%FP"
)
YEARS_AFTER_THE_VOTE_FILE = {2021: 70, 2022: 70, 2023: 75, 2024: 8, 2025: 158}
"""Most votes of a state in the release's last years: 2024 and 2025 look wrongly split."""


def library_file(world: World, ballots: Ballots, quirks: Quirks) -> bytes:
    """Writes the votes on resolutions from session 60 on as the UN Library does.

    Only final votes, only members (an absence is X), empty cells quoted, a byte order mark in
    front; session 76 is newer than the vote file.

    Args:
        world: The states.
        ballots: Their votes.
        quirks: Gaps, repetitions and corrections of the Library's file.

    Returns:
        CSV, one row per resolution and member.
    """
    lines = [LIBRARY_HEADER]
    recorded = [
        (row, call)
        for row, call in enumerate(ballots.calls)
        if call.session >= FIRST_SESSION_OF_LIBRARY
        and call.mark == "final"
        and call.rcid not in (*quirks.unrecorded, *quirks.twin_of)
    ]
    for undl_id, (row, call) in enumerate(recorded, start=FIRST_UNDL_ID):
        votes = {
            state.ccode: int(vote)
            for state, vote in zip(world.states, ballots.choices[row], strict=True)
            if vote != NOT_MEMBER
        }
        if call.rcid in quirks.corrected:
            votes[quirks.corrected[call.rcid]] = YES
        rest = _resolution_cells(undl_id, call, Counter(votes.values()))
        members = sorted(
            (s.vote_file_name.upper(), s.iso3, LETTERS[votes[s.ccode]])
            for s in world.states
            if s.ccode in votes
        )
        lines += [f"{undl_id},{code},{_quoted(n)},{vote},{rest}" for n, code, vote in members]
    return b"\xef\xbb\xbf" + ("\n".join(lines) + "\n").encode("utf-8")


def _resolution_cells(undl_id: int, call: RollCall, counts: Counter[int]) -> str:
    title = f"SIMULATED {call.title.capitalize()} : resolution / adopted by the General Assembly"
    totals = [counts[YES], counts[NO], counts[ABSTAIN], counts[ABSENT], counts.total()]
    cells = [
        call.day.isoformat(),
        call.session,
        f"A/RES/{call.session}/{call.resolution}",
        *['""'] * 3,
        _quoted(title),
        *['""'] * 3,
        *totals,
        f"https://digitallibrary.un.org/record/{undl_id}?ln=en",
    ]
    return ",".join(map(str, cells))


class _Published(TypedDict):
    n_votes: int
    centre: float


def ideal_points_file(world: World, ballots: Ballots) -> bytes:
    """Writes published ideal points: the true ones, on another scale and with error.

    Args:
        world: The states and their ideal points.
        ballots: Their votes, which give the number of votes.

    Returns:
        Tab-separated text, one row per state and year; no 1964.
    """
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


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text
