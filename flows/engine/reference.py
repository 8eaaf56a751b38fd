"""The hand-coded lists and files of rules of `transforms/reference/`, which steps are passed."""

import io
from importlib.resources import files
from typing import Any

import polars as pl


def reference_text(name: str) -> str:
    """The text of a hand-coded list, or of a file of rules (`claims.yml`)."""
    return (files("transforms") / "reference" / reference_file(name)).read_text("utf-8")


def reference_file(name: str) -> str:
    """The file in `transforms/reference/`: `<name>.csv`, unless the name has an ending."""
    return name if name.endswith(".yml") else f"{name}.csv"


def read_reference(name: str) -> Any:
    """A hand-coded list, every column text, an empty cell NULL; the content of a file of rules."""
    if name.endswith(".yml"):
        import yaml  # here: a screen of a state reads one list, and no rules

        # the parser of libyaml, where PyYAML has it, is ten times as fast
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(reference_text(name), loader)
    return pl.read_csv(io.StringIO(reference_text(name)), infer_schema=False)
