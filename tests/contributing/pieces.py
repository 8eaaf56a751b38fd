"""What a step of a checklist writes: a new file, or lines in one that there is."""

import re
import runpy
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.contributing.checklist import ChecklistStep


@dataclass(frozen=True)
class NewFile:
    """A file that was not there."""

    text: str

    def write(self, path: Path) -> None:
        """Writes it.

        Raises:
            FileExistsError: It was there.
        """
        if path.exists():
            raise FileExistsError(f"{path} is there already")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text, "utf-8")


@dataclass(frozen=True)
class Lines:
    """Lines that go into a file.

    Attributes:
        after: Regular expression for what stands before them, once in the file.
        text: The lines.
    """

    after: str
    text: str

    def write(self, path: Path) -> None:
        """Writes them.

        Raises:
            ValueError: It is not clear where they go.
        """
        before = path.read_text("utf-8")
        found = list(re.finditer(self.after, before, re.MULTILINE))
        if len(found) != 1:
            raise ValueError(f"{path.name}: {self.after!r} is there {len(found)} times")
        place = found[0].end()
        path.write_text(before[:place] + self.text + before[place:], "utf-8")


@dataclass(frozen=True)
class Places:
    """Lines that go into several places of a file."""

    places: tuple[Lines, ...]

    def write(self, path: Path) -> None:
        """Writes them, each as `Lines` does."""
        for lines in self.places:
            lines.write(path)


Piece = NewFile | Lines | Places


@dataclass(frozen=True)
class Toy:
    """Something that is added to a copy of the project by following a checklist.

    Attributes:
        kind: source, metric or claim.
        names: Placeholder of the checklist to name, without the angle brackets.
        pieces: Target of a step, as the checklist writes it, to what is written there.
    """

    kind: str
    names: Mapping[str, str]
    pieces: Mapping[str, Piece]

    def named(self, text: str) -> str:
        """A text of the checklist with this toy's names in place of its placeholders."""
        return re.sub(r"<(\w+)>", lambda found: self.names[found[1]], text)

    def follow(self, step: ChecklistStep, root: Path) -> None:
        """Takes one step in a copy of the project.

        Args:
            step: The step.
            root: The copy.

        Raises:
            KeyError: The toy knows nothing of the step, or of a placeholder in it.
            ValueError: What was written does not hold what the step says.
        """
        if step.target.startswith("make "):
            run_make(step.target.removeprefix("make "), root)
            return
        path = root / self.named(step.target)
        self.pieces[step.target].write(path)
        text = path.read_text("utf-8")
        words = [self.named(word).removesuffix("…") for word in step.words]
        if missing := [word for word in words if word not in text]:
            raise ValueError(f"{self.named(step.target)} does not hold {missing}")
        if absent := [p for p in step.paths if not (root / self.named(p)).exists()]:
            raise ValueError(f"step {step} points to {absent}, which are not there")


def run_make(target: str, root: Path) -> None:
    """Runs the Python module that a target of the Makefile runs, in this process."""
    recipe = re.search(
        rf"^{target}:.*\n\t@?\S+python -m (\S+) (.+)$",
        (root / "Makefile").read_text(),
        re.MULTILINE,
    )
    if recipe is None:
        raise ValueError(f"make {target} runs no Python module")
    before = sys.argv
    sys.argv = [recipe[1], *(str(root / word) for word in shlex.split(recipe[2]))]
    try:
        runpy.run_module(recipe[1], run_name="__main__")
    finally:
        sys.argv = before
