"""What the limits of a claim say of simulated worlds is what docs/calibration/*.csv counts."""

import re
from functools import cache
from typing import Any

import polars as pl
import pytest
import yaml

from tests.processes import ROOT
from transforms.calibration.performance import NOMINAL_FALSE_SUPPORT, support
from transforms.calibration.registry import FAMILIES
from transforms.calibration.scenario import ABSENT, CONFOUNDED

SAID = {
    ("C1a", "ratios", "present 1"): "a rise of one log point in {share} % of the worlds",
    ("C1a", "ratios", "present 2"): "one of two log points in {share} %",
    ("C2a", "gaps", "confounded drift"): "calls the claim supported in {n_supported} of {n}",
    ("C2b", "guarantee_gaps", "confounded"): "calls the claim supported in {n_supported} of {n}",
    ("C2g", "small_allies", "confounded"): "calls the claim supported in {n_supported} of {n}",
    ("C2h", "important_gaps", "confounded drift"): (
        "calls the claim supported in {n_supported} of {n}"
    ),
    ("C3", "written", "present 0.5"): "({share} % at the largest balance tried)",
    ("C4", "regions", "confounded one treaty"): (
        "calls the claim supported in {n_supported} of {n} and contradicted in the others"
    ),
    ("C6", "member_burdens", "confounded"): "the claim is supported in {share} % of the worlds",
    ("C9", "gaps_under_threat", "confounded drift"): (
        "calls the claim supported in {n_supported} of {n}"
    ),
}
"""Claim, family and scenario to the words about them."""


def counts(name: str) -> pl.DataFrame:
    return pl.read_csv(ROOT / "docs" / "calibration" / f"{name}.csv")


@cache
def limits() -> dict[str, str]:
    text = (ROOT / "transforms" / "reference" / "claims.yml").read_text("utf-8")
    claims: dict[str, Any] = yaml.safe_load(text)["claims"]
    return {name: " ".join(claim.get("limits", "").split()) for name, claim in claims.items()}


@pytest.mark.parametrize("of", SAID, ids=" ".join)
def test_rates_of_whole_rules_are_those_counted(of: tuple[str, str, str]) -> None:
    claim, family, scenario = of
    ((n, n_supported, n_contradicted),) = (
        counts("verdicts")
        .filter(claim=claim, family=family, scenario=scenario)
        .select("n", "n_supported", "n_contradicted")
        .rows()
    )
    share = round(100 * n_supported / n)
    assert SAID[of].format(share=share, n=n, n_supported=n_supported) in limits()[claim]
    if "in the others" in SAID[of]:
        assert n_contradicted == n - n_supported


def test_every_rule_that_supports_too_often_says_so() -> None:
    """In worlds without an effect, and beyond chance."""
    found = support(counts("verdicts"), FAMILIES).filter(
        pl.col("kind").is_in([ABSENT, CONFOUNDED]), pl.col("low") > NOMINAL_FALSE_SUPPORT
    )
    stated = {of for of, words in SAID.items() if "calls the claim supported" in words}
    assert set(found.select("claim", "family", "scenario").rows()) <= stated


def test_claims_without_worlds_are_named() -> None:
    judged = {
        claim for family in FAMILIES.values() if family.edition == 2 for claim in family.claims
    }
    page = (ROOT / "docs" / "calibration.md").read_text("utf-8")
    named = re.search(r"are judged in no worlds\.(.*?)\n\n", page, re.DOTALL)
    assert named
    assert set(re.findall(r"(C\d+[a-z]?):", named[1])) == limits().keys() - judged


def test_how_often_intervals_hold_the_truth_is_as_counted() -> None:
    """Of the primary, in worlds without an effect: the families in closed form have most worlds."""
    primaries = counts("intervals").filter(
        "is_primary", pl.col("family").str.ends_with("_primary"), scenario=ABSENT
    )
    shares = {row["claim"]: row["n_yes"] / row["n"] for row in primaries.iter_rows(named=True)}
    said = {
        claim: int(found[1])
        for claim, text in limits().items()
        if (found := re.search(r"the interval holds (?:the truth|0) in (\d+) %", text))
    }
    assert len(said) > 8
    assert said == {claim: round(100 * shares[claim]) for claim in said}
