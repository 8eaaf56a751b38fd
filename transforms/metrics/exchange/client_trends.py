"""What is described of the client network, not tested: trends, and how often clients left.

Trends are slopes per decade of the yearly series (`metrics.client_network`), with Newey and West's
error. The rate of exits is that per client-year, with the exact interval of a Poisson rate.

Reference: Garwood 1936 (Biometrika 28: 437-442).
"""

from collections.abc import Iterator
from typing import Any

import polars as pl
from scipy.special import gammaincinv

from transforms.inference.linear_trend import linear_trend
from transforms.metrics.exchange.client_network import INDEPENDENCE, TROOPS
from transforms.metrics.exchange.estimate_rows import DECIMALS

SERIES = ("n_clients", "n_client_regions", INDEPENDENCE, TROOPS)
NONE = "none"
"""In key columns that a row has no use for."""


def key_of(leader: int, outcome: str, *, design: str, scale: str) -> dict[str, Any]:
    """The key of a row that is not of votes."""
    unused = dict.fromkeys(("vote_class", "sample"), NONE)
    return {
        "leader": leader,
        "outcome": outcome,
        "tier": "core",
        "scale": scale,
        "design": design,
        **unused,
    }


def trends_and_exits(leader: int, network: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Trends of the yearly series, and the rate of exits.

    Args:
        leader: COW code.
        network: `metrics.client_network` of the leader.
    """
    for series in SERIES:
        known = network.drop_nulls(series).sort("year")
        decades = known["year"].cast(pl.Float64).to_numpy() / 10
        trend = linear_trend(decades, known[series].cast(pl.Float64).to_numpy())
        key = key_of(leader, series, design="trend", scale="per_decade")
        if trend is None:
            yield {**key, "inference": NONE, "null_reason": "no_variation"}
            continue
        found = {name: round(value, DECIMALS) for name, value in vars(trend).items()}
        yield {**key, **found, "n": trend.n, "inference": "newey_west"}
    yield {
        **key_of(leader, "exit_rate", design="rate", scale="per_client_year"),
        **_exit_rate(int(network["n_clients_left"].sum()), int(network["n_clients"].sum())),
    }


def _exit_rate(n_exits: int, n_client_years: int) -> dict[str, Any]:
    """Exits per client-year, with the exact interval of a Poisson rate (Garwood 1936)."""
    if not n_client_years:
        return {"inference": NONE, "null_reason": "no_variation"}
    low = float(gammaincinv(n_exits, 0.025)) if n_exits else 0.0
    ends = low, float(gammaincinv(n_exits + 1, 0.975))
    low, high = (round(end / n_client_years, DECIMALS) for end in ends)
    return {
        "estimate": round(n_exits / n_client_years, DECIMALS),
        "ci_low": low,
        "ci_high": high,
        "n": n_client_years,
        "inference": "exact_poisson",
    }
