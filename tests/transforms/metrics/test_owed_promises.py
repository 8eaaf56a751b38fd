"""Ties between two states are told by what one owes the other, everywhere."""

import re
from importlib import resources
from pathlib import Path

import polars as pl
import pytest

from transforms.core.obligations import owes
from transforms.metrics.defence_partners import defence_partners
from transforms.metrics.similarity.alliance_portfolios import NO_TIE, tie_ranks
from warehouse.load.marts import mart_sql

ROOT = Path(str(resources.files("transforms"))).parent
BY_ITSELF = re.compile(r'pl\.col\("(defense|offense|neutral|nonagg|consul)"\) == 1')
"""A promise without asking to whom it is owed."""
READERS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "transforms").rglob("*.py")
    if "obligations: pl.DataFrame" in path.read_text("utf-8")
)


def locarno(not_owed: str | None) -> pl.DataFrame:
    """Britain and Italy of 1930: both guarantors, who owe each other nothing."""
    row = {"year": 1930, "atopid": 2055, "defense": 1, "offense": 0, "neutral": 0, "nonagg": 0}
    row |= {"consul": 0, "is_cow_dyad": True}
    frame = pl.DataFrame(
        [row | {"ccode_from": a, "ccode_to": b} for a, b in ((200, 325), (325, 200))]
    )
    return frame.with_columns(
        pl.col("ccode_from", "ccode_to", "year").cast(pl.Int16),
        not_owed=pl.lit(not_owed, pl.String),
    )


@pytest.mark.parametrize(("not_owed", "is_owed"), [(None, True), ("defense", False)])
def test_a_guarantor_is_no_ally_of_the_other_guarantor(not_owed: str | None, is_owed: bool) -> None:
    rows = locarno(not_owed)
    assert rows.select(owes("defense", "offense"))["defense"].to_list() == [is_owed, is_owed]
    assert (tie_ranks(rows)["rank"] > NO_TIE).to_list() == [is_owed, is_owed]
    partners = defence_partners(rows, [1930], (200,))
    assert partners.filter("is_defense_partner").height == int(is_owed)


def test_another_promise_of_the_row_stays() -> None:
    assert locarno("neutral nonagg").select(owes("defense"))["defense"].all()


@pytest.mark.parametrize("module", READERS)
def test_no_measure_reads_a_promise_without_asking_to_whom_it_is_owed(module: str) -> None:
    found = BY_ITSELF.findall((ROOT / module).read_text("utf-8"))
    assert found == [], f"{module}: use transforms.core.obligations.owes"


@pytest.mark.parametrize("mart", ["ally_tier", "dyad_session", "state_year"])
def test_no_mart_does(mart: str) -> None:
    sql = mart_sql(f"marts.{mart}")
    assert "core.obligations" in sql
    assert "not_owed" in sql
