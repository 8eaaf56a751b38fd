"""The references that the module of each table names in its docstring, by table."""

import ast
import re
from functools import cache
from importlib.resources import files

from flows.dag import STEPS

_REFERENCES = re.compile(r"References?:\s+(.+?)(?:\n\s*\n|\Z)", re.DOTALL)


@cache
def method_references() -> dict[str, str]:
    """Full table name to the references of its formula, for tables whose module names any.

    A module that builds a table bears its name, and its docstring says after whom.
    """
    found = {}
    for step in STEPS:
        if step.function is None:
            continue
        for table in step.outputs:
            if table.startswith("metrics."):
                text = _docstring(step.modules, table.partition(".")[2])
                if references := _REFERENCES.search(text):
                    found[table] = " ".join(references[1].split())
    return dict(sorted(found.items()))


def _docstring(modules: tuple[str, ...], name: str) -> str:
    """The docstring of the module among these that bears a table's name, or else of the first."""
    named = [m for m in modules if m.rpartition(".")[2] == name] or list(modules[:1])
    package, *folders, file = named[0].split(".")
    source = files(package).joinpath(*folders, f"{file}.py").read_text("utf-8")
    return ast.get_docstring(ast.parse(source)) or ""
