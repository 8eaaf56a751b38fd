"""What runs again when something changes, and nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.dag import STEPS
from flows.engine.fingerprint import build_id
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
    same = build_id(HASHES, {"draws": 1}, ["a"])
    assert same == build_id(dict(reversed(HASHES.items())), {"draws": 1}, ["a"])
    assert same != build_id({**HASHES, "gdp": "f" * 64}, {"draws": 1}, ["a"])
    assert same != build_id(HASHES, {"draws": 2}, ["a"])
    assert same != build_id(HASHES, {"draws": 1}, ["b"])


def hashes_of(project: Path) -> dict[str, str]:
    program = (
        "from flows.engine.fingerprint import module_hash, code_hash\n"
        "for m in ('transforms.core.votes', 'transforms.core.gdp'): print(module_hash(m))\n"
        "print(code_hash())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(("votes", "gdp", "all"), done.stdout.split(), strict=True))


def test_a_step_knows_the_code_that_it_imports(tmp_path: Path) -> None:
    for room in ("flows", "transforms", "expectations", "warehouse"):
        shutil.copytree(ROOT / room, tmp_path / room)
    before = hashes_of(tmp_path)
    with (tmp_path / "transforms" / "core" / "succession.py").open("a") as file:
        file.write("\n# another rule\n")
    after = hashes_of(tmp_path)
    assert before["votes"] != after["votes"]
    assert before["gdp"] == after["gdp"]
    assert before["all"] != after["all"]
    (tmp_path / "flows" / "console.py").write_text('"""Docs and words change no number."""\n')
    assert hashes_of(tmp_path) == after


def test_what_a_mart_reads_is_found_in_its_sql() -> None:
    sql = """
        -- FROM core.not_this_one
        WITH a AS (SELECT * FROM core.votes), b AS (SELECT 'FROM core.nor_this' AS x)
        SELECT * FROM a JOIN marts.roll_call USING (rcid) left join core.states AS s ON true
    """
    assert tables_read_by(sql) == ["core.states", "core.votes", "marts.roll_call"]
