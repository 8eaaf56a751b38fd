"""Published and independently computed values, from the real vote file."""

import gzip
import io

import polars as pl
import pytest

from transforms.metrics.legitimation.hegemon_support import support
from transforms.metrics.similarity.vote_similarity import build_vote_similarity
from transforms.rollcall_matrix import by_session, vote_set_rcids

CHOICE = {1: "yes", 2: "abstain", 3: "no", 8: "absent", 9: "not_member"}
COLUMNS = ("n_joint", "agreement", "s_sq", "pi_sq", "kappa_sq", "tau_b")
DYADS = {
    # (session, partner of the United States): COLUMNS, to four decimals
    (2, 200): (38, 0.8158, 0.6842, 0.6197, 0.6247, 0.5830),
    (2, 365): (38, 0.3026, -0.3553, -0.5328, -0.4837, -0.4843),
    (58, 200): (76, 0.5987, 0.3092, 0.1499, 0.2905, 0.4038),
    (58, 220): (76, 0.5461, 0.2039, 0.0360, 0.2285, 0.3461),
    (58, 255): (76, 0.5329, 0.2039, 0.0233, 0.2296, 0.3749),
    (58, 290): (74, 0.5203, 0.1554, -0.0044, 0.2114, 0.3447),
    (58, 365): (76, 0.3355, -0.2434, -0.4551, 0.0145, 0.0174),
    (58, 640): (74, 0.3851, -0.1149, -0.2998, 0.0612, 0.1333),
    (58, 666): (75, 0.8467, 0.7933, 0.6532, 0.6589, 0.6061),
    (58, 710): (75, 0.1933, -0.5267, -0.7418, -0.1172, -0.4345),
    (58, 732): (76, 0.4474, 0.0658, -0.1836, 0.1353, 0.2751),
    (58, 740): (76, 0.4474, 0.0658, -0.1452, 0.1668, 0.3765),
}
PERIODS = {(1, 14): 0.285, (15, 29): 0.484, (30, 45): 0.735, (46, 55): 0.715}
PERIODS |= {(56, 63): 0.866, (64, 70): 0.776}
LOYAL = {666: 0.87, 986: 0.79, 987: 0.65, 983: 0.58, 200: 0.53}


@pytest.fixture(scope="module")
def world(mirror):
    """Votes and roll calls straight from the file, without the rules of succession."""
    path = mirror / "dataverse.harvard.edu/api/access/datafile/6358426.gz"
    cells = pl.read_csv(
        io.BytesIO(gzip.decompress(path.read_bytes())),
        columns=["rcid", "ccode", "vote", "session", "date", "amend", "para"],
        null_values=["NA"],
    ).with_columns(
        choice=pl.col("vote").replace_strict(CHOICE, return_dtype=pl.String),
        year=pl.col("date").str.slice(0, 4).cast(pl.Int32),
    )
    flagged = ((pl.col("para") == 1) | (pl.col("amend") == 1)).fill_null(False)
    voted = pl.col("vote").filter(pl.col("vote") <= 3)
    roll_calls = cells.group_by("rcid").agg(
        pl.col("session").first(),
        in_final_only=(~(flagged & (pl.col("year") >= 1990))).first(),
        is_unanimous=voted.n_unique() == 1,
    )
    republics = pl.col("ccode").is_in([369, 370]) & (pl.col("year") <= 1991)
    votes = cells.select("rcid", "ccode", "choice", is_sovereign=~republics)
    states = pl.DataFrame(
        schema={"ccode": pl.Int16, "valid_from": pl.Date(), "counts_to": pl.Date()}
    )
    return {"votes": votes, "roll_calls": roll_calls, "states": states}


@pytest.fixture(scope="module")
def similarities(world):
    roll_calls = world["roll_calls"].filter(pl.col("session").is_in([1, 2, 26, 58]))
    votes = world["votes"].join(roll_calls, on="rcid", how="semi")
    outcome = build_vote_similarity(
        votes=votes, roll_calls=roll_calls, states=world["states"], vote_sets=("final_only",)
    )
    return outcome.tables["metrics.vote_similarity"]


@pytest.mark.parametrize(("session", "partner"), DYADS)
def test_dyads_of_1947_and_2003(similarities, session, partner):
    got = similarities.filter(ccode1=2, ccode2=partner, session=session).select(COLUMNS)
    assert got.row(0) == pytest.approx(DYADS[session, partner], abs=5.001e-5)


def test_usa_and_mexico_1946(similarities):
    got = similarities.filter(ccode1=2, ccode2=70, session=1).row(0, named=True)
    assert got["n_joint"] == 38
    assert got["tau_b"] == pytest.approx(0.01431261, abs=5e-9)
    assert got["kappa_sq"] == pytest.approx(-0.01222707, abs=5e-9)
    assert got["pi_nominal"] == pytest.approx(-0.02775801, abs=5e-9)


def test_both_holders_of_chinas_seat_have_their_votes_in_session_26(similarities):
    china = similarities.filter(pl.col("ccode2").is_in([710, 713]), ccode1=2, session=26)
    assert dict(china.select("ccode2", "n_joint").rows()) == {710: 47, 713: 8}


@pytest.fixture(scope="module")
def unpopular(world):
    """Session to the support of the United States on its unpopular and popular votes."""
    rcids = vote_set_rcids(world["roll_calls"], "final_only_with_unanimous")
    sovereign = world["votes"].filter("is_sovereign")
    return {
        ballots.session: support(ballots, rcids, 2)
        for ballots in by_session(sovereign, world["roll_calls"])
    }


@pytest.mark.parametrize("period", PERIODS)
def test_share_of_us_votes_that_are_unpopular(unpopular, period):
    first, last = period
    sessions = [unpopular[s] for s in range(first, last + 1)]
    lost = sum(s["unpopular"].n_roll_calls for s in sessions)
    won = sum(s["popular"].n_roll_calls for s in sessions)
    assert lost / (lost + won) == pytest.approx(PERIODS[period], abs=5e-4)


@pytest.mark.parametrize("ccode", LOYAL)
def test_the_most_loyal_voters_are_not_treaty_allies(unpopular, ccode):
    """Agreement on US-unpopular votes of 1991-2015, of sessions with ten of them or more."""
    votes, weighted = 0, 0.0
    for session in range(46, 71):
        found = unpopular[session]["unpopular"]
        for at in (found.ccodes == ccode).nonzero()[0]:
            if found.n_votes[at] >= 10:
                votes += found.n_votes[at]
                weighted += found.n_votes[at] * found.mean_agreement[at]
    assert weighted / votes == pytest.approx(LOYAL[ccode], abs=0.005)
