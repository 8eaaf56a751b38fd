"""Archives, workbooks and texts that are broken or dangerous: read right, or refused in words.

Each comes through the door that every file comes through: bytes are checked, become a snapshot, and
are read and staged between their gates.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from expectations.gate.failures import GateFailedError
from flows.engine.unreadable import UnreadableSourceError
from flows.fetch.errors import FetchError
from tests.integration.arrivals import Door
from tests.publisher.archives import R_FILES, WORKBOOKS, ZIPS
from tests.publisher.cases import INTACT, Case, Edit
from tests.publisher.texts import TEXTS

LONGEST_LINE = 2500
"""Characters of any line of a message: no file repeats itself in it."""
LISTED = [
    *(("atop", case) for case in ZIPS),
    *(("vdem", case) for case in R_FILES),
    *(("sipri_milex", case) for case in WORKBOOKS),
    *((slug, case) for slug, cases in TEXTS.items() for case in cases),
]
REFUSALS = (FetchError, UnreadableSourceError, GateFailedError)


@pytest.fixture(scope="module")
def door(
    sample_home: Any, sample_world: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    found = Door.of(sample_home, sample_world, tmp_path_factory.mktemp("hostile files"))
    yield found
    found.published.is_as_it_was_to_the_last_bit()


@pytest.mark.parametrize(("slug", "case"), LISTED, ids=str)
def test_a_file_is_read_right_or_refused(slug: str, case: Case[Edit], door: Door) -> None:
    good = door.good_bytes(slug)
    door.has_had(slug, good)
    bad = case.make(good)
    if case.outcome == "refused":
        with pytest.raises(REFUSALS) as error:
            door.stage(slug, bad)
        message = str(error.value)
        assert max(map(len, message.splitlines())) < LONGEST_LINE
        for wanted in (slug, INTACT, *case.says):
            assert re.search(wanted, message), f"{wanted!r} is not in: {message}"
    else:
        staged = door.stage(slug, bad)
        assert set(staged.warnings) >= set(case.says)
        if case.outcome == "handled":
            for table, frame in door.good_tables(slug).items():
                assert staged.tables[table].equals(frame)
    door.published.is_as_it_was()
