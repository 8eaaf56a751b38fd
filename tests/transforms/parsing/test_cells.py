"""From bytes to strings, and from strings to values."""

import polars as pl
import pytest

from transforms.parsing.cells import cast_cells, read_delimited, sole_file


def test_every_cell_stays_a_string_and_only_empty_ones_are_null():
    table = read_delimited(b"\xef\xbb\xbfa,b\n007,NA\n,x\n", member="t.csv", columns=["a", "b"])
    assert table.to_dict(as_series=False) == {"a": ["007", None], "b": ["NA", "x"]}


def test_a_missing_column_names_the_file_and_what_was_found():
    with pytest.raises(
        ValueError, match=r"t\.csv: columns \['c'\] are missing, found \['a', 'b'\]"
    ):
        read_delimited(b"a,b\n1,2\n", member="t.csv", columns=["a", "c"])


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(ValueError, match=r"t\.csv: not a UTF-8 table"):
        read_delimited(b"a\n\xff\xfe\n", member="t.csv", columns=["a"])


def test_a_row_with_too_many_cells_is_refused():
    with pytest.raises(ValueError, match=r"t\.csv: not a UTF-8 table"):
        read_delimited(b"a,b\n1,2\n1,2,3\n", member="t.csv", columns=["a"])


def test_casting_names_table_row_column_and_value():
    raw = pl.DataFrame({"year": ["1990", "199O"]})
    with pytest.raises(ValueError, match=r"raw\.t, row 2, column year: '199O' is no Int16"):
        cast_cells(raw, {"year": pl.Int16}, table="raw.t")


def test_marks_of_missing_values_become_null_and_spaces_do_not_matter():
    raw = pl.DataFrame({"n": [" 7 ", "NA", "", None], "kept": ["NA", "", " x", None]})
    cast = cast_cells(raw, {"n": pl.Int32}, table="raw.t", missing={"NA"})
    assert cast["n"].to_list() == [7, None, None, None]
    assert cast["kept"].to_list() == ["NA", "", " x", None]


def test_a_fraction_is_no_whole_number():
    with pytest.raises(ValueError, match=r"'1\.5' is no Int32"):
        cast_cells(pl.DataFrame({"n": ["1.5"]}), {"n": pl.Int32}, table="raw.t")


@pytest.mark.parametrize("files", [{}, {"a": b"", "b": b""}])
def test_a_source_of_one_file_has_one(files):
    with pytest.raises(ValueError, match="gdp: expected one file"):
        sole_file(files, "gdp")
