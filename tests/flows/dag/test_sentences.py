"""What a person reads of a step: its table first, then what happens to it."""

import re

import pytest

from flows.dag import STEPS, Step


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.name)
def test_a_sentence_begins_with_its_table_and_says_what_happens_to_it(step: Step) -> None:
    table, _, action = step.sentence.partition(": ")
    assert table == (f"staging.{step.source}" if step.source else step.outputs[0])
    assert re.fullmatch(r"[a-z][^.:]{9,70}", action), "an imperative, without a full stop"


def test_no_two_steps_read_alike() -> None:
    assert len({step.sentence for step in STEPS}) == len(STEPS)
