"""What moves the hash of a step or the id of a build, and what never does.

Each case changes one file in a copy of the project and asks that copy for its ids.
"""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.dag import STEPS

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("flows", "transforms", "expectations", "warehouse")
HASHED = ("transforms", "expectations", "warehouse")
ALL = frozenset(step.name for step in STEPS)
PROGRAM = """
import json, sys
sys.dont_write_bytecode = True
for line in sys.stdin:  # one process: what is not of the project stays imported
    tree = line.strip()
    rooms = ("flows", "transforms", "expectations", "warehouse")
    for name in [name for name in sys.modules if name.split(".")[0] in rooms]:
        del sys.modules[name]
    sys.path.insert(0, tree)
    from flows.engine.build_identity import plan_build
    from flows.sources import load_declarations
    assert sys.modules["flows"].__file__.startswith(tree), sys.modules["flows"].__file__
    plan = plan_build(dict.fromkeys(load_declarations(), "any bytes"))
    sys.path.remove(tree)
    print(json.dumps([plan.build_id, plan.step_hashes]), flush=True)
"""


@dataclass(frozen=True)
class Ids:
    """The ids that a copy of the project gives the same bytes."""

    build_id: str
    steps: dict[str, str]

    def moved_from(self, before: "Ids") -> set[str]:
        return {name for name, step in self.steps.items() if step != before.steps[name]}


Ask = Callable[[Path], Ids]


@pytest.fixture(scope="module")
def ids_of() -> Iterator[Ask]:
    """Asks a copy of the project for its ids; the project is imported anew for each."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        asked, answers = process.stdin, process.stdout
        assert asked
        assert answers

        def ask(tree: Path) -> Ids:
            asked.write(f"{tree}\n")
            asked.flush()
            return Ids(*json.loads(answers.readline()))

        yield ask
        asked.close()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project, to be changed."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.fixture(scope="module")
def before(ids_of: Ask) -> Ids:
    """The ids that the project gives as it is."""
    return ids_of(ROOT)


def with_followers(*roots: str) -> set[str]:
    """Steps, and all that read what they make."""
    found = set(roots)
    for step in STEPS:
        made = {table for other in STEPS if other.name in found for table in other.outputs}
        if made & set(step.reads):
            found.add(step.name)
    return found


def add_code(text: str) -> str:
    return f"{text}\nADDED = 1\n"


def sources(tree: Path, suffix: str, rooms: Iterable[str] = ROOMS) -> list[Path]:
    found = [path for room in rooms for path in (tree / room).rglob(f"*{suffix}")]
    assert found
    return found


# --- what moves nothing -------------------------------------------------------------------------


def test_comments_move_no_id(tree: Path, before: Ids, ids_of: Ask) -> None:
    for path in sources(tree, ".py"):
        path.write_text(f"# a comment\n\n{path.read_text()}\n\n    # another\n")
    for path in sources(tree, ".sql"):
        path.write_text(f"/* a comment */ -- another\n{path.read_text()}\n\n-- 'a third\n")
    for path in [*sources(tree, ".yml", HASHED), *sources(tree, ".yml", ["flows"])]:
        path.write_text(f"# a comment\n{path.read_text()}\n# another\n")
    assert ids_of(tree) == before


def test_docstrings_and_layout_move_no_id(tree: Path, before: Ids, ids_of: Ask) -> None:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for path in sources(tree, ".py", HASHED):
        code = ast.parse(path.read_text())
        for node in [n for n in ast.walk(code) if isinstance(n, holders)]:
            if ast.get_docstring(node):
                del node.body[0]
            node.body.insert(0, ast.Expr(ast.Constant("Other words.")))
        path.write_text(ast.unparse(ast.fix_missing_locations(code)))  # in a layout of its own
    for path in sources(tree, ".sql", ["warehouse/sql/marts"]):
        path.write_text(path.read_text().replace("\n", "\n\n  "))
    assert ids_of(tree) == before


def test_texts_of_contracts_move_no_id(tree: Path, before: Ids, ids_of: Ask) -> None:
    def reworded(entry: Any) -> Any:
        if isinstance(entry, list):
            return [reworded(item) for item in entry]
        if not isinstance(entry, dict):
            return entry
        words = {"description", "title", "grain", "unit"}
        found = {
            k: "Other words." if k in words and isinstance(v, str) else reworded(v)
            for k, v in entry.items()
        }
        if entry.get("codes"):
            found["codes"] = dict.fromkeys(entry["codes"], "another meaning")
        return found | ({"usage_warnings": ["Beware."]} if "columns" in entry else {})

    for path in sources(tree, ".yml", ["warehouse/contracts"]):
        if path.parent.name != "formulas":
            read = yaml.load(path.read_text(), yaml.CSafeLoader)
            path.write_text(yaml.dump(reworded(read), sort_keys=False))
    columns = tree / "warehouse/sql/views/columns.yml"
    columns.write_text(columns.read_text().replace("The hegemon's name", "Its name"))
    view = tree / "warehouse/sql/views/alliance_leaders.sql"
    view.write_text(view.read_text().replace("'The leader of each", "'Who leads each"))
    assert ids_of(tree) == before


def test_flows_tests_and_what_reads_the_warehouse_move_no_id(
    tree: Path, before: Ids, ids_of: Ask
) -> None:
    shutil.copytree(ROOT / "tests", tree / "tests")
    reading = ["warehouse/catalog", "warehouse/report"]
    unhashed = sources(tree, ".py", ["flows", "tests", *reading])
    unhashed += [tree / "warehouse/db.py", tree / "warehouse/contracts/dictionary.py"]
    unhashed += [tree / "warehouse/contracts/comments.py", tree / "expectations/gate/failures.py"]
    for path in unhashed:
        path.write_text(add_code(path.read_text()))
    assert ids_of(tree) == before


# --- what moves some ----------------------------------------------------------------------------


def put(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


FIRTH = (
    "metrics.coalition_model",
    "metrics.coalition_contrast",
    "metrics.coalition_unpopularity",
)
CLAIMS = ("metrics.claim_test", "metrics.claim_verdict")
MARTS = [step.name for step in STEPS if step.stage == "marts"]
CASES = {
    "staging": ("transforms/staging/gdp.py", add_code, with_followers("stage_gdp")),
    "core": ("transforms/core/us_troops.py", add_code, with_followers("core.us_troops")),
    "metric": (
        "transforms/metrics/alliances/institutionalization.py",
        add_code,
        with_followers("metrics.institutionalization"),
    ),
    "package": (
        "transforms/metrics/networks/__init__.py",
        add_code,
        with_followers(
            "metrics.alliance_network", "metrics.network_null", "metrics.spoke_contrast"
        ),
    ),
    "inference": ("transforms/inference/firth.py", add_code, with_followers(*FIRTH)),
    "list": (
        "transforms/reference/us_troops_hosts.csv",
        lambda text: text + text.splitlines()[-1] + "\n",
        with_followers("core.us_troops"),
    ),
    "rules of claims": (
        "transforms/reference/claims.yml",
        put("    statement:", "    another_entry: 1\n    statement:"),
        with_followers(*CLAIMS),
    ),
    "rule": (
        "expectations/core/gdp.py",
        put("row_count_between(50, ", "row_count_between(51, "),
        with_followers("core.gdp"),
    ),
    "rule of a raw table": (
        "expectations/raw/gdp.py",
        put("row_count_between(100, ", "row_count_between(101, "),
        with_followers("stage_gdp"),
    ),
    "rule across tables": (
        "expectations/staged/atop.py",
        put("ANTI JOIN staging.stg_atop__phases p", "ANTI JOIN staging.stg_atop__phases AS p"),
        set(),
    ),
    "gate": ("expectations/gate/rules.py", add_code, ALL),
    "row counts": (
        "expectations/row_counts.csv",
        lambda text: text + "raw.gdp__data,gdp.000000000000,,,1\n",
        with_followers("stage_gdp"),
    ),
    "contract, key": (
        "warehouse/contracts/core/us_troops.yml",
        put("key: [ccode_from, ccode_to, year]", "key: [ccode_to, ccode_from, year]"),
        with_followers("core.us_troops"),
    ),
    "contract, type": (
        "warehouse/contracts/fields/descriptive.yml",
        put("usa_share: {type: float64", "usa_share: {type: int64"),
        with_followers("metrics.system_concentration"),
    ),
    "contracts": ("warehouse/contracts/model.py", add_code, ALL),
    "formula": ("warehouse/contracts/formulas/joint_votes.yml", put(" + ", " - "), set()),
    "mart": (
        "warehouse/sql/marts/vote_source_agreement.sql",
        put("SELECT", "SELECT DISTINCT"),
        with_followers("marts.vote_source_agreement"),
    ),
    "marts": ("warehouse/load/marts.py", add_code, with_followers(*MARTS)),
    "view": ("warehouse/sql/views/alliance_leaders.sql", put("'cinc'", "'pop'"), set()),
    "load": ("warehouse/load/tables.py", add_code, set()),
    "members of a source": (
        "flows/sources/atop.yml",
        put("atop5_1m.csv", "atop5_1x.csv"),
        with_followers("stage_atop"),
    ),
    "wiring": (
        "flows/dag/core.py",
        put('"us_troops:build_us_troops"', '"us_troops:_another_function"'),
        with_followers("core.us_troops"),
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_real_change_moves_what_follows_from_it_and_no_more(
    tree: Path, before: Ids, ids_of: Ask, kind: str
) -> None:
    path, change, expected = CASES[kind]
    file = tree / path
    file.write_text(change(file.read_text()))
    after = ids_of(tree)
    assert after.moved_from(before) == expected
    assert after.build_id != before.build_id
