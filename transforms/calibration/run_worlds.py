"""The run of some worlds of one scenario: drawn, tested and judged."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

import polars as pl

from transforms.calibration.scenario import PRIMARY, Family, Scenario
from transforms.calibration.verdicts import judge_world, with_primaries_alone

VERDICT_SCHEMA = {
    "family": pl.String,
    "scenario": pl.String,
    "world": pl.Int32,
    "claim": pl.String,
    "verdict": pl.String,
    "rule": pl.String,
}
ESTIMATE_SCHEMA = {
    "family": pl.String,
    "scenario": pl.String,
    "world": pl.Int32,
    "claim": pl.String,
    "test": pl.String,
    "role": pl.String,
    "truth": pl.Float64,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
}


@cache
def _truths(family: Family, scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """Claim to test to the true value, computed once per process."""
    return family.truths(scenario)


def run_worlds(
    family: Family,
    scenario: Scenario,
    first: int,
    last: int,
    *,
    editions: Mapping[int, Mapping[str, Any]],
    basis: Any = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draws, tests and judges some worlds.

    Args:
        family: The family.
        scenario: The truth of the worlds.
        first: Number of the first world.
        last: One more than that of the last.
        editions: Number of an edition to its file of claims.
        basis: What the worlds are drawn on (`Family.basis_of`); None where they are made up.

    Returns:
        One row per world and claim (`VERDICT_SCHEMA`), and one per world and test whose truth is
        known (`ESTIMATE_SCHEMA`). They do not depend on which other worlds are run.
    """
    verdicts: list[dict[str, Any]] = []
    estimates: list[dict[str, Any]] = []
    claims = editions[family.edition]
    if family.is_primary_only:
        claims = with_primaries_alone(claims)
    known_of = family.truths(scenario, basis) if family.reads else _truths(family, scenario)
    for number in range(first, last):
        tables = family.world(scenario, number, basis)
        if family.measure:
            for measured in family.measure(tables):
                key = {"family": family.name, "scenario": scenario.name, "world": number}
                truth = known_of.get(measured.claim, {}).get(measured.test)
                if truth is not None:
                    row = {**key, **asdict(measured), "role": "descriptive", "truth": truth}
                    estimates.append({name: row[name] for name in ESTIMATE_SCHEMA})
            continue
        for judged in judge_world(claims, family.claims, tables):
            key = {
                "family": family.name,
                "scenario": scenario.name,
                "world": number,
                "claim": judged.claim,
            }
            if not family.is_primary_only:
                verdicts.append({**key, "verdict": judged.verdict, "rule": judged.rule})
            known = known_of.get(judged.claim, {})
            for row in judged.tests.iter_rows(named=True):
                test = f"{row['estimator']}: {row['specification']}"
                truth = known.get(PRIMARY if row["role"] == PRIMARY else test, known.get(test))
                if truth is not None:
                    found = {name: row[name] for name in ("role", "estimate", "ci_low", "ci_high")}
                    estimates.append({**key, "test": test, "truth": truth, **found})
    return (
        pl.DataFrame(verdicts, schema=VERDICT_SCHEMA, orient="row"),
        pl.DataFrame(estimates, schema=ESTIMATE_SCHEMA, orient="row"),
    )
