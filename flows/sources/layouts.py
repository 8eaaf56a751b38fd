"""The layouts of a source's other releases: the entry `layouts` of its declaration."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DeclaredLayout:
    """A layout beside the declared one, as another release has it.

    Attributes:
        name: As in the staging module that reads it.
        has: Columns by which it is known, in any order, in one of the first lines.
        of: Which release has it.
        member: Pattern of the file's name, where the release is a zip; None where it is a text.
    """

    name: str
    has: tuple[str, ...]
    of: str
    member: str | None = None


def read_layouts(entry: Mapping[str, Any]) -> tuple[DeclaredLayout, ...]:
    """Reads the entry, whose shape the schema has checked.

    Raises:
        ValueError: A pattern is none.
    """
    layouts = []
    for name, one in entry.items():
        try:
            re.compile(one.get("member", ""))
        except re.error as error:
            raise ValueError(f"layouts: {name}: member is no pattern: {error}") from error
        layouts.append(DeclaredLayout(name, tuple(one["has"]), one["of"], one.get("member")))
    return tuple(layouts)


def described(declared: Sequence[str], layouts: Sequence[DeclaredLayout]) -> list[tuple[str, Any]]:
    """Name and columns of the declared layout and of all others, to be compared with."""
    return [("declared", tuple(declared)), *((layout.name, layout.has) for layout in layouts)]
