"""States of a world of coalitions, and the tables of their ties and covariates.

The tables are those that `metrics.coalition_model` and `metrics.coalition_contrast` read.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from transforms.calibration.scenario import ABSENT, Scenario, Tables, Values

N_STATES, N_CORE, N_RIO, N_COMPACT, N_ASPIRANT = 192, 23, 21, 3, 10
N_ATOP_MORE = 8  # allies by ATOP alone
IRAQ, SYRIA = 645, 652
REGIONS = ("americas", "europe", "sub_saharan_africa", "middle_east_north_africa", "asia_pacific")
CLOSER = 0.9  # difference of mean ideal points between allies and aspirants, and others


@dataclass(frozen=True)
class States:
    """The states of a world; the first is the hegemon.

    Attributes:
        ccodes: Codes.
        region: Number of the region.
        core: Core allies in 2003.
        treaty: Further allies by the Rio treaty.
        compact: Further allies by the Compacts.
        aspirant: Aspirants in 2003, core allies by 2014.
        former_pact: On the territory of the Warsaw Pact.
        distance: True distance of ideal points to the hegemon, mean 0.
        log_product: Log product, mean 0.
    """

    ccodes: Values
    region: Values
    core: Values
    treaty: Values
    compact: Values
    aspirant: Values
    former_pact: Values
    distance: Values
    log_product: Values


def draw_states(scenario: Scenario, rng: np.random.Generator, n: int = N_STATES) -> States:
    """Draws states with their ties; of more than `N_STATES`, every part grows alike.

    Args:
        scenario: What is true.
        rng: Random numbers.
        n: How many.
    """
    parts = np.array([N_CORE, N_RIO, N_COMPACT, N_ASPIRANT]) * n // N_STATES
    kind = np.repeat(np.arange(5), [*parts, n - int(parts.sum())])
    region = rng.integers(0, len(REGIONS), n)
    region[kind == 1] = 0
    region[kind == 3] = 1
    closer = 0.0 if scenario.kind == ABSENT else CLOSER
    distance = rng.normal(0.0, 0.7, n) - closer * np.isin(kind, (0, 3))
    taken = [c for c in range(3, n + 8) if c not in (IRAQ, SYRIA)]
    return States(
        ccodes=np.array(taken[:n]),
        region=region,
        core=kind == 0,
        treaty=kind == 1,
        compact=kind == 2,
        aspirant=kind == 3,
        former_pact=(kind == 3) & (rng.random(n) < 0.7) | (kind == 4) & (rng.random(n) < 0.06),
        distance=distance - distance.mean(),
        log_product=rng.normal(0.0, 2.0, n),
    )


def list_of(
    states: States, level: Values, coalition: str, day: date, named: Values
) -> pl.DataFrame:
    """One published list as rows of `core.coalition_support`.

    Args:
        states: The states.
        level: Level of support, per state.
        coalition: Code of the coalition.
        day: Date of the list.
        named: States on the list.
    """
    return pl.DataFrame(
        {
            "coalition": coalition,
            "ccode": states.ccodes[named].astype(np.int16),
            "as_of": day,
            "support_level": level[named].astype(np.int16),
            "is_listed": True,
        }
    )


def ties_of(states: States, rng: np.random.Generator) -> Tables:
    """Ties from 1960 (of aspirants from 2004) as treaties, obligations and yearly tiers."""
    rows = []
    tiers = {"core": states.core | states.aspirant, "treaty": states.treaty}
    for tier, held in (tiers | {"guarantee": states.compact}).items():
        for place in np.flatnonzero(held).tolist():
            begins = date(2004, 3, 29) if states.aspirant[place] else date(1960, 1, 1)
            rows.append((2, int(states.ccodes[place]), begins, None, tier))
    schema = {
        "ccode_hegemon": pl.Int16,
        "ccode": pl.Int16,
        "in_force_from": pl.Date,
        "in_force_to": pl.Date,
        "tier": pl.String,
    }
    treaties = pl.DataFrame(rows, schema=schema, orient="row")
    others = states.ccodes[~(states.core | states.treaty | states.aspirant)]
    more = rng.choice(others, N_ATOP_MORE, replace=False).astype(np.int16)
    promised = pl.concat(
        [
            treaties.filter(pl.col("tier") != "guarantee").select("ccode", "in_force_from"),
            pl.DataFrame({"ccode": more, "in_force_from": date(1960, 1, 1)}),
        ]
    )
    obligations = promised.select(
        pl.lit(2, pl.Int16).alias("ccode_from"),
        pl.col("ccode").alias("ccode_to"),
        pl.lit(2018, pl.Int16).alias("year"),
        pl.lit(1, pl.Int16).alias("defense"),
        pl.lit(None, pl.String).alias("not_owed"),
        "in_force_from",
        pl.lit(None, pl.Date).alias("in_force_to"),
    )
    return {
        "treaty_allies": treaties,
        "obligations": obligations,
        "ally_tier": _by_year(states, treaties, promised),
        "nato_aspirants": pl.DataFrame(
            {
                "ccode": states.ccodes[states.aspirant].astype(np.int16),
                "aspirant_from": "2000-05-19",
            }
        ),
    }


def _by_year(states: States, treaties: pl.DataFrame, promised: pl.DataFrame) -> pl.DataFrame:
    """Ties on any day of the years of the lists."""
    wider = {"core": ["core"], "treaty": ["core", "treaty"]}
    wider |= {"guarantee": ["core", "treaty", "guarantee"]}
    rows = []
    for year in (2003, 2014, 2016, 2017):
        began = pl.col("in_force_from").dt.year() <= year
        in_force = treaties.filter(began)
        allies = {
            tier: set(
                in_force.filter(pl.col("tier").is_in(list(names)) if names else pl.lit(True))[
                    "ccode"
                ]
            )
            for tier, names in wider.items()
        }
        allies["atop"] = set(promised.filter(began)["ccode"])
        rows += [
            (2, ccode, year, *(ccode in allies[t] for t in ("core", "treaty", "atop", "guarantee")))
            for ccode in states.ccodes.tolist()
        ]
    names = ("ccode_hegemon", "ccode", "year")
    flags = ("tier_core", "tier_treaty", "tier_atop", "tier_guarantee")
    schema = {**dict.fromkeys(names, pl.Int16), **dict.fromkeys(flags, pl.Boolean)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def covariates_of(states: States, points: Values) -> Tables:
    """States, products, ideal points of 2002 and 2013, and the Warsaw Pact, as their tables.

    Args:
        states: The states.
        points: Published ideal points, per state.
    """
    ccodes = states.ccodes.astype(np.int16)
    listed = pl.DataFrame(
        {
            "ccode": ccodes,
            "region": [REGIONS[r] for r in states.region.tolist()],
            "valid_from": date(1946, 1, 1),
            "counts_to": date(2024, 12, 31),
        }
    )
    years = pl.DataFrame({"year": pl.Series([2002, 2013], dtype=pl.Int16)})
    gdp = pl.DataFrame({"ccode": ccodes, "gdp_usd": np.exp(24 + states.log_product)})
    ideal = pl.DataFrame(
        {
            "ccode": np.append(ccodes, np.int16(2)),
            "ideal_point_published": np.append(points, points.max() + 1.0),
        }
    )
    return {
        "states": listed,
        "gdp": gdp.join(years, how="cross"),
        "ideal_points_published": ideal.join(years, how="cross"),
        "warsaw_pact_states": pl.DataFrame({"ccode": ccodes[states.former_pact]}),
    }
