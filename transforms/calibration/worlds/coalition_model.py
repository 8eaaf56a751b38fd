"""Worlds of two coalitions: who supported the war in Iraq, and who the fight against ISIS.

Support is drawn from a logit on being an ally, aspiring to be one, distance of ideal points to
the United States, log product and former membership of the Warsaw Pact. As many states are
allies, parties of the Rio treaty, Compact states and aspirants as in 2003; the aspirants are
allies by 2014. What is published of ideal points has an error of its own.

* absent: neither ally nor aspirant matters, and allies are no closer to the United States;
* confounded: they are much closer, and support depends on the distance, more so in the unpopular
  cause; alliance does nothing;
* present, by default: allies are closer, and alliance adds `size` to the log odds of supporting
  the war in Iraq, and half of it to those against ISIS;
* present, variant `equal`: it adds `size` to both, so that C2c and C2d are true and C2e is not;
* present, variant `aspirants`: it adds `size` to the aspirants' and half of it to the allies'
  support of the war: a prospective guarantee, so that C2c does not hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

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
)
from transforms.metrics.coalitions.coalition_contrast import TABLE as CONTRAST
from transforms.metrics.coalitions.coalition_contrast import build_coalition_contrast
from transforms.metrics.coalitions.coalition_model import TABLE as MODEL
from transforms.metrics.coalitions.coalition_model import build_coalition_model

N_STATES, N_CORE, N_RIO, N_COMPACT, N_ASPIRANT = 192, 23, 21, 3, 10
N_ATOP_MORE = 8  # allies by ATOP alone
IRAQ, SYRIA = 645, 652
REGIONS = ("americas", "europe", "sub_saharan_africa", "middle_east_north_africa", "asia_pacific")
POINT_ERROR = 0.1
CLOSER = 0.9  # how much closer the ideal points of allies and aspirants are, in units of them

ISIS_DATES = (date(2014, 12, 31), date(2016, 1, 31), date(2017, 12, 31))
IRAQ_DATE = date(2003, 3, 27)


@dataclass(frozen=True)
class Cause:
    """Log odds of support: at the mean, per unit of distance, of log product, of ties."""

    base: float
    distance: float
    product: float
    ally: float
    aspirant: float


def causes(scenario: Scenario) -> tuple[Cause, Cause]:
    """What moves support for the war in Iraq, and against ISIS."""
    if scenario.kind == ABSENT:
        return Cause(-1.3, 0.0, 0.2, 0.0, 0.0), Cause(-1.0, 0.0, 0.3, 0.0, 0.0)
    if scenario.kind == CONFOUNDED:
        return Cause(-1.3, -1.5, 0.2, 0.0, 0.0), Cause(-1.0, -0.75, 0.3, 0.0, 0.0)
    size, half = scenario.size, scenario.size / 2
    if scenario.variant == "equal":
        return Cause(-1.5, -0.5, 0.2, size, 0.0), Cause(-1.2, -0.5, 0.3, size, 0.0)
    if scenario.variant == "aspirants":
        return Cause(-1.5, -0.5, 0.2, half, size), Cause(-1.2, -0.5, 0.3, half, 0.0)
    return Cause(-1.5, -0.5, 0.2, size, 0.0), Cause(-1.2, -0.5, 0.3, half, 0.0)


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


def probability(states: States, cause: Cause, *, by_2014: bool) -> Values:
    """Probability of support, per state.

    Args:
        states: The states.
        cause: What moves them.
        by_2014: Aspirants are allies.
    """
    ally = states.core | (states.aspirant & by_2014)
    log_odds = (
        cause.base
        + cause.distance * states.distance
        + cause.product * states.log_product
        + cause.ally * ally
        + cause.aspirant * (states.aspirant & (not by_2014))
    )
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def make_coalitions(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C2c, C2d and C2e."""
    states = draw_states(scenario, rng)
    points = 2.0 - (2.0 + states.distance) + rng.normal(0.0, POINT_ERROR, N_STATES)
    iraq, isis = causes(scenario)
    in_iraq = rng.random(N_STATES) < probability(states, iraq, by_2014=False)
    u = rng.random(N_STATES)
    in_isis = u < probability(states, isis, by_2014=True)
    level = 1 + rng.binomial(3, 0.35, N_STATES)
    late = [in_isis | (rng.random(N_STATES) < part) for part in (0.0, 0.05, 0.10)]
    support = [("iraq_2003", IRAQ_DATE, in_iraq)]
    support += [("daesh", day, joined) for day, joined in zip(ISIS_DATES, late, strict=True)]
    tables = {
        "coalition_support": pl.concat(
            _list(states, level, coalition, day, named) for coalition, day, named in support
        ),
        **_ties(states, rng),
        **_covariates(states, points),
    }
    model = build_coalition_model(**tables).tables[MODEL]
    read = ("coalition_support", "states", "treaty_allies", "obligations", "ally_tier")
    contrast = build_coalition_contrast(
        **{name: tables[name] for name in (*read, "nato_aspirants")}
    ).tables[CONTRAST]
    return {"coalition_model": model, "coalition_contrast": contrast}


def _list(states: States, level: Values, coalition: str, day: date, named: Values) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "coalition": coalition,
            "ccode": states.ccodes[named].astype(np.int16),
            "as_of": day,
            "support_level": level[named].astype(np.int16),
            "is_listed": True,
        }
    )


def _ties(states: States, rng: np.random.Generator) -> Tables:
    """Treaties in force from 1960, or for aspirants from 2004; the same as promises and by year."""
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


def _covariates(states: States, points: Values) -> Tables:
    ccodes = states.ccodes.astype(np.int16)
    listed = pl.DataFrame(
        {
            "ccode": ccodes,
            "region": [REGIONS[r] for r in states.region.tolist()],
            "valid_from": date(1946, 1, 1),
            "valid_to": date(2024, 12, 31),
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


def truths_of_coalitions(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """The logit's own coefficient, and odds ratios in a population of 400 times as many states."""
    iraq, isis = causes(scenario)
    rng = np.random.default_rng(0)
    many = draw_states(scenario, rng, 400 * N_STATES)
    found: dict[str, dict[str, float]] = {}
    raw = {}
    for claim, cause, name, late in (
        ("C2c", iraq, "iraq_2003 2003-03-27", False),
        ("C2d", isis, "daesh 2014-12-31", True),
    ):
        p = probability(many, cause, by_2014=late)
        ally = many.core | (many.aspirant & late)
        neither = ~ally & ~(many.aspirant & (not late))
        of = f"{name}, core, in_force_on_date, as_published"
        raw[claim] = _log_odds(p[ally]) - _log_odds(p[neither])
        everyone = _log_odds(p[ally]) - _log_odds(p[~ally])
        found[claim] = {
            f"firth_covariates: {of}": cause.ally,
            f"firth_aspirant: {of}": raw[claim],
            f"firth_bivariate: {of}": everyone,
            f"fisher: {of}": everyone,
        }
    contrast = "iraq_2003 minus daesh 2014-12-31, core, in_force_on_date"
    found["C2e"] = {f"firth_aspirant: {contrast}": raw["C2c"] - raw["C2d"]}
    return found


def _log_odds(p: Values) -> float:
    share = float(p.mean())
    return float(np.log(share / (1 - share)))


BOTH = frozenset({"C2c", "C2d"})
FAMILIES = (
    Family(
        "coalitions",
        ("C2c", "C2d", "C2e"),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED),
            *(Scenario(PRESENT, size) for size in (1.0, 2.0, 3.0, 4.0)),
            Scenario(PRESENT, 2.0, "equal", BOTH),
            Scenario(PRESENT, 3.0, "aspirants", frozenset({"C2d"})),
        ),
        make_coalitions,
        truths_of_coalitions,
        "log odds ratio of allies in the war in Iraq",
        part=0.15,
    ),
)
