import pytest
import yaml

from flows.engine.coverage import CROSS_SECTION, dated_columns
from flows.sample.files.atop import SOURCE_END
from flows.sample.files.cow_capitals import END as END_OF_CAPITALS
from flows.sample.files.cow_states import END_OF_STATE_LIST
from flows.sample.files.strategic_rivalries import LAST_YEAR as LAST_YEAR_OF_RIVALRIES
from flows.sources import DeclarationError, load_declarations, read_declaration
from warehouse.contracts.read import contracts

GOOD = {
    "slug": "colours",
    "title": "Colours",
    "publisher": "Us",
    "version": "1",
    "url": "https://example.org/data/colours.csv",
    "landing_page": "https://example.org",
    "citation": "Us. 2026. Colours, an invented source.",
    "bibtex_key": "us_2026",
    "terms": "Free for any use.",
    "accessed": "2026-11-22",
    "file_format": "csv",
    "members": {"data": None},
    "coverage": {
        "unit": "year",
        "from": 1960,
        "to": "last_in_data",
        "dated_by": {"hues": ["year"]},
    },
    "min_bytes": 20,
    "max_size_change_share": 0.5,
    "cadence_days": 30,
    "discover": {"kind": "none", "why": "it was released once"},
}


def read(**changes):
    entry = {k: v for k, v in (GOOD | changes).items() if v != "left out"}
    return read_declaration(yaml.safe_dump(entry), "colours.yml")


def test_a_good_declaration_and_its_defaults():
    found = read()
    assert (found.slug, found.members, found.file_name) == ("colours", {"data": ()}, "colours.csv")
    assert found.licence is None
    assert found.program_access == "open"
    assert "requests" not in found.user_agent


def test_places_of_members():
    found = read(file_format="zip", members={"a": "x/a.csv", "b": ["x/in.zip", "b.csv"]})
    assert found.members == {"a": ("x/a.csv",), "b": ("x/in.zip", "b.csv")}


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"min_bytes": "many"}, r"colours.yml: min_bytes: 'many' is not of type 'integer'"),
        ({"url": "ftp://example.org/a"}, r"colours.yml: url: 'ftp"),
        ({"file_format": "xls"}, r"colours.yml: file_format: 'xls' is not one of"),
        ({"citation": "left out"}, r"colours.yml: \(top\): 'citation' is a required property"),
        ({"licens": "MIT"}, r"colours.yml: \(top\): .*'licens' was unexpected"),
        ({"header_starts_with": {"data": []}}, r"colours.yml: header_starts_with/data: "),
        ({"slug": "colors"}, r"colours.yml: declares slug colors; name the file colors.yml"),
        ({"file_format": "zip"}, r"colours.yml: members: a zip needs a path for \['data'\]"),
        ({"members": {"data": "a.csv"}}, r"colours.yml: members: a csv file is one entity"),
        ({"members": {"a": None, "b": None}}, r"colours.yml: members: a csv file is one entity"),
        ({"discover": {"kind": "none"}}, r"colours.yml: discover: kind none needs a reason"),
        ({"discover": {"kind": "rss"}}, r"colours.yml: discover/kind: 'rss' is not one of"),
        (
            {"discover": {"kind": "html_links", "listing": "https://example.org/a"}},
            r"kind html_links needs listing and declared",
        ),
        (
            {
                "discover": {
                    "kind": "html_links",
                    "listing": "https://example.org/a",
                    "file": "a.*csv",
                    "declared": "1",
                }
            },
            r"needs a group \(\?P<version>…\)",
        ),
        (
            {"header_starts_with": {"datum": ["a"]}},
            r"header_starts_with: \['datum'\] are not among",
        ),
    ],
)
def test_a_faulty_declaration_names_file_and_place(changes, seen):
    with pytest.raises(DeclarationError, match=seen):
        read(**changes)


def test_no_yaml_at_all():
    with pytest.raises(DeclarationError, match=r"colours.yml: not readable as YAML"):
        read_declaration("a: [", "colours.yml")


def test_two_sources_with_one_bibtex_key(tmp_path):
    for slug in ("colours", "tastes"):
        (tmp_path / f"{slug}.yml").write_text(yaml.safe_dump(GOOD | {"slug": slug}))
    with pytest.raises(
        DeclarationError, match=r"tastes.yml: bibtex_key us_2026 is also that of col"
    ):
        load_declarations(tmp_path)


def test_the_declared_sources():
    found = load_declarations()
    assert list(found) == sorted(found)
    assert {slug: tuple(d.members) for slug, d in found.items()} == {
        "atop": ("members", "phases", "state_years"),
        "cow_capabilities": ("data",),
        "cow_capitals": ("data",),
        "cow_contiguity": ("data",),
        "cow_distance": ("data",),
        "cow_states": ("data",),
        "cow_trade": ("data",),
        "disputes": ("data",),
        "gdp": ("data",),
        "sipri_milex": ("data",),
        "strategic_rivalries": ("data",),
        "un_ideal_points": ("data",),
        "un_votes": ("data",),
        "undl_votes": ("data",),
        "us_bases": ("data",),
        "us_construction": ("data",),
        "us_troops": ("data",),
        "us_troops_quarterly": ("data",),
        "vdem": ("data",),
    }
    assert len(found["cow_capabilities"].members["data"]) == 2
    assert found["undl_votes"].program_access == "ask_first"


# What a source covers.


@pytest.mark.parametrize(
    ("coverage", "seen"),
    [
        ({"unit": "month"}, r"coverage/unit: 'month' is not one of"),
        ({"from": "1960"}, r"coverage/from: "),
        ({"to": 1950}, r"coverage: coverage ends on 1950-12-31, before it begins on 1960-01-01"),
        ({"dated_by": {}}, r"coverage/dated_by: "),
        ({"carried_forward": {"what": "Who was there is there."}}, r"'by' is a required property"),
    ],
)
def test_a_coverage_that_contradicts_itself_is_refused(coverage, seen):
    with pytest.raises(DeclarationError, match=seen):
        read(coverage=GOOD["coverage"] | coverage)


def test_a_source_without_coverage_is_refused():
    with pytest.raises(DeclarationError, match="'coverage' is a required property"):
        read(coverage="left out")


@pytest.mark.parametrize("slug", load_declarations())
def test_the_columns_that_date_a_source_are_in_its_tables(slug):
    dated_by = load_declarations()[slug].coverage["dated_by"]
    if dated_by == CROSS_SECTION:
        tables = [table for table in contracts() if table.startswith(f"staging.stg_{slug}__")]
        assert tables
        assert all(not dated_columns(table) for table in tables)
        return
    for entity, columns in dated_by.items():
        contract = contracts()[f"staging.stg_{slug}__{entity}"]
        assert set(columns) <= {column.name for column in contract.columns}


@pytest.mark.parametrize(
    ("slug", "flagged"), [("cow_capitals", "core.capitals"), ("cow_states", "core.votes")]
)
def test_what_is_carried_forward_names_table_column_and_flag(slug, flagged):
    carried = {d.slug: d for d in load_declarations().values() if d.carried_forward}
    assert set(carried) == {"cow_capitals", "cow_states"}
    declared = carried[slug].coverage["carried_forward"]
    assert declared["column"] in {c.name for c in contracts()[declared["by"]].columns}
    assert declared["flag"] in {c.name for c in contracts()[flagged].columns}


def test_the_simulated_files_end_where_their_sources_do():
    declared = load_declarations()
    assert str(SOURCE_END) == declared["atop"].coverage_to
    assert str(END_OF_STATE_LIST) == declared["cow_states"].coverage_to
    assert str(END_OF_CAPITALS) == declared["cow_capitals"].coverage_to
    assert str(LAST_YEAR_OF_RIVALRIES) == declared["strategic_rivalries"].coverage_to
