"""The status of a home that has nothing yet."""

from pathlib import Path

from flows.home.paths import Home
from flows.operations.status import status_of
from tests.processes import asymmetry


def test_an_empty_home_wants_a_refresh(tmp_path: Path) -> None:
    status = status_of(Home.at(tmp_path))
    assert status.attention == ("Nothing is published: `asymmetry refresh`.",)
    assert list(tmp_path.iterdir()) == []
    assert asymmetry(tmp_path, "status").returncode == 1
