"""Small made-up alliances in place of the published ones that worlds are drawn on."""

from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np
import polars as pl

from tests.transforms.calibration.small_ties import CODE, JOINED, LEADER, YEAR
from transforms.calibration.worlds.capability_asymmetry import no_major_powers, no_states
from transforms.metrics.alliances.obligation_balance import MEMBER_ITEMS, build_obligation_balance
from transforms.metrics.asymmetry.capability_asymmetry import build_capability_asymmetry

LAST = 2018
OTHER_LEADERS = tuple(range(301, 321))
PACTS_OF_A_LEADER, PACTS_AMONG_PARTNERS = 4, 120
LARGE = 20
MEMBERS_OF_LARGE = 8

Alliance = tuple[tuple[int, ...], int, int]
"""Members, first and last year."""


def _alliances() -> Iterator[Alliance]:
    rng = np.random.default_rng(1)
    for ccode, joined in JOINED.items():
        yield (LEADER, ccode), joined.year, LAST
    pairs = list(combinations(JOINED, 2))
    for k in rng.choice(len(pairs), PACTS_AMONG_PARTNERS, replace=False).tolist():
        yield pairs[k], max(JOINED[ccode].year for ccode in pairs[k]), LAST
    for leader in OTHER_LEADERS:
        for pact in range(PACTS_OF_A_LEADER):
            first = int(rng.integers(1830, 1920) if pact % 2 else rng.integers(1950, 1990))
            partner = 400 + PACTS_OF_A_LEADER * (leader - 301) + pact
            yield (leader, partner), first, first + int(rng.integers(8, 25))
    for k in range(LARGE):
        own = range(600 + MEMBERS_OF_LARGE * k, 600 + MEMBERS_OF_LARGE * (k + 1))
        yield tuple(own), 1970, 2010


ALLIANCES = tuple(_alliances())
STATES = sorted({ccode for members, _, _ in ALLIANCES for ccode in members})


def alliance_members() -> pl.DataFrame:
    """`core.alliance_members`: everybody promises defence."""
    rows = [
        {"atopid": 4000 + k, "phase": 0, "ccode": ccode, "year_from": first, "year_to": last}
        for k, (members, first, last) in enumerate(ALLIANCES)
        for ccode in members
    ]
    promises = {*MEMBER_ITEMS, "defense", "offense", "neutral", "nonagg", "consul"}
    types = {"atopid": pl.Int32, "phase": CODE, "ccode": CODE, "year_from": YEAR, "year_to": YEAR}
    return pl.DataFrame(rows, schema=types).with_columns(
        pl.lit(int(name == "defense"), CODE).alias(name) for name in sorted(promises)
    )


def obligations() -> pl.DataFrame:
    """`core.obligations`: the same by pair and year."""
    rows = [
        (a, b, 4000 + k, first, last)
        for k, (members, first, last) in enumerate(ALLIANCES)
        for a, b in permutations(members, 2)
    ]
    named = pl.DataFrame(
        rows, schema=["ccode_from", "ccode_to", "atopid", "first", "last"], orient="row"
    )
    return (
        named.with_columns(pl.int_ranges("first", pl.col("last") + 1).alias("year"))
        .explode("year")
        .select(
            pl.col("ccode_from", "ccode_to", "year").cast(CODE),
            pl.col("atopid").cast(pl.Int32),
            pl.lit(0, CODE).alias("phase"),
            pl.lit(1, CODE).alias("defense"),
            pl.lit(0, CODE).alias("offense"),
            pl.lit(True).alias("is_cow_dyad"),
            pl.lit(None, pl.String).alias("not_owed"),
        )
    )


def _state_years(*columns: str) -> pl.DataFrame:
    """Leaders are large, and the first of a large alliance is its leader."""
    rng = np.random.default_rng(2)
    leaders = {
        LEADER,
        *OTHER_LEADERS,
        *range(600, 600 + MEMBERS_OF_LARGE * LARGE, MEMBERS_OF_LARGE),
    }
    size = [5.0 if c in leaders else float(rng.uniform(0.02, 1.0)) for c in STATES]
    years = pl.DataFrame({"year": range(1816, LAST + 1)}, schema={"year": YEAR})
    own = pl.DataFrame({"ccode": STATES, "size": size}, schema={"ccode": CODE, "size": pl.Float64})
    return own.join(years, how="cross").select(
        "ccode", "year", *(pl.col("size").alias(name) for name in columns)
    )


def burden_sharing() -> pl.DataFrame:
    """`metrics.burden_sharing`: the large alliances can be measured from 1970 on."""
    large = [(4000 + k, members) for k, (members, _, _) in enumerate(ALLIANCES) if len(members) > 2]
    rows = [
        (atopid, year, members[0], 0.1)
        for atopid, members in large
        for year in range(1970, 2011, 4)
    ]
    types = {"atopid": pl.Int32, "year": YEAR, "leader_ccode": CODE, "spearman_rho": pl.Float64}
    return pl.DataFrame(rows, schema=types, orient="row")


CAPABILITIES = _state_years("cinc", "milex_thousand", "milper_thousand", "tpop_thousand")
GDP = _state_years("gdp_usd")
MEMBERS = alliance_members()
REAL = {
    "alliance_members": MEMBERS,
    "alliances": MEMBERS.select("atopid", "phase").unique().with_columns(
        is_bilateral=pl.lit(True)
    ),
    "obligations": obligations(),
    "capabilities": CAPABILITIES,
    "gdp": GDP,
    "military_expenditure": _state_years("milex_usd"),
    "burden_sharing": burden_sharing(),
    "capability_asymmetry": build_capability_asymmetry(
        alliance_members=MEMBERS,
        capabilities=CAPABILITIES,
        gdp=GDP,
        major_powers=no_major_powers(),
        states=no_states(),
    ).tables["metrics.capability_asymmetry"],
    "obligation_balance": build_obligation_balance(
        alliance_members=MEMBERS, capabilities=CAPABILITIES, major_powers=no_major_powers()
    ).tables["metrics.obligation_balance"],
}  # fmt: skip
