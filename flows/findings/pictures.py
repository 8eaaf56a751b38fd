"""Which chart stands with which claim."""

import polars as pl

from flows.findings.charts import Chart
from flows.findings.structure_pictures import (
    BURDENS,
    DENSITY,
    DUTIES,
    RATIO,
    RISE,
    SHARES,
    SURVIVAL,
)
from flows.findings.support_pictures import AGREEMENT, COALITIONS, DOSE, EVENTS, PREMIUM

AT_CLAIM: dict[str, tuple[Chart, ...]] = {
    "C1a": (RISE,),
    "C1b": (RATIO,),
    "C1c": (SHARES,),
    "C2a": (AGREEMENT, PREMIUM, EVENTS),
    "C2b": (DOSE,),
    "C2c": (COALITIONS,),
    "C3": (DUTIES,),
    "C4": (DENSITY,),
    "C5": (SURVIVAL,),
    "C6": (BURDENS,),
}
"""C2d and C2e are in the chart of C2c."""


def is_drawable(rows: pl.DataFrame) -> bool:
    """Whether there is anything to draw."""
    return rows.height > 1 and rows["estimate"].count() > 1
