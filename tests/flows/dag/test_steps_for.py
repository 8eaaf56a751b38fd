"""Some tables, and the steps that they need."""

import pytest

from flows.dag import STEPS, sources_of, step_named, steps_for
from flows.engine.build_identity import plan_build
from flows.sources import load_declarations

HASHES = dict.fromkeys(load_declarations(), "a" * 64)
ONLY = ("metrics.vote_similarity",)


def test_a_table_needs_what_its_step_reads_and_nothing_else() -> None:
    needed = steps_for(ONLY)
    made = {table for step in needed for table in step.outputs}
    assert all(set(step.reads) <= made for step in needed)
    read = {table for step in needed for table in step.reads}
    assert made & read | set(step_named(ONLY[0]).outputs) == {
        *read,
        *step_named(ONLY[0]).outputs,
    }
    assert [s for s in STEPS if s in needed] == list(needed)
    assert set(sources_of(needed)) == {"cow_states", "un_votes", "undl_votes"}


def test_all_tables_need_all_that_leads_to_them() -> None:
    assert steps_for(t for step in STEPS for t in step.outputs) == STEPS


def test_a_table_that_nobody_makes_is_refused() -> None:
    with pytest.raises(KeyError):
        steps_for(["metrics.nonsense"])


def test_a_partial_build_has_the_same_steps_and_another_id() -> None:
    needed = steps_for(ONLY)
    whole = plan_build(HASHES)
    partial = plan_build({slug: HASHES[slug] for slug in sources_of(needed)}, only=ONLY)
    assert partial.step_hashes == {s.name: whole.step_hashes[s.name] for s in needed}
    everything = plan_build(HASHES, only=[t for step in STEPS for t in step.outputs])
    assert len({partial.build_id, whole.build_id, everything.build_id}) == 3
