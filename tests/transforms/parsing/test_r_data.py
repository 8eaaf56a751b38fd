"""Tables in R data files become cells of text, and nothing is guessed."""

import struct
from datetime import date

import numpy as np
import polars as pl
import pytest
import rdata

from flows.fetch.archives import UnpackLimits
from flows.fetch.r_files import unpack_r_data
from flows.sample.files.r_data import rda_bytes
from transforms.parsing.cells import cast_cells
from transforms.parsing.r_data import read_r_table

LIMITS = UnpackLimits(max_bytes=10_000_000, max_ratio=1000)


def cells_of(content, columns=()):
    files = {"data": unpack_r_data(content, LIMITS)}
    return read_r_table(files, source="toy", table="raw.toy__rows", columns=columns)[
        "raw.toy__rows"
    ]


def test_cells_are_those_of_a_csv():
    table = cells_of(
        rda_bytes(
            "toy",
            {
                "year": [1816.0, None, -9.0],
                "share": [0.5, 2.0, None],
                "name": ["Côte d'Ivoire", None, "NA"],
                "day": [date(1816, 1, 1), None, date(2024, 12, 31)],
                "flag": [True, False, True],
            },
        )
    )
    assert table.schema == dict.fromkeys(table.columns, pl.String)
    assert table["year"].to_list() == ["1816", None, "-9"]
    assert table["share"].to_list() == ["0.5", "2", None]
    assert table["name"].to_list() == ["Côte d'Ivoire", None, "NA"]  # a text is no missing value
    assert table["day"].to_list() == ["1816-01-01", None, "2024-12-31"]
    assert table["flag"].to_list() == ["TRUE", "FALSE", "TRUE"]


def test_a_number_that_is_not_whole_is_refused_where_whole_ones_are_wanted():
    table = cells_of(rda_bytes("toy", {"year": [1816.0, 1816.5]}))
    with pytest.raises(ValueError, match=r"row 2, column year: '1816.5' is no Int16"):
        cast_cells(table, {"year": pl.Int16}, table="raw.toy__rows")


def test_digits_survive():
    exact = [932.508131769762, 1 / 3, 1e-7, 123456789.0, 2.0**60]
    table = cells_of(rda_bytes("toy", {"x": exact}))
    assert cast_cells(table, {"x": pl.Float64}, table="t")["x"].to_list() == exact


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_none_and_no_na_is_refused(value):
    with pytest.raises(ValueError, match="column x, row 2"):
        cells_of(rda_bytes("toy", {"x": [1.0, value, None]}))


def test_a_day_with_a_fraction_is_refused():
    content = rda_bytes("toy", {"day": [date(1970, 1, 2)]})
    plain = unpack_r_data(content, LIMITS)
    one, and_a_half = (struct.pack(">d", x) for x in (1.0, 1.5))
    assert plain.count(one) == 1
    files = {"data": plain.replace(one, and_a_half)}
    with pytest.raises(ValueError, match="a day with a fraction"):
        read_r_table(files, source="toy", table="raw.toy__rows", columns=())


def test_a_file_that_r_itself_has_written_has_labels_for_its_factor():
    table = cells_of((rdata.TESTDATA_PATH / "test_dataframe.rda").read_bytes(), ("class", "value"))
    assert table.rows() == [("a", "1"), ("b", "2"), ("b", "3")]


def test_what_is_no_table_is_refused():
    vector = (rdata.TESTDATA_PATH / "test_vector.rda").read_bytes()
    with pytest.raises(ValueError, match="toy, data: no R data with one table"):
        cells_of(vector)
    with pytest.raises(ValueError, match="no R data with one table"):
        read_r_table({"data": b"RDX3\nX\n"}, source="toy", table="raw.toy__rows", columns=())


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match=r"columns \['year'\] are missing"):
        cells_of(rda_bytes("toy", {"ccode": [2.0]}), ("ccode", "year"))
