"""Wrong contents through a whole refresh: refused in words, and the published file stays."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.fetch.mirror import place_in
from flows.home.paths import Home
from flows.sources import load_declarations
from tests.contents import contents
from tests.integration.loaded_process import LoadedProcess
from tests.integration.published import FIGURES, Published
from tests.publisher.whole_builds import INTACT, REFUSED, REFUSED_AT_THE_END, REVISED, WholeBuild

pytestmark = pytest.mark.prefect


@dataclass
class Attacked:
    """A home with a published build, a mirror of what publishers serve, and the command.

    Attributes:
        published: The home.
        world: What publishers serve at present.
        process: Runs one refresh after the other.
    """

    published: Published
    world: Path
    process: LoadedProcess

    def refresh(self) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        words = ("refresh", "--profile", "mirror", "--mirror", str(self.world))
        done = self.process.asymmetry(self.published.home.path, *words)
        return done.returncode, done.stdout, done.stderr

    def place(self, slug: str) -> Path:
        """The file of a source in the mirror."""
        return place_in(self.world, load_declarations()[slug].url)


@pytest.fixture(scope="module")
def attacked(
    sample_home: Any,
    sample_world: Path,
    refresher: LoadedProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Attacked:
    folder = tmp_path_factory.mktemp("hostile builds")
    published = Published.of(sample_home, folder)
    world = shutil.copytree(sample_world, folder / "world")
    return Attacked(published, world, refresher)


@pytest.mark.parametrize(
    "case", [*REFUSED, pytest.param(REFUSED_AT_THE_END, marks=pytest.mark.soak)], ids=str
)
def test_a_refresh_refuses_it_and_the_published_file_stays(
    case: WholeBuild, attacked: Attacked
) -> None:
    place = attacked.place(case.slug)
    good = place.read_bytes()
    bad = case.edit(good)
    assert bad != good
    place.write_bytes(bad)
    try:
        code, said, complained = attacked.refresh()
    finally:
        place.write_bytes(good)
    assert code == 3, said + complained
    for wanted in (case.slug, INTACT, *case.says):
        assert re.search(wanted, complained), f"{wanted!r} is not in: {complained}"
    assert "Traceback" not in complained
    attacked.published.is_as_it_was()


def test_after_all_of_them_the_good_files_are_nothing_new(attacked: Attacked) -> None:
    code, said, complained = attacked.refresh()
    assert code == 0, complained
    assert "Nothing new" in said
    attacked.published.is_as_it_was_to_the_last_bit()


def test_a_right_release_is_published_and_answers_otherwise(attacked: Attacked) -> None:
    place = attacked.place(REVISED.slug)
    place.write_bytes(REVISED.edit(place.read_bytes()))
    code, said, complained = attacked.refresh()
    assert code == 0, complained
    assert REVISED.says[0] in said
    before = attacked.published.figures
    after = contents(Home.at(attacked.published.home.path).warehouse, FIGURES)
    assert {table for table in before if after[table] != before[table]} == {
        f"core.{REVISED.slug}",
        "meta.snapshots",
        "meta.builds",
    }
