"""The UN Library's voting file."""

from collections import Counter

from flows.sample.model.parameters import FIRST_SESSION_OF_LIBRARY
from flows.sample.model.roll_calls import RollCall
from flows.sample.model.simulation import Simulation
from flows.sample.model.votes import ABSENT, ABSTAIN, NO, NOT_MEMBER, YES

LIBRARY_HEADER = (
    "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,"
    "title,agenda_title,subjects,vote_note,total_yes,total_no,total_abstentions,"
    "total_non_voting,total_ms,undl_link"
)
FIRST_UNDL_ID = 4_100_000
LETTERS = {YES: "Y", NO: "N", ABSTAIN: "A", ABSENT: "X"}


def simulated_file(simulation: Simulation) -> bytes:
    """Writes the votes on resolutions from session 60 on as the UN Library does.

    Only final votes, only members (an absence is X), empty cells quoted, a byte order mark in
    front; session 76 is newer than the vote file.

    Args:
        simulation: The simulated world; its quirks are gaps, repetitions and corrections here.

    Returns:
        CSV, one row per resolution and member.
    """
    world, ballots, quirks = simulation.world, simulation.ballots, simulation.quirks
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


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text
