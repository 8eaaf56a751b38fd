"""Steps are submitted after what they read, and first those on which the end waits longest."""

import random

import pytest

from flows.dag import STEPS
from flows.dag.seconds import SECONDS, seconds_of
from flows.engine import order
from flows.engine.order import submission_order
from flows.engine.plan import plan_steps
from flows.sources import load_declarations


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Seconds of invented steps, for a test to fill in."""
    seconds: dict[str, float] = {}
    monkeypatch.setattr(order, "seconds_of", lambda name: seconds.get(name, 1.0))
    return seconds


def test_the_longest_way_to_the_end_goes_first(declared: dict[str, float]) -> None:
    declared |= {"long": 9.0, "maker": 1.0, "alone": 8.0}
    made_after = {"alone": [], "small": [], "maker": [], "long": ["maker"]}
    assert submission_order(made_after, 1) == ["maker", "long", "alone", "small"]


def test_nothing_begins_before_what_it_reads_has_ended(declared: dict[str, float]) -> None:
    declared |= {"maker": 5.0, "reader": 50.0}
    made_after = {"maker": [], "reader": ["maker"], **{f"s{i}": [] for i in range(4)}}
    # on the other process four small steps come to their turn before the reader can begin
    assert submission_order(made_after, 2) == ["maker", "s0", "s1", "s2", "s3", "reader"]


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_every_step_comes_once_and_after_its_makers(
    declared: dict[str, float], at_once: int
) -> None:
    draw = random.Random(at_once)
    names = [f"step {i}" for i in range(60)]
    made_after = {
        n: draw.sample(names[:i], draw.randint(0, min(i, 3))) for i, n in enumerate(names)
    }
    declared |= {n: draw.uniform(0, 3) for n in names}
    found = submission_order(made_after, at_once)
    assert sorted(found) == sorted(names)
    for name, makers in made_after.items():
        assert all(found.index(maker) < found.index(name) for maker in makers)


def test_what_is_declared_is_a_step_and_dear() -> None:
    assert set(SECONDS) <= {step.name for step in STEPS}
    assert all(seconds > 1 for seconds in SECONDS.values())
    assert 0 < seconds_of("a step of tomorrow") < 1


def test_the_dearest_leaf_begins_as_soon_as_its_votes_are_there() -> None:
    plan = plan_steps(dict.fromkeys(load_declarations(), ""))
    found = submission_order({n: list(p.inputs.values()) for n, p in plan.items()})
    assert found.index("metrics.joint_alliance_shift") < found.index("metrics.vote_similarity")
