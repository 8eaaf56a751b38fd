"""A Prefect server for a group of tests, and all that `make deploy` and workers set up on it.

A server and its workers are at work while nobody uses them: so they end with the group of modules
that shares them (`tests/tiers.py`), and not with the run.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from tests.built_homes import BuiltHome
from tests.integration.browser import chromium
from tests.integration.loaded_process import LoadedProcess, loaded_process
from tests.integration.prefect_server import PrefectServer, prefect_server
from tests.integration.site import Site, written_site
from tests.processes import wait_for
from tests.tiers import group_of

T = TypeVar("T")
_made: dict[str, Any] = {}
_ends_with_the_group = ExitStack()


def once_in_a_group(what: str, make: Callable[[], AbstractContextManager[T]]) -> T:
    """What the tests of a group share, made when one of them needs it first.

    Args:
        what: Its name.
        make: Makes it; what it gives is left when the last test of the group has ended.
    """
    if what not in _made:
        _made[what] = _ends_with_the_group.enter_context(make())
    return cast(T, _made[what])


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Leaves what a group has shared."""
    if nextitem is None or group_of(nextitem.nodeid) != group_of(item.nodeid):
        _made.clear()
        _ends_with_the_group.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, laid_out_prefect: Path) -> PrefectServer:
    """A server on SQLite."""

    def begin() -> AbstractContextManager[PrefectServer]:
        home = tmp_path_factory.mktemp("prefect")
        shutil.copytree(laid_out_prefect, home, dirs_exist_ok=True)
        return prefect_server(home)

    return once_in_a_group("server", begin)


@pytest.fixture(scope="module")
def prefect_api(server: PrefectServer) -> str:
    """Address of the API of a server of our own."""
    return server.api


@pytest.fixture(scope="module")
def loaded(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> LoadedProcess:
    """A process that runs commands and flows on that server, and has loaded them once."""
    home = tmp_path_factory.mktemp("loaded") / "home"
    return once_in_a_group("loaded", lambda: loaded_process(home, prefect_api))


@pytest.fixture(scope="module")
def refresher(laid_out_prefect: Path, tmp_path_factory: pytest.TempPathFactory) -> LoadedProcess:
    """A process that runs commands with a server of their own, as where none is configured."""

    def begin() -> AbstractContextManager[LoadedProcess]:
        home = tmp_path_factory.mktemp("refresher") / "home"
        shutil.copytree(laid_out_prefect, home / "prefect")
        return loaded_process(home)

    return once_in_a_group("refresher", begin)


@dataclass(frozen=True)
class Operated:
    """A server with every deployment of `prefect.yaml`, and two workers on one home.

    Attributes:
        server: The server.
        home: The workers' `$ASYMMETRY_HOME`.
    """

    server: PrefectServer
    home: Path


@pytest.fixture(scope="module")
def operated(server: PrefectServer, tmp_path_factory: pytest.TempPathFactory) -> Operated:
    """Everything that `make deploy` and two `make worker` set up.

    One worker begins at once to build the simulated world, on one thread, which takes minutes;
    meanwhile a schedule fires, and the other runs `verify`. Tests that want neither go on.
    """
    return once_in_a_group("operated", lambda: _operated(server, tmp_path_factory))


@contextmanager
def _operated(
    server: PrefectServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Operated]:
    logs = tmp_path_factory.mktemp("workers")
    home = tmp_path_factory.mktemp("operated home, ünïcode")
    server.deploy(home)
    with ExitStack() as stack:
        for name in ("first", "second"):
            stack.enter_context(server.worker(name, home, logs))
        server.begin("refresh/refresh-all", profile="sample")
        wait_for("the build to begin", lambda: server.runs_of("refresh-all"), 120)
        # at once, so that two workers run at the same time however fast the build is
        server.begin("verify/verify")
        server.fire("verify")
        yield Operated(server, home)


@pytest.fixture(scope="module")
def second_home(operated: Operated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the workers' home, with the simulated world built a second time, on one thread."""

    def copied() -> AbstractContextManager[Path]:
        build = operated.server.ended_run_of("refresh-all", 1200)
        assert build["state_name"] == "Completed", build["state"]["message"]
        copy = tmp_path_factory.mktemp("second") / "home, ünïcode"
        return nullcontext(shutil.copytree(operated.home, copy))

    return once_in_a_group("second home", copied)


@pytest.fixture(scope="module")
def site(sample_home: BuiltHome, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the simulated world."""

    def written() -> AbstractContextManager[Site]:
        folder = tmp_path_factory.mktemp("a site, ünïcode") / "site"
        return nullcontext(written_site(sample_home, folder))

    return once_in_a_group("site", written)


@pytest.fixture(scope="module")
def browser() -> Any:
    """Chromium."""
    return once_in_a_group("browser", chromium)
