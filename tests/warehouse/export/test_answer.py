"""What each format holds of an answer, what it refuses, and that nothing else is reached."""

import json
import math
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pyreadstat
import pytest

from warehouse.db import QueryError
from warehouse.export.answer import write_answer
from warehouse.export.limits import BeyondLimitError, Limits, RefusedError, close_off
from warehouse.export.shown import read_shown
from warehouse.export.wanted import SHOWN, Answered, Wanted

ALL = Limits(seconds=30, memory_mb=1000)
TYPES = """
    SELECT 1::TINYINT AS i8, -2::SMALLINT AS i16, 3 AS i32, 4::BIGINT AS i64, 5::UINTEGER AS u32,
           sum(6) AS wide, 1.50::DECIMAL(9, 2) AS price, 7::DECIMAL(9, 0) AS whole, -0.5 AS minus,
           0.1::DOUBLE AS x, 'a, ü "q"' AS t, '' AS empty, NULL::VARCHAR AS none, true AS yes,
           DATE '1816-01-01' AS early, DATE '2026-11-29' AS day,
           TIMESTAMP '2026-11-29 12:00:00.5' AS moment,
           TIMESTAMPTZ '2026-11-29 12:00:00+03' AS zoned, TIME '10:00:00' AS hour,
           INTERVAL 2 DAY AS span, 'b'::ENUM ('a', 'b') AS chosen, NULL AS nothing,
           'NaN'::DOUBLE AS nan
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE facts AS SELECT range AS n FROM range(100)")
    return path


def answer(file: Path, target: Path, sql: str, limits: Limits = ALL, **how: Any) -> Answered:
    form = target.suffix.removeprefix(".")
    with duckdb.connect(str(file), read_only=True) as connection:
        close_off(connection, limits.memory_mb)
        return write_answer(connection, Wanted(sql, form, target, limits, **how))


@pytest.mark.parametrize("form", ["csv", "parquet", "json", "xlsx", "dta"])
def test_the_same_answer_gives_the_same_bytes(file: Path, tmp_path: Path, form: str) -> None:
    first, second = tmp_path / f"a.{form}", tmp_path / f"b.{form}"
    for path in (first, second):
        assert answer(file, path, f"{TYPES} ORDER BY 1").n_rows == 2
    assert first.read_bytes() == second.read_bytes()


def test_csv_tells_null_from_empty_text_and_has_every_digit(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    answer(file, path, TYPES)
    head, row, nulls, end = path.read_bytes().decode().split("\n")
    assert head.startswith("i8,i16,i32,")
    assert row == (
        '1,-2,3,4,5,6,1.5,7,-0.5,0.1,"a, ü ""q""","",,true,1816-01-01,2026-11-29,'
        "2026-11-29T12:00:00.500000,2026-11-29T09:00:00.000000,10:00:00,2 days,b,,NaN"
    )
    assert nulls == "," * 22
    assert end == ""
    answer(file, path, "SELECT 170141183460469231731687303715884105727::HUGEINT AS n")
    assert path.read_text().split() == ["n", "170141183460469231731687303715884105727"]


def test_json_is_one_array_whatever_the_batches(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.json"
    answer(file, path, "SELECT range AS n, [range] AS l, {'a': 'x'} AS s FROM range(45000)")
    rows = json.loads(path.read_text())
    assert [row["n"] for row in rows] == list(range(45_000))
    assert rows[7] == {"n": 7, "l": [7], "s": {"a": "x"}}
    answer(file, path, "SELECT 1 AS n WHERE false")
    assert json.loads(path.read_text()) == []
    answer(file, path, TYPES)
    assert json.loads(path.read_text())[0]["nan"] is None


def test_parquet_keeps_types_and_streams(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.parquet"
    answer(file, path, TYPES)
    frame = pl.read_parquet(path)
    assert frame.schema["i8"] == pl.Int8
    assert frame.schema["wide"] == pl.Int64
    assert frame.schema["price"] == pl.Float64
    assert frame["early"][0].isoformat() == "1816-01-01"
    assert frame.row(1) == (None,) * 23
    assert answer(file, path, "FROM range(100000)").n_rows == 100_000
    assert pq.ParquetFile(path).num_row_groups == 5


def test_excel_gets_numbers_dates_and_text_that_is_never_run(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.xlsx"
    answer(file, path, f"SELECT *, '=1+1' AS formula, '007' AS agent FROM ({TYPES})")
    sheet = openpyxl.load_workbook(path)["data"]
    cells = {sheet.cell(1, c).value: sheet.cell(2, c) for c in range(1, sheet.max_column + 1)}
    assert cells["minus"].value == -0.5
    assert str(cells["day"].value) == "2026-11-29 00:00:00"
    assert cells["early"].value == "1816-01-01"
    assert (cells["formula"].value, cells["formula"].data_type) == ("=1+1", "s")
    assert cells["agent"].value == "007"
    assert cells["yes"].value is True
    assert cells["none"].value is None
    assert cells["nan"].data_type == "e" or str(cells["nan"].value).startswith("=#NUM!")


def test_stata_gets_types_and_missing_values(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.dta"
    answer(file, path, TYPES)
    assert path.read_bytes().startswith(b"<stata_dta><header><release>118</release>")
    frame, about = pyreadstat.read_dta(path, output_format="polars")
    first = dict(zip(frame.columns, frame.row(0), strict=True))
    assert (first["i64"], first["wide"], first["minus"]) == (4, 6, -0.5)
    assert first["early"].isoformat() == "1816-01-01"
    assert first["nan"] is None
    assert first["t"] == 'a, ü "q"'
    assert about.variable_value_labels["yes"] == {0: "false", 1: "true"}
    assert frame["i8"].to_list() == [1, None]


@pytest.mark.parametrize(
    ("name", "sql", "says"),
    [
        ("q.csv", "SELECT {'a': 1} AS s", "Column s is a struct"),
        ("q.xlsx", "SELECT [1] AS l", "unnest"),
        ("q.dta", "SELECT MAP {1: 2} AS m", ".parquet"),
        ("q.json", "SELECT 'x'::BLOB AS b", r"hex\(b\)"),
        ("q.csv", "SELECT 'x'::BLOB AS b", r"hex\(b\)"),
        ("q.xlsx", "SELECT range AS n FROM range(1048576)", "1,048,575 rows"),
        ("q.xlsx", "SELECT repeat('x', 32768) AS t", "32,767 characters"),
        ("q.xlsx", "SELECT 9007199254740993 AS n", "15 digits"),
        ("q.dta", "SELECT 9007199254740993 AS n", "without a gap"),
        ("q.dta", 'SELECT 1 AS "année"', "'année'"),
        ("q.dta", 'SELECT 1 AS "if"', "'if'"),
        ("q.dta", f"SELECT 1 AS {'x' * 33}", "up to 32 letters"),
        ("q.dta", "SELECT repeat('x', 2046) AS t", "2,045 bytes"),
        ("q.dta", "SELECT 'inf'::DOUBLE AS x", "no infinity"),
        ("q.csv", "CREATE TEMP TABLE mine AS SELECT 1 AS n", "asks for no rows"),
        ("q.csv", "BEGIN", "asks for no rows"),
    ],
)
def test_what_a_format_does_not_hold_is_refused(
    file: Path, tmp_path: Path, name: str, sql: str, says: str
) -> None:
    with pytest.raises(RefusedError, match=says):
        answer(file, tmp_path / name, sql)


def test_a_sum_beyond_64_bits_is_refused_where_it_cannot_be_written(
    file: Path, tmp_path: Path
) -> None:
    with pytest.raises(QueryError, match="out of range"):
        answer(file, tmp_path / "q.parquet", "SELECT 18446744073709551616::HUGEINT AS n")


def test_a_second_column_of_a_name_is_told_apart(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    answer(file, path, "SELECT 1 AS a, 2 AS A, 3 AS a")
    assert path.read_text() == "a,A_1,a_2\n1,2,3\n"


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_text_that_a_spreadsheet_would_run_is_quoted(file: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "q.csv"
    sql = f"""SELECT '{text}' AS t, '{text}' || 'x' AS "=cmd", -0.5 AS x, '-0.5' AS number"""
    answer(file, path, sql, spreadsheet_safe=True)
    frame = pl.read_csv(path, infer_schema=False)
    assert frame.columns == ["t", "'=cmd", "x", "number"]
    assert frame.row(0) == (f"'{text}", f"'{text}x", "-0.5", "-0.5")
    answer(file, path, sql)
    assert pl.read_csv(path, infer_schema=False).row(0)[0] == text


@pytest.mark.parametrize(
    ("sql", "n"),
    [
        ("DESCRIBE facts", 1),
        ("SUMMARIZE facts", 1),
        ("SHOW TABLES", 1),
        ("EXPLAIN FROM facts", 1),
        ("PRAGMA version", 1),
        ("FROM facts WHERE n < 3 ORDER BY n DESC", 3),
        ("PIVOT (SELECT n % 2 AS odd, n FROM facts) ON odd USING sum(n)", 1),
        ("-- a comment\nSELECT 1 AS n;", 1),
    ],
)
def test_whatever_asks_for_rows_is_answered(file: Path, tmp_path: Path, sql: str, n: int) -> None:
    assert answer(file, tmp_path / "q.csv", sql).n_rows == n


def test_rows_are_refused_or_cut_and_counted_when_shown(file: Path, tmp_path: Path) -> None:
    ten = Limits(30, 1000, rows=10)
    with pytest.raises(BeyondLimitError, match="more than 10 rows"):
        answer(file, tmp_path / "q.csv", "FROM facts", ten)
    cut = Limits(30, 1000, rows=10, cut=True)
    assert answer(file, tmp_path / "q.csv", "FROM facts", cut) == Answered(10, is_cut=True)
    assert len((tmp_path / "q.csv").read_text().split()) == 11
    shown = tmp_path / f"q.{SHOWN}"
    assert answer(file, shown, "FROM facts", n_shown=3) == Answered(100, is_cut=False)
    assert read_shown(shown).rows == [[0], [1], [2]]


def test_what_is_shown_needs_no_library_to_be_read(file: Path, tmp_path: Path) -> None:
    shown = tmp_path / f"q.{SHOWN}"
    answer(file, shown, f"{TYPES} ORDER BY 1")
    found = read_shown(shown)
    first = dict(zip(found.columns, found.rows[0], strict=True))
    assert (first["i64"], first["minus"], first["yes"], first["none"]) == (4, -0.5, True, None)
    assert (first["early"], first["hour"], first["wide"]) == ("1816-01-01", "10:00:00", "6")
    assert first["moment"] == "2026-11-29 12:00:00.5"
    assert first["zoned"] == "2026-11-29 09:00:00+00"
    assert math.isnan(first["nan"])
    assert found.rows[1] == [None] * 23
    kinds = dict(zip(found.columns, found.numeric, strict=True))
    assert (kinds["i8"], kinds["x"], kinds["t"], kinds["yes"]) == (True, True, False, False)
    nested = "SELECT [1, 2] AS l, {'a': 'x'} AS s, 'x'::BLOB AS b, 'a\nb' AS t"
    assert answer(file, shown, nested).n_rows == 1
    assert read_shown(shown).rows == [["[1, 2]", "{'a': 'x'}", "b'x'", "a\nb"]]
    answer(file, shown, "SELECT DATE '-infinity' AS d, TIMESTAMP '0044-03-15 (BC)' AS t")
    assert read_shown(shown).rows == [["-infinity", "0044-03-15 (BC) 00:00:00"]]


@pytest.mark.parametrize(
    "sql",
    [
        "FROM read_csv('/etc/passwd')",
        "FROM read_text('/etc/passwd')",
        "FROM '/etc/passwd'",
        "FROM glob('/*')",
        "COPY facts TO '{folder}/stolen.csv'",
        "EXPORT DATABASE '{folder}/stolen'",
        "ATTACH '{folder}/other.duckdb' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "FROM 'https://example.org/x.parquet'",
        "CREATE TABLE mine AS SELECT 1 AS n",
        "DROP TABLE facts",
        "INSERT INTO facts VALUES (1)",
        "SET enable_external_access = true",
        "RESET memory_limit",
        "PRAGMA threads = 64",
        "FROM file",  # a variable of Python
        "SELECT 1; COPY facts TO '{folder}/stolen.csv'",
        "",
    ],
)
def test_nothing_but_the_warehouse_is_reached(file: Path, tmp_path: Path, sql: str) -> None:
    before = file.read_bytes()
    with pytest.raises((QueryError, RefusedError)):
        answer(file, tmp_path / "q.csv", sql.format(folder=tmp_path))
    assert [p for p in tmp_path.rglob("*") if p.name != "q.csv"] == []
    assert file.read_bytes() == before
