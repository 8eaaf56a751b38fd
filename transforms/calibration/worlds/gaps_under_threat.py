"""Worlds for C9, edition 2 (`metrics.exchange_under_threat`): does the effect survive threat?

Agreement is drawn on the real rows (`agreement_panel`), with the real threats of the year before
(`metrics.external_threat`), regimes (`core.regimes`) and trade (`core.trade`). Being an ally adds
`size` to the probability of siding with the leader on unpopular votes.

* absent: nothing is added;
* confounded, `balancing`: threat adds .6 per unit (about .05 for one standard deviation within a
  state), whoever feels it, and the alliance nothing;
* confounded, `drift`: states that join have moved towards the leader on all votes by then, under a
  ceiling on popular ones;
* present: `size` is added, and threat adds .3 per unit.

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
    PRESENT,
    PRIMARY,
    Family,
    Scenario,
    Tables,
    present,
)
from transforms.calibration.worlds.agreement_panel import Agreement, agreement, drawn
from transforms.calibration.worlds.alliance_gaps import DRIFT, LEADER
from transforms.contingency_tables import Floats
from transforms.metrics.exchange.before_treatment import with_covariates
from transforms.metrics.exchange.estimate_rows import SCORE, SCORE_KEY, table_of
from transforms.metrics.exchange.exchange_under_threat import (
    KEY,
    PAIRS,
    VALUES,
    Pair,
    estimates_of_pair,
)
from transforms.rollcall_matrix import SESSION_OFFSET

BALANCING = "balancing"
OF_THREAT = {BALANCING: 0.6, "": 0.3}


@dataclass(frozen=True)
class Threats:
    """What the worlds are drawn on.

    Attributes:
        rows: Rows of votes of all kinds, with regime and trade before the alliance.
        threat: `metrics.external_threat` of the leader.
        felt: Threat of the year before, less its mean, by row; 0 where it is not known.
        is_ally: Whether the state is a core ally, by row.
        pairs: Regressions that are made.
    """

    rows: Agreement
    threat: pl.DataFrame
    felt: Floats
    is_ally: Floats
    pairs: tuple[Pair, ...]


def threats(real: Tables, *, pairs: tuple[Pair, ...]) -> Threats:
    """Arranges the published tables.

    Args:
        real: The tables.
        pairs: Regressions that are made.
    """
    kept = (pl.col("leader") == LEADER) & (pl.col("vote_subset") == "all")
    gaps = with_covariates(
        real["legitimation_gap"].filter(kept),
        real["regimes"],
        real["trade"],
        real["ally_tier"],
        leader=LEADER,
    )
    rows = agreement(gaps)
    threat = real["external_threat"].filter(pl.col("ccode_hegemon") == LEADER)
    before = threat.select(
        "ccode",
        (pl.col("year") + 1 - SESSION_OFFSET).cast(pl.Int16).alias("session"),
        (pl.col("external_threat") - pl.col("external_threat").mean()).alias("felt"),
    )
    felt = rows.gaps.join(before, on=["ccode", "session"], how="left", maintain_order="left")
    return Threats(
        rows=rows,
        threat=threat,
        felt=felt["felt"].fill_null(0.0).to_numpy(),
        is_ally=rows.gaps["is_ally"].fill_null(False).cast(pl.Float64).to_numpy(),
        pairs=pairs,
    )


def make_gaps_under_threat(scenario: Scenario, rng: np.random.Generator, on: Threats) -> Tables:
    """A world for C9."""
    has_threat = scenario.variant == BALANCING or scenario.kind == PRESENT
    effect = scenario.size * on.is_ally
    if has_threat:
        effect = effect + OF_THREAT[scenario.variant] * on.felt
    gaps = drawn(on.rows, rng, effect, drift=float(scenario.variant == DRIFT))
    panel = gaps.filter(pl.col("null_reason").is_null(), pl.col("is_ally").is_not_null())
    found = [estimates_of_pair(panel, on.threat, pair, LEADER) for pair in on.pairs]
    rows = [row for of_pair, _ in found for row in of_pair]
    scores = [row for _, of_pair in found for row in of_pair]
    return {
        "exchange_under_threat": table_of(rows, KEY, VALUES),
        "exchange_under_threat_score": table_of(scores, {**KEY, **SCORE_KEY}, SCORE),
    }


def truths_under_threat(scenario: Scenario, _: Threats) -> Mapping[str, Mapping[str, float]]:
    """What the alliance adds."""
    return {"C9": {PRIMARY: scenario.size}}


FAMILIES = tuple(
    Family(
        name,
        ("C9",),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED, variant=BALANCING),
            Scenario(CONFOUNDED, variant=DRIFT),
            *present(0.03, 0.06, 0.12),
        ),
        make_gaps_under_threat,
        truths_under_threat,
        "share of unpopular votes by which an ally agrees more",
        part=part,
        edition=2,
        reads=(
            *("metrics.legitimation_gap", "metrics.external_threat", "marts.ally_tier"),
            *("core.regimes", "core.trade"),
        ),
        basis=partial(threats, pairs=pairs),
        is_primary_only=len(pairs) == 1,
    )
    for name, part, pairs in (
        ("gaps_under_threat_primary", 1.0, (Pair(),)),
        ("gaps_under_threat", 0.2, PAIRS),
    )
)
