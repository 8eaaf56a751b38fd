"""A larger world has more roll calls, or more states, and is otherwise made as the usual one."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from flows.sample.__main__ import main
from flows.sample.model.ideal_points import make_world, states_of
from flows.sample.model.parameters import LONE_VOTE_SESSION
from flows.sample.model.roll_calls import RollCall, make_agenda
from flows.sample.model.simulation import Simulation
from flows.sample.model.size import N_LISTED, USUAL, WorldSize
from flows.sample.model.states import states
from flows.sample.model.votes import NOT_MEMBER

WIDE = WorldSize(states=2 * N_LISTED)


def agenda(size: WorldSize) -> list[RollCall]:
    return make_agenda(make_world(7, size=size))


def test_the_usual_world_has_the_listed_states_and_nothing_else() -> None:
    assert states_of(USUAL) == states()
    assert len(states()) == N_LISTED
    assert Simulation(7).world.states == make_world(7).states


def test_twice_the_roll_calls_are_twice_as_many_in_each_session_and_numbered_apart() -> None:
    once, twice = agenda(USUAL), agenda(WorldSize(roll_calls=2))
    by_session = Counter(call.session for call in twice)
    assert 1.9 < len(twice) / len(once) < 2.1
    assert by_session.pop(LONE_VOTE_SESSION) == 1
    assert all(20 <= n <= 50 for n in by_session.values())
    assert len({call.rcid for call in twice}) == len(twice)
    assert [call.rcid for call in twice] == sorted(call.rcid for call in twice)
    # one number of each session is left for the roll call that the vote file lists twice
    assert all(call.number < call.stride - 1 for call in twice)


@pytest.mark.parametrize("times", [1, 2, 4])
def test_the_lists_of_important_votes_stay_as_long_as_the_gate_knows_them(times: int) -> None:
    calls = agenda(WorldSize(roll_calls=times))
    n_calls = Counter(call.session for call in calls)
    listed = Counter(call.session for call in calls if call.is_important)
    assert set(listed) == set(range(38, 73))
    # expectations/staged/un_votes.py, important_votes_are_few
    assert all(n <= max(15, 0.5 * n_calls[session]) for session, n in listed.items())


def test_further_states_are_members_of_the_nations_that_the_list_does_not_have() -> None:
    wide = states_of(WIDE)
    further = [state for state in wide if state not in states()]
    assert [s.ccode for s in wide] == sorted({s.ccode for s in wide})
    assert len(further) == N_LISTED
    assert all(len(s.iso3) == 3 and s.voting == s.system for s in further)
    first = {s.ccode: s.voting[0].first for s in further}
    assert first[135] == date(1945, 10, 31)  # Peru
    assert max(first.values()) <= min(
        s.voting[0].first for s in states_of(WorldSize(states=190)) if s not in wide
    )


def test_further_states_vote_from_their_admission_on() -> None:
    simulation = Simulation(7, WIDE)
    ballots, world = simulation.ballots, simulation.world
    column = [s.ccode for s in world.states].index(452)  # Ghana, admitted on 8 March 1957
    seated = [
        call.day
        for call, choice in zip(ballots.calls, ballots.choices[:, column], strict=True)
        if choice != NOT_MEMBER
    ]
    assert min(seated) >= date(1957, 3, 8)
    assert min(seated) < date(1958, 1, 1)
    assert world.states[column].listed_in(11)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--roll-calls", "0"], "0 times the roll calls"),
        (["--states", "79"], "a world has 80 or more"),
        (["--states", "1000"], "at most 195 states"),
    ],
)
def test_a_world_that_cannot_be_is_refused_and_nothing_is_written(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / "world"), *arguments])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "world").exists()
