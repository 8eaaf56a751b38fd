"""`metrics.coalition_contributors`: troops in Iraq by year, of allies and of others.

A contributor has troops in Iraq in at least one month of the year. Allies are read under two rules,
as of the day of the invasion and as of the year; they differ by the states that joined NATO while
their troops were in Iraq.

References: Newcombe 1998 (Stat. Med. 17:873–90); lists of contributors in the reference file.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from transforms.core.coalition_support import day
from transforms.inference.fisher_exact import TwoByTwo, fisher_exact_p, risk_difference
from transforms.metrics.coalitions.alliance_ties import TIE_RULES, TIERS, Ties
from transforms.metrics.coalitions.events import INVASION_OF_IRAQ, IRAQ, UNITED_STATES
from transforms.step_result import StepResult

TABLE = "metrics.coalition_contributors"
YEARS = range(2003, 2010)

_SCHEMA: dict[str, Any] = {
    "year": pl.Int16, "tier": pl.String, "tie_rule": pl.String,
    **dict.fromkeys(("n_allies", "n_others", "n_ally_contributors", "n_other_contributors",
                     "n_aspirant_contributors"), pl.Int16),
    "ally_contributor_share": pl.Float64, "other_contributor_share": pl.Float64,
    "ally_peak_troops_persons": pl.Int64, "other_peak_troops_persons": pl.Int64,
    **dict.fromkeys(("estimate", "ci_low", "ci_high", "p_value"), pl.Float64),
    "null_reason": pl.String,
}  # fmt: skip


def build_coalition_contributors(
    *,
    states: pl.DataFrame,
    treaty_allies: pl.DataFrame,
    obligations: pl.DataFrame,
    ally_tier: pl.DataFrame,
    coalition_mnf_i: pl.DataFrame,
    nato_aspirants: pl.DataFrame,
) -> StepResult:
    """Counts contributors of troops in Iraq by year.

    Args:
        states: `core.states`; the states of a year are those in the system on at least one
            day of it.
        treaty_allies: `core.treaty_allies`.
        obligations: `core.obligations`.
        ally_tier: `marts.ally_tier`.
        coalition_mnf_i: Hand-coded: months with troops in Iraq, and peaks.
        nato_aspirants: Hand-coded: states that aspired to NATO.

    Returns:
        `metrics.coalition_contributors`, 2003-2009. The United States and Iraq are left out.
    """
    ties = Ties(treaty_allies, obligations, ally_tier, nato_aspirants)
    spells = coalition_mnf_i.select(
        pl.col("ccode").cast(pl.Int64),
        day(coalition_mnf_i, "troops_from", "coalition_mnf_i"),
        day(coalition_mnf_i, "troops_to", "coalition_mnf_i", end=True),
        pl.col("peak_troops").cast(pl.Int64),
    )
    rows = list(_rows(states, spells, ties))
    return StepResult({TABLE: pl.DataFrame(rows, schema=_SCHEMA, orient="row")})


def _rows(states: pl.DataFrame, spells: pl.DataFrame, ties: Ties) -> Iterator[dict[str, Any]]:
    for year in YEARS:
        first, last = date(year, 1, 1), date(year, 12, 31)
        present = states.filter(pl.col("valid_from") <= last, pl.col("counts_to") >= first)
        everyone = set(present["ccode"].to_list()) - {UNITED_STATES, IRAQ}
        there = spells.filter(pl.col("troops_from") <= last, pl.col("troops_to") >= first)
        troops = {c: n for c, _, _, n in there.iter_rows() if c in everyone}
        for tier in TIERS:
            for tie_rule in TIE_RULES:
                on = INVASION_OF_IRAQ if tie_rule == "in_force_on_date" else last
                allies = ties.allies(on, tier, tie_rule)
                named = {"year": year, "tier": tier, "tie_rule": tie_rule}
                if allies is None:
                    yield {**named, "null_reason": "out_of_coverage"}
                else:
                    aspirants = ties.aspirants(on) - allies
                    yield {**named, **_counted(everyone, allies & everyone, aspirants, troops)}


def _counted(
    everyone: set[int], allies: frozenset[int], aspirants: frozenset[int], troops: dict[int, int]
) -> dict[str, Any]:
    ours = [n for c, n in troops.items() if c in allies]
    theirs = [n for c, n in troops.items() if c not in allies]
    table = TwoByTwo(
        len(ours), len(allies) - len(ours), len(theirs), len(everyone - allies) - len(theirs)
    )
    row: dict[str, Any] = {
        "n_allies": table.n_first,
        "n_others": table.n_second,
        "n_ally_contributors": table.first_yes,
        "n_other_contributors": table.second_yes,
        "n_aspirant_contributors": len(aspirants & troops.keys()),
        "ally_peak_troops_persons": sum(ours),
        "other_peak_troops_persons": sum(theirs),
    }
    if not (table.n_first and table.n_second):
        return {**row, "null_reason": "n_below_min"}
    difference = risk_difference(table)
    return {
        **row,
        "ally_contributor_share": table.first_yes / table.n_first,
        "other_contributor_share": table.second_yes / table.n_second,
        "estimate": difference.estimate,
        "ci_low": difference.low,
        "ci_high": difference.high,
        "p_value": fisher_exact_p(table),
    }
