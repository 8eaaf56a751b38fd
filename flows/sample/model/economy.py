"""Population, output, military figures of the simulated world.

Paths through two known points per state (`sample_states.csv`), with noise; they have the orders of
magnitude of the real series and none of their values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from flows.sample.model.ideal_points import Floats, World
from flows.sample.model.states import HEGEMON, State

FIRST_YEAR, LAST_YEAR = 1816, 2024
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)

POPULATION_GROWTH_BEFORE_1950 = {HEGEMON: 0.0215}
INCOME_GROWTH_BEFORE_1960 = 0.015
RUSSIA_AND_USSR_M = {1816: 45, 1913: 160, 1950: 180, 1991: 290, 1992: 148, 2024: 144}
"""Population of code 365 in millions: empire, union and federation are one state."""

ARMS_SHARES: dict[str, dict[int, float]] = {
    "hegemon": {
        1816: 0.01,
        1938: 0.015,
        1944: 0.35,
        1948: 0.05,
        1953: 0.12,
        1985: 0.06,
        2024: 0.034,
    },
    "west": {1816: 0.03, 1938: 0.06, 1943: 0.20, 1948: 0.05, 1985: 0.028, 2000: 0.017, 2024: 0.019},
    "soviet": {1816: 0.04, 1938: 0.10, 1943: 0.45, 1948: 0.18, 1988: 0.15, 1994: 0.04, 2024: 0.05},
    "east": {1816: 0.03, 1938: 0.06, 1948: 0.05, 1988: 0.05, 1995: 0.02, 2024: 0.022},
    "israel": {1948: 0.10, 1975: 0.22, 2000: 0.06, 2024: 0.055},
    "arab": {1816: 0.03, 1948: 0.05, 1980: 0.09, 2024: 0.045},
    "china": {1816: 0.02, 1950: 0.09, 1980: 0.05, 2000: 0.02, 2024: 0.018},
    "asia_ally": {1816: 0.02, 1950: 0.05, 2024: 0.025},
    "communist_asia": {1816: 0.02, 1950: 0.12, 2024: 0.06},
}
ARMS_SHARE_ELSEWHERE = {1816: 0.02, 1938: 0.02, 1975: 0.03, 2024: 0.016}

SOLDIERS_PER_HEAD = {"hegemon": 0.0075, "soviet": 0.015, "communist_asia": 0.03, "israel": 0.02}
SOLDIERS_PER_HEAD_ELSEWHERE = 0.006
HEAVY_INDUSTRY = {"soviet": 1.6, "east": 1.8, "china": 2.0, "west": 1.1, "hegemon": 1.0}
HEAVY_INDUSTRY_ELSEWHERE = 0.5
UNARMED = (223, 395, 983, 986, 987)


@dataclass(frozen=True)
class Economy:
    """State × year (`YEARS`), whether the state exists in that year or not.

    Attributes:
        population: Persons.
        gdp: Current US dollars.
        military: Military expenditure, current US dollars.
        soldiers: Military personnel, persons.
        steel: Iron and steel, thousand tons.
        energy: Primary energy, thousand tons of coal equivalent.
        urban: Urban population, persons.
    """

    population: Floats = field(repr=False)
    gdp: Floats = field(repr=False)
    military: Floats = field(repr=False)
    soldiers: Floats = field(repr=False)
    steel: Floats = field(repr=False)
    energy: Floats = field(repr=False)
    urban: Floats = field(repr=False)


def make_economy(world: World) -> Economy:
    """Draws the series of all states.

    Args:
        world: The states.

    Returns:
        The series, rounded so that they are written alike everywhere.
    """
    rng = world.rng("economy")
    members = world.states
    shape = (len(members), len(YEARS))
    population = np.array([_population(s) for s in members])
    gdp = population * np.array([_income(s) for s in members]) * _noise(rng, shape, 0.03)
    shares = np.array([_path(ARMS_SHARES.get(s.bloc, ARMS_SHARE_ELSEWHERE)) for s in members])
    armed = np.array([s.ccode not in UNARMED for s in members])[:, None]
    since_1950 = YEARS - 1950
    steel_per_dollar = 2.4e-7 * np.exp(np.where(since_1950 > 0, -0.045, 0.015) * since_1950)
    energy_per_dollar = 3.3e-6 * np.exp(np.where(since_1950 > 0, -0.030, 0.010) * since_1950)
    heavy = _by_bloc(members, HEAVY_INDUSTRY, HEAVY_INDUSTRY_ELSEWHERE) * armed
    urban_share = 0.04 + 0.36 / (1 + np.exp(-(YEARS - 1940) / 28))
    return Economy(
        population=np.round(population, -3),
        gdp=np.round(gdp, -4),
        military=np.round(gdp * shares * armed * _noise(rng, shape, 0.05), -4),
        soldiers=np.round(
            population
            * _by_bloc(members, SOLDIERS_PER_HEAD, SOLDIERS_PER_HEAD_ELSEWHERE)
            * armed
            * _noise(rng, shape, 0.08),
            -3,
        ),
        steel=np.round(gdp * heavy * steel_per_dollar * _noise(rng, shape, 0.08)),
        energy=np.round(gdp * np.sqrt(heavy) * energy_per_dollar * _noise(rng, shape, 0.05)),
        urban=np.round(population * urban_share, -3),
    )


def _population(state: State) -> Floats:
    if state.ccode == 365:
        return _path(RUSSIA_AND_USSR_M) * 1e6
    start, end = state.population
    growth = np.log(end / start) / 70
    before = POPULATION_GROWTH_BEFORE_1950.get(state.ccode, 0.007)
    path: Floats = start * np.exp(np.where(YEARS < 1950, before, growth) * (YEARS - 1950))
    return path


def _income(state: State) -> Floats:
    start, end = state.income
    growth = np.log(end / start) / 60
    rate = np.where(YEARS < 1960, INCOME_GROWTH_BEFORE_1960, growth)
    path: Floats = start * np.exp(rate * (YEARS - 1960))
    return path


def _path(points: Mapping[int, float]) -> Floats:
    return np.interp(YEARS, list(points), list(points.values()))


def _by_bloc(members: tuple[State, ...], values: dict[str, float], other: float) -> Floats:
    return np.array([values.get(s.bloc, other) for s in members])[:, None]


def _noise(rng: np.random.Generator, shape: tuple[int, int], sd: float) -> Floats:
    """Factors around one."""
    factors: Floats = np.exp(sd * rng.standard_normal(shape))
    return factors
