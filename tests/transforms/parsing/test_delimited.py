"""Delimited text: what is read, and what is refused with its line."""

import csv
from collections.abc import Iterator

import pytest

from transforms.parsing.delimited import parse_delimited


@pytest.fixture(autouse=True, params=[131_072, 1 << 30])
def limit_of_python(request: pytest.FixtureRequest) -> Iterator[None]:
    """Python's limit for a cell is one for the whole process; libraries raise it."""
    before = csv.field_size_limit(request.param)
    yield
    csv.field_size_limit(before)


def read(content: bytes, lines_above: int = 0) -> list[dict[str, str | None]]:
    table = parse_delimited(content, member="f.csv", separator=",", lines_above=lines_above)
    return table.to_dicts()


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"\xef\xbb\xbfa,b\n1,2\n",
        b"a,b\r\n1,2\r\n",
        b"a,b\r1,2\r",
        b"a,b\n1,2",
        b'"a","b"\n"1","2"\n',
    ],
)
def test_one_table_in_many_spellings(content: bytes) -> None:
    assert read(content) == [{"a": "1", "b": "2"}]


def test_a_quoted_cell_may_hold_separators_and_lines() -> None:
    assert read(b'a,b\n"1,\n5",2\n') == [{"a": "1,\n5", "b": "2"}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b,c\n1,2,3\n4,5\n6,7,8\n", r"f.csv, line 3: 2 cells where the header has 3 \(1 such"),
        (b"a,b\n1,2,3\n", "f.csv: not a UTF-8 table"),
        (b'a,b\n"1\n5",2\n3\n', r"line 4: 1 cells where the header has 2"),
        (b"a,a\n1,2\n", "column 'a' is there twice"),
        (b"a,b\n1,\0\n", "line 2: a NUL byte"),
        (b'a,b\n1,"2\n3,4\n', "a quotation mark opens and is never closed"),
        (b"a,b\n1,\xe9\n", "not a UTF-8 table"),
        (b'a,b\n"' + b"x\n" * 200_000 + b'",2\n', "goes on over many lines"),
    ],
)
def test_what_would_lose_or_invent_cells_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says) as error:
        read(content)
    assert "the snapshot is intact" in str(error.value)
    assert len(str(error.value)) < 600


def test_lines_are_counted_from_the_top_of_the_file() -> None:
    with pytest.raises(ValueError, match="line 7: 1 cells"):
        read(b"a,b\n1,2\n3\n", lines_above=4)
