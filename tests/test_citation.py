"""CITATION.cff says all that a citation needs, in the form of the Citation File Format 1.2."""

import re
from typing import Any

import pytest
import yaml

from tests.processes import ROOT

CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
# of the format's schema, what is used here
FIELDS = {
    *("cff-version", "message", "title", "abstract", "type", "authors", "version"),
    *("date-released", "license", "keywords", "references"),
}
OF_REFERENCES = {
    *("type", "title", "authors", "journal", "volume", "issue", "start", "end", "year"),
}


def test_it_has_what_the_format_and_a_citation_need() -> None:
    assert CITATION["cff-version"] == "1.2.0"
    assert set(CITATION) == FIELDS
    assert CITATION["type"] in ("software", "dataset")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(CITATION["date-released"]))
    assert len(CITATION["abstract"]) > 100
    assert len(set(CITATION["keywords"])) == len(CITATION["keywords"]) >= 5
    assert CITATION["license"] == "MIT"
    assert "asymmetry cite" in CITATION["message"]


@pytest.mark.parametrize("entry", [CITATION, *CITATION["references"]], ids=lambda e: e["type"])
def test_authors_are_persons_or_entities(entry: dict[str, Any]) -> None:
    assert entry["authors"]
    for author in entry["authors"]:
        assert set(author) in ({"name"}, {"family-names", "given-names"})
        assert all(isinstance(part, str) and part for part in author.values())


def test_the_paper_that_is_tested_is_cited_whole() -> None:
    (paper,) = (r for r in CITATION["references"] if r["type"] == "article")
    assert set(paper) == OF_REFERENCES
    assert (paper["year"], paper["volume"], paper["start"], paper["end"]) == (2019, 63, 34, 48)
