"""Whether a state's agreement with a leader moves less while it is its ally.

q_is = α_i + δ_s + τ·Ally_is, least squares with the panel's weights, over sessions of unchanged
status; CR1 and t over days of entry (`allies.with_cluster`). q is the product of the changes on two
halves of the roll calls (`metrics.vote_predictability`), so τ is a difference of variances. Only
states whose status changed at some time identify it.

Designs: `state_era` has an effect of each state before and after session 45, `region_session`
sessions by region, `unweighted` no weights, `session_only` no effects of states: a comparison of
different states. Samples: `unchanged`; `without_1989_1992`, the sessions of the end of the Cold War
left out; `from_1991`; `changed_too`.

The bound is a quarter of the weighted mean of q of non-allies in the cell's own rows: a rule that
was fixed before any estimate. NULL where that mean is not above 0.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import polars as pl

from transforms.inference.two_way_effects import Effect, two_way_effect
from transforms.metrics.exchange.allies import n_switchers, with_changed_status
from transforms.metrics.exchange.estimate_rows import DECIMALS, figures
from transforms.rollcall_matrix import SESSION_OFFSET

BOUND = 1 / 4
"""Of the non-allies' mean of q: a smaller difference is of no account."""

LAST_SESSION_OF_FIRST_ERA = 45
END_OF_COLD_WAR = (1989, 1992)


@dataclass(frozen=True)
class Cell:
    """One estimate of co_movement."""

    tier: str = "core"
    vote_class: str = "all"
    scale: str = "share"
    design: str = "two_way"
    sample: str = "unchanged"


CELLS = tuple(
    dict.fromkeys(
        (
            *(
                Cell(*choice)
                for choice in product(
                    ("core", "atop"),
                    ("all", "unpopular"),
                    ("share", "logit"),
                    ("two_way", "state_era", "region_session"),
                    ("unchanged", "without_1989_1992"),
                )
            ),
            *(Cell(tier=tier) for tier in ("treaty", "guarantee")),
            *(Cell(design=design) for design in ("unweighted", "session_only")),
            *(Cell(sample=sample) for sample in ("changed_too", "from_1991")),
        )
    )
)


def cell_rows(
    panel: pl.DataFrame, ally_tier: pl.DataFrame, cell: Cell, *, leader: int
) -> pl.DataFrame:
    """The rows that a cell rests on, by state and session.

    Args:
        panel: `metrics.vote_predictability` of the leader, with cluster and region.
        ally_tier: `marts.ally_tier`.
        cell: The cell.
        leader: COW code.
    """
    rows = panel.filter(pl.col("vote_class") == cell.vote_class, pl.col("scale") == cell.scale)
    if cell.tier != "core":  # the panel has that of core
        rows = with_changed_status(
            rows.drop("is_ally", "is_status_unchanged"), ally_tier, leader=leader, tier=cell.tier
        )
    rows = rows.filter(pl.col("is_ally").is_not_null())
    year = pl.col("session") + SESSION_OFFSET
    kept = {
        "without_1989_1992": ~year.is_between(*END_OF_COLD_WAR),
        "from_1991": pl.col("session") > LAST_SESSION_OF_FIRST_ERA,
    }.get(cell.sample, pl.lit(True))
    if cell.sample != "changed_too":
        kept = kept & pl.col("is_status_unchanged").fill_null(False)
    return rows.filter(kept).sort("ccode", "session")


def co_movement(rows: pl.DataFrame, design: str = "two_way") -> Effect | None:
    """The effect of being an ally on q.

    Args:
        rows: ccode, session, change_product, weight, is_ally, cluster; region for `region_session`.
        design: As in the table.
    """
    unit, period = rows["ccode"].to_numpy(), rows["session"].to_numpy()
    if design == "state_era":
        unit = unit.astype(np.int64) * 2 + (period > LAST_SESSION_OF_FIRST_ERA)
    elif design == "session_only":
        unit = np.zeros(len(rows), np.int64)
    elif design == "region_session":
        period = rows.select(pl.format("{} {}", "region", "session").alias("p"))["p"].to_numpy()
    weight = rows["weight"].to_numpy()
    return two_way_effect(
        outcome=rows["change_product"].to_numpy(),
        regressor=rows["is_ally"].cast(pl.Float64).to_numpy(),
        weights=np.ones(len(rows)) if design == "unweighted" else weight,
        unit=unit,
        period=period,
        cluster=rows["cluster"].to_numpy(),
    )


def described(rows: pl.DataFrame, effect: Effect | None) -> dict[str, Any]:
    """Figures of a cell, its counts and its bound.

    Args:
        rows: As for `co_movement`.
        effect: What it found.
    """
    others = rows.filter(~pl.col("is_ally"))
    total = float(others["weight"].sum())
    mean = float((others["change_product"] * others["weight"]).sum()) / total if total else None
    return {
        **figures(effect),
        "n_states": rows["ccode"].n_unique(),
        "n_switchers": n_switchers(rows),
        "mean_others": None if mean is None else round(mean, DECIMALS),
        "equivalence_bound": round(mean * BOUND, DECIMALS) if mean and mean > 0 else None,
    }
