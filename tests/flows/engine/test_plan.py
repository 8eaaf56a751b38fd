"""What runs again when something changes, and nothing else."""

import pytest

from flows.dag import STEPS
from flows.engine.build_identity import build_id, plan_build
from flows.engine.plan import plan_steps
from flows.sources import load_declarations
from tests.processes import ROOT
from warehouse.contracts.read import contracts
from warehouse.load.marts import tables_read_by

HASHES = {slug: f"{number:064x}" for number, slug in enumerate(load_declarations())}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    first, second = plan_steps(before), plan_steps(after)
    return {name for name in first if first[name].step_hash != second[name].step_hash}


def test_every_contract_is_made_by_exactly_one_step() -> None:
    made = [table for step in STEPS for table in step.outputs]
    assert sorted(made) == sorted(t for t in contracts() if not t.startswith("meta."))


def test_every_mart_has_its_sql() -> None:
    written = {path.stem for path in (ROOT / "warehouse" / "sql" / "marts").glob("*.sql")}
    assert written == {t.removeprefix("marts.") for t in contracts() if t.startswith("marts.")}


def test_tasks_read_only_what_came_before_them() -> None:
    made: set[str] = set()
    for step in STEPS:
        assert set(step.reads) <= made, step.name
        made |= set(step.outputs)


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.name)
def test_stages_read_in_one_direction(step: object) -> None:
    may_read = {
        "staged": (),
        "core": ("staging", "core"),
        "marts": ("core", "marts"),
        "metrics": ("core", "marts", "metrics"),
    }
    schemas = {table.split(".")[0] for table in step.reads}  # type: ignore[attr-defined]
    assert schemas <= set(may_read[step.stage])  # type: ignore[attr-defined]


def test_new_votes_rebuild_votes_and_what_follows_but_no_alliances() -> None:
    rerun = changed(HASHES, {**HASHES, "un_votes": "f" * 64})
    assert {"stage_un_votes", "core.votes", "core.roll_calls", "metrics.vote_similarity"} <= rerun
    assert not rerun & {
        "stage_atop",
        "core.alliances",
        "core.obligations",
        "core.states",
        "core.gdp",
        "marts.alliance_year",
        "metrics.capability_asymmetry",
    }


def test_nothing_new_changes_nothing() -> None:
    assert changed(HASHES, dict(reversed(HASHES.items()))) == set()


def test_build_id_knows_bytes_and_parameters_and_neither_order_nor_profile() -> None:
    same = plan_build(HASHES)
    assert same == plan_build(dict(reversed(HASHES.items())))
    assert same.build_id != plan_build({**HASHES, "gdp": "f" * 64}).build_id
    steps = same.step_hashes
    one, two = (build_id(steps, {"draws": n, "seed": 0}) for n in (1, 2))
    assert one != two
    assert one == build_id(dict(reversed(steps.items())), {"seed": 0, "draws": 1})


def test_what_a_mart_reads_is_found_in_its_sql() -> None:
    sql = """
        -- FROM core.not_this_one
        WITH a AS (SELECT * FROM core.votes), b AS (SELECT 'FROM core.nor_this' AS x)
        SELECT * FROM a JOIN marts.roll_call USING (rcid) left join core.states AS s ON true
    """
    assert tables_read_by(sql) == ["core.states", "core.votes", "marts.roll_call"]
