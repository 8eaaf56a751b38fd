"""docs/calibration.md: counts of worlds, of whole rules and of primaries alone, kept by family."""

from pathlib import Path

import polars as pl
import pytest

from flows.engine.calibration_chunks import Chunk, Worlds
from flows.reports.calibration import write_page
from flows.reports.calibration_results import Results
from transforms.calibration.registry import FAMILIES
from transforms.calibration.run_worlds import ESTIMATE_SCHEMA, VERDICT_SCHEMA
from transforms.calibration.scenario import ABSENT, Scenario

N_WORLDS = 60


def results(n_held: int, *, family: str, claim: str, verdict: str | None = None) -> Results:
    """Sixty worlds without an effect; in some the primary's interval holds 0."""
    key = [(family, "absent", k, claim) for k in range(N_WORLDS)]
    low = [-1.0 if k < n_held else 0.5 for k in range(N_WORLDS)]
    estimates = [
        (*of, "a: b", "primary", 0.0, 0.6, ci_low, 1.0) for of, ci_low in zip(key, low, strict=True)
    ]
    verdicts = [(*of, verdict, "") for of in key] if verdict else []
    worlds = Worlds(
        pl.DataFrame(verdicts, schema=VERDICT_SCHEMA, orient="row"),
        pl.DataFrame(estimates, schema=ESTIMATE_SCHEMA, orient="row"),
    )
    pieces = [Chunk(family, Scenario(ABSENT), k, k + 10, "b", "c") for k in range(0, N_WORLDS, 10)]
    return Results.of(worlds, pieces)


def page_of(found: Results, folder: Path, code: str = "c") -> str:
    codes = dict.fromkeys(FAMILIES, code)
    return write_page(found, FAMILIES, codes, folder).read_text("utf-8")


def test_a_page_of_primaries_alone_counts_their_worlds_and_no_verdict(tmp_path: Path) -> None:
    text = page_of(results(40, family="ratios_primary", claim="C1a"), tmp_path)
    assert "This page is of 60 worlds" in text
    assert "In all, 0 of 0 verdicts are false supports" in text
    (row,) = (line for line in text.splitlines() if line.startswith("| C1a |"))
    assert "| 2 | a: b | absent | +0.0000 | +0.6000 | 60 | 0.667" in row
    assert "**fails**" in row


def test_both_editions_of_a_claim_stand_apart(tmp_path: Path) -> None:
    first = results(60, family="rise", claim="C1a", verdict="mixed")
    second = results(30, family="ratios", claim="C1a", verdict="supported")
    lines = page_of(first.with_newer(second, list(FAMILIES)), tmp_path).splitlines()
    verdicts = [line for line in lines if line.startswith("| C1a | ") and "| absent | 60 |" in line]
    assert [line.split(" | ")[1] for line in verdicts] == ["1", "2"]
    assert "**above 5 %**" in verdicts[1]
    assert "above 5" not in verdicts[0]
    covered = [line for line in lines if "a: b" in line]
    assert ["fails" in line for line in covered] == [False, True]


def test_a_family_that_is_judged_anew_takes_the_place_of_its_own_counts_alone(
    tmp_path: Path,
) -> None:
    both = results(60, family="rise", claim="C1a", verdict="mixed").with_newer(
        results(30, family="ratios", claim="C1a", verdict="supported"), list(FAMILIES)
    )
    both.save(tmp_path)
    kept = Results.read(tmp_path)
    assert all(getattr(kept, name).equals(getattr(both, name)) for name in vars(both))
    anew = kept.with_newer(results(50, family="rise", claim="C1a"), list(FAMILIES))
    assert anew.families["family"].to_list() == ["rise", "ratios"]
    assert anew.verdicts["family"].to_list() == ["ratios"]
    assert anew.intervals["n_yes"].to_list() == [50, 30]
    gone = kept.with_newer(results(50, family="rise", claim="C1a"), ["rise"])
    assert gone.families["family"].to_list() == ["rise"]


def test_figures_of_other_code_are_said_to_be(tmp_path: Path) -> None:
    found = results(40, family="ratios_primary", claim="C1a")
    assert "have changed since" not in page_of(found, tmp_path)
    assert "were judged: ratios_primary. Their figures" in page_of(found, tmp_path, code="d")


def test_a_file_that_is_no_count_is_refused_by_name(tmp_path: Path) -> None:
    assert Results.read(tmp_path).families.height == 0
    (tmp_path / "verdicts.csv").write_text("family,scenario\nrise,absent\n")
    with pytest.raises(ValueError, match=r"verdicts\.csv is no file of a calibration.*are kept"):
        Results.read(tmp_path)
