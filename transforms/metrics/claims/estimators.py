"""The measures of the file of claims: functions, and the tables that they read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.metrics.claims.asymmetry_trend import (
    decade_trend,
    rise_by_alliance_year,
    rise_by_unit,
)
from transforms.metrics.claims.burden_sharing import burden_correlation
from transforms.metrics.claims.classical_symmetry import classical_ratio, preponderance
from transforms.metrics.claims.estimate import Finding
from transforms.metrics.claims.from_metrics import TABLES, published
from transforms.metrics.claims.hub_and_spoke import against_chance, yearly_series
from transforms.metrics.claims.written_obligations import ally_supply, balances

Cell = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """A function and the tables that it reads; the first is the `source_table` of its rows.

    Attributes:
        compute: The function.
        tables: Names, without their schema.
        schema: Schema of the first.
    """

    compute: Callable[..., list[Finding]]
    tables: tuple[str, ...]
    schema: str = "metrics"

    @property
    def source_table(self) -> str:
        """Full name of the table that the estimate is from."""
        return f"{self.schema}.{self.tables[0]}"


def _reader(table: str) -> Measure:
    score_table = TABLES[table].score_table

    def read(cells: Sequence[Cell], *tables: pl.DataFrame) -> list[Finding]:
        return published(cells, table, *tables)

    return Measure(read, (table, score_table) if score_table else (table,))


MEASURES: Mapping[str, Measure] = {
    "rise_by_alliance_year": Measure(rise_by_alliance_year, ("capability_asymmetry",)),
    "rise_by_unit": Measure(rise_by_unit, ("asymmetry_grid", "capability_asymmetry")),
    "decade_trend": Measure(decade_trend, ("capability_asymmetry",)),
    "classical_ratio": Measure(classical_ratio, ("capability_asymmetry",)),
    "preponderance": Measure(preponderance, ("ally_tier", "state_year"), "marts"),
    "balances": Measure(balances, ("obligation_balance", "capability_asymmetry")),
    "ally_supply": Measure(ally_supply, ("legitimation_supply",)),
    "against_chance": Measure(against_chance, ("network_null",)),
    "yearly_series": Measure(yearly_series, ("alliance_network", "security_hierarchy")),
    "burden_correlation": Measure(burden_correlation, ("burden_sharing", "capability_asymmetry")),
    **{table: _reader(table) for table in TABLES},
}


def compute(
    measure: str, cells: Sequence[Cell], tables: Mapping[str, pl.DataFrame]
) -> list[Finding]:
    """Computes cells of one measure.

    Args:
        measure: One of `MEASURES`.
        cells: Their parameters.
        tables: Name to rows, without the tables that this build does not have.

    Returns:
        One finding per cell; all not_computed where a table is missing.
    """
    names = MEASURES[measure].tables
    if not set(names) <= set(tables):
        return [Finding(null_reason="not_computed")] * len(cells)
    return MEASURES[measure].compute(cells, *(tables[name] for name in names))
