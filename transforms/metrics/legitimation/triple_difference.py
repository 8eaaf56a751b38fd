"""`metrics.triple_difference`: do allies legitimise what is unpopular, beyond shared preference?

g_is, a state's agreement with the leader on unpopular votes minus that on control votes
(`legitimation_gap`), is compared between states and sessions, with and without a core alliance.

| regressor | for | module |
|---|---|---|
| ally | C2a; C2h on important votes | ally_designs, staggered_designs |
| ally, votes that the United States opposes | placebos of C2a | ally_designs |
| western_ally | C2f | western_non_allies |
| ally_by_size, ally_by_size_of_year, size_between_allies | C2g | guarantee_slopes |
| tier_steps, tier_steps_below_core, log_troops_per_capita | C2b | guarantee_slopes |

Estimates by weighted least squares with exact effects (`two_way_effects`), clustered by the day on
which the first core treaty came into force, a state that was never an ally alone: t with one degree
of freedom less than clusters. Scores of clusters with the null imposed are in
`metrics.triple_difference_score`, for designs that have them.

Scale: share; logit; level, Λ of the unpopular votes alone, for votes that the United States
opposes: Λ_is = δ_s + τ·Ally_is, weight n_U.

Estimates are in shares of agreement per unit of the regressor (logits on the logit scale).
"""

import numpy as np
import polars as pl

from transforms.metrics.claims.editions import SECOND_EDITION, with_leader_and_edition
from transforms.metrics.claims.leaders import leaders_with_dated_allies
from transforms.metrics.legitimation.ally_designs import (
    fixed_effects,
    path_blocks,
    permuted_paths_of,
    without_each_wave,
)
from transforms.metrics.legitimation.gap_results import Cell, Results
from transforms.metrics.legitimation.gap_rows import (
    LAST_OF_COLD_WAR,
    GapRows,
    gap_rows,
    n_roll_calls,
)
from transforms.metrics.legitimation.gap_subsets import SUBSETS, subsets_of
from transforms.metrics.legitimation.guarantee_slopes import Sizes, add_doses, add_sizes
from transforms.metrics.legitimation.guarantee_strength import doses_of
from transforms.metrics.legitimation.legitimation_gap import PLACEBO_LEADERS
from transforms.metrics.legitimation.panel import USA, panel_of
from transforms.metrics.legitimation.staggered_designs import (
    callaway_santanna,
    honest_did,
    imputation,
    stacked,
    stacked_exit,
    staggered_rows,
    sun_abraham,
)
from transforms.metrics.legitimation.western_non_allies import WesternGroup, add_western
from transforms.step_result import StepResult

TABLE = "metrics.triple_difference"
SCORES = "metrics.triple_difference_score"
SEED = 20190641

ALLY = "ally"
POPULAR = "popular"
PACT_ENTRANTS = (290, 310, 339, 355, 360)
"""Poland, Hungary, Albania, Bulgaria, Romania: members of both alliances, whose Soviet-era votes
are compared with those as allies of the United States."""

WITH_ALL_DESIGNS = ("all", "important")
WITH_SLOPES = "all"
OPPOSED = "us_opposed"


def build_triple_difference(
    *,
    legitimation_gap: pl.DataFrame,
    ally_tier: pl.DataFrame,
    states: pl.DataFrame,
    capabilities: pl.DataFrame,
    un_members: pl.DataFrame,
    hegemon_support: pl.DataFrame,
    security_hierarchy: pl.DataFrame,
    obligations: pl.DataFrame,
    western_group: pl.DataFrame,
    communist_ruled: pl.DataFrame,
) -> StepResult:
    """Estimates all designs for every leader.

    Args:
        legitimation_gap: `metrics.legitimation_gap`.
        ally_tier: `marts.ally_tier`.
        states: `core.states` (ccode, region).
        capabilities: `core.capabilities`.
        un_members: `core.un_members`.
        hegemon_support: `metrics.hegemon_support`, for its states and sessions.
        security_hierarchy: `metrics.security_hierarchy`, for troops.
        obligations: `core.obligations`.
        western_group: Hand-coded: the Western group at the United Nations.
        communist_ruled: Hand-coded: states ruled by a communist party before 1990.

    Returns:
        `metrics.triple_difference` and `metrics.triple_difference_score`. Nothing is lost.
    """
    regions = states.group_by("ccode").agg(pl.col("region").first()).sort("ccode")
    found = []
    for leader in leaders_with_dated_allies(ally_tier):
        results = Results(leader)
        panel = panel_of(hegemon_support, ally_tier, leader)
        doses = doses_of(panel, security_hierarchy, obligations)
        sizes, group = Sizes(capabilities, leader), WesternGroup(western_group)
        for subset in subsets_of(leader):
            for control in SUBSETS[subset].controls:
                results.n_roll_calls = n_roll_calls(
                    legitimation_gap, leader=leader, vote_subset=subset, control_class=control
                )
                for scale in ("share", "logit"):
                    cell = (subset, control, scale)
                    rows = gap_rows(
                        legitimation_gap,
                        regions,
                        leader=leader,
                        vote_subset=subset,
                        control_class=control,
                        scale=scale,
                    )
                    if leader != USA and results.too_few(rows):
                        # nothing that follows could be estimated
                        for regressor in (ALLY, "ally_by_size"):
                            results.add(Cell(regressor, "two_way", *cell), None, rows)
                        continue
                    add_designs(results, rows, cell)
                    if subset in WITH_ALL_DESIGNS and control == POPULAR:
                        blocks = path_blocks(
                            np.unique(rows.ccode), regions, communist_ruled, un_members
                        )
                        permuted = permuted_paths_of(rows, ally_tier, leader, blocks, SEED)
                        results.add(Cell(ALLY, "path_permutation", *cell), permuted, rows)
                        add_staggered(results, rows, cell)
                    if leader == USA:  # the group is that of its allies
                        add_western(results, rows, group, cell, SEED)
                    if subset == WITH_SLOPES:
                        add_sizes(results, rows, sizes, cell)
                        add_doses(results, rows, panel, doses, cell)
        found.append(results.tables())
    found += [placebo(legitimation_gap, regions, leader) for leader in PLACEBO_LEADERS]
    tables, scores = zip(*found, strict=True)
    made = {TABLE: pl.concat(tables), SCORES: pl.concat(scores)}
    return StepResult(
        {name: with_leader_and_edition(table, SECOND_EDITION) for name, table in made.items()}
    )


def _add(results: Results, rows: GapRows, cell: Cell) -> None:
    results.add(cell, fixed_effects(rows, cell.design), rows)


def add_designs(results: Results, rows: GapRows, cell: tuple[str, str, str]) -> None:
    """Adds two-way effects and their variants.

    Args:
        results: Estimates so far.
        rows: State-sessions.
        cell: Subset of votes, class of control votes, scale.
    """
    for design in ("two_way", "state_era", "region_session"):
        _add(results, rows, Cell(ALLY, design, *cell))
    early = rows.session <= LAST_OF_COLD_WAR
    samples = {
        "without_pact_entrants": ~np.isin(rows.ccode, PACT_ENTRANTS),
        "sessions_1_45": early,
        "sessions_46_on": ~early,
    }
    for sample, kept in samples.items():
        _add(results, rows.where(kept), Cell(ALLY, "two_way", *cell, sample))


def add_staggered(results: Results, rows: GapRows, cell: tuple[str, str, str]) -> None:
    """Adds designs of joiners, and two-way effects without each wave; arguments as above."""
    joiners = staggered_rows(rows)
    results.add(Cell(ALLY, "imputation", *cell), imputation(joiners), joiners)
    results.add(Cell(ALLY, "sun_abraham", *cell), sun_abraham(joiners), joiners)
    results.add(Cell(ALLY, "callaway_santanna", *cell), callaway_santanna(joiners), joiners)
    effect, n_entrants = stacked(joiners)
    results.add(Cell(ALLY, "stacked", *cell), effect, joiners, n_entrants)
    for m, found in honest_did(joiners).items():
        results.add(Cell(ALLY, "honest_did", *cell, f"M = {m:g}"), found, joiners, n_entrants)
    effect, n_leavers = stacked_exit(rows)
    results.add(Cell(ALLY, "stacked_exit", *cell), effect, rows, n_leavers)
    waves = {wave: (fixed_effects(part, "two_way"), part) for wave, part in without_each_wave(rows)}
    known = {wave: effect.estimate for wave, (effect, _) in waves.items() if effect is not None}
    by_size = sorted(known, key=known.__getitem__)
    named = [("without_a_wave", wave) for wave in waves]
    if by_size:
        named += [("lowest", by_size[0]), ("highest", by_size[-1])]
    for sample, wave in named:
        effect, part = waves[wave]
        results.add(Cell(ALLY, "leave_one_wave_out", *cell, sample, wave), effect, part)


def placebo(
    gaps: pl.DataFrame, regions: pl.DataFrame, leader: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Allies of the United States on votes of another leader that the United States opposes.

    Args:
        gaps: `metrics.legitimation_gap`.
        regions: State to region (ccode, region).
        leader: COW code of the other leader.
    """
    results = Results(leader)
    for scale in ("share", "logit", "level"):
        rows = gap_rows(
            gaps,
            regions,
            leader=leader,
            vote_subset=OPPOSED,
            control_class=POPULAR,
            scale=scale,
        )
        if scale == "level":
            rows = rows.where(rows.weights > 0)
        else:
            _add(results, rows, Cell(ALLY, "two_way", OPPOSED, POPULAR, scale))
        _add(results, rows, Cell(ALLY, "session", OPPOSED, POPULAR, scale))
    return results.tables()
