"""Citations, codebook and names in Stata, from facts made up here."""

from datetime import datetime

import pytest

from warehouse.catalog.builds import PublishedBuild
from warehouse.contracts.read import contracts
from warehouse.export.citation import citation_bibtex, citation_text
from warehouse.export.codebook import codebook_html, codebook_markdown
from warehouse.export.table_facts import ColumnFacts, SourceFacts, TableFacts
from warehouse.export.table_files import stata_names

BUILD = PublishedBuild(
    build_id="ab" * 32,
    profile="live",
    is_simulated=False,
    built_at=datetime(2026, 11, 29),
    code_version="0.2.0",
    library_versions={},
    parameters={},
    snapshots={},
    step_hashes={},
)


def source(slug: str, citation: str, *, is_simulated: bool = False) -> SourceFacts:
    return SourceFacts(
        slug=slug,
        title="T",
        publisher="P & Co",
        version="1_0",
        landing_page="https://example.org/a_b",
        citation=citation,
        bibtex_key=f"key_{slug}",
        licence=None,
        terms="free",
        snapshot_id=f"{slug}.0123456789ab",
        sha256="0" * 64,
        is_simulated=is_simulated,
    )


VOTES = source("votes", 'Ünal, Ö. and B. Crane. 2009. "100% of Votes & More." Journal 1(2): 3–4.')
ARMS = source("arms", 'World Bank. "Arms", indicator X.', is_simulated=True)
SOURCES = {"arms": ARMS, "votes": VOTES}


def facts(table: str, *columns: ColumnFacts, comment: str = "C.") -> TableFacts:
    return TableFacts(table, comment, columns, contracts().get(table), "years 1 to 2", ("votes",))


def test_a_citation_names_the_build_the_sources_and_the_methods() -> None:
    methods = {"core.votes": "Holm 1979", "core.states": "nobody"}
    text = citation_text(BUILD, [facts("core.votes")], SOURCES, methods)
    for said in (BUILD.build_id, "Table core.votes.", VOTES.citation, "votes.0123456789ab", "Holm"):
        assert said in text
    assert "Arms" not in text
    assert "nobody" not in text
    every = citation_text(BUILD, [], SOURCES, methods)
    assert "Arms" in every
    assert "SIMULATED: the rows here are made up" in every


def test_bibtex_is_escaped_and_takes_no_name_apart() -> None:
    text = citation_bibtex(BUILD, [], SOURCES, {"core.votes": "Holm & others 1979"})
    assert "@software{alliance_asymmetry_abababababab," in text
    assert "author = {{Ünal, Ö. and B. Crane}}" in text
    assert r"title = {{100\% of Votes \& More}}" in text
    assert "year = {2009}" in text
    assert r"version = {1\_0}" in text
    assert r"howpublished = {\url{https://example.org/a_b}}" in text
    assert r"Holm \& others 1979" in text
    entries = [entry for entry in text.split("\n@") if entry]
    assert len(entries) == 4
    for entry in entries:
        assert entry.count("{") - entry.count(r"\{") == entry.count("}") - entry.count(r"\}")


def test_the_codebook_has_unit_codes_and_null_rule_and_escapes_what_it_shows() -> None:
    stated = next(c for c in contracts()["core.votes"].columns if c.name == "session")
    table = facts(
        "core.votes",
        ColumnFacts("session", "SMALLINT", stated.description, stated),
        ColumnFacts("x", "VARCHAR", "<script>alert(1)</script> a|b", None),
    )
    markdown = codebook_markdown([table], "Build.", {"x": "x_in_stata"})
    assert "| `session` | SMALLINT | Session of the UN" in markdown
    assert "for emergency special sessions" in markdown
    assert r"a\|b In Stata: x_in_stata." in markdown
    assert "Covers years 1 to 2." in markdown
    page = codebook_html([table], "Build.", {})
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert '<h2 id="core.votes">' in page


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["year", "x" * 32], {}),
        (["x" * 33], {"x" * 33: "x" * 32}),
        (["x" * 32, "x" * 33], {"x" * 33: "x" * 30 + "_2"}),
        (
            ["x" * 33 + "a", "x" * 33 + "b"],
            {"x" * 33 + "a": "x" * 32, "x" * 33 + "b": "x" * 30 + "_2"},
        ),
    ],
)
def test_names_are_cut_for_stata_and_stay_apart(names: list[str], found: dict[str, str]) -> None:
    assert stata_names(names) == found
