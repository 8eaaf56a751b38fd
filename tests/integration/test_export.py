"""`asymmetry export` and `cite`, on a built home: what they write is read by other programs."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pyreadstat
import pytest
from frictionless import Package

from flows.reports.method_references import method_references
from tests.processes import asymmetry

TABLES = ("core.states", "metrics.alliance_network", "metrics.claim_verdict", "alliance_leaders")


@pytest.fixture(scope="module")
def exported(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "out"
    done = asymmetry(sample_home.home, "export", *TABLES, "--to", str(folder))
    assert done.returncode == 0, done.stderr
    assert "4 tables in 12 files" in done.stdout
    return folder


def test_every_file_has_its_checksum(exported: Path) -> None:
    lines = (exported / "SHA256SUMS").read_text().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    files = [p for p in exported.rglob("*") if p.is_file() and p.name != "SHA256SUMS"]
    found = {
        p.relative_to(exported).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in files
    }
    assert listed == found
    assert (
        subprocess.run(
            ["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=exported, check=False
        ).returncode
        == 0
    )


def test_the_same_build_gives_the_same_bytes(exported: Path, sample_home: Any) -> None:
    again = exported.with_name("again")
    assert asymmetry(sample_home.home, "export", *TABLES, "--to", str(again)).returncode == 0
    assert (again / "SHA256SUMS").read_text() == (exported / "SHA256SUMS").read_text()


def test_the_package_is_valid_and_describes_the_rows(exported: Path) -> None:
    report = Package(str(exported / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:10]
    described = json.loads((exported / "datapackage.json").read_text("utf-8"))
    assert described["$schema"].endswith("/2.0/datapackage.json")
    by_name = {r["name"]: r for r in described["resources"]}
    assert set(by_name) == set(TABLES)
    assert by_name["core.states"]["schema"]["primaryKey"]
    verdict = {f["name"]: f for f in by_name["metrics.claim_verdict"]["schema"]["fields"]}
    assert "supported" in verdict["verdict"]["constraints"]["enum"]


@pytest.mark.parametrize("table", TABLES)
def test_formats_hold_the_same_rows(exported: Path, sample_home: Any, table: str) -> None:
    parquet = pl.read_parquet(exported / "data" / f"{table}.parquet")
    published = sample_home.rows(f"SELECT count(*) FROM {table}")[0][0]
    csv = pl.read_csv(exported / "data" / f"{table}.csv", schema=parquet.schema)
    assert csv.equals(parquet)
    stata, about = pyreadstat.read_dta(exported / "data" / f"{table}.dta", output_format="polars")
    assert parquet.height == stata.height == published > 0
    assert len(about.column_names) == parquet.width
    for name in parquet.columns:
        if parquet.schema[name].is_numeric():
            here = parquet[name].cast(pl.Float64).fill_null(-9e9)
            there = stata[name[:32]].cast(pl.Float64).fill_null(-9e9)
            assert (here == there).all(), name


def test_files_say_what_they_are(exported: Path) -> None:
    schema = pq.read_schema(exported / "data" / "metrics.alliance_network.parquet")
    assert schema.metadata[b"asymmetry.is_simulated"] == b"true"
    assert b"Network of defence promises" in schema.metadata[b"asymmetry.description"]
    assert b"COW" in schema.field("ccode_hub").metadata[b"description"]
    _, about = pyreadstat.read_dta(exported / "data" / "core.states.dta", metadataonly=True)
    assert "COW" in str(about.column_names_to_labels["ccode"])
    assert all(about.column_names_to_labels.values())
    for name in ("README.md", "CODEBOOK.md", "codebook.html", "CITATION.txt"):
        assert "SIMULATED" in (exported / name).read_text("utf-8"), name
    readme = (exported / "README.md").read_text("utf-8")
    assert "| atop | none named |" in readme
    assert "International Interactions 28(3)" in readme
    assert "| gdp |" in readme  # claim_verdict rests on it
    assert (exported / "DATA_LICENSES.md").read_text("utf-8").startswith("# Data licences")


def test_what_cannot_be_exported_is_said_and_leaves_nothing(
    sample_home: Any, tmp_path: Path
) -> None:
    done = asymmetry(sample_home.home, "export", "core.vots", "--to", str(tmp_path / "out"))
    assert (done.returncode, "core.votes" in done.stderr) == (2, True)
    in_home = sample_home.home / "out"
    done = asymmetry(sample_home.home, "export", "core.states", "--to", str(in_home))
    assert (done.returncode, "lies in the home" in done.stderr) == (2, True)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    done = asymmetry(sample_home.home, "export", "core.states", "--to", str(tmp_path / "full"))
    assert (done.returncode, "has other things in it" in " ".join(done.stderr.split())) == (2, True)
    assert [p.name for p in tmp_path.rglob("*")] == ["full", "mine.txt"]


def test_a_table_is_cited_with_build_sources_and_methods(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "cite", "metrics.burden_sharing")
    (build_id,) = sample_home.rows("SELECT build_id FROM meta.builds WHERE is_current")[0]
    for said in (build_id, "Olson and Zeckhauser 1966", "sipri_milex", "@software{", "SIMULATED"):
        assert said in done.stdout
    both = json.loads(
        asymmetry(sample_home.home, "cite", "metrics.burden_sharing", "--json").stdout
    )
    assert "\n".join([both["text"], both["bibtex"]]) == done.stdout
    only = asymmetry(sample_home.home, "cite", "--format", "text")
    assert "@" not in only.stdout.replace("digitallibrary.un.org", "")
    assert only.stdout.count("snapshot ") == len(sample_home.rows("FROM meta.sources"))
    assert asymmetry(sample_home.home, "cite", "metrics.nothing").returncode == 2


def test_metrics_have_references(sample_home: Any) -> None:
    known = {row[0] for row in sample_home.rows("SELECT DISTINCT table_name FROM meta.dictionary")}
    assert set(method_references()) <= known
    assert len(method_references()) >= 35
