"""Marks of missing values: one list per source, in any spelling, and nothing else."""

from importlib import import_module

import polars as pl
import pytest

from expectations.raw_cells import MISSING_OF
from flows.sources import load_declarations
from transforms.parsing.cells import cast_cells
from transforms.parsing.missing import DOTS, R_EXPORT, STATA_EXPORT, is_mark, marks_among


@pytest.mark.parametrize(
    ("marks", "cells"),
    [
        (DOTS, ["...", "…", " . . .", "..", ". .", "\u00a0…\u00a0", "‥".replace("‥", "..")]),
        (R_EXPORT, ["NA", "na", " N/A ", "NaN", "nan", "NULL"]),
        (STATA_EXPORT, [".", " . "]),
    ],
)
def test_a_mark_is_known_in_any_spelling(marks, cells):
    frame = pl.DataFrame({"cell": [*cells, "", "  "]})
    assert frame.select(is_mark(pl.col("cell"), marks)).to_series().all()
    assert marks_among(frame["cell"], marks).len() == frame["cell"].n_unique()


@pytest.mark.parametrize("cell", ["0", "-9", "NAM", "n.a.", "Namibia", "....", "1...", "x"])
def test_nothing_else_is_a_mark(cell):
    frame = pl.DataFrame({"cell": [cell]})
    marks = (*DOTS, *R_EXPORT, *STATA_EXPORT)
    assert not frame.select(is_mark(pl.col("cell"), marks)).item()


def test_not_a_number_is_missing_and_no_number():
    raw = pl.DataFrame({"value": ["1.5", "NaN", "nan", "N/A", ""]})
    cast = cast_cells(raw, {"value": pl.Float64}, table="raw.x", missing=R_EXPORT)
    assert cast["value"].to_list() == [1.5, None, None, None, None]


@pytest.mark.parametrize("slug", load_declarations())
def test_every_source_has_one_list_and_its_gate_lets_the_same_through(slug):
    marks = import_module(f"transforms.staging.{slug}").MISSING
    assert isinstance(marks, tuple)
    assert set(marks) == set(MISSING_OF.get(slug, ()))
