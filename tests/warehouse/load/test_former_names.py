"""Columns that were renamed: the former name is a view's alias, for one release."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from transforms.metrics.legitimation.hegemon_support import build_hegemon_support
from warehouse.contracts.read import contracts
from warehouse.db import read_published, write_build
from warehouse.load.tables import FormulaMismatchError, create_schemas, load_table

TABLE = "metrics.hegemon_support"


@pytest.fixture(scope="module")
def support() -> pl.DataFrame:
    """Random votes of the hegemons and twenty others on forty roll calls."""
    rng = np.random.default_rng(7)
    ccodes = [2, 200, 220, 365, 710, *range(900, 920)]
    cells = [
        (rcid, ccode, rng.choice(["yes", "abstain", "no", "absent"]), True)
        for rcid in range(40)
        for ccode in ccodes
    ]
    votes = pl.DataFrame(cells, schema=["rcid", "ccode", "choice", "is_sovereign"], orient="row")
    roll_calls = pl.DataFrame({"rcid": range(40)}).with_columns(
        session=pl.lit(40, pl.Int16),
        in_final_only=True,
        is_unanimous=False,
        is_important=pl.col("rcid") % 5 == 0,
        importance_basis=pl.lit("coded"),
    )
    outcome = build_hegemon_support(votes=votes, roll_calls=roll_calls)
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def built(path: Path, rows: pl.DataFrame) -> Path:
    with write_build(path) as connection:
        create_schemas(connection)
        load_table(connection, contracts()[TABLE], rows)
    return path


def test_both_names_have_the_same_values_and_only_the_new_one_is_stored(
    tmp_path: Path, support: pl.DataFrame
) -> None:
    assert support["n_abstained"].sum() > 0
    with read_published(built(tmp_path / "a.duckdb", support)) as connection:
        assert connection.sql(f"SELECT * FROM {TABLE}").pl().equals(support)
        ((differ,),) = connection.execute(
            f"SELECT count(*) FROM {TABLE} WHERE n_half_with_hegemon IS DISTINCT FROM n_abstained"
        ).fetchall()
        stored = [row[0] for row in connection.execute(f"DESCRIBE {TABLE}__stored").fetchall()]
    assert differ == 0
    assert "n_abstained" in stored
    assert "n_half_with_hegemon" not in stored


def test_a_former_name_says_that_it_is_deprecated_and_by_what() -> None:
    (former,) = contracts()[TABLE].computed
    assert former.name == "n_half_with_hegemon"
    assert former.description.startswith("Deprecated")
    assert "n_abstained" in former.description


def test_a_former_name_with_other_values_is_refused(tmp_path: Path, support: pl.DataFrame) -> None:
    wrong = support.with_columns(n_half_with_hegemon=pl.col("n_abstained") + 1)
    with pytest.raises(FormulaMismatchError, match="n_half_with_hegemon"):
        built(tmp_path / "a.duckdb", wrong)
