"""Texts of sources are shown, never run; figures are written in one way."""

import json
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from warehouse.catalog.builds import PublishedBuild
from warehouse.report.profiles.leaders import LEADERS
from warehouse.report.site.build_page import changes_in
from warehouse.report.site.claim_pages import claim_cards
from warehouse.report.site.pages import Templates, p_value, share, signed
from warehouse.report.site.scripts import rows_of, script_of
from warehouse.report.site.texts import ClaimText

EVIL = "<script>alert('x')</script>\u2028\"&"


def templates() -> Templates:
    build = PublishedBuild(
        build_id="ab" * 32,
        profile="sample",
        is_simulated=True,
        built_at=datetime(2026, 11, 29, 12, 0),
        code_version=EVIL,
        library_versions={},
        parameters={},
        snapshots={},
        step_hashes={},
    )
    everywhere: dict[str, Any] = {
        "build": build,
        "simulated": True,
        "leaders": LEADERS,
        "citation": EVIL,
    }
    return Templates(everywhere)


def test_texts_of_sources_are_escaped_in_pages() -> None:
    source = {
        "slug": "gdp",
        "title": EVIL,
        "publisher": EVIL,
        "version": EVIL,
        "landing_page": "javascript:alert(1)",
        "citation": EVIL,
        "licence": EVIL,
        "terms": EVIL,
        "is_simulated": False,
        "sha256": None,
    }
    path, page = templates().page("sources.html", sources=[source])
    assert path == "sources.html"
    assert "alert(" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_data_cannot_end_the_script_that_they_are_in() -> None:
    text = script_of(f"x{EVIL}", {"name": EVIL})
    assert "<" not in text
    assert ">" not in text
    assert text.isascii()
    value = text.partition("]=")[2].rstrip(";\n")
    assert json.loads(value) == {"name": EVIL}


def test_what_is_no_number_is_null_and_unknown_types_are_refused() -> None:
    frame = pl.DataFrame({"a": [1.23456789, float("nan"), None], "b": ["x", None, "y"]})
    assert rows_of(frame) == {
        "columns": ["a", "b"],
        "rows": [[1.2346, "x"], [None, None], [None, "y"]],
    }
    with pytest.raises(TypeError, match="set is not written"):
        script_of("x", {1, 2})


def test_figures_have_one_form() -> None:
    assert [share(v) for v in (0.5, None)] == ["0.50", "–"]
    assert [signed(v) for v in (-0.0284, 1.0)] == ["\u22120.028", "+1.000"]
    assert [p_value(v) for v in (0.00001, 0.04, None)] == ["< .001", "0.040", "–"]


def test_a_claim_has_its_verdict_and_its_place_on_the_line() -> None:
    row = {
        "claim": "C2a",
        "edition": 2,
        "leader": 2,
        "verdict": "mixed",
        "estimate": 1.0,
        "ci_low": -1.0,
        "ci_high": 3.0,
        "one_line": "Mixed: a: b; of 3 variants 1 agrees; because",
        "n_grid": 3,
        "n_grid_as_expected": 1,
        "n_grid_contradicting": 0,
    }
    older = {**row, "edition": 1, "verdict": "supported"}
    other = {**row, "leader": 365}
    text = ClaimText("what", "limits", ("this",))
    (card,) = claim_cards(pl.DataFrame([row, older, other]), {"C2a": text})
    assert (card["verdict_name"], card["reading"], card["limits"]) == ("Mixed", "What.", "limits")
    places = card["figure"]
    assert places["low"] < places["zero"] < places["estimate"] < places["high"]
    assert places["estimate"] - places["low"] == pytest.approx(
        places["high"] - places["estimate"], abs=0.02
    )
    assert card["because"] == "of 3 variants 1 agrees; because"
    (card,) = claim_cards(pl.DataFrame([{**row, "estimate": None}]), {})
    assert card["figure"] is None


def test_what_changed_is_read_from_the_text_of_the_build() -> None:
    text = (
        "# Build b against a\n\n1 tables differ; 11 figures have another value.\n\n"
        "| table | rows before |\n|---|--:|\n| `metrics.claim_test` | 10 |\n"
    )
    found = changes_in(text)
    assert found == {
        "lines": ["Build b against a", "1 tables differ; 11 figures have another value."],
        "head": ["table", "rows before"],
        "rows": [["metrics.claim_test", "10"]],
    }
    assert changes_in(None) is None
