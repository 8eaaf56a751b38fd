"""Worlds for C3 (`metrics.obligation_balance`): written promises and unwritten support.

Alliances of two or three; a part of them is asymmetric. In some of them the leader promises
defence and the partners do not, in some the other way round, in most both or neither do. Political
duties are rare and even, territory is granted by fewer than half of the partners. What allies
supply beyond their preferences is drawn as one residual per ally.

* present: where promises of defence differ, the leader is the one bound with probability ½ +
  `size`, and allies supply .1 more than their preferences explain;
* absent: neither;
* confounded: the leader is bound no more often than the partners, yet allies do supply support;
  in the variant `on paper` it is bound more often (by .4), but allies supply nothing; in the
  variant `shared preferences` it is bound more often, and the allies of every hegemon, placebos
  included, have the residual that preferences leave behind.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    PRESENT,
    Family,
    Scenario,
    Tables,
    present,
)
from transforms.calibration.worlds.capability_asymmetry import no_major_powers, no_states
from transforms.contingency_tables import Floats
from transforms.metrics.alliances.obligation_balance import MEMBER_ITEMS, build_obligation_balance
from transforms.metrics.alliances.obligation_balance import TABLE as BALANCE
from transforms.metrics.asymmetry.capability_asymmetry import TABLE as ASYMMETRY
from transforms.metrics.asymmetry.capability_asymmetry import build_capability_asymmetry

N_ALLIANCES, N_ALLIES = 240, 30
DIFFER = 0.5
POLITICAL, TERRITORY, OTHER = 0.03, 0.2, 0.1
SUPPLY, SUPPLY_SD = 0.1, 0.08
ON_PAPER, SHARED = "on paper", "shared preferences"
HEGEMON, PLACEBOS = 2, (200, 220, 365)


def _leader_share(scenario: Scenario) -> float:
    return 0.5 + (0.4 if scenario.variant in {ON_PAPER, SHARED} else scenario.size)


def make_promises(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C3."""
    n = N_ALLIANCES
    width = rng.integers(2, 4, n)
    alliance = np.repeat(np.arange(n), width)
    is_leader = np.append(True, alliance[1:] != alliance[:-1])
    formed = np.sort(rng.integers(1816, 2000, n))
    differs = rng.random(n) < DIFFER
    leader_bound = rng.random(n) < _leader_share(scenario)
    both = np.ones(n, bool)
    leader_defends, partners_defend = (
        np.where(differs, leader_bound, both),
        np.where(differs, ~leader_bound, both),
    )
    defends = np.where(is_leader, leader_defends[alliance], partners_defend[alliance])
    chance = {**dict.fromkeys(MEMBER_ITEMS, OTHER), "terrres": TERRITORY}
    chance |= dict.fromkeys(("dipaid", "noothall", "thirdcom", "notaiden", "consul"), POLITICAL)
    items = {item: rng.random(len(alliance)) < chance[item] for item in MEMBER_ITEMS}
    items |= {"defense": defends, "offense": np.zeros(len(alliance), bool)}
    members = pl.DataFrame(
        {
            "atopid": (alliance + 1).astype(np.int32),
            "phase": np.zeros(len(alliance), np.int16),
            "ccode": np.arange(1001, 1001 + len(alliance)).astype(np.int16),
            "year_from": formed[alliance].astype(np.int16),
            "year_to": (formed[alliance] + 3).astype(np.int16),
            **{name: values.astype(np.int16) for name, values in items.items()},
        }
    )
    ratio = np.exp(rng.gamma(2.0, 1.2, n))
    capabilities = _capabilities(members, np.where(is_leader, ratio[alliance], 1.0), rng)
    return {
        "obligation_balance": build_obligation_balance(
            alliance_members=members,
            capabilities=capabilities,
            major_powers=no_major_powers(),
        ).tables[BALANCE],
        "capability_asymmetry": build_capability_asymmetry(
            alliance_members=members,
            capabilities=capabilities,
            gdp=pl.DataFrame(schema={"ccode": pl.Int16, "year": pl.Int16, "gdp_usd": pl.Float64}),
            major_powers=no_major_powers(),
            states=no_states(),
        ).tables[ASYMMETRY],
        "legitimation_supply": _supply(scenario, rng),
    }


def _capabilities(members: pl.DataFrame, cinc: Floats, rng: np.random.Generator) -> pl.DataFrame:
    below = cinc * rng.uniform(0.99, 1.0, len(cinc))  # no two partners are equal
    return (
        members.select(
            "ccode",
            pl.Series("cinc", below),
            pl.int_ranges(pl.col("year_from").cast(pl.Int32), pl.col("year_to") + 1).alias("year"),
        )
        .explode("year")
        .select(
            "ccode",
            pl.col("year").cast(pl.Int16),
            "cinc",
            milex_thousand="cinc",
            milper_thousand="cinc",
        )
    )


def _supply(scenario: Scenario, rng: np.random.Generator) -> pl.DataFrame:
    is_real = scenario.kind == PRESENT or (
        scenario.kind == CONFOUNDED and scenario.variant != ON_PAPER
    )
    means = {HEGEMON: SUPPLY * is_real}
    means |= dict.fromkeys(PLACEBOS, SUPPLY * (scenario.variant == SHARED))
    return pl.concat(
        rows
        for hegemon, mean in means.items()
        for rows in _supply_of(hegemon, rng.normal(mean, SUPPLY_SD, N_ALLIES), rng)
    )


def _supply_of(hegemon: int, own: Floats, rng: np.random.Generator) -> list[pl.DataFrame]:
    return [
        pl.DataFrame(
            {
                "ccode_hegemon": hegemon,
                "ccode": np.arange(101, 101 + N_ALLIES),
                "window_name": name,
                "vote_class": "unpopular",
                "residual": own + rng.normal(0.0, SUPPLY_SD / 4, N_ALLIES),
                "was_ally_core": hegemon == HEGEMON,
                "was_ally_atop": True,
                "session_first": first,
                "session_last": 75,
            }
        )
        for name, first in (("whole", 1), ("post_cold_war", 46))
    ]


def truths_of_promises(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """The probabilities themselves."""
    signs = [f"balance_sign: defense, ratio {q}, formed all" for q in (3, 10)]
    is_supplied = scenario.kind == PRESENT or (
        scenario.kind == CONFOUNDED and scenario.variant != ON_PAPER
    )
    supplied = SUPPLY if is_supplied else 0.0
    return {
        "C3": {
            **dict.fromkeys(signs, _leader_share(scenario) - 0.5),
            "ally_supply: United States, core, unpopular, whole": supplied,
        }
    }


NONE = (
    Scenario(ABSENT),
    Scenario(CONFOUNDED),
    Scenario(CONFOUNDED, variant=ON_PAPER),
    Scenario(CONFOUNDED, variant=SHARED),
)
FAMILIES = (
    Family(
        "promises",
        ("C3",),
        (*NONE, *present(0.1, 0.2, 0.3, 0.4)),
        make_promises,
        truths_of_promises,
        "probability that the leader is bound, above one half",
    ),
)
