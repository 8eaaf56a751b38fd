"""Columns that are computed when they are read: what is stored, and what is compared."""

from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from transforms.metrics.similarity.vote_similarity import build_vote_similarity
from warehouse.contracts.comments import comment_on_table
from warehouse.contracts.formulas import FormulasError, parse_formulas, read_formulas
from warehouse.contracts.model import ContractError
from warehouse.contracts.read import contracts, read_contract
from warehouse.db import read_published, write_build
from warehouse.load.tables import FormulaMismatchError, create_schemas, load_table

TABLE = "metrics.vote_similarity"


@pytest.fixture(scope="module")
def similarities() -> pl.DataFrame:
    """Random votes of thirty states, among them constant, absent and lone ones."""
    rng = np.random.default_rng(4)
    choices = rng.choice(["yes", "abstain", "no", "absent", "not_member"], (30, 60))
    choices[0], choices[1], choices[2], choices[3] = "yes", "yes", "no", "absent"
    choices[4, 1:] = "not_member"
    cells = [(r, c, choices[c, r]) for r in range(60) for c in range(30)]
    votes = pl.DataFrame(cells, schema=["rcid", "ccode", "choice"], orient="row")
    roll_calls = pl.DataFrame({"rcid": range(60)}).with_columns(
        session=pl.col("rcid") // 20 + 1,
        in_final_only=pl.col("rcid") % 3 > 0,
        in_all_recorded=True,
        in_final_only_as_listed=pl.col("rcid") % 3 > 0,
        is_unanimous=False,
    )
    states = pl.DataFrame(
        schema={"ccode": pl.Int16, "valid_from": pl.Date(), "counts_to": pl.Date()}
    )
    outcome = build_vote_similarity(votes=votes, roll_calls=roll_calls, states=states)
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def built(path: Path, rows: pl.DataFrame | Path) -> Path:
    with write_build(path) as connection:
        create_schemas(connection)
        load_table(connection, contracts()[TABLE], rows)
        comment_on_table(connection, contracts()[TABLE])
    return path


@pytest.mark.parametrize("is_file", [True, False])
def test_what_is_read_is_what_was_computed_to_the_last_bit(
    tmp_path: Path, similarities: pl.DataFrame, is_file: bool
) -> None:
    similarities.write_parquet(tmp_path / "rows.parquet")
    rows = tmp_path / "rows.parquet" if is_file else similarities
    with read_published(built(tmp_path / "a.duckdb", rows)) as connection:
        assert connection.sql(f"SELECT * FROM {TABLE}").pl().equals(similarities)
        base = contracts()[TABLE].stored_table
        stored = connection.sql(f"SELECT DISTINCT column_name FROM pragma_storage_info('{base}')")
        names = {name for (name,) in stored.fetchall()}
    assert names == {c.name for c in contracts()[TABLE].stored}
    assert {"agreement", "s_abs", "tau_b"}.isdisjoint(names)


@pytest.mark.parametrize(
    "column", [c.name for c in contracts()[TABLE].computed if c.type == "float64"]
)
def test_a_value_that_its_formula_does_not_give_is_refused(
    tmp_path: Path, similarities: pl.DataFrame, column: str
) -> None:
    last = pl.int_range(pl.len()) == pl.len() - 1
    wrong = similarities.with_columns(pl.when(last).then(0.77).otherwise(column).alias(column))
    with pytest.raises(FormulaMismatchError, match=rf"{column}: the formula gives .* 1 such rows"):
        built(tmp_path / "a.duckdb", wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_single_bit_is_enough_to_differ(tmp_path: Path, similarities: pl.DataFrame) -> None:
    up = pl.col("agreement").map_batches(lambda s: pl.Series(np.nextafter(s.to_numpy(), 2)))
    with pytest.raises(FormulaMismatchError, match=r"vote_similarity\.agreement"):
        built(tmp_path / "a.duckdb", similarities.with_columns(up))


def test_computed_columns_have_comments_and_cannot_be_written(
    tmp_path: Path, similarities: pl.DataFrame
) -> None:
    with duckdb.connect(str(built(tmp_path / "a.duckdb", similarities))) as connection:
        ((comment,),) = connection.execute(
            "SELECT comment FROM duckdb_columns()"
            " WHERE table_name = 'vote_similarity' AND column_name = 'agreement'"
        ).fetchall()
        assert comment.endswith("Computed from other columns when it is read.")
        with pytest.raises(duckdb.Error, match="Can only update base table"):
            connection.execute(f"UPDATE {TABLE} SET agreement = 1")


def test_terms_are_written_out() -> None:
    text = 'terms: {n: "a + b", m: "2 * {n}"}\ncolumns: {share: "a / {m}"}'
    assert parse_formulas(text, "x.yml") == {"share": "a / (2 * (a + b))"}


def test_a_term_must_be_defined_above() -> None:
    text = 'terms: {m: "2 * {n}", n: "a + b"}\ncolumns: {share: "a / {m}"}'
    with pytest.raises(FormulasError, match=r"x\.yml: m uses \['n'\]"):
        parse_formulas(text, "x.yml")
    with pytest.raises(FormulasError, match=r"there is no contracts/formulas/nothing\.yml"):
        read_formulas("nothing")


def test_a_contract_must_have_the_columns_of_its_formulas() -> None:
    text = """
table: core.gdp
title: GDP
grain: one row per state and year
key: [ccode, year]
description: Test.
formulas: joint_votes
columns: [ccode, year]
"""
    with pytest.raises(ContractError, match=r"gdp\.yml: formulas for \['agreement'.*no columns"):
        read_contract(text, "gdp.yml")
    with pytest.raises(ContractError, match=r"gdp\.yml: there is no contracts/formulas/none"):
        read_contract(text.replace("joint_votes", "none"), "gdp.yml")
