"""What Python code says, as a hash: its syntax tree, without comments and docstrings.

A module's hash changes with what the module does, never with its layout, a comment or a
docstring. Which modules a step depends on is read from the import statements, those inside
functions too; nothing is imported for it. Names are looked up as files, so a module that is named
by text (a step's function) is covered like any other.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

from flows.engine.fingerprint import sha256_of

HASHED_PACKAGES = ("transforms", "expectations", "warehouse")
"""The rooms that decide numbers. What is in `flows` moves bytes and names steps."""

ALWAYS_USED = ("numpy", "polars", "duckdb")
"""Libraries that every step depends on: they read and write its tables."""


@dataclass(frozen=True)
class ModuleCode:
    """What one module's text holds.

    Attributes:
        code_hash: SHA-256 of its syntax tree.
        imports: Dotted names after `import` and `from`; also those of names that are imported
            from a module, since `from transforms.core import votes` imports a module.
    """

    code_hash: str
    imports: frozenset[str]


def read_code(text: str) -> ModuleCode:
    """Reads a module's text.

    Raises:
        SyntaxError: It is no Python.
        ValueError: It imports relatively, which hides what it depends on.
    """
    written: list[str] = []
    imports: set[str] = set()
    _write(ast.parse(text), written, imports)
    return ModuleCode(sha256_of("\n".join(written)), frozenset(imports))


def _write(node: ast.AST, written: list[str], imports: set[str]) -> None:
    """Writes a syntax tree as text: every node and field, without positions.

    Absent fields are left out, so that a Python which knows more of them writes the same.
    """
    kind = node.__class__
    if kind is ast.Name:  # three nodes in four are names or constants
        written.append(f".{node.id}")  # type: ignore[attr-defined]
        return
    if kind is ast.Constant:
        written.append(repr(node.value))  # type: ignore[attr-defined]
        return
    if kind is ast.Import or kind is ast.ImportFrom:
        imports.update(_names_in(node))
    written.append(kind.__name__)
    values = node.__dict__
    for name in kind._fields:
        value = values.get(name)
        if value is None or value == [] or name == "ctx":
            continue
        written.append(name)
        for item in value if value.__class__ is list else (value,):
            if isinstance(item, ast.AST):
                if not _is_text(item):
                    _write(item, written, imports)
            else:
                written.append(repr(item))
    written.append(")")


def _is_text(node: ast.AST) -> bool:
    """Whether a statement is a docstring, or a text below a constant that explains it."""
    if node.__class__ is not ast.Expr:
        return False
    value = getattr(node, "value", None)
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _names_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        if node.level or not node.module:
            raise ValueError(f"line {node.lineno}: relative imports hide what a module depends on")
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def code_of(module: str) -> Mapping[str, ModuleCode]:
    """A module with every module of the hashed rooms that it imports.

    Packages on the way count too: `import transforms.metrics.claims.holm` runs
    `transforms/metrics/__init__.py`.

    Args:
        module: Dotted name, for example `transforms.core.votes`.

    Returns:
        Dotted name to code, in alphabetical order.

    Raises:
        ModuleNotFoundError: There is no such module.
    """
    found: dict[str, ModuleCode] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        code = _module(name)
        if name in found or code is None:  # None: a name in a module, a library
            continue
        found[name] = code
        waiting += code.imports
        waiting.append(name.rpartition(".")[0])
    if not found:
        raise ModuleNotFoundError(f"{module} is part of a step but cannot be found")
    return dict(sorted(found.items()))


def module_hashes(module: str) -> dict[str, str]:
    """Dotted name to hash, of a module and of the modules that it imports; not of empty ones."""
    empty = read_code("").code_hash
    found = {name: code.code_hash for name, code in code_of(module).items()}
    return {name: code_hash for name, code_hash in found.items() if code_hash != empty}


def module_hash(module: str) -> str:
    """One hash of a module and of every hashed module that it imports."""
    return sha256_of(*(part for item in module_hashes(module).items() for part in item))


def libraries_of(*modules: str) -> dict[str, str]:
    """Versions of the libraries that modules, and the modules that they import, use.

    Args:
        *modules: Dotted names.

    Returns:
        Distribution (`scipy`) to version, in alphabetical order; `ALWAYS_USED` among them. The
        standard library is not named.
    """
    imported = {name for m in modules for c in code_of(m).values() for name in c.imports}
    tops = {name.partition(".")[0] for name in imported} - set(HASHED_PACKAGES)
    used = (tops - sys.stdlib_module_names) | set(ALWAYS_USED)
    return dict(sorted(_distribution_of(name) for name in used))


@cache
def _distribution_of(package: str) -> tuple[str, str]:
    try:
        return package, version(package)
    except PackageNotFoundError:  # its distribution has another name
        name = packages_distributions()[package][0]
        return name, version(name)


@cache
def _folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"the package {package} is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def _module(name: str) -> ModuleCode | None:
    """The code of a module or package; None for what is no module of the hashed rooms."""
    package, *rest = name.split(".")
    if package not in HASHED_PACKAGES:
        return None
    path = _folder_of(package).joinpath(*rest)
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return read_code(file.read_text("utf-8"))
    return None
