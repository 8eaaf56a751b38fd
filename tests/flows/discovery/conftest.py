"""A publisher on loopback, and a check that asks it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.discovery.discover import Discovery, discover
from flows.fetch.http_retry import HttpPolicy
from flows.home.paths import Home
from flows.sources import SourceDeclaration, load_declarations
from tests.publisher.server import Publishers, serving_publishers

DECLARED = load_declarations()
QUICK = HttpPolicy(connect_seconds=2, read_seconds=2, attempts=1, total_seconds=5)


@pytest.fixture(scope="module")
def everybody() -> Iterator[Publishers]:
    with serving_publishers() as found:
        yield found


@pytest.fixture
def publishers(everybody: Publishers) -> Publishers:
    everybody.pages.clear()
    everybody.asked.clear()
    return everybody


@pytest.fixture
def check(publishers: Publishers, tmp_path: Path) -> Callable[..., Discovery]:
    def asks(
        slug: str, declaration: SourceDeclaration | None = None, **others: object
    ) -> Discovery:
        mirror = {"profile": "mirror", "mirror": publishers.base, **others}
        asked = declaration or DECLARED[slug]
        return discover(asked, Home.at(tmp_path), policy=QUICK, **mirror)  # type: ignore[arg-type]

    return asks
