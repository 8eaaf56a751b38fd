"""The alliance effect that went into the world comes out of its files."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flows.sample.model.ideal_points import make_world
from flows.sample.model.parameters import Parameters
from flows.sample.model.roll_calls import make_agenda
from flows.sample.model.states import is_core_ally
from flows.sample.model.votes import cast_ballots


def west_gap(votes: pl.DataFrame, truth: pl.DataFrame, west: set[str], unpopular: str) -> float:
    """Allies minus others in one bloc: mean agreement with the US, roll call by roll call."""
    cast = votes.filter(pl.col("vote").is_in(["1", "2", "3"])).select("rcid", "ccode", "vote")
    calls = truth.filter(unpopular_by_design=unpopular).select("rcid", "day")
    hegemon = cast.filter(pl.col("vote") != "2", ccode="2").select("rcid", us=pl.col("vote"))
    rows = cast.filter(pl.col("ccode").is_in(west)).join(calls, on="rcid").join(hegemon, on="rcid")
    agreement = 1 - (pl.col("vote").cast(pl.Float64) - pl.col("us").cast(pl.Float64)).abs() / 2
    allied = [
        is_core_ally(int(c), date.fromisoformat(d)) for c, d in rows.select("ccode", "day").rows()
    ]
    means = (
        rows.with_columns(agreement.alias("agreement"), pl.Series("allied", allied))
        .group_by("rcid", "allied")
        .agg(pl.col("agreement").mean())
        .pivot("allied", index="rcid", values="agreement")
        .drop_nulls()
    )
    assert means.height > 300
    return float(np.mean((means["true"] - means["false"]).to_numpy()))


@pytest.fixture(scope="module")
def west(world: Path) -> set[str]:
    points = pl.read_csv(world / "ground_truth" / "ideal_points.csv", infer_schema=False)
    return set(points.filter(bloc="west")["ccode"])


def test_a_simple_difference_recovers_the_effect(
    votes: pl.DataFrame, truth: pl.DataFrame, west: set[str], world: Path
) -> None:
    known = json.loads((world / "ground_truth" / "parameters.json").read_text())
    effect = known["effect_on_agreement"]["west"]
    assert effect > 0.15
    assert west_gap(votes, truth, west, "1") == pytest.approx(effect, abs=0.03)


def test_there_is_no_effect_on_other_roll_calls(
    votes: pl.DataFrame, truth: pl.DataFrame, west: set[str]
) -> None:
    assert west_gap(votes, truth, west, "0") == pytest.approx(0, abs=0.02)


def test_a_world_without_the_effect_has_none() -> None:
    world = make_world(2019, Parameters(alliance_effect=0.0))
    ballots = cast_ballots(world, make_agenda(world))
    assert ballots.effect_on_agreement == {"all": 0.0, "west": 0.0}


def test_unpopular_by_design_is_unpopular(votes: pl.DataFrame, truth: pl.DataFrame) -> None:
    cast = votes.filter(pl.col("vote").is_in(["1", "2", "3"]))
    us = cast.filter(pl.col("vote") != "2", ccode="2").select("rcid", us=pl.col("vote"))
    support = (
        cast.filter(~pl.col("ccode").is_in(["2", "369", "370"]))
        .join(us, on="rcid")
        .group_by("rcid")
        .agg((pl.col("vote") == pl.col("us")).mean().alias("support"))
        .join(truth, on="rcid", validate="1:1")
    )
    shares = dict(
        support.group_by("unpopular_by_design").agg((pl.col("support") < 0.5).mean()).iter_rows()
    )
    assert shares["1"] > 0.85
    assert shares["0"] < 0.10


@pytest.mark.parametrize(
    ("ccode", "day", "allied"),
    [
        (230, "1982-05-29", False),
        (230, "1982-05-30", True),
        (290, "1997-12-16", False),
        (290, "1999-03-12", True),
        (920, "1986-08-10", True),
        (920, "1986-08-11", False),
        (713, "1979-12-31", True),
        (713, "1980-01-01", False),
        (740, "1952-04-27", False),
        (740, "1960-06-22", False),
        (740, "1960-06-23", True),
        (260, "1955-05-06", True),
        (260, "1990-10-02", False),
        (255, "1990-10-03", True),
        (343, "2020-03-26", False),
        (343, "2020-03-27", True),
        (70, "1960-01-01", False),
        (2, "2000-01-01", False),
    ],
)
def test_allies_by_date_in_force(ccode: int, day: str, allied: bool) -> None:
    assert is_core_ally(ccode, date.fromisoformat(day)) is allied
