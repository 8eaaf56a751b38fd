"""The lineage of a build: every kind of input has its code, and user files are named by hash."""

from types import SimpleNamespace

import duckdb

from flows.engine.assemble import Build, _lineage
from flows.engine.build_identity import plan_build
from flows.sources import load_declarations
from warehouse.contracts.read import contracts
from warehouse.load.tables import create_schemas, load_table

HASH = "c0" * 32


def test_lineage_with_a_user_file_fits_its_contract() -> None:
    snapshots = {
        slug: SimpleNamespace(snapshot_id=f"{slug}.{'a' * 12}", is_simulated=True)
        for slug in load_declarations()
    }
    planned = plan_build(dict.fromkeys(snapshots, "a" * 64), {"covariates": HASH})
    rows = _lineage(Build(planned, "sample", snapshots))  # type: ignore[arg-type]
    with duckdb.connect() as connection:
        create_schemas(connection)
        load_table(connection, contracts()["meta.lineage"], rows)
        found = connection.execute(
            "SELECT table_name, input_name FROM meta.lineage WHERE input_kind = 'user_file'"
        ).fetchall()
    assert found == [("core.covariates", f"covariates/{HASH}.csv")]
    kinds = set(contracts()["meta.lineage"].columns[1].codes or ())
    assert set(rows["input_kind"]) == kinds == {"snapshot", "table", "reference", "user_file"}
