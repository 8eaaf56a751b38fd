"""Roll calls of the simulated Assembly: dates, marks, slopes and cutpoints."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from flows.sample.model.ideal_points import Floats, World
from flows.sample.model.parameters import LONE_VOTE_SESSION, SESSIONS, UNPOPULAR_SHARES
from flows.sample.model.states import HEGEMON

EXTRA_DAYS = {
    1: ("1946-01-19", "1946-02-12"),
    2: ("1947-05-01", "1947-05-15"),
    3: ("1949-05-12", "1949-05-17"),
    10: ("1955-12-15", "1955-12-16"),
    11: ("1956-11-07", "1957-02-19", "1957-03-08"),
    16: ("1961-12-19", "1962-02-23"),
    18: ("1963-12-16", "1963-12-17"),
    22: ("1967-12-18", "1968-06-12"),
    46: ("1992-05-22", "1992-08-03"),
    47: ("1992-09-22", "1993-05-06"),
    48: ("1994-07-06",),
    49: ("1995-04-03",),
    60: ("2006-06-30",),
    71: ("2017-06-20",),
    75: ("2021-03-03",),
}
"""Days of resumed and special sessions, so that each change of a seat affects some roll call."""

FIRST_LONG_SESSION = 30
EARLY_SIZE, LATE_SIZE = (10, 14), (19, 25)
"""Fewest and most roll calls of a session. Measures by state and session need ten votes on which
the hegemon is in the minority, so sessions in which it mostly is are longer."""

NUMBERS_OF_A_SESSION = 50
"""Numbers of the vote file that a session of the usual world has."""

SPECIAL_SESSIONS = {(2, 1947, 5): "SS/1", (11, 1956, 11): "ESS/1", (22, 1968, 6): "SS/5"}
"""(session, year, month) whose resolutions carry the number of a special session."""

WINDOWS = {
    1: ((10, 23), (12, 15)),
    10: ((10, 1), (12, 13)),
    18: ((10, 1), (12, 13)),
    26: ((9, 22), (12, 20)),
    45: ((11, 1), (12, 20)),
}
USUAL_WINDOW = ((10, 1), (12, 20))
"""First and last day, as month and day, on which a session's ordinary votes are held."""

TOPICS = {
    "me": ("PALESTINE, PEACEFUL SETTLEMENT", "SYRIAN GOLAN", "JERUSALEM"),
    "nu": ("NUCLEAR WEAPONS, PROHIBITION", "NUCLEAR TESTS"),
    "di": ("ARMS RACE, OUTER SPACE", "SMALL ARMS"),
    "hr": ("HUMAN RIGHTS, REPORT", "RACIAL DISCRIMINATION"),
    "co": ("SELF-DETERMINATION, IMPLEMENTATION", "NON SELF GOVERNING TERRITORIES"),
    "ec": ("TRADE, COERCIVE MEASURES", "DEVELOPMENT, RIGHT TO"),
    "": ("BUDGET, SCALE OF ASSESSMENTS", "LAW OF THE SEA", "MEMBERSHIP, ADMISSION"),
}
"""Issue flag of the vote file to titles, which are deliberately generic."""


@dataclass(frozen=True)
class RollCall:
    """One roll call: parameters of the model, and columns of the files.

    Attributes:
        session: Session of the General Assembly.
        number: Place within the session, from 1.
        day: Day of the vote; the vote file has only its month before session 58.
        resolution: Number within the session with its letter, for example `38B`.
        series: `""`, or the special session that passed it, for example `SS/1`.
        mark: `final`, `paragraph` or `amendment`.
        kind: `unpopular`, `popular`, `consensus` or `unanimous`, by design.
        slope: β.
        cut_yes: γ₁; below it a state votes yes.
        cut_no: γ₂; above it a state votes no.
        topic: Issue flag of the vote file, `""` for none.
        title: Short title.
        is_important: Marked by the US Department of State.
        stride: How many numbers of the vote file each session has.
    """

    session: int
    number: int
    day: date
    resolution: str
    series: str
    mark: str
    kind: str
    slope: float
    cut_yes: float
    cut_no: float
    topic: str
    title: str
    is_important: bool = False
    stride: int = NUMBERS_OF_A_SESSION

    @property
    def rcid(self) -> int:
        """Number in the vote file."""
        return self.stride * self.session + self.number


def make_agenda(world: World) -> list[RollCall]:
    """Draws the roll calls of all sessions.

    Args:
        world: The states and their ideal points.

    Returns:
        Roll calls by session and number; a single one in session 19.
    """
    rng = world.rng("agenda")
    calls: list[RollCall] = []
    for session in range(1, SESSIONS + 1):
        calls += _session(world, session, rng)
    return calls


def _session(world: World, session: int, rng: np.random.Generator) -> list[RollCall]:
    times = world.size.roll_calls
    fewest, most = EARLY_SIZE if session < FIRST_LONG_SESSION else LATE_SIZE
    n = int(rng.integers(times * fewest, times * most + 1)) if session != LONE_VOTE_SESSION else 1
    finals = _finals(world, session, n - _n_marked(session, n, rng), rng)
    # votes on extra days have no paragraphs or amendments, so their number is as planned
    usual = [
        k for k, c in enumerate(finals) if c.day.isoformat() not in EXTRA_DAYS.get(session, ())
    ]
    parents = [int(p) for p in rng.choice(usual or [0], n - len(finals))]
    calls = []
    for place, final in enumerate(finals):
        for k in range(parents.count(place)):
            mark = "amendment" if k or (session < 52 and rng.random() < 0.3) else "paragraph"
            calls.append(_replan(replace(final, mark=mark), world, rng))
        calls.append(final)
    calls = [replace(call, number=k) for k, call in enumerate(calls, start=1)]
    return _mark_important(calls, times, rng)


def _n_marked(session: int, n: int, rng: np.random.Generator) -> int:
    """Paragraph and amendment votes; the vote file has none apart in some sessions."""
    marked = 1 < session < FIRST_LONG_SESSION or 52 <= session <= 72
    return min(n // 3, int(rng.binomial(n, 0.15))) if marked else 0


def _finals(world: World, session: int, n: int, rng: np.random.Generator) -> list[RollCall]:
    extra = [date.fromisoformat(d) for d in EXTRA_DAYS.get(session, ())]
    days = sorted([*_days(session, max(0, n - len(extra)), rng), *extra])
    if session == LONE_VOTE_SESSION:
        days = [date(1965, 2, 18)]
    times = world.size.roll_calls
    numbers = np.sort(rng.choice(np.arange(2, 300 * times), len(days), replace=False))
    found = []
    for day, number in zip(days, numbers, strict=True):
        letter = "ABCD"[int(rng.integers(4))] if rng.random() < 0.12 else ""
        topic = str(rng.choice(list(TOPICS)))
        call = RollCall(
            session,
            number=0,
            day=day,
            resolution=f"{number}{letter}",
            series=SPECIAL_SESSIONS.get((session, day.year, day.month), ""),
            mark="final",
            kind="",
            slope=0.0,
            cut_yes=0.0,
            cut_no=0.0,
            topic=topic,
            title=str(rng.choice(TOPICS[topic])),
            stride=NUMBERS_OF_A_SESSION * times,
        )
        found.append(_replan(call, world, rng))
    return found


def _days(session: int, n: int, rng: np.random.Generator) -> list[date]:
    year = session + 1945
    (month, day), (last_month, last_day) = WINDOWS.get(session, USUAL_WINDOW)
    first, last = date(year, month, day), date(year, last_month, last_day)
    drawn = [first + timedelta(int(k)) for k in rng.integers(0, (last - first).days + 1, n)]
    # no votes at weekends: Saturday's move to Friday, Sunday's to Monday
    return [d + timedelta({5: -1, 6: 1}.get(d.weekday(), 0)) for d in drawn]


def _replan(call: RollCall, world: World, rng: np.random.Generator) -> RollCall:
    """Draws the kind of a roll call, and slope and cutpoints to match."""
    parameters = world.parameters
    draw = rng.random()
    if draw < parameters.unanimous_share:
        return replace(call, kind="unanimous", slope=0.0, cut_yes=9.0, cut_no=10.0)
    if draw < parameters.unanimous_share + parameters.consensus_share:
        slope = 0.3 if rng.random() < 0.5 else -0.3
        return replace(call, kind="consensus", slope=slope, cut_yes=1.9, cut_no=2.6)
    share = next(s for before, s in UNPOPULAR_SHARES.items() if call.session < before)
    column = world.ideal_points[:, call.session - 1]
    sitting = [s.votes_on(call.day) and s.ccode != HEGEMON for s in world.states]
    hegemon = float(column[[s.ccode == HEGEMON for s in world.states]][0])
    if rng.random() < share:
        return _unpopular(call, column[sitting], hegemon, rng)
    return _popular(call, column[sitting], rng)


def _unpopular(
    call: RollCall, others: Floats, hegemon: float, rng: np.random.Generator
) -> RollCall:
    """Most vote yes and the hegemon no: both cutpoints lie between them."""
    slope = rng.uniform(1.4, 2.6)
    yes_up_to = min(float(np.quantile(others, rng.uniform(0.5, 0.9))), hegemon - 0.5)
    no_from = yes_up_to + rng.uniform(0.2, 0.6) * (hegemon - yes_up_to)
    return _with_cuts(call, "unpopular", slope, slope * yes_up_to, slope * no_from)


def _popular(call: RollCall, others: Floats, rng: np.random.Generator) -> RollCall:
    """Most vote yes with the hegemon: the opposite side abstains or votes no."""
    slope = -rng.uniform(1.0, 2.0)
    yes_down_to = float(np.quantile(others, rng.uniform(0.03, 0.35)))
    no_below = yes_down_to - rng.uniform(0.2, 0.8)
    return _with_cuts(call, "popular", slope, slope * yes_down_to, slope * no_below)


def _with_cuts(call: RollCall, kind: str, slope: float, cut_yes: float, cut_no: float) -> RollCall:
    return replace(
        call,
        kind=kind,
        slope=round(slope, 6),
        cut_yes=round(float(cut_yes), 6),
        cut_no=round(float(cut_no), 6),
    )


def _mark_important(calls: list[RollCall], times: int, rng: np.random.Generator) -> list[RollCall]:
    """Marks one final vote in eight of sessions 38–72, half of those of session 50.

    A list stays as long as it is in a world of more roll calls: the State Department picks some.
    """
    session = calls[0].session
    if not 38 <= session <= 72:
        return calls
    marked = [
        replace(
            c, is_important=c.mark == "final" and (draw < 0.125 / times or _every(2 * times, c))
        )
        for c, draw in zip(calls, rng.random(len(calls)), strict=True)
    ]
    if not any(c.is_important for c in marked):
        first = next(k for k, c in enumerate(marked) if c.mark == "final")
        marked[first] = replace(marked[first], is_important=True)
    return marked


def _every(nth: int, call: RollCall) -> bool:
    """Session 50 has far more votes marked important than any other, as in the real file."""
    return call.session == 50 and call.number % nth == 0
