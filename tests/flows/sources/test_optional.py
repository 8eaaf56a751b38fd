"""Optional sources: declared, fetched by name only, and nothing is built from them."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from flows.cli.verbs import app
from flows.dag import STEPS
from flows.fetch.fetch_source import fetch_source
from flows.home.paths import Home
from flows.sources import (
    DeclarationError,
    SourceDeclaration,
    load_declarations,
    read_declaration,
)
from flows.sources.optional import load_optional_declarations

ROOT = Path(__file__).resolve().parents[3]
OPTIONAL = load_optional_declarations()


def test_the_optional_sources() -> None:
    assert list(OPTIONAL) == ["military_spending", "undl_council_votes", "undl_outcomes"]
    assert all(declaration.optional for declaration in OPTIONAL.values())
    assert not any(declaration.optional for declaration in load_declarations().values())


def test_no_build_depends_on_an_optional_source() -> None:
    assert not set(OPTIONAL) & set(load_declarations())
    assert not set(OPTIONAL) & {step.source for step in STEPS}
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    scheduled = {s for d in deployments for s in (d.get("parameters") or {}).get("sources", [])}
    assert not set(OPTIONAL) & scheduled


def test_a_bibtex_key_is_of_one_source() -> None:
    keys = [d.bibtex_key for d in (*OPTIONAL.values(), *load_declarations().values())]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("load", [load_declarations, load_optional_declarations])
def test_a_declaration_lies_where_it_belongs(
    tmp_path: Path, load: Callable[[Path], dict[str, SourceDeclaration]]
) -> None:
    source = ROOT / "flows" / "sources" / "gdp.yml"
    entry = yaml.safe_load(source.read_text("utf-8"))
    if load is load_declarations:
        entry["optional"] = True
    (tmp_path / source.name).write_text(yaml.safe_dump(entry), "utf-8")
    with pytest.raises(DeclarationError, match=r"gdp.yml: a source lies in sources/optional"):
        load(tmp_path)


def test_optional_is_true_or_not_there() -> None:
    entry = yaml.safe_load((ROOT / "flows" / "sources" / "gdp.yml").read_text("utf-8")) | {
        "optional": False
    }
    with pytest.raises(DeclarationError, match=r"optional: True was expected"):
        read_declaration(yaml.safe_dump(entry), "gdp.yml")


def test_an_optional_source_is_listed_and_shown(tmp_path: Path) -> None:
    environment = {"ASYMMETRY_HOME": str(tmp_path), "COLUMNS": "200"}
    listed = CliRunner().invoke(app, ["sources"], env=environment)
    assert listed.exit_code == 0
    assert all(slug in listed.output for slug in OPTIONAL)
    shown = CliRunner().invoke(app, ["sources", "military_spending"], env=environment)
    assert "doi.org/10.7910/DVN/DHMZOW" in shown.output


def test_a_file_of_an_optional_source_is_kept_when_it_is_handed_over(tmp_path: Path) -> None:
    file = tmp_path / "outcomes.csv"
    file.write_text("resolution,modality\n" + "A/RES/80/1,adopted without a vote\n" * 5_000)
    result = fetch_source(
        OPTIONAL["undl_outcomes"], Home.at(tmp_path / "home"), "live", from_file=file
    )
    assert result.snapshot.slug == "undl_outcomes"
