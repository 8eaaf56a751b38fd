"""What changed between two builds, in words."""

from flows.reports.build_diff import changes_text
from warehouse.catalog.diff import TableDiff


def test_changes_are_told_in_words() -> None:
    found = [
        TableDiff("metrics.new", None, 5, added=5),
        TableDiff("core.gdp", 9, 8, 0, 1, 2, {"b": 1, "a": 2}),
    ]
    text = changes_text("a" * 64, "b" * 64, found)
    assert "2 tables differ; 3 figures have another value." in text
    assert "| `metrics.new` | none | 5 | 5 | 0 | 0 |  |" in text
    assert "| `core.gdp` | 9 | 8 | 0 | 1 | 2 | `a` 2, `b` 1 |" in text
    assert "same rows" in changes_text("a" * 64, "b" * 64, [])
