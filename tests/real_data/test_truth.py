"""Published values, read in the documents of others, are those of the real warehouse, or it is said
why they are not: docs/truth.md."""

from typing import Any

import pytest

from tests.processes import ROOT
from tests.truth.page import differs, page_of, with_findings
from tests.truth.rows import Row, all_rows
from warehouse.db import read_published


@pytest.fixture(scope="module")
def found(mirror_home: Any) -> list[Row]:
    with read_published(mirror_home.warehouse) as connection:
        return with_findings(connection, all_rows())


def test_what_differs_has_a_reason_and_what_agrees_has_none(found: list[Row]) -> None:
    wrong = [
        f"{row.publication}, {row.what}: {row.value}, found {row.found or 'nothing'}"
        for row in found
        if differs(row) != bool(row.why)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_page_is_what_the_warehouse_says(found: list[Row]) -> None:
    written = (ROOT / "docs" / "truth.md").read_text("utf-8")
    again = "python -m tests.truth.page WAREHOUSE docs/truth.md --update"
    assert written == page_of(found), f"docs/truth.md: run `{again}`"
    assert found == all_rows(), f"tests/truth: run `{again}`"
