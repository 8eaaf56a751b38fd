"""docs/calibration.md: counts of worlds, also where primaries alone were computed."""

from pathlib import Path

import polars as pl

from flows.engine.calibration_chunks import Worlds
from flows.reports.calibration import write_page
from transforms.calibration.registry import ESTIMATE_SCHEMA, FAMILIES, VERDICT_SCHEMA

N_WORLDS = 60


def worlds(n_held: int, *, family: str, claim: str, verdict: str | None = None) -> Worlds:
    """Sixty worlds without an effect; in some the primary's interval holds 0."""
    key = [(family, "absent", k, claim) for k in range(N_WORLDS)]
    low = [-1.0 if k < n_held else 0.5 for k in range(N_WORLDS)]
    estimates = [
        (*of, "a: b", "primary", 0.0, 0.6, ci_low, 1.0) for of, ci_low in zip(key, low, strict=True)
    ]
    verdicts = [(*of, verdict, "") for of in key] if verdict else []
    return Worlds(
        pl.DataFrame(verdicts, schema=VERDICT_SCHEMA, orient="row"),
        pl.DataFrame(estimates, schema=ESTIMATE_SCHEMA, orient="row"),
    )


def page_of(found: Worlds, folder: Path, *families: str) -> str:
    listed = {name: FAMILIES[name] for name in families}
    return write_page(found, listed, N_WORLDS, folder).read_text("utf-8")


def test_a_page_of_primaries_alone_counts_their_worlds_and_no_verdict(tmp_path: Path) -> None:
    text = page_of(worlds(40, family="ratios_primary", claim="C1a"), tmp_path, "ratios_primary")
    assert "This page is of 60 worlds" in text
    assert "In all, 0 of 0 verdicts are false supports" in text
    (row,) = (line for line in text.splitlines() if line.startswith("| C1a |"))
    assert "| 2 | a: b | absent | +0.0000 | +0.6000 | 60 | 0.667" in row
    assert "**fails**" in row


def test_both_editions_of_a_claim_stand_apart(tmp_path: Path) -> None:
    first = worlds(60, family="rise", claim="C1a", verdict="mixed")
    second = worlds(30, family="ratios", claim="C1a", verdict="supported")
    both = Worlds(
        pl.concat([first.verdicts, second.verdicts]), pl.concat([first.estimates, second.estimates])
    )
    lines = page_of(both, tmp_path, "rise", "ratios").splitlines()
    verdicts = [line for line in lines if line.startswith("| C1a | ") and "| absent | 60 |" in line]
    assert [line.split(" | ")[1] for line in verdicts] == ["1", "2"]
    assert "**above 5 %**" in verdicts[1]
    assert "above 5" not in verdicts[0]
    covered = [line for line in lines if "a: b" in line]
    assert ["fails" in line for line in covered] == [False, True]
