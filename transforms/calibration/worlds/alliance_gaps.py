"""Worlds for C2a, C2h and C2f, edition 2 (`metrics.triple_difference`): what an alliance changes.

Agreement is drawn on the real rows (`agreement_panel`). Being an ally adds `size` to the
probability of siding with the leader on unpopular votes, of whatever subset; on votes of the United
Kingdom and France that the United States opposes it adds nothing.

* absent: nothing is added; allies and neutral states share the leader's preferences;
* confounded, `drift` (C2a, C2h): states that join have moved towards the leader on all votes by
  then. Since they meet a ceiling on popular votes, the gap grows, though nothing is supplied;
* confounded, `drift without a ceiling`: the same, where there is none;
* confounded, `neutrality` (C2f): the five neutral states of the West have something in common on
  unpopular votes (standard deviation .7 log odds), for or against the leader;
* present: `size` is added.

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
    Values,
    present,
)
from transforms.calibration.worlds.agreement_panel import Agreement, agreement, drawn
from transforms.metrics.claims.leaders import PAPER_LEADER
from transforms.metrics.legitimation.ally_designs import (
    fixed_effects,
    path_blocks,
    permuted_paths_of,
)
from transforms.metrics.legitimation.gap_results import Cell, Results
from transforms.metrics.legitimation.gap_rows import GapRows, gap_rows
from transforms.metrics.legitimation.gap_subsets import SUBSETS
from transforms.metrics.legitimation.legitimation_gap import PLACEBO_LEADERS
from transforms.metrics.legitimation.triple_difference import (
    ALLY,
    OPPOSED,
    POPULAR,
    SEED,
    add_designs,
    add_staggered,
    placebo,
)
from transforms.metrics.legitimation.western_non_allies import (
    NEVER_ALLY,
    REGRESSOR,
    WesternGroup,
    add_western,
    between,
)

LEADER = PAPER_LEADER
DRIFT, WITHOUT_CEILING, NEUTRALITY = "drift", "drift without a ceiling", "neutrality"
TRADITION_SD = 0.7
WESTERN = "western"
SUBSETS_OF = {
    "C2a": ("all", "hegemon_specific"),
    "C2h": ("important", "important_unpopular"),
    "C2f": ("all", "hegemon_specific", "important"),
}
GapCell = tuple[str, str, str]


@dataclass(frozen=True)
class Allies:
    """What worlds of one claim are drawn on.

    Attributes:
        claim: The claim.
        panel: Its rows.
        regions: ccode, region.
        group: The Western group.
        ally_tier: `marts.ally_tier`.
        communist_ruled: The list.
        un_members: `core.un_members`.
        is_primary_only: Whether the primary alone is estimated.
    """

    claim: str
    panel: Agreement
    regions: pl.DataFrame
    group: WesternGroup
    ally_tier: pl.DataFrame
    communist_ruled: pl.DataFrame
    un_members: pl.DataFrame
    is_primary_only: bool


def allies(real: Tables, *, claim: str, is_primary_only: bool) -> Allies:
    """Arranges the published tables.

    Args:
        real: The tables and lists.
        claim: The claim.
        is_primary_only: Whether the primary alone is estimated.
    """
    subsets = SUBSETS_OF[claim][:1] if is_primary_only else SUBSETS_OF[claim]
    kept = pl.col("vote_subset").is_in(subsets) & (pl.col("leader") == LEADER)
    if claim == "C2a" and not is_primary_only:
        kept = kept | pl.col("leader").is_in(PLACEBO_LEADERS) & (pl.col("vote_subset") == OPPOSED)
    never = real["western_group"].filter(pl.col("kind") == NEVER_ALLY)["ccode"].cast(pl.Int64)
    return Allies(
        claim=claim,
        panel=agreement(real["legitimation_gap"].filter(kept), never.to_list()),
        regions=real["states"].group_by("ccode").agg(pl.col("region").first()).sort("ccode"),
        group=WesternGroup(real["western_group"]),
        ally_tier=real["ally_tier"],
        communist_ruled=real["communist_ruled"],
        un_members=real["un_members"],
        is_primary_only=is_primary_only,
    )


def make_gaps(scenario: Scenario, rng: np.random.Generator, on: Allies) -> Tables:
    """A world for the claim that it is drawn on."""
    gaps = on.panel.gaps
    is_ally = gaps["is_ally"].fill_null(False).to_numpy() & (gaps["leader"] == LEADER).to_numpy()
    found = drawn(
        on.panel,
        rng,
        scenario.size * is_ally,
        drift=float(scenario.variant in {DRIFT, WITHOUT_CEILING}),
        has_ceiling=scenario.variant != WITHOUT_CEILING,
        tradition=TRADITION_SD * float(rng.normal()) * (scenario.variant == NEUTRALITY),
    )
    results = Results(LEADER)
    others = []
    if on.is_primary_only:
        _add_primary(results, found, on)
    else:
        for subset in SUBSETS_OF[on.claim]:
            for control in SUBSETS[subset].controls:
                for scale in ("share", "logit"):
                    _add(results, found, on, (subset, control, scale))
        if on.claim == "C2a":
            others = [placebo(found, on.regions, leader) for leader in PLACEBO_LEADERS]
    tables, scores = zip(results.tables(), *others, strict=True)
    return {
        "triple_difference": pl.concat(tables),
        "triple_difference_score": pl.concat(scores),
    }


def rows_of(gaps: pl.DataFrame, regions: pl.DataFrame, cell: GapCell) -> GapRows:
    """State-sessions of one subset, class and scale.

    Args:
        gaps: Drawn rows.
        regions: ccode, region.
        cell: The three.
    """
    subset, control, scale = cell
    return gap_rows(
        gaps, regions, leader=LEADER, vote_subset=subset, control_class=control, scale=scale
    )


def _add_primary(results: Results, gaps: pl.DataFrame, on: Allies) -> None:
    cell = (SUBSETS_OF[on.claim][0], POPULAR, "share")
    rows = rows_of(gaps, on.regions, cell)
    if on.claim != "C2f":
        results.add(Cell(ALLY, "two_way", *cell), fixed_effects(rows, "two_way"), rows)
        return
    part = on.group.samples(rows)[WESTERN]
    found = between(part, SEED)
    n_labelled = 0 if found is None else found.n_labelled
    results.add(Cell(REGRESSOR, "session", *cell, WESTERN), found, part, n_labelled)


def _add(results: Results, gaps: pl.DataFrame, on: Allies, cell: GapCell) -> None:
    """Adds what the claim reads of one subset, class and scale."""
    rows = rows_of(gaps, on.regions, cell)
    if on.claim == "C2f":
        add_western(results, rows, on.group, cell, SEED)
        return
    add_designs(results, rows, cell)
    if cell == (SUBSETS_OF[on.claim][0], POPULAR, "share"):
        add_staggered(results, rows, cell)
        ccodes: Values = np.unique(rows.ccode)
        blocks = path_blocks(ccodes, on.regions, on.communist_ruled, on.un_members)
        permuted = permuted_paths_of(rows, on.ally_tier, LEADER, blocks, SEED)
        results.add(Cell(ALLY, "path_permutation", *cell), permuted, rows)


def truths_of_gaps(scenario: Scenario, on: Allies) -> Mapping[str, Mapping[str, float]]:
    """What is added."""
    return {on.claim: {PRIMARY: scenario.size}}


READS = (
    *("metrics.legitimation_gap", "marts.ally_tier"),
    *("core.states", "core.un_members"),
)
SIZES, BETWEEN_SIZES = present(0.03, 0.06, 0.12), present(0.06, 0.12, 0.24)
DRIFTING = tuple(Scenario(CONFOUNDED, variant=name) for name in (DRIFT, WITHOUT_CEILING))
FAMILIES = tuple(
    Family(
        name if not is_primary_only else f"{name}_primary",
        (claim,),
        (Scenario(ABSENT), *confounded, *(BETWEEN_SIZES if claim == "C2f" else SIZES)),
        make_gaps,
        truths_of_gaps,
        "share of unpopular votes by which an ally agrees more",
        part=1.0 if is_primary_only else part,
        edition=2,
        reads=READS,
        references=("western_group", "communist_ruled"),
        basis=partial(allies, claim=claim, is_primary_only=is_primary_only),
        is_primary_only=is_primary_only,
    )
    for name, claim, confounded, part in (
        ("gaps", "C2a", DRIFTING, 0.3),
        ("important_gaps", "C2h", DRIFTING, 0.25),
        ("western_gaps", "C2f", (Scenario(CONFOUNDED, variant=NEUTRALITY),), 0.25),
    )
    for is_primary_only in (True, False)
)
