"""The build that a file holds, by named fields; a damaged file is no build."""

from dataclasses import FrozenInstanceError
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from warehouse.catalog.builds import PublishedBuild, read_build, require_build
from warehouse.contracts.read import contracts
from warehouse.db import QueryError, WarehouseMissingError, write_build
from warehouse.load.tables import create_schemas, load_table

WHEN = datetime(2026, 11, 22, 12)
BUILDS = pl.DataFrame(
    {
        "build_id": ["ab" * 32, "cd" * 32],
        "profile": ["mirror", "sample"],
        "is_simulated": [False, True],
        "built_at": [WHEN, WHEN],
        "code_version": ["0.2.0", "0.1.0"],
        "library_versions": ['{"polars": "2.1.0"}', "{}"],
        "parameters": ['{"covariates": "ef"}', "{}"],
        "is_current": [True, False],
    }
)
LINEAGE = pl.DataFrame(
    {
        "table_name": ["core.gdp", "core.gdp", "core.votes"],
        "input_kind": ["table", "reference", "table"],
        "input_name": ["a", "b", "c"],
        "step": ["core.gdp", "core.gdp", "core.votes"],
        "step_hash": ["1" * 64, "1" * 64, "2" * 64],
    }
)
SNAPSHOTS = pl.DataFrame(
    {
        "slug": ["gdp"],
        "snapshot_id": ["gdp.0123456789ab"],
        "sha256": ["0" * 64],
        "n_bytes": [1],
        "url": ["https://example.org/gdp.csv"],
        "fetched_via": ["mirror"],
        "is_simulated": [False],
        "fetched_at": [WHEN],
    }
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    tables = {"meta.builds": BUILDS, "meta.lineage": LINEAGE, "meta.snapshots": SNAPSHOTS}
    with write_build(path) as connection:
        create_schemas(connection)
        for table, rows in tables.items():
            load_table(connection, contracts()[table], rows)
    return path


def test_a_build_is_read_with_all_that_made_it(warehouse: Path) -> None:
    build = read_build(warehouse)
    assert build == require_build(warehouse)
    assert build == PublishedBuild(
        build_id="ab" * 32,
        profile="mirror",
        is_simulated=False,
        built_at=WHEN,
        code_version="0.2.0",
        library_versions={"polars": "2.1.0"},
        parameters={"covariates": "ef"},
        snapshots={"gdp": "gdp.0123456789ab"},
        step_hashes={"core.gdp": "1" * 64, "core.votes": "2" * 64},
    )
    with pytest.raises(FrozenInstanceError):
        build.profile = "live"  # type: ignore[misc]


def test_no_file_is_no_build(tmp_path: Path) -> None:
    assert read_build(tmp_path / "none.duckdb") is None
    with pytest.raises(WarehouseMissingError):
        require_build(tmp_path / "none.duckdb")


@pytest.mark.parametrize("content", ["no database", "empty", "no build"])
def test_a_file_that_holds_none_is_no_build(tmp_path: Path, warehouse: Path, content: str) -> None:
    path = tmp_path / "other.duckdb"
    if content == "no database":
        path.write_bytes(b"no database")
    elif content == "empty":
        with write_build(path):
            pass
    else:
        path = warehouse.with_name("without.duckdb")
        with write_build(path) as connection:
            create_schemas(connection)
            tables = {"meta.builds": BUILDS, "meta.lineage": LINEAGE, "meta.snapshots": SNAPSHOTS}
            for table, rows in tables.items():
                load_table(connection, contracts()[table], rows.clear())
    assert read_build(path) is None
    with pytest.raises(QueryError):
        require_build(path)
