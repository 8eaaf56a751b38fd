"""Prints who imports whom among the rooms of `flows/`: `python -m tests.import_graph`.

A room is a folder at the first level of a package, or a module there. A room stands one floor above
the highest one that it imports, so that every arrow leads down; a circle has no floor, and is
printed as such. `--modules` prints the same for single modules, `--package` for another package.
Imports inside functions count too: they are late, not absent.
"""

import argparse
import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

Graph = Mapping[str, frozenset[str]]


def module_graph(*packages: str, root: Path = ROOT) -> Graph:
    """Module to the modules of the same packages that it imports, by dotted name."""
    paths = {_name(path, root): path for p in packages for path in (root / p).rglob("*.py")}
    return {name: frozenset(_imported(path, paths) - {name}) for name, path in paths.items()}


def room_of(module: str) -> str:
    """The room of a module: its first two names."""
    return ".".join(module.split(".")[:2])


def room_graph(modules: Graph) -> Graph:
    """Room to the rooms that its modules import."""
    found: dict[str, set[str]] = {room_of(module): set() for module in modules}
    for module, imported in modules.items():
        found[room_of(module)] |= {room_of(other) for other in imported}
    return {room: frozenset(others - {room}) for room, others in found.items()}


def reachable(graph: Graph, *starts: str) -> set[str]:
    """Everything that is imported, directly or not, from `starts`, these included."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += graph[name]
    return seen


def circles(graph: Graph) -> list[list[str]]:
    """Groups of names each of which can be reached from each other."""
    below = {name: reachable(graph, *others) if others else set() for name, others in graph.items()}
    groups = {
        tuple(sorted(other for other in below[name] if name in below[other]))
        for name in graph
        if name in below[name]
    }
    return [list(group) for group in sorted(groups)]


def floors(graph: Graph) -> list[list[str]]:
    """Names by floor, the lowest first.

    Raises:
        ValueError: There is a circle.
    """
    left = dict(graph)
    found: list[list[str]] = []
    standing: set[str] = set()
    while left:
        floor = sorted(name for name, others in left.items() if others <= standing)
        if not floor:
            raise ValueError(f"imports in a circle: {circles(graph)}")
        found.append(floor)
        standing.update(floor)
        left = {name: others for name, others in left.items() if name not in standing}
    return found


def lines_of(graph: Graph) -> Iterator[str]:
    """The graph as text: the floors from the top down, each name with what it imports."""
    if found := circles(graph):
        yield from (f"circle: {' '.join(group)}" for group in found)
        return
    levels = floors(graph)
    for number, names in reversed(list(enumerate(levels, start=1))):
        yield f"floor {number}"
        for name in names:
            yield f"  {name} → {' '.join(sorted(graph[name])) or '·'}"
    arrows = sum(map(len, graph.values()))
    yield f"{len(graph)} names on {len(levels)} floors, {arrows} arrows, no circle"


def _name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, known: Mapping[str, Path]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from flows.fetch import mirror` imports a module, not a name of the package
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names if names <= set(known) else {node.module, *(names & set(known))}
    return found & set(known)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", maxsplit=1)[0])
    parser.add_argument("--modules", action="store_true", help="single modules, not rooms")
    parser.add_argument("--package", default="flows", help="flows, unless given")
    asked = parser.parse_args()
    graph = module_graph(asked.package)
    print("\n".join(lines_of(graph if asked.modules else room_graph(graph))))
