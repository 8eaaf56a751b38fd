"""The form of the truth table: enough values, each with its document, and how they are compared."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from tests.truth.places import places, sql_of
from tests.truth.rows import (
    MAXIMUM_OF_A_PUBLICATION,
    agrees,
    all_rows,
    files,
    is_tally,
    read_rows,
    write_rows,
)

ROWS = all_rows()


def test_there_are_enough_values_of_enough_publications() -> None:
    values = Counter(row.publication for row in ROWS)
    assert len(ROWS) >= 150
    assert len(values) >= 20
    assert max(values.values()) <= MAXIMUM_OF_A_PUBLICATION
    assert sum(bool(row.read_twice) for row in ROWS) >= 30


def test_every_value_names_document_page_and_address() -> None:
    for row in ROWS:
        for name in ("publication", "document", "page", "address", "what", "kind", "key", "value"):
            assert getattr(row, name), f"{row.publication}, {row.what}: no {name}"
        assert re.match(r"https?://[^/ ]+/", row.address), row.address


def test_a_publication_has_one_name() -> None:
    documents = {(row.publication, row.document) for row in ROWS}
    assert len(documents) == len({row.publication for row in ROWS})


def test_no_value_is_listed_twice_for_a_publication() -> None:
    keys = Counter((row.publication, row.kind, row.key) for row in ROWS)
    assert not [key for key, n in keys.items() if n > 1]


def test_every_value_can_be_looked_up() -> None:
    for row in ROWS:
        assert sql_of(row).startswith(("SELECT ", "WITH "))
    assert {row.kind for row in ROWS} == set(places()), "kinds that no row uses"


def test_numbers_have_a_tolerance_and_words_have_none() -> None:
    for row in ROWS:
        is_number = is_tally(row.value) and not re.fullmatch(r"\d{4}-\d\d-\d\d", row.value)
        is_number |= re.fullmatch(r"-?\d+(\.\d+)?", row.value) is not None
        assert bool(row.tolerance) == is_number, f"{row.publication}, {row.what}"


def test_reasons_stand_where_values_differ() -> None:
    for row in ROWS:
        hit = agrees(row.value, row.found, row.tolerance)
        assert bool(row.why) != hit, f"{row.publication}, {row.what}: {row.value}, {row.found}"


@pytest.mark.parametrize(
    ("value", "found", "tolerance", "expected"),
    [
        ("100-11-58", "100-11-58", "0", True),
        ("100-11-58", "99-11-58", "0", False),
        ("100-11-58", "99-11-60", "2", True),
        ("100-11", "100-11-58", "0", False),
        ("40.5", "40.45", "0.05", True),
        ("40.5", "40.44", "0.05", False),
        ("-0.313", "-0.3131254", "0.0005", True),
        ("1952-02-18", "1952-02-18", "", True),
        ("no", "absent", "", False),
        ("17", "", "0", False),
    ],
)
def test_values_agree_within_the_tolerance(
    value: str, found: str, tolerance: str, expected: bool
) -> None:
    assert agrees(value, found, tolerance) is expected


def test_a_key_lets_nothing_else_into_a_query() -> None:
    with pytest.raises(ValueError, match="is not rcid"):
        sql_of(replace(ROWS[0], kind="tally", key="1; DROP TABLE x"))
    with pytest.raises(ValueError, match="ccode is a number"):
        sql_of(replace(ROWS[0], kind="choice", key="1 x"))
    with pytest.raises(ValueError, match="there is no kind"):
        sql_of(replace(ROWS[0], kind="guess"))


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_files_are_as_they_would_be_written(path, tmp_path) -> None:
    write_rows(tmp_path / "copy.csv", read_rows(path))
    assert (tmp_path / "copy.csv").read_bytes() == path.read_bytes()
