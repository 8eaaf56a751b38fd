"""Adds a toy to a copy of the project by some steps of its checklist, and checks what it gets.

Run in the copy: `python -m tests.contributing.check KIND`. It reads lines of numbers, the steps to
follow, and answers each with a line of JSON: the exit code and what was printed. Each is done in a
process of its own, forked from one that has imported libraries and nothing of the project.

The cheap rules of the house come first, then the toy's own test, then the real thing: bytes are
fetched and staged, the metric is computed from its inputs, the claim is judged in worlds with and
without its effect, all through plan, runner and gates. The first thing that is wrong ends it with
an error. Nothing of the project is imported before the copy is first on the path.
"""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

from tests.contributing.checklist import ROOT, read_checklist
from tests.contributing.pieces import Toy


def toy_named(kind: str) -> Toy:
    """The toy of a kind: source, metric or claim."""
    toy: Toy = import_module(f"tests.contributing.toy_{kind}").TOY
    return toy


def check_source(toy: Toy) -> None:
    """Every stage, the step, schedule, terms and docs; then fetched, staged and gated."""
    from tests import test_additions as house

    slug = toy.names["slug"]
    for stage in house.STAGES:
        house.test_a_source_has_a_module_at_every_stage(slug, stage)
    for stage in house.STAGES[1:]:
        house.test_every_module_of_a_stage_is_of_a_source(stage)
    house.test_every_staging_step_is_of_a_declared_source()
    house.test_a_source_has_a_step_with_tables(slug)
    house.test_a_source_is_fetched_on_a_schedule(slug)
    house.test_the_terms_of_a_source_are_told(slug)
    house.test_the_staging_of_a_source_is_tested(slug)
    house.test_it_is_in_the_changelog(slug)
    check_dictionary()
    run_toy_test(toy)
    rows = staged(slug)[f"staging.stg_{slug}__{toy.names['entity']}"]
    assert rows.height > 100
    assert rows["n_missions"].null_count() > 0


def check_metric(toy: Toy) -> None:
    """Contract, suite, step and docs; then computed from the simulated list of states."""
    from tests import test_additions as house

    table = f"metrics.{toy.names['table']}"
    house.test_every_contract_of_a_metric_is_met_by_a_step()
    house.test_a_metric_has_a_contract_and_a_suite(table)
    house.test_a_metric_has_a_module_that_says_what_it_measures(table)
    house.test_a_metric_is_explained_and_tested(table)
    house.test_it_is_in_the_changelog(table)
    check_dictionary()
    run_toy_test(toy)
    rows = staged("cow_states", "core.states", table)[table]
    assert rows.height == rows["ccode"].n_unique() > 50


def check_claim(toy: Toy) -> None:
    """Contract, measure, worlds and docs; then judged where it is true and where it is not."""
    from tests import test_additions as house

    claim = house.EDITIONS[2][toy.names["claim"]]
    house.test_the_contract_lists_every_claim()
    house.test_a_claim_has_one_primary_a_grid_and_falsifiers(2, claim)
    house.test_the_measures_of_a_claim_exist_and_have_their_tables(2, claim)
    house.test_a_claim_is_judged_on_worlds_with_known_truth(2, claim.name)
    house.test_every_measure_is_tested()
    house.test_it_is_in_the_changelog(claim.name)
    check_dictionary()
    run_toy_test(toy)
    assert verdict_of(claim.name, "toy alliances", 0.25) == "supported"
    assert verdict_of(claim.name, "toy alliances", 0.0) != "supported"


def check_dictionary() -> None:
    """The dictionary has what the contracts have."""
    from flows.reports.dictionary import dictionary_pages

    folder = ROOT / "docs" / "generated" / "dictionary"
    committed = "".join(page.read_text("utf-8") for page in folder.glob("*.md"))
    lines = set("".join(dictionary_pages().values()).splitlines()) - set(committed.splitlines())
    assert not lines, f"docs/generated/dictionary lacks {sorted(lines)}"


def run_toy_test(toy: Toy) -> None:
    """Calls the test functions of the toy's own test, which need no fixtures."""
    (target,) = (t for t in toy.pieces if t.startswith("tests/"))
    module = import_module(toy.named(target).removesuffix(".py").replace("/", "."))
    tests = [value for name, value in vars(module).items() if name.startswith("test_")]
    assert tests
    for test in tests:
        test()


def staged(slug: str, *further: str) -> dict[str, Any]:
    """Runs the step of a source on its simulated file, and further steps that rest on it.

    Returns:
        Full table name to rows, as they are stored.
    """
    import polars as pl

    from flows.engine.plan import plan_steps
    from flows.engine.runner import run_step
    from flows.engine.store import StepStore
    from flows.fetch.fetch_source import fetch_source
    from flows.home.paths import Home
    from flows.sample.model.simulation import Simulation
    from flows.sample.write import MARKER, PATHS, simulated_file
    from flows.sources import load_declarations

    home = Home.at(tempfile.mkdtemp())
    file = home.sample_world / PATHS[slug]
    file.parent.mkdir(parents=True)
    file.write_bytes(simulated_file(slug, Simulation(2019)))
    (home.sample_world / MARKER).write_text("SIMULATED")
    fetched = fetch_source(load_declarations()[slug], home, "sample", mirror=home.sample_world)
    others = dict.fromkeys(load_declarations(), "0" * 64)
    plan = plan_steps(others | {slug: fetched.snapshot.sha256})
    tables: dict[str, Path] = {}
    for name in (f"stage_{slug}", *further):
        step = plan[name].step
        inputs = {table: tables[table] for table in step.reads}
        snapshot = fetched.snapshot if step.source else None
        finished, _ = run_step(step, plan[name].step_hash, inputs, StepStore(home.steps), snapshot)
        tables |= {table: finished.table(table) for table in step.outputs}
    return {table: pl.read_parquet(path) for table, path in tables.items()}


def verdict_of(claim: str, family: str, size: float) -> str:
    """The verdict in one world, by the functions of the steps, through contracts and gates."""
    from expectations.gate.failures import raise_if_stopped
    from expectations.gate.run import run_gate
    from expectations.registry import suite_for
    from flows.dag import step_named
    from flows.engine.compute import function_at
    from flows.engine.reference import read_reference
    from flows.engine.table_shape import shape_of
    from transforms.calibration.registry import FAMILIES
    from transforms.calibration.scenario import ABSENT, PRESENT, Scenario
    from warehouse.contracts.read import contracts

    tables = FAMILIES[family].world(Scenario(PRESENT if size else ABSENT, size), 0, {})
    for step in map(step_named, ("metrics.claim_test", "metrics.claim_verdict")):
        given = {argument: rows for argument, rows in tables.items() if argument in step.tables}
        given |= {argument: read_reference(name) for argument, name in step.references.items()}
        for name, found in function_at(str(step.function))(**given).tables.items():
            tables[name.partition(".")[2]] = rows = contracts()[name].conform(found)
            raise_if_stopped([run_gate(suite_for(name), rows, shape_of(name))])
    judged = tables["claim_verdict"].filter(claim=claim, edition=2, leader=2)
    verdict: str = judged["verdict"].item()
    return verdict


LIBRARIES = ("duckdb", "great_expectations", "jsonschema", "polars", "pytest", "scipy.stats")
"""What takes longest to import, and is not what a toy changes."""

CHECKS: dict[str, Callable[[Toy], None]] = {
    "source": check_source,
    "metric": check_metric,
    "claim": check_claim,
}


def follow(kind: str, *numbers: str) -> None:
    """Follows the steps of a checklist that have these numbers, then checks.

    Raises:
        Exception: What the project says of what is missing or wrong.
    """
    toy = toy_named(kind)
    for step in read_checklist(kind):
        if str(step.number) in numbers:
            toy.follow(step, ROOT)
    invalidate_caches()  # folders that were listed before
    CHECKS[kind](toy)


def forked(kind: str, *numbers: str) -> tuple[int, str]:
    """The same in a process of its own: its exit code, and what it printed."""
    output, written = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(written, 1)
        os.dup2(written, 2)
        os.close(written)
        code = 1
        try:
            follow(kind, *numbers)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.close(written)
    with os.fdopen(output, encoding="utf-8") as lines:
        said = lines.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said


def main(kind: str) -> None:
    """Answers each line of numbers."""
    for library in LIBRARIES:
        import_module(library)
    assert not {"flows", "expectations", "transforms", "warehouse"} & set(sys.modules)
    for line in sys.stdin:
        print(json.dumps(forked(kind, *line.split())), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
