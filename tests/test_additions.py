"""Nothing is half added: a source, a metric and a claim each have all of their parts.

CONTRIBUTING.md lists the parts; integration/test_contributing.py follows its lists, and calls these
tests: so what imports SciPy is imported where it is needed.
"""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from expectations.registry import suite_for
from flows.dag import STEPS, Step
from flows.engine.reference import read_reference
from transforms.metrics.claims.claim_definitions import Claim, read_claims
from warehouse.contracts.read import contracts

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path.stem for path in (ROOT / "flows" / "sources").glob("*.yml"))
STAGES = ("flows/sample/files", "transforms/staging", "expectations/raw", "expectations/staged")
METRICS = sorted(t for step in STEPS if step.stage == "metrics" for t in step.outputs)
EDITIONS = {
    read["edition"]: {claim.name: claim for claim in read_claims(read)}
    for read in map(read_reference, ("claims_edition_1.yml", "claims.yml"))
}
CLAIMS = [(edition, claim) for edition, claims in EDITIONS.items() for claim in claims.values()]
NAMES = [f"{claim.name} of edition {edition}" for edition, claim in CLAIMS]


@cache
def read_tests() -> str:
    """All tests together, as text: what they name is tested, or at least looked at."""
    return "\n".join(
        path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py"))
    )


@cache
def imported_by_tests() -> set[str]:
    """Modules that a test imports, or imports something from."""
    found: set[str] = set()
    for module, names in re.findall(r"^ *from ([\w.]+) import (.+)$", read_tests(), re.MULTILINE):
        found |= {module} | {f"{module}.{name.split(' ')[0]}" for name in names.split(", ")}
    return found


@cache
def text_of(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def step_of(table: str) -> Step:
    (step,) = (step for step in STEPS if table in step.outputs)
    return step


# A source.


@pytest.mark.parametrize("slug", SOURCES)
@pytest.mark.parametrize("stage", STAGES)
def test_a_source_has_a_module_at_every_stage(slug: str, stage: str) -> None:
    assert (ROOT / stage / f"{slug}.py").is_file(), f"there is no {stage}/{slug}.py"


@pytest.mark.parametrize("stage", STAGES[1:])
def test_every_module_of_a_stage_is_of_a_source(stage: str) -> None:
    found = {path.stem for path in (ROOT / stage).glob("*.py")} - {"__init__"}
    assert found == set(SOURCES), f"{stage}, or a declaration: {sorted(found ^ set(SOURCES))}"


@pytest.mark.parametrize("slug", SOURCES)
def test_a_source_has_a_step_with_tables(slug: str) -> None:
    steps = [step for step in STEPS if step.source == slug]
    assert len(steps) == 1, f"flows/dag/staging.py has {len(steps)} steps for {slug}"
    assert steps[0].outputs, f"no contract warehouse/contracts/staging/stg_{slug}__*.yml"


def test_every_staging_step_is_of_a_declared_source() -> None:
    staged = {step.source for step in STEPS if step.source}
    assert staged == set(SOURCES), f"flows/dag/staging.py: {sorted(staged ^ set(SOURCES))}"


@pytest.mark.parametrize("slug", SOURCES)
def test_a_source_is_fetched_on_a_schedule(slug: str) -> None:
    deployed = yaml.safe_load(text_of("prefect.yaml"))["deployments"]
    fetching = [d["name"] for d in deployed if slug in d.get("parameters", {}).get("sources", [])]
    assert len(fetching) == 1, f"prefect.yaml: {slug} is fetched by {fetching}"


@pytest.mark.parametrize("slug", SOURCES)
def test_the_terms_of_a_source_are_told(slug: str) -> None:
    assert f"| `{slug}` |" in text_of("DATA_LICENSES.md"), f"DATA_LICENSES.md lacks {slug}"


@pytest.mark.parametrize("slug", SOURCES)
def test_the_staging_of_a_source_is_tested(slug: str) -> None:
    assert f"transforms.staging.{slug}" in imported_by_tests(), f"no test imports staging of {slug}"


# A metric.


def test_every_contract_of_a_metric_is_met_by_a_step() -> None:
    promised = {table for table in contracts() if table.startswith("metrics.")}
    assert promised == set(METRICS), f"contract or step: {sorted(promised ^ set(METRICS))}"


@pytest.mark.parametrize("table", METRICS)
def test_a_metric_has_a_contract_and_a_suite(table: str) -> None:
    assert table in contracts(), f"{table} has no contract"
    assert suite_for(table).table == table


@pytest.mark.parametrize("table", METRICS)
def test_a_metric_has_a_module_that_says_what_it_measures(table: str) -> None:
    module = ROOT / f"{step_of(table).modules[0].replace('.', '/')}.py"
    assert module.is_file(), f"there is no {module.relative_to(ROOT)}"


@pytest.mark.parametrize("table", METRICS)
def test_a_metric_is_explained_and_tested(table: str) -> None:
    assert f"`{table}`" in text_of("docs/metrics.md"), f"docs/metrics.md does not explain {table}"
    name = table.partition(".")[2]
    assert name in read_tests(), f"no test names {table}"


# A claim.


def test_the_contract_lists_every_claim() -> None:
    (column,) = (c for c in contracts()["metrics.claim_test"].columns if c.name == "claim")
    listed, named = set(column.codes or {}), {claim.name for _, claim in CLAIMS}
    assert listed == named, f"fields/claims.yml: {listed ^ named}"


@pytest.mark.parametrize(("edition", "claim"), CLAIMS, ids=NAMES)
def test_a_claim_has_one_primary_a_grid_and_falsifiers(edition: int, claim: Claim) -> None:
    (primary,) = (test for test in claim.tests if test.role == "primary")
    assert primary.expected != "zero"
    if edition == 1:
        assert sum(test.role == "grid" for test in claim.tests) >= 9, f"{claim.name}: a thin grid"
        assert claim.falsifiers, f"{claim.name}: nothing would speak against it"


@pytest.mark.parametrize(("edition", "claim"), CLAIMS, ids=NAMES)
def test_the_measures_of_a_claim_exist_and_have_their_tables(edition: int, claim: Claim) -> None:
    from transforms.metrics.claims.estimators import MEASURES

    (step,) = (step for step in STEPS if step.name == "metrics.claim_test")
    for measure in sorted({test.measure for test in claim.tests}):
        assert measure in MEASURES, f"{claim.name}: no measure {measure} in estimators.py"
        missing = set(MEASURES[measure].tables) - set(step.tables)
        assert not missing, f"{claim.name}: metrics.claim_test is not given {sorted(missing)}"
        source_table = MEASURES[measure].source_table
        assert source_table == step.tables[MEASURES[measure].tables[0]]


@pytest.mark.parametrize(
    ("edition", "name"), [(number, name) for number, names in EDITIONS.items() for name in names]
)
def test_a_claim_is_judged_on_worlds_with_known_truth(edition: int, name: str) -> None:
    from transforms.calibration.registry import FAMILIES

    families = [
        family
        for family in FAMILIES.values()
        if name in family.claims and family.edition == edition and not family.is_primary_only
    ]
    if (edition, name) in WITHOUT_WORLDS:
        assert not families, f"{name} has worlds: {WITHOUT_WORLDS[edition, name]}"
    else:
        assert families, f"no family of worlds in transforms/calibration/worlds judges {name}"


WITHOUT_WORLDS = {
    (2, "C2e"): "an exact test of five coalitions: its size is known, and it has hardly any power",
    (2, "C7"): "not testable: partners with a written duty and the Rio treaty are the same",
}


def test_every_measure_is_tested() -> None:
    from transforms.metrics.claims.estimators import MEASURES

    modules = {measure.compute.__module__ for measure in MEASURES.values()}
    untested = {m for m in modules if not m.endswith("estimators")} - imported_by_tests()
    assert not untested, f"no test imports {sorted(untested)}"


# All of them.


@pytest.mark.parametrize("name", [*SOURCES, *METRICS, *sorted({claim.name for _, claim in CLAIMS})])
def test_it_is_in_the_changelog(name: str) -> None:
    assert f"`{name}`" in text_of("CHANGELOG.md"), f"CHANGELOG.md does not name {name}"
