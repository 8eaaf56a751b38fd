"""Designs of the triple difference: what being an ally changes in g.

| design | comparison |
|---|---|
| two_way | g_is = α_i + δ_s + τ·Ally_is |
| state_era | effects of states before and since 1991: votes of two eras are not compared |
| region_session | effects of sessions by region |
| session | effects of sessions alone: between states |
| leave_one_wave_out | two_way without each wave of accession; `lowest` and `highest` of them |
| path_permutation | two_way, whole paths permuted among states that are alike |
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from transforms.inference.path_permutation import PermutedEffect, permuted_path_effect
from transforms.inference.two_way_effects import Effect, Floats, Labels, two_way_effect
from transforms.metrics.legitimation.gap_rows import GapRows
from transforms.metrics.legitimation.panel import status_of

N_PERMUTATIONS = 1999
OF_A_STATE = "state "
LAST_DAYS_OF_ENTRY = ("1959-12-31", "1989-12-31")


def fixed_effects(
    rows: GapRows,
    design: str,
    regressor: Floats | None = None,
    controls: Floats | None = None,
) -> Effect | None:
    """One design with effects of states and sessions.

    Args:
        rows: State-sessions.
        design: two_way, state_era, region_session or session.
        regressor: Whose coefficient is estimated; ally status without it.
        controls: Further regressors, rows × columns.
    """
    units: dict[str, Labels] = {
        "state_era": rows.state_era,
        "session": np.zeros(len(rows.ccode), np.int64),
    }
    return two_way_effect(
        outcome=rows.outcome,
        regressor=rows.is_ally.astype(np.float64) if regressor is None else regressor,
        weights=rows.weights,
        unit=units.get(design, rows.ccode),
        period=rows.region_session if design == "region_session" else rows.session,
        cluster=rows.cluster,
        controls=controls,
    )


def without_each_wave(rows: GapRows) -> Iterator[tuple[str, GapRows]]:
    """Wave of accession to the rows without it."""
    for wave in np.unique(rows.cluster).tolist():
        if not wave.startswith(OF_A_STATE):
            yield wave, rows.where(rows.cluster != wave)


def path_blocks(
    ccodes: Labels, regions: pl.DataFrame, communist_ruled: pl.DataFrame, un_members: pl.DataFrame
) -> Labels:
    """Block of each state: region, ruled by a communist party before 1990, entry into the UN.

    Args:
        ccodes: States.
        regions: ccode, region.
        communist_ruled: The hand-coded list.
        un_members: `core.un_members` (ccode, valid_from).
    """
    region = dict(regions.iter_rows())
    ruled = set(communist_ruled["ccode"].cast(pl.Int64).to_list())
    entry = dict(
        un_members.group_by("ccode").agg(pl.col("valid_from").min().cast(pl.String)).iter_rows()
    )
    names = [
        f"{region.get(ccode)} {ccode in ruled} {_entry_class(entry.get(ccode))}"
        for ccode in ccodes.tolist()
    ]
    return np.unique(names, return_inverse=True)[1]


def _entry_class(day: str | None) -> int:
    """0 before 1960, 1 before 1990, 2 later, 3 not known."""
    if day is None:
        return 3
    return int(np.searchsorted(LAST_DAYS_OF_ENTRY, day))


def permuted_paths_of(
    rows: GapRows, ally_tier: pl.DataFrame, leader: int, blocks: Labels, seed: int
) -> PermutedEffect | None:
    """The two-way effect, tested by permuting paths.

    Args:
        rows: State-sessions.
        ally_tier: `marts.ally_tier`: a state has a path where it has no row too.
        leader: COW code.
        blocks: Block of each state, in the order of the states' codes.
        seed: Seed of the permutations.
    """
    ccodes, unit = np.unique(rows.ccode, return_inverse=True)
    sessions, period = np.unique(rows.session, return_inverse=True)
    if not len(ccodes):
        return None
    paths = status_of(ally_tier, leader, "core", ccodes.astype(np.int16), sessions.astype(np.int16))
    waves = np.unique(rows.cluster, return_inverse=True)[1]
    cluster = waves[np.searchsorted(unit, np.arange(len(ccodes)), sorter=np.argsort(unit))]
    return permuted_path_effect(
        outcome=rows.outcome,
        weights=rows.weights,
        unit=unit,
        period=period,
        paths=paths == 1,
        cluster=cluster,
        blocks=blocks,
        n_permutations=N_PERMUTATIONS,
        rng=np.random.default_rng([seed, leader]),
    )
