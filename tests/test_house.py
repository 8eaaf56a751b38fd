"""The rules that keep the four rooms a house; see docs/layout.md."""

import ast
from pathlib import Path

import pytest
import yaml

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
SOURCES = sorted((ROOT / "flows" / "sources").glob("*.yml"))


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


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_every_source_has_every_stage(path: Path) -> None:
    slug = path.stem
    expected = [
        ROOT / "transforms" / "staging" / f"{slug}.py",
        ROOT / "expectations" / "raw" / f"{slug}.py",
        ROOT / "expectations" / "staged" / f"{slug}.py",
    ]
    missing = [str(p.relative_to(ROOT)) for p in expected if not p.is_file()]
    contracts = list((ROOT / "warehouse" / "contracts" / "staging").glob(f"stg_{slug}__*.yml"))
    assert not missing
    assert contracts, f"no contract staging/stg_{slug}__*.yml"


def test_the_nine_sources_are_declared() -> None:
    assert {p.stem for p in SOURCES} == {
        "un_votes",
        "un_ideal_points",
        "undl_votes",
        "atop",
        "cow_states",
        "cow_capabilities",
        "sipri_milex",
        "us_troops",
        "gdp",
    }


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
