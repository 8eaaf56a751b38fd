"""Hosts that misbehave: each fetch is whole or refused in words, and what was there stays."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.fetch.errors import FetchError
from flows.fetch.fetch_source import fetch_source
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.sources import SourceDeclaration, load_declarations
from tests.integration.published import Published
from tests.publisher.cases import INTACT, Case
from tests.publisher.server import Answer, Publishers, moved_to, serving_publishers
from tests.publisher.transfers import BODY, NEWER, TRANSFERS, Host

PATH = "/data/colours.csv"
LONGEST_MESSAGE = 2000
"""Characters: a screen."""
QUICK = HttpPolicy(
    connect_seconds=2,
    read_seconds=0.6,
    attempts=3,
    backoff_seconds=0.01,
    longest_wait_seconds=2,
    total_seconds=0.9,
)


@pytest.fixture(scope="module")
def host() -> Iterator[Publishers]:
    with serving_publishers() as found:
        yield found


@pytest.fixture(scope="module")
def published(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    found = Published.of(sample_home, tmp_path_factory.mktemp("hostile transfers"))
    yield found
    found.is_as_it_was_to_the_last_bit()


@pytest.fixture
def colours(host: Publishers) -> SourceDeclaration:
    """An invented source of one small text, whose publisher is the host."""
    return replace(
        load_declarations()["gdp"],
        slug="colours",
        url=host.base + PATH,
        publisher_url=None,
        header_starts_with={"data": ("name", "shade")},
        layouts=(),
        min_bytes=20,
        max_bytes=100_000,
        max_size_change_share=0.25,
    )


@pytest.mark.parametrize("case", TRANSFERS, ids=str)
def test_a_transfer_is_whole_or_refused(
    case: Case[Host],
    host: Publishers,
    colours: SourceDeclaration,
    published: Published,
    tmp_path: Path,
) -> None:
    home = Home.at(tmp_path)
    host.pages.clear()
    host.publish(f"x://{PATH[1:]}", Answer(BODY, 200, {"ETag": '"v1"'}))
    before = fetch_source(colours, home, "live", policy=QUICK).snapshot
    host.publish("x://good", NEWER)
    host.publish("x://ring", moved_to(host.base + PATH))
    host.publish("x://elsewhere", moved_to("http://127.0.0.1:9/x"))
    host.publish(f"x://{PATH[1:]}", case.make(lambda path: host.base + path))
    if case.outcome == "handled":
        found = fetch_source(colours, home, "live", policy=QUICK)
        assert found.snapshot.path.read_bytes() in (BODY, NEWER)
        assert (found.status == "new") == (found.snapshot.path.read_bytes() == NEWER)
    else:
        with pytest.raises(FetchError) as error:
            fetch_source(colours, home, "live", policy=QUICK)
        message = str(error.value)
        assert len(message) < LONGEST_MESSAGE
        for wanted in ("colours", *case.says):
            assert re.search(wanted, message), f"{wanted!r} is not in: {message}"
        assert re.search(f"{INTACT}|--from-file", message), message
        store = SnapshotStore(home.snapshots)
        assert store.latest("colours", "live") == before
        assert not list(store.incoming.iterdir())
    published.is_as_it_was()
