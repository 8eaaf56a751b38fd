"""Reads the checklists of CONTRIBUTING.md.

A checklist is a heading of the third level that begins with "Add a", and the numbered list below
it. A step is one point of the list; its first code span is the file to write, or a command of
make. The other spans are words that the file has to hold, or paths of files that exist.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class ChecklistStep:
    """One step.

    Attributes:
        number: As the page counts.
        target: The file (`flows/sources/<slug>.yml`), or the command (`make docs`).
        words: What the page says that the file holds.
        paths: Other files that the page points to.
    """

    number: int
    target: str
    words: tuple[str, ...]
    paths: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.number}. {self.target}"


def read_checklist(kind: str, page: Path = ROOT / "CONTRIBUTING.md") -> tuple[ChecklistStep, ...]:
    """The steps of "Add a <kind>".

    Raises:
        ValueError: The page has no such checklist, its numbers do not count up, or a step names
            no file.
    """
    text = page.read_text("utf-8")
    section = re.search(rf"^### Add a {kind}\n(.+?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    if section is None:
        raise ValueError(f"{page.name} has no checklist for a {kind}")
    points = re.findall(r"^(\d+)\. (.+(?:\n +.+)*)", section[1], re.MULTILINE)
    if [int(number) for number, _ in points] != list(range(1, len(points) + 1)):
        raise ValueError(f"{page.name}: the steps of a {kind} do not count up")
    return tuple(_step(int(number), point) for number, point in points)


def _step(number: int, point: str) -> ChecklistStep:
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", point)]
    if not spans or not point.startswith("`"):
        raise ValueError(f"step {number} names no file: {point}")
    target, *others = spans
    paths = tuple(span for span in others if "/" in span)
    return ChecklistStep(number, target, tuple(s for s in others if s not in paths), paths)
