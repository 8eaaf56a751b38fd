"""A toy claim, by the checklist: alliances are public and have organisations."""

from tests.contributing.pieces import Lines, NewFile, Places, Toy

CLAIM = """\

  C11:
    judged_once: it is about all alliances, whoever leads them
    origin: derived
    statement: Most alliances are formal.
    reading: share of alliance-phases with the code, minus one half
    limits: A toy.
    expected: positive
    estimand: share of alliance-phases, minus 0.5
    equivalence: 0.02
    tests:
      - role: primary
        measure: coded_share
        estimator: share_of_phases
        each: {column: pubtreat, at_least: 1, phases: all}
        specification: &toy "{column}, {at_least}, {phases}"
      - role: grid
        measure: coded_share
        estimator: share_of_phases
        each: {column: [pubtreat, formorg, formal, hinst], at_least: 1, phases: [all, first, later]}
        specification: *toy
    falsifiers:
      - says: fewer than half are public
        test: "share_of_phases: pubtreat, 1, all"
        below: 0
"""
MEASURE = '''\
"""How many alliances have a code of institutionalisation."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import polars as pl

from transforms.metrics.claims.estimate import Z_95, Finding

PHASES = {"all": pl.lit(True), "first": pl.col("phase") == 1, "later": pl.col("phase") > 1}


def coded_share(
    cells: Sequence[Mapping[str, Any]], institutionalization: pl.DataFrame
) -> list[Finding]:
    """Share of alliance-phases with a code of at least a value, minus one half.

    Args:
        cells: column, at_least, phases (all, first or later).
        institutionalization: `metrics.institutionalization`.

    Returns:
        One finding per cell, with a normal interval; n is the number of phases.
    """
    return [_share(institutionalization, **cell) for cell in cells]


def _share(table: pl.DataFrame, *, column: str, at_least: int, phases: str) -> Finding:
    codes = table.filter(PHASES[phases])[column].drop_nulls()
    if codes.is_empty():
        return Finding(null_reason="unit_not_in_source")
    share, n = float((codes >= at_least).sum()) / len(codes), len(codes)
    half, above = Z_95 * sqrt(0.25 / n), share - 0.5
    reached = (codes >= at_least).to_list()
    scores = {f"phase {place}": float(is_coded) - 0.5 for place, is_coded in enumerate(reached)}
    return Finding(above, above - half, above + half, n=n, scores=scores)
'''
WORLD = '''\
"""Worlds of toy alliances: with the effect three in four have each code, without it one in two."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from transforms.calibration.scenario import ABSENT, Family, Scenario, Tables, present

N_ALLIANCES = 400
CODES = ("hinst", "pubtreat", "formorg")


def make_alliances(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C11."""
    codes = {name: rng.random(N_ALLIANCES) < 0.5 + scenario.size for name in CODES}
    table = pl.DataFrame({"phase": rng.integers(1, 3, N_ALLIANCES), **codes})
    formal = pl.max_horizontal("pubtreat", "formorg").alias("formal")
    return {"institutionalization": table.with_columns(formal).cast({pl.Boolean: pl.Int16})}


def truths(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """The share that was drawn from, minus one half."""
    return {"C11": {"share_of_phases: pubtreat, 1, all": scenario.size}}


FAMILIES = (
    Family(
        "toy alliances",
        ("C11",),
        (Scenario(ABSENT), *present(0.1, 0.25)),
        make_alliances,
        truths,
        "share of alliances",
        edition=2,
    ),
)
'''
TEST = """\
import polars as pl
import pytest

from transforms.metrics.claims.coded_share import coded_share


def test_the_share_of_those_that_are_known():
    table = pl.DataFrame({"phase": [1, 1, 1, 2, 2], "pubtreat": [1, 1, 0, 1, None]})
    cells = [{"column": "pubtreat", "at_least": 1, "phases": p} for p in ("all", "first")]
    everything, first = coded_share(cells, table)
    assert (everything.estimate, everything.n) == (0.25, 4)
    assert first.estimate == pytest.approx(2 / 3 - 0.5)
"""

TOY = Toy(
    kind="claim",
    names={"measure": "coded_share", "claim": "C11"},
    pieces={
        "transforms/reference/claims.yml": Lines(r"\Z", CLAIM),
        "warehouse/contracts/fields/claims.yml": Lines(
            r"^claim: .*codes: \{[^}]+", ', C11: "alliances are formal"'
        ),
        "transforms/metrics/claims/<measure>.py": NewFile(MEASURE),
        "transforms/metrics/claims/estimators.py": Places(
            (
                Lines(
                    r"^import polars as pl\n",
                    "\nfrom transforms.metrics.claims.coded_share import coded_share\n",
                ),
                Lines(
                    r"^MEASURES: .*\{\n",
                    '    "coded_share": Measure(coded_share, ("institutionalization",)),\n',
                ),
            )
        ),
        "flows/dag/claims.py": Lines(
            r'"claims\.claim_test:build_claim_test",\n +\{\n',
            '            "institutionalization": "metrics.institutionalization",\n',
        ),
        "transforms/calibration/worlds/<measure>.py": NewFile(WORLD),
        "transforms/calibration/registry.py": Places(
            (
                Lines(
                    r"^from transforms\.calibration\.scenario import Family\n",
                    "from transforms.calibration.worlds import coded_share\n",
                ),
                Lines(r"^_MODULES = \(\n", "    coded_share,\n"),
            )
        ),
        "tests/transforms/metrics/claims/test_<measure>.py": NewFile(TEST),
        "CHANGELOG.md": Lines(r"^## Unreleased\n", "\n* The claim `C11`.\n"),
    },
)
