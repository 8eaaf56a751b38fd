"""The site of a built home, as `asymmetry report` writes it."""

from dataclasses import dataclass
from pathlib import Path

from tests.built_homes import BuiltHome
from tests.processes import asymmetry


@dataclass(frozen=True)
class Site:
    """A written site.

    Attributes:
        folder: Where it is.
        printed: What the command printed.
        warned: What it printed to stderr.
    """

    folder: Path
    printed: str
    warned: str


def written_site(home: BuiltHome, folder: Path) -> Site:
    """Writes the site of a home, by the command."""
    done = asymmetry(home.home, "report", "--output", str(folder))
    assert done.returncode == 0, done.stderr
    return Site(folder, done.stdout, done.stderr)
