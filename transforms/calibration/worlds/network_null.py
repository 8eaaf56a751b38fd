"""Worlds for C4 (`metrics.network_null`): networks of defence pacts.

Forty-odd states in the Americas, Europe and Asia-Pacific have a propensity each; two of them are
tied with log odds of the sum of their propensities. Given how many partners everybody has, all
such networks are equally likely, which is what the null of `metrics.network_null` draws: its
truth is 0 (Park and Newman 2004). The network is drawn in 1955, and every 16 years a part of the
pairs anew. Pacts are bilateral, but those among European partners of the United States, which are
of one alliance.

* absent: the United States and the Soviet Union have high propensities, and nothing else matters;
* confounded: besides, states of Asia-Pacific have few ties, so that the partners of the United
  States there are seldom tied to each other, and the Soviet Union's partners in Europe are tied
  to each other often: spokes are lone, and the American network is more of a hub, but no more
  than numbers of partners have it;
* present: as in confounded, and two partners of the United States in Asia-Pacific are tied with
  log odds that are `size` lower.

Reference: Park and Newman 2004 (Physical Review E 70: 066117) on what fixes only degrees.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    PRESENT,
    Family,
    Scenario,
    Tables,
    Values,
    present,
)
from transforms.coverage import Coverage
from transforms.metrics.networks.alliance_network import TABLE as NETWORK
from transforms.metrics.networks.alliance_network import build_alliance_network
from transforms.metrics.networks.network_null import TABLE as NULL
from transforms.metrics.networks.network_null import build_network_null, rewire_graphs
from transforms.metrics.security_hierarchy import TABLE as HIERARCHY
from transforms.metrics.security_hierarchy import build_security_hierarchy
from transforms.metrics.system_members import COVERED_BY

USA, RUSSIA = 2, 365
AMERICAS, EUROPE, ASIA = "americas", "europe", "asia_pacific"
N_OF_REGION = {AMERICAS: 6, EUROPE: 14, ASIA: 18}
POWERS = {USA: AMERICAS, 200: EUROPE, 220: EUROPE, RUSSIA: EUROPE}
EPOCHS = (1955, 1956, 1957, 1958)
"""Years in which the tables are built; each then stands for `YEARS_OF_EPOCH` years."""

YEARS_OF_EPOCH = 16
REDRAWN = 0.25
HUB_PROPENSITY = {USA: 2.0, RUSSIA: 1.6}
PROPENSITY, PROPENSITY_SD = -0.5, 0.5
FEWER_IN_ASIA, DENSER_IN_EUROPE = 0.6, 1.5
COMMON_ATOPID = 1


def make_hubs(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C4."""
    states = _states()
    ties = _ties(scenario, states, rng)
    obligations, alliances = _promises(states, ties)
    covered = Coverage(date(EPOCHS[0], 1, 1), date(EPOCHS[-1], 12, 31))
    read: dict[str, Any] = {"obligations": obligations, "alliances": alliances, "states": states}
    read["coverage"] = dict.fromkeys(COVERED_BY, covered)
    chunks = rewire_graphs(chunk=0, n_chunks=1, **read)
    made = {
        "network_null": build_network_null(**read, chunks=chunks).tables[NULL],
        "alliance_network": build_alliance_network(**read).tables[NETWORK],
        "security_hierarchy": build_security_hierarchy(
            us_troops=pl.DataFrame(schema=_TROOPS),
            capabilities=pl.DataFrame(schema=_PEOPLE),
            obligations=obligations,
            states=states,
            wartime_deployments=pl.DataFrame(schema=_DEPLOYMENTS),
        ).tables[HIERARCHY],
    }
    return {name: _over_years(table) for name, table in made.items()}


def _states() -> pl.DataFrame:
    ccodes, regions = list(POWERS), list(POWERS.values())
    for place, (region, n) in enumerate(N_OF_REGION.items()):
        ccodes += range(1000 + 100 * place, 1000 + 100 * place + n)
        regions += [region] * n
    return pl.DataFrame(
        {
            "ccode": pl.Series(ccodes, dtype=pl.Int16),
            "region": regions,
            "valid_from": date(EPOCHS[0], 1, 1),
            "counts_to": date(EPOCHS[-1], 12, 31),
        }
    ).sort("ccode")


def _ties(scenario: Scenario, states: pl.DataFrame, rng: np.random.Generator) -> list[Values]:
    """Who is tied to whom, by epoch; symmetric."""
    n = states.height
    ccodes, region = states["ccode"].to_numpy(), states["region"].to_numpy()
    own = rng.normal(PROPENSITY, PROPENSITY_SD, n)
    for hub, propensity in HUB_PROPENSITY.items():
        own[ccodes == hub] = propensity
    log_odds = own[:, None] + own[None, :]
    in_asia, in_europe = ((region == name)[:, None] & (region == name) for name in (ASIA, EUROPE))
    if scenario.kind != ABSENT:
        log_odds = log_odds - FEWER_IN_ASIA * in_asia + DENSER_IN_EUROPE * in_europe
    chance, toss = rng.random((len(EPOCHS), n, n)), rng.random((len(EPOCHS), n, n))
    usa = int(np.flatnonzero(ccodes == USA)[0])
    found, drawn = [], chance[0]
    for epoch in range(len(EPOCHS)):
        drawn = np.where((toss[epoch] < REDRAWN) & (epoch > 0), chance[epoch], drawn)
        odds = np.exp(log_odds)
        spoke = _symmetric(drawn < odds / (1 + odds))[usa]
        if scenario.kind == PRESENT:
            odds = odds * np.exp(-scenario.size * (in_asia & spoke[:, None] & spoke))
        found.append(_symmetric(drawn < odds / (1 + odds)))
    return found


def _symmetric(square: Values) -> Values:
    upper = np.triu(square, 1)
    return np.asarray(upper | upper.T)


def _promises(states: pl.DataFrame, ties: list[Values]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`core.obligations` and `core.alliances`: a pact per tie, or the common one in Europe."""
    n, ccodes = states.height, states["ccode"].to_numpy()
    in_europe = states["region"].to_numpy() == EUROPE
    usa = int(np.flatnonzero(ccodes == USA)[0])
    blocks = []
    for year, tied in zip(EPOCHS, ties, strict=True):
        i, j = np.nonzero(tied)
        common = (tied[usa] & in_europe) | (np.arange(n) == usa)
        pact = 10 + np.minimum(i, j) * n + np.maximum(i, j)
        blocks.append(
            pl.DataFrame(
                {
                    "ccode_from": ccodes[i],
                    "ccode_to": ccodes[j],
                    "year": np.full(len(i), year, np.int16),
                    "atopid": np.where(common[i] & common[j], COMMON_ATOPID, pact).astype(np.int32),
                }
            )
        )
    obligations = pl.concat(blocks).with_columns(
        pl.lit(0, pl.Int16).alias("phase"),
        pl.lit(1, pl.Int16).alias("defense"),
        pl.lit(True).alias("is_cow_dyad"),
        pl.lit(None, pl.String).alias("not_owed"),
    )
    alliances = (
        obligations.select("atopid", "phase")
        .unique()
        .sort("atopid")
        .with_columns(is_bilateral=pl.col("atopid") != COMMON_ATOPID)
    )
    return obligations, alliances


def _over_years(table: pl.DataFrame) -> pl.DataFrame:
    """The rows of an epoch's year in each of the years that it stands for."""
    first = EPOCHS[0] + (pl.col("year").cast(pl.Int32) - EPOCHS[0]) * YEARS_OF_EPOCH
    years = pl.int_ranges(first, first + YEARS_OF_EPOCH)
    return table.with_columns(years.alias("year")).explode("year").cast({"year": pl.Int16})


_TROOPS = {
    **dict.fromkeys(("ccode_from", "ccode_to", "year"), pl.Int16),
    "troops_persons": pl.Float64,
}
_PEOPLE = {"ccode": pl.Int16, "year": pl.Int16, "tpop_thousand": pl.Float64}
_DEPLOYMENTS = {
    "ccode_from": pl.String,
    "ccode_to": pl.String,
    "year_from": pl.String,
    "year_to": pl.String,
}


def truths_of_hubs(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """Against chance 0 without the effect: in Asia-Pacific, and where no region matters in all."""
    if scenario.size:
        return {}
    windows = ("1955-1991", "1955-2018", "1992-2018")
    graphs = (ASIA, "all") if scenario.kind == ABSENT else (ASIA,)
    names = [
        f"configuration_model: hubness, United States, {g}, {w}" for g in graphs for w in windows
    ]
    return {"C4": dict.fromkeys(names, 0.0)}


FAMILIES = (
    Family(
        "hubs",
        ("C4",),
        (Scenario(ABSENT), Scenario(CONFOUNDED), *present(0.5, 1.0, 2.0, 4.0)),
        make_hubs,
        truths_of_hubs,
        "log odds by which partners in Asia-Pacific are tied less",
        part=0.25,
    ),
)
