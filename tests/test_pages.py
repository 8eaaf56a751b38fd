"""Pages and papers that have a form keep it: decisions, changelog, versions, index, settings."""

import re
import shlex
import tomllib
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.cli.verbs import VERBS
from tests.import_graph import floors, module_graph, room_graph

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
RELEASES = re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", CHANGELOG, re.MULTILINE | re.DOTALL)


def headings(text: str, level: str) -> list[str]:
    return re.findall(rf"^{level} (.+)$", text, re.MULTILINE)


@pytest.mark.parametrize("page", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_has_context_options_decision_and_price(page: Path) -> None:
    text = page.read_text("utf-8")
    assert headings(text, "##") == ["Context", "Options", "Decision", "Price"]
    (title,) = headings(text, "#")
    assert title.startswith(f"{int(page.stem[:4])}. ")
    assert re.search(r"^\*Status: (accepted|replaced)\b", text, re.MULTILINE)
    assert "Chosen" in text.partition("## Options")[2].partition("## Decision")[0]


def test_decisions_are_numbered_and_listed() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| \[(\d+)\]\((.+?)\) \| (.+?) \|", index, re.MULTILINE)
    assert [int(number) for number, _, _ in listed] == list(range(1, len(DECISIONS) + 1))
    assert [name for _, name, _ in listed] == [page.name for page in DECISIONS]
    for page, (number, _, title) in zip(DECISIONS, listed, strict=True):
        assert headings(page.read_text("utf-8"), "#") == [f"{number}. {title}"]


def test_every_page_is_found_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    links = set(re.findall(r"\]\(([^)#]+)", index))
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages <= links
    assert "(docs/README.md)" in (ROOT / "README.md").read_text("utf-8")


def test_versions_agree() -> None:
    version = PROJECT["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    names = [name for name, _ in RELEASES]
    assert names[:2] == ["Unreleased", f"{version} ({citation['date-released']})"]
    assert citation["version"] == version


@pytest.mark.parametrize(("release", "text"), RELEASES, ids=lambda v: v[:12])
def test_a_release_is_sorted_by_what_changed(release: str, text: str) -> None:
    kinds = headings(text, "###")
    order = ["Added", "Changed", "Fixed", "Schema"]
    assert kinds == [kind for kind in order if kind in kinds]
    assert kinds or release == "Unreleased"


def test_the_layout_has_the_floors_of_the_import_graph() -> None:
    page = (ROOT / "docs" / "layout.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d) \| (.+) \|$", page, re.MULTILINE)
    told = {int(floor): set(re.findall(r"`(\w+)`", names)) for floor, names in rows}
    graph = floors(room_graph(module_graph("flows")))
    found = {
        floor: {name.removeprefix("flows.") for name in names} - {"flows"}
        for floor, names in enumerate(graph, start=1)
    }
    assert told == found, "docs/layout.md: run `python -m tests.import_graph`"


def test_the_tree_of_the_layout_is_the_tree() -> None:
    page = (ROOT / "docs" / "layout.md").read_text("utf-8")
    (tree,) = re.findall(r"## The tree\n\n```\n(.*?)```", page, re.DOTALL)
    named: set[Path] = set()
    room = ROOT
    for line in tree.splitlines():
        words = takewhile(re.compile(r"[\w/]+(?:/|\.\w+)$").match, line.split())
        if not line.startswith(" "):
            room = ROOT / line.split("/")[0]
        named |= {room / word for word in words if line.startswith(" ")} | {room}
    named.discard(ROOT / "var")
    assert not [str(path) for path in named if not path.exists()]
    packages = [ROOT / name for name in ("flows", "expectations", "transforms", "warehouse")]
    rooms = {path for p in packages for path in p.iterdir() if path.is_dir()}
    assert not {str(room) for room in rooms - named if room.name != "__pycache__"}


def test_hooks_before_a_commit_run_what_make_runs() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"], "hooks need no network"
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for hook in hooks[0]["hooks"]:
        program, *words = shlex.split(hook["entry"])
        assert program.startswith(".venv/bin/")
        assert hook["language"] == "system"
        if program.endswith(("ruff", "mypy")):
            command = " ".join([f"$(BIN)/{Path(program).name}", *words[:1]])
            assert command in makefile, f"{command} is not in the Makefile"


def test_editors_wrap_where_ruff_does() -> None:
    text = (ROOT / ".editorconfig").read_text("utf-8")
    assert f"max_line_length = {PROJECT['tool']['ruff']['line-length']}\n" in text


def modules_to_run() -> list[tuple[str, str]]:
    """(page, module) of every `python -m` of this project's modules that a page gives."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "Makefile"]
    run = re.compile(r"python -m ((?:flows|warehouse|tests)[\w.]+)")
    return [
        (page.name, module) for page in pages for module in run.findall(page.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("page", "module"), modules_to_run())
def test_modules_that_a_page_runs_can_be_run(page: str, module: str) -> None:
    place = ROOT / module.replace(".", "/")
    if place.is_dir():  # a package runs this file, whatever it says
        assert (place / "__main__.py").is_file(), f"{page}: {module}"
        return
    text = place.with_suffix(".py").read_text("utf-8")
    assert '\nif __name__ == "__main__":\n' in text, f"{page}: {module}"


def test_the_page_of_commands_lists_every_verb() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    missing = [verb for verb in VERBS if f"| `asymmetry {verb}" not in page]
    assert not missing, f"docs/commands.md lacks {missing}"
