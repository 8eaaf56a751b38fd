"""Arguing on the real build: unchanged it is the published primary; three arguments are quick."""

import hashlib
import time
from pathlib import Path
from typing import Any

import pytest

from flows.operations.argue import argue
from tests.processes import ROOT
from transforms.arguing.choices import ARGUABLE

SECONDS = 60


@pytest.mark.parametrize("claim", ARGUABLE)
def test_without_a_change_it_is_the_published_primary(mirror_home: Any, claim: str) -> None:
    ((estimate, low, high, n),) = mirror_home.rows(
        "SELECT estimate, ci_low, ci_high, n FROM metrics.claim_test WHERE is_primary"
        f" AND edition = 2 AND leader = 2 AND claim = '{claim}'"
    )
    found = argue(claim, home=mirror_home.home, keep=False)
    assert estimate is not None
    own = found.answer
    assert (own["estimate"], own["ci_low"], own["ci_high"]) == (estimate, low, high)
    assert found.counts["rows"] == n


def test_the_build_is_read_and_not_touched_and_it_takes_seconds(mirror_home: Any) -> None:
    before = hashlib.sha256(Path(mirror_home.warehouse).read_bytes()).hexdigest()
    russia = str(ROOT / "examples" / "allies_of_russia.csv")
    for choices in (
        {"leader": "Russia", "tier": "atop"},
        {"years": "1991-2010"},
        {"leader": "Russia", "allies": russia},
    ):
        begun = time.perf_counter()
        found = argue("C2a", choices, home=mirror_home.home, keep=False)
        assert time.perf_counter() - begun < SECONDS
        assert found.answer["estimate"] is not None, found.answer["cannot_say"]
    assert hashlib.sha256(Path(mirror_home.warehouse).read_bytes()).hexdigest() == before


def test_of_china_it_cannot_say(mirror_home: Any) -> None:
    found = argue("C2a", home=mirror_home.home, keep=False, leader="China", tier="atop")
    assert "allies with votes" in found.answer["cannot_say"]
