"""A build that is killed at any moment: nothing is lost, and the next one ends where it would have.

The build has two sources (`tests/integration/small_builds.py`); kills of whole commands, of their
servers and their processes are in `test_crashes.py`.
"""

import os
import random
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from flows.fetch.mirror import MARKER, place_in
from flows.home.paths import Home
from flows.home.writer_lock import only_writer
from flows.sources import load_declarations
from tests.integration import small_builds
from tests.integration.many_readers import reading
from tests.integration.small_builds import BOUNDARIES, SOURCES, Published

N_RANDOM, N_SOAK, N_PARTS = 8, 200, 10
LONGEST = 600
"""Seconds after which a build that was not killed is one that hangs."""
READERS, PUBLISHES = 50, 10
LONGEST_WAIT = 1.0
"""Seconds a reader may wait for an answer, whatever is being published, if a processor is free."""


@dataclass
class Place:
    """A home, and two releases that are published in turn.

    Attributes:
        home: The home.
        worlds: Two mirrors, which differ in one figure.
        results: What each of them is published as.
        seconds: How long a whole build takes.
    """

    home: Path
    worlds: tuple[Path, Path]
    results: tuple[Published, Published]
    seconds: float

    @property
    def turn(self) -> int:
        """Which release is the next one."""
        return 1 - self.results.index(small_builds.published(self.home))

    def forget_steps(self) -> None:
        """Has the next build compute everything again."""
        shutil.rmtree(self.home / "steps", ignore_errors=True)


def whole(home: Path, world: Path) -> float:
    """A build that nobody disturbs; the seconds it takes."""
    began = time.monotonic()
    process = small_builds.start(home, world)
    process.join(LONGEST)
    assert process.exitcode == 0
    return time.monotonic() - began


def mirror_of(world: Path, folder: Path, *, edited: bool) -> Path:
    """The two sources of a world; with `edited`, a figure of GDP is another one."""
    for slug in SOURCES:
        url = load_declarations()[slug].url
        place = place_in(folder, url)
        place.parent.mkdir(parents=True, exist_ok=True)
        data = place_in(world, url).read_bytes()
        if edited and slug == "gdp":
            first, _, rest = data.partition(b"\n")
            row, _, rest = rest.partition(b"\n")
            data = b"\n".join([first, row.replace(b".0", b".5"), rest])
            assert data != place_in(world, url).read_bytes()
        place.write_bytes(data)
    (folder / MARKER).write_text("made up")
    return folder


@pytest.fixture(scope="module")
def place(sample_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("kills")
    worlds = (
        mirror_of(sample_world, folder / "one", edited=False),
        mirror_of(sample_world, folder / "other", edited=True),
    )
    home = folder / "home"
    home.mkdir()
    results, seconds = [], 0.0
    for world in worlds:
        shutil.rmtree(home / "steps", ignore_errors=True)
        seconds = whole(home, world)
        results.append(small_builds.published(home))
    assert results[0].build_id != results[1].build_id
    return Place(home, worlds, (results[0], results[1]), seconds)


def survives(place: Place, kill_after: float | None, dies_at: str = "") -> None:
    """One trial: a build is killed, what was there is there, and the next build is the same one."""
    turn, before = place.turn, small_builds.snapshots_in(place.home)
    place.forget_steps()
    process = small_builds.start(place.home, place.worlds[turn], dies_at)
    if kill_after is not None:
        process.join(kill_after)
        if process.pid and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
    process.join(LONGEST)
    assert process.exitcode in (0, -signal.SIGKILL)
    assert small_builds.published(place.home) in place.results
    assert small_builds.snapshots_in(place.home) >= before
    with only_writer(place.home):  # its lock went with it
        pass
    whole(place.home, place.worlds[turn])
    assert small_builds.published(place.home) == place.results[turn]


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_build_that_dies_between_two_steps(place: Place, boundary: str) -> None:
    survives(place, None, boundary)


@pytest.mark.parametrize("seed", range(N_RANDOM))
def test_a_build_that_is_killed_at_any_moment(place: Place, seed: int) -> None:
    survives(place, random.Random(seed).uniform(0, place.seconds))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(N_PARTS))
def test_two_hundred_kills(place: Place, part: int) -> None:
    moments = random.Random(100 + part)
    for _ in range(N_SOAK // N_PARTS):
        survives(place, moments.uniform(0, place.seconds))


def test_two_builds_at_once_are_one_after_the_other(place: Place) -> None:
    """The second is refused while the first writes, and leaves nothing behind."""
    turn = place.turn
    with only_writer(place.home):
        second = small_builds.start(place.home, place.worlds[turn])
        second.join(LONGEST)
        assert second.exitcode == 1
    assert small_builds.published(place.home) == place.results[1 - turn]
    whole(place.home, place.worlds[turn])
    assert small_builds.published(place.home) == place.results[turn]


def test_a_reader_keeps_what_it_has_opened(place: Place) -> None:
    turn = place.turn
    with duckdb.connect(str(Home.at(place.home).warehouse), read_only=True) as reader:
        whole(place.home, place.worlds[turn])
        ((build_id,),) = reader.execute("SELECT build_id FROM meta.builds").fetchall()
        assert build_id == place.results[1 - turn].build_id
    assert small_builds.published(place.home) == place.results[turn]


DAMAGED = {
    "step": "steps/core.gdp/*/core.gdp.parquet",
    "record of a step": "steps/stage_gdp/*/_step.json",
    "snapshot": "snapshots/gdp/gdp.*/gdp.csv",
    "record of a snapshot": "snapshots/gdp/gdp.*/record.json",
    "published file": "warehouse.duckdb",
    "checksum": "builds/*.sha256",
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_the_next_build_mends_what_is_damaged(place: Place, kind: str) -> None:
    """Without any hand; what was published stays readable meanwhile, if it was not that."""
    for file in place.home.glob(DAMAGED[kind]):
        file.chmod(0o644)
        file.write_bytes(b"" if kind == "checksum" else file.read_bytes()[:-7] + b"damaged")
    for world, result in zip(place.worlds, place.results, strict=True):
        whole(place.home, world)
        assert small_builds.published(place.home) == result
    assert len(small_builds.snapshots_in(place.home)) == len(SOURCES) + 1


@pytest.mark.soak
def test_fifty_readers_over_ten_publishes(place: Place, tmp_path: Path) -> None:
    """No reader meets an error, a half of a build, or a wait."""
    known = {result.build_id for result in place.results}
    with reading(Home.at(place.home).warehouse, READERS, tmp_path) as found:
        for _ in range(PUBLISHES):
            whole(place.home, place.worlds[place.turn])
    (answers,) = found
    print(answers)
    assert answers.faults == []
    assert set(answers.builds) == known
    assert answers.builds.total() >= READERS * PUBLISHES
    assert answers.longest <= LONGEST_WAIT
