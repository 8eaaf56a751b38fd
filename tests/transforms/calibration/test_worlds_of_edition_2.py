"""Worlds on the ties of a build: the same by number, a large effect is found, and a null is not."""

from functools import cache
from importlib import resources

import polars as pl
import pytest
import yaml

from transforms.calibration.registry import FAMILIES
from transforms.calibration.run_worlds import run_worlds
from transforms.calibration.scenario import ABSENT, PRESENT, Scenario

CLAIMS = yaml.load(
    resources.files("transforms.reference").joinpath("claims.yml").read_text("utf-8"),
    yaml.CSafeLoader,
)
ON_A_BUILD = sorted(name for name, family in FAMILIES.items() if family.reads)
MEASURED = [name for name in ON_A_BUILD if FAMILIES[name].measure]
OF_PRIMARIES = [name for name in ON_A_BUILD if FAMILIES[name].is_primary_only]
LARGEST = {
    name: max(s.size for s in FAMILIES[name].scenarios if s.kind == PRESENT) for name in ON_A_BUILD
}
WITH_A_RULE = sorted(set(ON_A_BUILD) - {*OF_PRIMARIES, *MEASURED})
N_WORLDS = 4
"""Worlds in which one test is run; of the whole rule, on a grid of tests, fewer have to do."""


@cache
def on(family):
    # made when they are imported: where the tests run, not wherever they are collected
    from tests.transforms.calibration.small_alliances import REAL as ALLIANCES
    from tests.transforms.calibration.small_ties import TIES
    from tests.transforms.calibration.small_votes import REAL as VOTES

    return FAMILIES[family].basis_of(ALLIANCES | TIES | VOTES)


@cache
def ran(family, scenario, first, last):
    about = FAMILIES[family]
    return run_worlds(about, scenario, first, last, editions={2: CLAIMS}, basis=on(family))


DRAWN_ALIKE = {f"{family}_primary" for family in WITH_A_RULE} & {*OF_PRIMARIES}
"""Families whose worlds are drawn as those of a dearer one are."""


@pytest.mark.parametrize(
    "family", [f for f in ON_A_BUILD if f in DRAWN_ALIKE or f"{f}_primary" not in DRAWN_ALIKE]
)
def test_a_world_does_not_depend_on_the_worlds_before_it(family):
    n = 2 if family in WITH_A_RULE else N_WORLDS
    several = ran(family, Scenario(ABSENT), 0, n)  # by which the tests below judge, too
    second = ran(family, Scenario(ABSENT), 1, 2)
    for a, b in zip(several, second, strict=True):
        assert a.filter(pl.col("world") == 1).equals(b)


def test_all_of_them_are_of_the_second_edition():
    assert {FAMILIES[family].edition for family in ON_A_BUILD} == {2}


@pytest.mark.parametrize("family", OF_PRIMARIES)
def test_a_primary_finds_a_large_effect_and_not_its_absence(family):
    verdicts, found = ran(family, Scenario(PRESENT, LARGEST[family]), 0, N_WORLDS)
    assert verdicts.is_empty()  # the rule is not run
    assert without_zero(found) >= N_WORLDS * len(FAMILIES[family].claims) / 2
    _, found = ran(family, Scenario(ABSENT), 0, N_WORLDS)
    assert found["truth"].abs().max() == 0
    assert without_zero(found) <= N_WORLDS * len(FAMILIES[family].claims) / 4


def without_zero(found):
    """Intervals that leave 0 out on the side that the claim expects."""
    signs = {name: 1 if c["expected"] == "positive" else -1 for name, c in CLAIMS["claims"].items()}
    return sum(
        min(signs[row["claim"]] * row[end] for end in ("ci_low", "ci_high")) > 0
        for row in found.iter_rows(named=True)
    )


@pytest.mark.parametrize("family", WITH_A_RULE)
def test_the_rule_supports_a_large_effect_and_seldom_its_absence(family):
    """In one of two worlds, of which the second is seldom needed: rates are for calibration."""

    def supports(scenario, number):
        verdicts, _ = ran(family, scenario, number, number + 1)
        return "supported" in verdicts["verdict"].to_list()

    assert any(supports(Scenario(PRESENT, LARGEST[family]), number) for number in (0, 1))
    assert not all(supports(Scenario(ABSENT), number) for number in (0, 1))


@pytest.mark.parametrize("family", MEASURED)
def test_an_estimator_without_a_verdict_finds_a_large_effect_and_not_its_absence(family):
    verdicts, found = ran(family, Scenario(PRESENT, LARGEST[family]), 0, N_WORLDS)
    assert verdicts.is_empty()
    assert set(found["role"]) == {"descriptive"}
    assert (found["ci_low"] > 0).sum() >= N_WORLDS / 2
    _, found = ran(family, Scenario(ABSENT), 0, N_WORLDS)
    assert set(found["test"]) == {"joint_shift: latent", "joint_shift: agreement"}
    assert found["truth"].abs().max() == 0
    assert (found["ci_low"] > 0).sum() <= found["test"].n_unique()  # one world of four at most
