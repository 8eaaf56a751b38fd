"""The documentation's pages, their blocks of code, and the queries they ask."""

import re
import shlex
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

from tests.processes import ROOT

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs" / "decisions").glob("*.md"),
        *(ROOT / "docs" / "ru").glob("*.md"),
    ]
)


BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n(?:```text\n(.*?)^```)?", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A query that a page asks, and the answer that it prints, if any."""

    page: str
    number: int
    sql: str
    answer: str | None

    def __str__(self) -> str:
        return f"{self.page}-{self.number}"


def blocks(page: Path) -> list[tuple[str, str, str | None]]:
    found = BLOCK.findall(page.read_text("utf-8"))
    return [(language, body, answer or None) for language, body, answer in found]


def commands(page: Path) -> list[list[str]]:
    """The lines of a page's shell blocks, split into words."""
    lines = [
        line for language, body, _ in blocks(page) if language == "sh" for line in body.splitlines()
    ]
    found = [shlex.split(line, comments=True) for line in lines if line.strip()]
    # VARIABLE=value before a command is none of its words
    return [list(dropwhile(lambda word: "=" in word, words)) for words in found]


def questions() -> list[Question]:
    found = []
    for page in PAGES:
        for number, (language, body, answer) in enumerate(blocks(page)):
            if language == "sql":
                found.append(Question(page.name, number, body, answer))
            elif language == "sh" and body.startswith("asymmetry query"):
                found.append(Question(page.name, number, shlex.split(body)[2], answer))
    return found


QUESTIONS = questions()


ROLL_CALL = "4470"
"""Roll call that docs/follow_one_vote.md follows; the simulated world has others."""
