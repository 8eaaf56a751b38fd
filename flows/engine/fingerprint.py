"""Hashes of code and versions: what decides whether a step, or a whole build, is new."""

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

HASHED_PACKAGES = ("transforms", "expectations", "warehouse")
_HASHED_SUFFIXES = (".py", ".sql", ".yml", ".csv")
_HASHED_LIBRARIES = (
    "numpy",
    "polars",
    "duckdb",
    "scipy",
    "rustworkx",
    "statsmodels",
    "lifelines",
)


def sha256_of(*parts: str) -> str:
    """SHA-256 of texts, each with its length before it so that no two lists collide."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()


@cache
def library_versions() -> dict[str, str]:
    """Versions of the libraries that the numbers depend on."""
    return {name: version(name) for name in _HASHED_LIBRARIES}


@cache
def module_hashes(name: str) -> Mapping[str, str]:
    """SHA-256 of a module's text, and of every module of this project that it imports.

    Args:
        name: Dotted module name, for example `transforms.core.votes`.

    Returns:
        Dotted module name to hash, in alphabetical order.
    """
    seen: dict[str, str] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen[current], imported = _hash_and_imports(current)
        waiting += [m for m in imported if m not in seen]
    return dict(sorted(seen.items()))


def module_hash(name: str) -> str:
    """SHA-256 of a module with every module of this project that it imports."""
    return sha256_of(*(part for item in module_hashes(name).items() for part in item))


@cache
def _hash_and_imports(module: str) -> tuple[str, frozenset[str]]:
    text = _source(module)
    return sha256_of(text), frozenset(_project_imports(text))


def _source(module: str) -> str:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{module} is imported by a step but cannot be found")
    return Path(spec.origin).read_text("utf-8")


def _project_imports(text: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
            # `from transforms.core import votes` imports a module, not a name
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    inside = {m for m in found if m.split(".")[0] in HASHED_PACKAGES}
    return {m for m in inside if _is_module(m)}


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@cache
def code_hash() -> str:
    """SHA-256 of all Python, SQL, YAML and CSV under transforms, expectations and warehouse."""
    parts: list[str] = []
    for package in HASHED_PACKAGES:
        for path, file in sorted(_walk(files(package), package)):
            parts += [path, file]
    return sha256_of(*parts)


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _walk(entry, path)
        elif entry.name.endswith(_HASHED_SUFFIXES):
            found.append((path, entry.read_text("utf-8")))
    return found


def build_id(
    sources: Mapping[str, str], parameters: Mapping[str, object], wiring: Iterable[str]
) -> str:
    """The id of a build: the same id means the same tables.

    Args:
        sources: Slug to the full SHA-256 of its bytes.
        parameters: Parameters that change numbers (seeds, switches).
        wiring: Which input goes where, one text per step.

    Returns:
        64 hex digits. Neither the date nor the profile nor the machine enters it.
    """
    return sha256_of(
        json.dumps(dict(sources), sort_keys=True),
        code_hash(),
        json.dumps(library_versions(), sort_keys=True),
        json.dumps(dict(parameters), sort_keys=True),
        *wiring,
    )
