"""The rules that keep the four rooms a house: docs/layout.md.

What a source, a metric or a claim consists of is in test_additions.py.
"""

import ast
from functools import cache
from pathlib import Path

import pytest
import yaml

from flows.cli.verbs import VERBS
from flows.dag import STEPS, Step
from tests.import_graph import Graph, circles, floors, module_graph, reachable, room_graph, room_of
from tests.processes import ROOT

ROOMS = ("flows", "expectations", "transforms", "warehouse")
MAY_IMPORT = {
    "flows": {"flows", "expectations", "transforms", "warehouse"},
    "expectations": {"expectations"},
    "transforms": {"transforms"},
    "warehouse": {"warehouse"},
}
# A library that only one place may know.
ONLY_IN = {
    "prefect": "flows/",
    "prefect_dask": "flows/",
    "great_expectations": "expectations/gate/gx.py",
    "duckdb": "warehouse/",
    "requests": "flows/",
}
MOST_FLOORS = 9


@cache
def graph() -> Graph:
    """Module to the modules that it imports."""
    return module_graph(*ROOMS)


def modules() -> list[Path]:
    return sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide their direction"
            found.add(str(node.module).split(".")[0])
    return found


def decorated(path: Path, decorator: str) -> set[str]:
    """Functions of a module that bear a decorator, by its name or as an attribute."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            calls = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
            names = {d.attr if isinstance(d, ast.Attribute) else ast.unparse(d) for d in calls}
            if decorator in names:
                found.add(node.name)
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    relative = str(path.relative_to(ROOT))
    room = relative.split("/", maxsplit=1)[0]
    names = imported(path)
    backwards = (names & set(ROOMS)) - MAY_IMPORT[room]
    assert not backwards, f"{relative} imports {sorted(backwards)}"
    for library, home in ONLY_IN.items():
        assert library not in names or relative.startswith(home), (
            f"{relative} imports {library}, which only {home} may know"
        )


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_drawer_for_odds_and_ends(path: Path) -> None:
    assert path.stem not in {"utils", "util", "common", "helpers", "misc"}
    assert path.parent.name not in {"utils", "common", "helpers", "misc"}


@pytest.mark.parametrize("room", ROOMS)
def test_no_imports_in_a_circle(room: str) -> None:
    graph = module_graph(room)
    assert circles(graph) == []
    assert circles(room_graph(graph)) == []


def test_the_rooms_of_flows_stand_on_few_floors() -> None:
    assert len(floors(room_graph(module_graph("flows")))) <= MOST_FLOORS


# Rule 1: the first level of flows/ holds flows and nothing else.


def flows_that_are_deployed() -> set[str]:
    """Modules that `prefect.yaml` names, as `flows/<name>.py:<flow>` or `flows.<name>.<flow>`."""
    deployed = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    entrypoints = [d["entrypoint"].replace(".py:", ".").replace("/", ".") for d in deployed]
    return {entrypoint.rpartition(".")[0] for entrypoint in entrypoints}


def flows_that_are_run_by_hand() -> set[str]:
    """Modules at the first level that a verb imports."""
    by_verb = {other for verb in VERBS for other in graph()[f"flows.cli.{verb}"]}
    return {name for name in by_verb if (ROOT / "flows" / f"{name.partition('.')[2]}.py").is_file()}


def test_the_first_level_of_flows_holds_flows_and_nothing_else() -> None:
    found = {p.name for p in (ROOT / "flows").iterdir() if p.is_file()} - {"__init__.py"}
    allowed = flows_that_are_deployed() | flows_that_are_run_by_hand()
    assert found == {f"{name.removeprefix('flows.')}.py" for name in allowed}
    for name in sorted(found):
        assert decorated(ROOT / "flows" / name, "flow"), f"flows/{name} holds no flow"


# Rule 2: `asymmetry VERB` is flows/cli/VERB.py, and a table's module bears the table's name.


def test_a_verb_is_the_module_of_its_name() -> None:
    commands = {p.stem: decorated(p, "command") for p in (ROOT / "flows" / "cli").glob("*.py")}
    assert {name: found for name, found in commands.items() if found} == {v: {v} for v in VERBS}


@pytest.mark.parametrize("step", [s for s in STEPS if s.function], ids=lambda s: s.name)
def test_a_module_that_builds_a_table_bears_its_name(step: Step) -> None:
    module = str(step.function).partition(":")[0].rpartition(".")[2]
    tables = {table.partition(".")[2] for table in step.outputs}
    assert module in ({step.source} if step.source else tables)


# Rule 3: what decides numbers is hashed, and nothing else is. The hashes have tests of their own;
# here, how far the code of a step may reach: what it imports is hashed with it.

DECIDE_NUMBERS = {
    *("transforms.staging", "transforms.core", "transforms.metrics", "transforms.inference"),
    *("transforms.choices", "transforms.parsing", "transforms.identity", "transforms.step_result"),
    "transforms.coverage",
    *("transforms.rollcall_matrix", "transforms.contingency_tables"),
}
DECIDE_WHAT_PASSES = {f"expectations.{s}" for s in ("raw", "staged", "core", "marts", "metrics")}


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.name)
def test_a_step_reaches_only_what_decides_its_numbers(step: Step) -> None:
    assert {room_of(name) for name in reachable(graph(), *step.modules)} <= DECIDE_NUMBERS


def test_no_other_room_of_transforms_decides_numbers() -> None:
    assert {room_of(m) for m in graph() if m.startswith("transforms.")} - DECIDE_NUMBERS == {
        "transforms.calibration",
        "transforms.arguing",
    }


def test_a_suite_reaches_no_gate() -> None:
    suites = [name for name in graph() if room_of(name) in DECIDE_WHAT_PASSES]
    rooms = {room_of(name) for name in reachable(graph(), *suites)}
    assert not rooms & {"expectations.gate", "expectations.registry"}


REFERENCES = sorted((ROOT / "transforms" / "reference").glob("*.csv"))


@pytest.mark.parametrize("path", REFERENCES, ids=lambda p: p.stem)
def test_every_hand_coded_list_says_who_and_why(path: Path) -> None:
    sibling = path.with_suffix(".yml")
    assert sibling.is_file(), f"{path.name} has no {sibling.name}"
    about = yaml.safe_load(sibling.read_text("utf-8"))
    assert {"title", "coder", "basis", "source", "confidence", "columns"} <= set(about)
    header = path.read_text("utf-8").splitlines()[0].split(",")
    assert list(about["columns"]) == header


def test_the_project_names_no_package_index_and_no_path_of_a_machine() -> None:
    words = ["pypi" + ".org", "python" + "hosted", "/wo" + "rk/", "/fa" + "rm/", "npm" + "js.org"]
    for path in [*modules(), ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]:
        text = path.read_text("utf-8")
        assert not [w for w in words if w in text], path
