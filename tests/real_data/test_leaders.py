"""Verdicts on other leaders, on the real files."""

import polars as pl
import pytest

from tests.built_homes import BuiltHome

RUSSIA, CHINA, FRANCE, UNITED_KINGDOM = 365, 710, 220, 200


@pytest.fixture(scope="module")
def verdicts(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.claim_verdict").filter(edition=2)


@pytest.fixture(scope="module")
def effects(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.triple_difference")


def test_each_leader_has_each_claim(verdicts: pl.DataFrame) -> None:
    counts = dict(verdicts.group_by("leader").len().iter_rows())
    assert set(counts) == {2, RUSSIA, CHINA, FRANCE, UNITED_KINGDOM}
    assert len(set(counts.values())) == 1


def test_china_has_too_few_allies_for_any_verdict_on_votes(verdicts: pl.DataFrame) -> None:
    of_votes = verdicts.filter(pl.col("claim").is_in(["C2a", "C2g", "C8", "C9"]), leader=CHINA)
    assert set(of_votes["verdict"]) == {"not_testable"}
    assert of_votes["one_line"].str.contains("fewer than 5 allies").all()


def test_leaders_without_dated_allies_have_no_verdict_on_votes(verdicts: pl.DataFrame) -> None:
    leaders = [FRANCE, UNITED_KINGDOM]
    rows = verdicts.filter(pl.col("leader").is_in(leaders), claim="C2a")
    assert rows["one_line"].str.contains("no list dates its allies").all()


def test_eight_states_identify_the_effect_of_russia(effects: pl.DataFrame) -> None:
    cell = {"regressor": "ally", "design": "two_way", "sample": "all", "vote_subset": "all"}
    rows = effects.filter(**cell, leader=RUSSIA, control_class="popular", scale="share")
    (row,) = rows.iter_rows(named=True)
    assert (row["n_switchers"], row["n"]) == (8, 5231)
    assert row["estimate"] == pytest.approx(0.278, abs=5e-4)
    assert row["ci_low"] > 0


def test_five_of_the_eight_left_in_one_wave_so_that_nothing_is_said(
    mirror_home: BuiltHome, verdicts: pl.DataFrame
) -> None:
    left = mirror_home.rows(
        "SELECT ccode FROM marts.ally_tier WHERE ccode_hegemon = 365 AND tier_core"
        " AND ccode IN (290, 310, 339, 345, 355, 360, 710, 712)"
        " GROUP BY ccode HAVING max(year) BETWEEN 1991 AND 1993 ORDER BY ccode"
    )
    assert [ccode for (ccode,) in left] == [290, 310, 355, 360, 712]
    rows = verdicts.filter(pl.col("claim").is_in(["C2a", "C2g", "C8", "C9"]), leader=RUSSIA)
    assert set(rows["rule"]) == {"cannot_say"}
    assert set(rows["verdict"]) == {"not_testable"}
    assert rows["estimate"].null_count() == 0  # they are published, and decide nothing


def test_crimea_is_the_test_vote_that_the_sources_have(mirror_home: BuiltHome) -> None:
    said = mirror_home.rows(
        "SELECT resolution, count(*) FILTER (agreement = 1) FROM test_votes"
        " WHERE ccode_hegemon = 365 GROUP BY resolution HAVING count(ccode) > 0"
    )
    assert said == [("68/262", 10)]
