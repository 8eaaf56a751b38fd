"""Worlds for C2b and C2g, edition 2 (`metrics.triple_difference`): strong guarantees, small allies.

Agreement is drawn on the real rows (`agreement_panel`), with the real steps of guarantees and the
real sizes of allies when they joined. To the probability of siding with the leader on unpopular
votes is added

* C2b: .05 for any tie, and `size` for each step of the guarantee from 1 to 4;
* C2g: .05 for a core ally, and `size` for each log point by which it is smaller than the mean ally.

absent: `size` is 0. Confounded: so it is, but states that join a core alliance have moved towards
the leader on all votes by then, under a ceiling on popular ones; for C2g the smaller, the more.
Truth: `size`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    PRIMARY,
    Family,
    Scenario,
    Tables,
    present,
)
from transforms.calibration.worlds.agreement_panel import Agreement, agreement, drawn
from transforms.calibration.worlds.alliance_gaps import LEADER, GapCell, rows_of
from transforms.contingency_tables import Floats
from transforms.metrics.legitimation.gap_results import Results
from transforms.metrics.legitimation.guarantee_slopes import STEPS, Sizes, add_doses, add_sizes
from transforms.metrics.legitimation.guarantee_strength import doses_of
from transforms.metrics.legitimation.panel import Panel, panel_of
from transforms.metrics.legitimation.triple_difference import POPULAR

TIE = 0.05
SMALLER = 0.3  # of the usual drift, per log point
CELLS: tuple[GapCell, ...] = (
    ("all", POPULAR, "share"),
    ("all", "consensual", "share"),
    ("all", "contested", "share"),
    ("all", POPULAR, "logit"),
)


@dataclass(frozen=True)
class Guarantees:
    """What worlds of one claim are drawn on.

    Attributes:
        claim: C2b or C2g.
        rows: Rows of votes of all kinds.
        regions: ccode, region.
        sizes: Capabilities relative to the leader's.
        panel: The leader's states and sessions.
        doses: Dose to its values, states × sessions.
        step: Step of the guarantee, by row of votes; 0 where it is not known.
        smaller: Log points by which an ally is smaller than the mean ally, by row.
        is_ally: Whether the state is a core ally, by row.
        cells: Subset, class and scale of what is estimated.
    """

    claim: str
    rows: Agreement
    regions: pl.DataFrame
    sizes: Sizes
    panel: Panel
    doses: dict[str, Floats]
    step: Floats
    smaller: Floats
    is_ally: Floats
    cells: tuple[GapCell, ...]


def guarantees(real: Tables, *, claim: str, cells: tuple[GapCell, ...]) -> Guarantees:
    """Arranges the published tables.

    Args:
        real: The tables.
        claim: C2b or C2g.
        cells: What is estimated.
    """
    kept = (pl.col("leader") == LEADER) & (pl.col("vote_subset") == "all")
    rows = agreement(real["legitimation_gap"].filter(kept))
    regions = real["states"].group_by("ccode").agg(pl.col("region").first()).sort("ccode")
    panel = panel_of(real["hegemon_support"], real["ally_tier"], LEADER)
    doses = doses_of(panel, real["security_hierarchy"], real["obligations"])
    ccode = rows.gaps["ccode"].to_numpy().astype(np.int64)
    session = rows.gaps["session"].to_numpy()
    at, on = np.searchsorted(panel.ccodes, ccode), np.searchsorted(panel.sessions, session)
    sizes = Sizes(real["capabilities"], LEADER)
    known = rows_of(rows.gaps, regions, cells[0])
    z = dict(zip(known.ccode.tolist(), sizes.at_first(known).tolist(), strict=True))
    of_allies = [z[c] for c in np.unique(known.ccode[known.is_ally]).tolist() if np.isfinite(z[c])]
    mean = float(np.mean(of_allies))
    is_ally = rows.gaps["is_ally"].fill_null(False).cast(pl.Float64).to_numpy()
    ever = set(known.ccode[known.is_ally].tolist())
    smaller = np.array([z[c] - mean if c in ever else 0.0 for c in ccode.tolist()])
    return Guarantees(
        claim=claim,
        rows=rows,
        regions=regions,
        sizes=sizes,
        panel=panel,
        doses=doses,
        step=np.nan_to_num(doses[STEPS][at, on]),
        smaller=np.nan_to_num(smaller),
        is_ally=is_ally,
        cells=cells,
    )


def make_guarantee_gaps(scenario: Scenario, rng: np.random.Generator, on: Guarantees) -> Tables:
    """A world for the claim that it is drawn on."""
    effect = TIE * (on.step > 0) + scenario.size * on.step
    drift: Floats = np.ones(len(on.step))
    if on.claim == "C2g":
        effect = on.is_ally * (TIE + scenario.size * on.smaller)
        drift = np.maximum(1 + SMALLER * on.smaller, 0.0)
    first_of_pair = np.unique(on.rows.pair, return_index=True)[1]
    by_pair = drift[first_of_pair] * (scenario.kind == CONFOUNDED)
    gaps = drawn(on.rows, rng, effect, drift=by_pair)
    results = Results(LEADER)
    for cell in on.cells:
        rows = rows_of(gaps, on.regions, cell)
        if on.claim == "C2g":
            add_sizes(results, rows, on.sizes, cell)
        else:
            add_doses(results, rows, on.panel, on.doses, cell)
    table, scores = results.tables()
    return {"triple_difference": table, "triple_difference_score": scores}


def truths_of_guarantees(scenario: Scenario, on: Guarantees) -> Mapping[str, Mapping[str, float]]:
    """What is added by step or log point."""
    return {on.claim: {PRIMARY: scenario.size}}


READS = (
    *("metrics.legitimation_gap", "metrics.hegemon_support", "metrics.security_hierarchy"),
    *("marts.ally_tier", "core.states", "core.capabilities", "core.obligations"),
)
FAMILIES = tuple(
    Family(
        name if len(cells) > 1 else f"{name}_primary",
        (claim,),
        (Scenario(ABSENT), Scenario(CONFOUNDED), *present(*sizes)),
        make_guarantee_gaps,
        truths_of_guarantees,
        unit,
        part=0.25 if len(cells) > 1 else 1.0,
        edition=2,
        reads=READS,
        basis=partial(guarantees, claim=claim, cells=cells),
        is_primary_only=len(cells) == 1,
    )
    for name, claim, sizes, unit in (
        ("guarantee_gaps", "C2b", (0.0075, 0.015, 0.03), "share per step of the guarantee"),
        ("small_allies", "C2g", (0.013, 0.026, 0.05), "share per log point of relative size"),
    )
    for cells in (CELLS[:1], CELLS)
)
