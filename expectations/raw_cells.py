"""Rules on the text cells of raw tables: years, state codes, numbers.

Shared by the suites under `expectations/raw`; this module has no suite of its own. Patterns work
in Python's `re`, in which Great Expectations matches cells, and in Polars SQL (`~`).
"""

import re
from collections.abc import Mapping, Sequence

from expectations.suite import Expectation, Suite, expect, key_is_unique

YEAR = r"^(?:18|19|20)\d\d$"
"""A year of the state system, which begins in 1816."""
YEAR_SINCE_1900 = r"^(?:19|20)\d\d$"
MISSING_OF: Mapping[str, tuple[str, ...]] = {
    "un_votes": ("NA", "N/A", "NaN", "NULL"),
    "un_ideal_points": ("NA", "N/A", "NaN", "NULL"),
    "us_bases": ("NA", "N/A", "NaN", "NULL"),
    "us_construction": ("NA", "N/A", "NaN", "NULL"),
    "us_troops": ("NA", "N/A", "NaN", "NULL"),
    "us_troops_quarterly": ("NA", "N/A", "NaN", "NULL"),
    "cow_capabilities": (".",),
    "atop": (".",),
    "sipri_milex": ("..", "...", "xxx"),
}
"""Marks of a missing value by source; a source that is not here has none but the empty cell. The
staging module of each has the same list (`transforms.parsing.missing`)."""
COW_CODE = r"^\d{1,3}$"
NUMBER = r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
"""A number without a sign; to be used inside a pattern with anchors."""


def raw_suite(table: str, key: Sequence[str], *expectations: Expectation) -> Suite:
    """The suite of a raw table whose key is unique.

    Args:
        table: Full table name, `raw.<slug>__<entity>`.
        key: Columns that name a row, and are unique together.
        *expectations: Other rules, in the order of the report.
    """
    return Suite(table, tuple(key), (*expectations, key_is_unique(key)))


def number_or_mark(slug: str, number: str = NUMBER) -> str:
    """The pattern of a number or of a mark of a source, dots and case in any spelling.

    Args:
        slug: The source.
        number: Pattern of the number, without anchors.
    """
    marks = [re.escape(mark).replace("\\.", r"\s*\.") for mark in MISSING_OF[slug]]
    dots = ["…"] if "..." in MISSING_OF[slug] else []
    return rf"^\s*(?:(?i:{'|'.join([*marks, *dots])})|{number})\s*$"


def cells_match(column: str, regex: str, why: str) -> Expectation:
    """Expects that every cell of a column matches a pattern.

    Args:
        column: Column name.
        regex: Pattern with anchors.
        why: What a cell is, or what breaks for a reader when it is not.
    """
    return expect("ColumnValuesToMatchRegex", why, column=column, regex=regex)


def columns_include(columns: Sequence[str], why: str) -> Expectation:
    """Expects these columns; others may follow, in any number."""
    wanted = list(columns)
    return expect("TableColumnsToMatchSet", why, column_set=wanted, exact_match=False)
