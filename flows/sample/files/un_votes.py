"""The vote file of Voeten, Strezhnev and Bailey, with its columns and its irregularities."""

from collections import Counter
from datetime import date

from flows.sample.model.ideal_points import World
from flows.sample.model.parameters import FIRST_SESSION_WITH_REAL_DAYS, LAST_SESSION_OF_VOTE_FILE
from flows.sample.model.quirks import Quirks
from flows.sample.model.roll_calls import RollCall
from flows.sample.model.simulation import Simulation
from flows.sample.model.votes import ABSENT, ABSTAIN, NO, NOT_MEMBER, YES, Ballots

HEADER = (
    "rcid,ccode,member,vote,Country,Countryname,year,session,abstain,yes,no,importantvote,date,"
    "unres,amend,para,short,descr,me,nu,di,hr,co,ec,ident,resid"
)
ISSUES = ("me", "nu", "di", "hr", "co", "ec")
SESSIONS_WITH_LATE_YEARS = (46, 47)
"""`year` is that of the session's opening here, also for votes of the next year."""


def simulated_file(simulation: Simulation) -> bytes:
    """Writes the roll-call votes of sessions 1–75, non-members included.

    Args:
        simulation: The simulated world; its quirks are the file's deliberate errors.

    Returns:
        CSV, one row per roll call and listed state.
    """
    world, ballots, quirks = simulation.world, simulation.ballots, simulation.quirks
    lines = [HEADER]
    names = [f"{s.iso3},{_quoted(s.vote_file_name)}" for s in world.states]
    seated = _seated_at_some_time(world, ballots)
    for row, call in enumerate(ballots.calls):
        if call.session > LAST_SESSION_OF_VOTE_FILE:
            continue
        votes = ballots.choices[row].tolist()
        listed = [k for k, s in enumerate(world.states) if s.listed_in(call.session)]
        rest = _roll_call_cells(call, Counter(votes[k] for k in listed), quirks)
        for k in listed:
            ccode = world.states[k].ccode
            if quirks.without_row.get(call.rcid) == ccode:
                continue
            vote = _as_coded(quirks, call.rcid, ccode, votes[k])
            member = "1" if _shows_member(call, vote, (k, call.session) in seated) else "NA"
            lines.append(f"{call.rcid},{ccode},{member},{vote},{names[k]},{rest}")
    return ("\n".join(lines) + "\n").encode("utf-8")


def _as_coded(quirks: Quirks, rcid: int, ccode: int, vote: int) -> int:
    """The code that the file has for a vote: that of membership is wrong now and then."""
    if quirks.coded_not_member.get(rcid) == ccode:
        return NOT_MEMBER
    return ABSENT if quirks.early_absence.get(rcid) == ccode else vote


def resolution_symbol(call: RollCall) -> str:
    """`unres` as the file writes it: two formats, and blanks in sessions 19–24."""
    if call.series:
        return f"{call.series}/{call.resolution}"
    if call.session in (19, 20) or (21 <= call.session <= 24 and call.number % 5 < 2):
        return ""
    if call.session >= 74 or (call.session in (71, 72) and call.mark == "final"):
        return f"A/RES/{call.session}/{call.resolution}"
    return f"R/{call.session}/{call.resolution}"


def shown_date(call: RollCall) -> str:
    """`date` as the file writes it: before session 58 its day is the weekday (1 = Sunday)."""
    marked = call.mark != "final" and call.session >= 52
    if call.session >= FIRST_SESSION_WITH_REAL_DAYS or marked:
        return call.day.isoformat()
    return date(call.day.year, call.day.month, (call.day.weekday() + 1) % 7 + 1).isoformat()


def _roll_call_cells(call: RollCall, counts: Counter[int], quirks: Quirks) -> str:
    late = call.session in SESSIONS_WITH_LATE_YEARS
    totals = [counts[ABSTAIN], counts[YES] + (call.rcid in quirks.wrong_totals), counts[NO]]
    zero_is_na = call.session >= 74 or (call.session >= 54 and call.mark != "final")
    flags = {call.topic, "di"} if call.topic == "nu" else {call.topic}
    cells = [
        call.session + 1945 if late else call.day.year,
        call.session,
        *("NA" if t == 0 and zero_is_na else t for t in totals),
        _importance(call),
        shown_date(call),
        resolution_symbol(call),
        *_marks(call),
        *_texts(call),
        *(int(issue in flags) for issue in ISSUES),
        "NA" if call.session >= 74 else 0,
        1000 * call.session + call.number,
    ]
    return ",".join(map(str, cells))


def _importance(call: RollCall) -> str:
    if call.session >= 73 or (call.session >= 52 and call.mark != "final"):
        return "NA"
    return str(int(call.is_important))


def _marks(call: RollCall) -> tuple[str, str]:
    """`amend`, `para`: NA stands for 0 in sessions 40–74."""
    amend, para = int(call.mark == "amendment"), int(call.mark == "paragraph")
    if 40 <= call.session <= 74:
        return "1" if amend else "NA", "1" if para else "NA"
    return str(amend), str(para)


def _texts(call: RollCall) -> tuple[str, str]:
    """`short`, `descr`; paragraph and amendment votes have no short title from session 52."""
    descr = f"SIMULATED {call.mark} vote: {call.title.lower()}"
    if call.session >= 52 and call.mark != "final":
        return "NA", _quoted(descr)
    title = call.title if call.session < 58 else call.title.capitalize()
    return _quoted(f"SIMULATED {title}"), _quoted(descr)


def _shows_member(call: RollCall, vote: int, seated: bool) -> bool:
    """`member` is inexact: blank for marked votes, too early in sessions of entry."""
    if call.mark != "final" and call.session >= 52:
        return False
    return seated if call.session in (26, *range(46, 57)) else vote != NOT_MEMBER


def _seated_at_some_time(world: World, ballots: Ballots) -> set[tuple[int, int]]:
    return {
        (k, call.session)
        for row, call in enumerate(ballots.calls)
        for k in range(len(world.states))
        if ballots.choices[row, k] != NOT_MEMBER
    }


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text
