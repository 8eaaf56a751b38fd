"""Fixtures that every test may use, and the rules by which tests are put in tiers and groups."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import settings

from flows.engine.memory import keep_freed_memory, look_for_garbage_seldom
from flows.sources import load_declarations
from tests import built_homes
from tests.built_homes import BuiltHome
from tests.processes import ROOT
from tests.tiers import SHARED, TIERS, group_of, place_of, tier_of

pytest_plugins = ["tests.timing"]

# most of what ten thousand tests are made of stays
look_for_garbage_seldom()
keep_freed_memory()

# how long an example takes says how busy the machine is, and fails no test
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

NEEDS = {
    "integration": {"laid_out_prefect", "sample_home", "server", "operated", "second_home"},
    "real_data": {"mirror", "mirror_home"},
}
"""Fixtures that only a tier may use: the others run on a machine that has neither."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test with its tier, holds it to the rules, and puts the long groups first."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        tier = tier_of(item.nodeid)
        for other, names in NEEDS.items():
            if tier != other and (wrong := names & fixtures):
                raise pytest.UsageError(
                    f"{item.nodeid} uses {sorted(wrong)}: it belongs in tests/{other}"
                )
        for name, groups in SHARED.items():
            if name in fixtures and group_of(item.nodeid) not in groups:
                raise pytest.UsageError(
                    f"{item.nodeid} uses {name}: list its module in a group of tests/tiers.py"
                    f" ({' or '.join(groups)}), or two workers will make it"
                )
        if tier in TIERS:
            item.add_marker(TIERS[tier])
    items.sort(key=lambda item: place_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Sends the tests of a group to one worker, the groups in the order of the tests.

    pytest-xdist's own `--dist loadgroup` hands groups over in the ids of tests, which pytest 9.2
    no longer lets it change: its marks are then passed over without a word
    (github.com/pytest-dev/pytest-xdist/issues/1386).
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return ByGroup(config, log)


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The publishers' real files, laid out as HOST/PATH.

    They are not part of the project: without them these tests are skipped, but under
    `CI=true` a missing mirror is a failure.
    """
    folder = Path(os.environ.get("ASYMMETRY_TEST_MIRROR", ROOT.parent / "shared" / "mirror"))
    if not (folder / "dataverse.harvard.edu").is_dir():
        reason = f"no mirror of the source files at {folder} (set ASYMMETRY_TEST_MIRROR)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def laid_out_prefect() -> Path:
    """What `make install` leaves of Prefect: a database with all its migrations, to copy."""
    return built_homes.prefect_database()


@pytest.fixture(scope="session")
def sample_home() -> Iterator[BuiltHome]:
    """The simulated world, built and published by the command; all tests share it, to read."""
    home = built_homes.built_home("sample", ("--profile", "sample"))
    yield home
    built_homes.assert_unchanged(home)


@pytest.fixture(scope="session")
def mirror_home(mirror: Path) -> Iterator[BuiltHome]:
    """The real files, built and published by the command; all tests share it, to read."""
    real = ("--profile", "mirror", "--mirror", str(mirror), "--locked")
    home = built_homes.built_home("mirror", real, mirror)
    yield home
    built_homes.assert_unchanged(home)


@pytest.fixture(scope="session")
def sample_world() -> Path:
    """The files of the simulated world; to be copied before they are changed."""
    return built_homes.sample_world()


@pytest.fixture(scope="session")
def drop_last_line() -> Callable[[Path, str], None]:
    """Changes a text file of a world: one row less.

    What follows from `us_construction` is computed soonest, in a third of the time of what follows
    from `us_troops`, which takes half of that of `gdp`.
    """

    def drop(world: Path, slug: str) -> None:
        path = world / load_declarations()[slug].url.removeprefix("https://")
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))

    return drop


@pytest.fixture(scope="session")
def pack_anew() -> Callable[[Path, str], None]:
    """Changes the bytes of a workbook or archive of a world, and nothing that it says."""

    def pack(world: Path, slug: str) -> None:
        path = world / load_declarations()[slug].url.removeprefix("https://")
        with ZipFile(path, "a") as archive:
            archive.comment = b"packed anew"

    return pack
