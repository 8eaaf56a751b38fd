"""Constants, parameters, fields and functions that nothing reads do not stay.

A constant that nothing reads is a rule that nothing follows: the least number of states of an
interval was one, and intervals of two states were published. A name counts as read in its own
module, where another module imports it, or as an attribute. What only tests read is dead, but for
fields of results.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flows.dag import STEPS
from flows.sources import SourceDeclaration
from tests.processes import ROOT
from warehouse.contracts.read import contracts

ROOMS = ("flows", "expectations", "transforms", "warehouse")
READERS = (*ROOMS, "benchmarks")
FRAMEWORKS = ("app.command", "app.callback", "flow", "task", "cache", "override")
"""Decorators by which somebody else calls a function."""
OVERRIDDEN = {
    "list_commands",
    "get_command",
    "handle_starttag",
    "emit",
    "pdf",
    "render",
    "render_str",
}
"""Methods that a base class of a library calls: Typer's group, the parser of HTML, a handler of
logs, a distribution of statsmodels, a console of Rich."""
DECLARED = {c.name for t in contracts().values() for c in t.columns} & set(dir(SourceDeclaration))
"""What the columns of a table read of a declaration, by name."""
AWAITED = {"capital_distances"}
"""Functions that are there before what uses them: distances, for the threat to a state."""
OF_COVERAGE = {"coverage_unit", "coverage_from", "coverage_to", "carried_forward"}
"""What a declaration says of coverage, for those who read declarations."""
READ_BY_PEOPLE = {
    "accessed": "DATA_LICENSES.md: the day on which the terms were read",
    "update_lock": "DATA_LICENSES.md: how the files of today are pinned",
}
EXPLAINED = re.compile(r"# noqa: ARG00\d")
"""A parameter that is not read, with a comment that says why."""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def files_of(*folders: str) -> list[Path]:
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py"))


@cache
def names_read(tree: ast.Module) -> Counter[str]:
    """Names that are loaded."""
    return Counter(
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    )


@cache
def attributes_read(*folders: str) -> frozenset[str]:
    return frozenset(
        node.attr
        for path in files_of(*folders)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    )


@cache
def imported_from() -> dict[str, set[str]]:
    """Module to the names that others import from it."""
    found: dict[str, set[str]] = {}
    for path in files_of(*READERS):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom):
                found.setdefault(str(node.module), set()).update(a.name for a in node.names)
    return found


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def is_read(name: str, path: Path) -> bool:
    """Whether anything in the rooms reads a name of a module."""
    by_others = name in imported_from().get(module_of(path), ())
    return by_others or names_read(tree_of(path))[name] > 0 or name in attributes_read(*READERS)


def constants(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))


def called_by_name() -> set[str]:
    """Functions that steps name as text."""
    named = [f for step in STEPS for f in (step.function, step.chunk_function) if f]
    return {f.partition(":")[2] for f in named} | {"read", "stage", "simulated_file"}


def test_every_constant_is_read() -> None:
    dead = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files_of(*ROOMS)
        for name in constants(tree_of(path))
        if name not in ("__all__", "SUITES", "FAMILIES") and not is_read(name, path)
    ]
    assert dead == []


def test_every_function_and_class_is_used() -> None:
    called = called_by_name() | OVERRIDDEN | DECLARED | OF_COVERAGE | AWAITED | set(READ_BY_PEOPLE)
    dead = []
    for path in files_of(*ROOMS):
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            decorators = {ast.unparse(d).partition("(")[0] for d in node.decorator_list}
            if node.name.startswith("__") or decorators & set(FRAMEWORKS):
                continue
            if node.name in called or is_read(node.name, path):
                continue
            dead.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert dead == []


@cache
def written_whole() -> frozenset[str]:
    """Modules whose classes somebody turns into records, and so reads field by field."""
    found = set()
    for path in files_of(*ROOMS):
        tree = tree_of(path)
        if names_read(tree).keys() & {"asdict", "fields", "vars"} or "__dict__" in path.read_text():
            found.add(module_of(path))
            found.update(str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom))
    return frozenset(found)


def test_every_field_is_read() -> None:
    """Of a class: by the rooms, by tests that look at results, or by its name in a contract."""
    read = attributes_read(*READERS, "tests")
    columns = {c.name for contract in contracts().values() for c in contract.columns}
    dead = [
        f"{path.relative_to(ROOT)}: {node.name}.{part.target.id}"
        for path in files_of(*ROOMS)
        if module_of(path) not in written_whole()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.AnnAssign)
        and isinstance(part.target, ast.Name)
        and part.target.id not in read | columns | READ_BY_PEOPLE.keys()
        and ast.unparse(node.bases[0] if node.bases else node) != "TypedDict"  # read by subscript
        and not names_read(tree_of(path))[part.target.id]
    ]
    assert dead == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_parameter_is_read(room: str) -> None:
    dead = []
    for path in files_of(room):
        lines = path.read_text("utf-8").splitlines()
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if node.name.startswith("__") or ast.unparse(node.body[-1]) == "...":
                continue  # the language's own signatures, and those of a protocol
            args = node.args
            every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
            used = {n.id for b in node.body for n in ast.walk(b) if isinstance(n, ast.Name)}
            dead += [
                f"{path.relative_to(ROOT)}, {node.name}: {arg.arg}"
                for arg in every
                if arg
                and arg.arg not in used | {"self", "cls"}
                and not arg.arg.startswith("_")  # said to be unread
                and not EXPLAINED.search(lines[arg.lineno - 1])
            ]
    assert dead == []
