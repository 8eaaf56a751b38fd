"""Profiles of a built home against SQL, and which source answers."""

import polars as pl
import pytest

from flows.home.paths import Home
from flows.operations.answers import Source, open_answers
from tests.processes import asymmetry
from warehouse.db import read_published
from warehouse.report.profiles.frames import read_frames
from warehouse.report.write_bundle import NotABundleError, write_bundle


@pytest.fixture(scope="module")
def frames(sample_home) -> dict[str, pl.DataFrame]:
    with read_published(sample_home.warehouse) as connection:
        return read_frames(connection)


def test_agreement_by_session_is_that_of_the_table(sample_home, frames) -> None:
    frame = frames["agreement_by_session"].filter(pl.col("n_votes") >= 10)
    expected = {
        row[:4]: row[4]
        for row in sample_home.rows(
            "SELECT ccode_hegemon, ccode, session, vote_class, mean_agreement"
            " FROM metrics.hegemon_support WHERE mean_agreement IS NOT NULL"
        )
    }
    own = frame.filter(pl.col("vote_class") != "all")
    found = {
        (r["leader"], r["ccode"], r["session"], r["vote_class"]): r["agreement"]
        for r in own.iter_rows(named=True)
    }
    assert found.keys() <= expected.keys()
    assert len(found) > 10_000
    assert all(abs(expected[key] - value) < 1e-8 for key, value in found.items())


def test_all_votes_are_each_vote_once(sample_home, frames) -> None:
    rows = sample_home.rows(
        "SELECT ccode, sum(n_votes_of_class), sum(n_with_hegemon + n_abstained / 2)"
        " FROM metrics.hegemon_support WHERE ccode_hegemon = 2"
        " AND vote_class IN ('popular', 'unpopular') GROUP BY 1"
    )
    whole = frames["agreement_by_period"].filter(leader=2, period="all years", vote_class="all")
    found = {r["ccode"]: (r["n_votes"], r["agreement"]) for r in whole.iter_rows(named=True)}
    for ccode, n, total in rows:
        if n >= 5:
            assert found[ccode] == (n, pytest.approx(float(total) / float(n), abs=1e-8))


def test_spells_have_each_year_of_a_tie_once(sample_home, frames) -> None:
    for tier in ("core", "treaty", "atop", "guarantee"):
        spells = frames["tier_spells"].filter(tier=tier)
        (years,) = sample_home.rows(f"SELECT count(*) FROM marts.ally_tier WHERE tier_{tier}")
        assert (spells["year_to"] - spells["year_from"] + 1).sum() == years[0]


def test_ranks_are_those_of_the_view(sample_home, frames) -> None:
    expected = sample_home.rows(
        "SELECT ccode, session, agreement_rank FROM hegemon_supporters"
        " WHERE ccode_hegemon = 2 AND vote_class = 'unpopular' AND agreement_rank IS NOT NULL"
        " AND tier_core IS NOT NULL"
    )
    own = frames["ranks"].filter(leader=2, vote_class="unpopular")
    assert sorted(own.select("ccode", "session", "rank_of_all").iter_rows()) == sorted(expected)


def test_a_simulated_home_does_not_answer_for_the_real_world_unless_asked(sample_home) -> None:
    real = asymmetry(sample_home.home, "country", "Poland")
    assert "Bundle of real build" in real.stdout
    assert "Your own build is simulated: --from home shows that" in " ".join(real.stdout.split())
    assert "SIMULATED" not in real.stderr
    own = asymmetry(sample_home.home, "country", "Poland", "--from", "home")
    assert own.returncode == 0
    assert "SIMULATED" in own.stderr
    assert "SIMULATED" in own.stdout.splitlines()[-1]
    rows = asymmetry(sample_home.home, "country", "Poland", "--from", "home", "--format", "csv")
    assert pl.read_csv(rows.stdout.encode())["origin"].str.contains("SIMULATED").all()


def test_a_simulated_home_gives_no_bundle(sample_home, tmp_path) -> None:
    with (
        read_published(sample_home.warehouse) as connection,
        pytest.raises(NotABundleError, match="simulated"),
    ):
        write_bundle(connection, tmp_path)
    with open_answers(Home.at(sample_home.home), Source.bundle) as answers:
        assert not answers.is_simulated
