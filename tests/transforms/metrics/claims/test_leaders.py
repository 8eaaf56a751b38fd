"""Claims of other leaders: the same tests, or why nothing can be said."""

import polars as pl
import pytest
import yaml

from flows.cli.claims import leader_named
from tests.transforms.metrics.claims.test_claim_definitions import FIRST, FOLDER, SECOND
from tests.transforms.metrics.claims.test_second_edition import RAW
from transforms.metrics.claims.claim_definitions import leaders_of, read_claims
from transforms.metrics.claims.claim_test import build_claim_test
from transforms.metrics.claims.claim_verdict import build_claim_verdict
from transforms.metrics.claims.leaders import (
    LEADERS,
    PAPER_LEADER,
    leaders_with_dated_allies,
    too_few,
    too_few_in,
)
from transforms.metrics.claims.replications import REASONS, said_of_replication

RUSSIA = 365
BY_LEADER = ("C1c", "C2a", "C2g", "C4", "C7", "C8", "C9")


@pytest.fixture(scope="module")
def without_tables():
    files = {"claims": SECOND, "claims_edition_1": FIRST}
    tests = build_claim_test(**files).tables
    return build_claim_verdict(
        **files,
        claim_test=tests["metrics.claim_test"],
        claim_joint_test=tests["metrics.claim_joint_test"],
    ).tables["metrics.claim_verdict"]


def test_the_file_of_claims_and_the_code_judge_the_same_leaders():
    assert leaders_of(SECOND) == LEADERS
    assert leaders_of(FIRST) == (PAPER_LEADER,)
    assert set(SECOND["names"]) == set(LEADERS)


def test_every_claim_is_judged_for_every_leader_or_says_why_not(without_tables):
    newest = without_tables.filter(pl.col("edition") == 2)
    names = [claim.name for claim in read_claims(SECOND)]
    for leader in LEADERS:
        assert set(newest.filter(pl.col("leader") == leader)["claim"]) == set(names)
    assert newest.height == len(names) * len(LEADERS)
    others = newest.filter(pl.col("leader") != PAPER_LEADER)
    assert others["one_line"].str.starts_with("Cannot say, because ").all()


@pytest.mark.parametrize("leader", LEADERS[1:])
def test_tests_of_another_leader_are_of_that_leader(leader):
    codes = {"leader", "hegemon", "hub"}
    for claim in read_claims(SECOND, leader):
        assert bool(claim.judged_once) == (claim.name not in BY_LEADER)
        if claim.judged_once:
            assert [test.role for test in claim.tests] == ["primary"]
            assert not claim.interval_falsifiers
            continue
        for test in claim.tests:
            named = {test.cell[key] for key in codes & set(test.cell)}
            assert named == {leader}
        listed = {f"{test.estimator}: {test.specification}" for test in claim.tests}
        assert {falsifier.test for falsifier in claim.interval_falsifiers} <= listed
        said = [claim.statement, claim.reading, *(f.says for f in claim.interval_falsifiers)]
        assert not [text for text in said if "United States" in text]


def test_the_paper_s_case_keeps_its_tests_and_words():
    by_name = {claim.name: claim for claim in read_claims(SECOND)}
    assert {test.cell["leader"] for test in by_name["C2a"].tests} == {2, 200, 220}
    assert by_name["C1c"].statement.startswith("The United States is overwhelmingly")
    assert len(by_name["C2a"].interval_falsifiers) == 3
    of_russia = {claim.name: claim for claim in read_claims(SECOND, RUSSIA)}
    assert of_russia["C1c"].statement.startswith("Russia is overwhelmingly")
    # what rests on placebos of the United States is not asked of Russia
    assert [f.test for f in of_russia["C2a"].interval_falsifiers] == [
        "state_era: Russia, all votes, popular, share, all"
    ]


@pytest.mark.parametrize(
    ("allies", "clusters", "n_roll_calls", "reason"),
    [
        (4, 4, 100, "few_allies"),
        (5, 2, 100, "few_clusters"),
        (5, 3, 9, "few_roll_calls"),
        (5, 3, 10, None),
    ],
)
def test_a_verdict_needs_allies_waves_and_votes(allies, clusters, n_roll_calls, reason):
    waves = [str(k) for k in range(clusters)]
    assert too_few(range(allies), waves, n_roll_calls) == reason
    at = [k % clusters for k in range(allies)]
    rows = pl.DataFrame({"ccode": range(allies), "is_ally": True, "cluster": at})
    if n_roll_calls >= 10:
        assert too_few_in(rows) == reason
        none = rows.with_columns(is_ally=pl.lit(False))
        assert too_few_in(none) == "few_allies"


def test_leaders_without_dated_treaties_are_left_out():
    tiers = pl.DataFrame(
        {"ccode_hegemon": [2, 200, 365, 365], "tier_core": [True, None, None, False]}
    )
    assert leaders_with_dated_allies(tiers) == (2, 365)


def test_a_replication_says_so_and_speaks_of_no_correction():
    (claim, *_) = read_claims(RAW)
    verdict = {"rule": "nothing_shown", "one_line": "Mixed: x; at Holm's level it includes 0."}
    said = said_of_replication(claim, pl.DataFrame(), verdict)
    assert said == "Mixed: x; it includes 0; a replication, not adjusted for the number of claims."


def test_every_reason_of_a_test_has_words():
    contract = yaml.safe_load(
        (FOLDER.parents[1] / "warehouse/contracts/metrics/claim_test.yml").read_text("utf-8")
    )
    (reasons,) = (
        c["null_reason"]["codes"]
        for c in contract["columns"]
        if isinstance(c, dict) and "null_reason" in c
    )
    assert set(reasons) - {"judged_once"} == set(REASONS)


@pytest.mark.parametrize(
    ("name", "code"),
    [("russia", 365), ("USSR", 365), ("the UK", 200), ("China", 710), ("U.S.", 2), ("220", 220)],
)
def test_leaders_go_by_their_usual_names(name, code):
    assert leader_named(name) == code


def test_an_unknown_leader_is_refused_with_the_known_ones(capsys):
    with pytest.raises(SystemExit) as refused:
        leader_named("atlantis")
    assert refused.value.code == 2
    assert "china (710)" in "".join(capsys.readouterr())


def test_a_leader_whose_allies_left_in_one_wave_gets_no_verdict():
    """Whatever the figures: what changed with the alliance cannot be told from all else then."""
    russia = {claim.name: claim.cannot_say for claim in read_claims(SECOND, RUSSIA)}
    assert [name for name, reason in russia.items() if reason] == ["C2a", "C2g", "C8", "C9"]
    assert "one wave" in russia["C2a"]
    assert not any(claim.cannot_say for claim in read_claims(SECOND))


def test_what_was_measured_on_the_first_leader_is_not_said_of_another():
    assert any(claim.caution for claim in read_claims(SECOND))
    assert not any(c.caution for c in read_claims(SECOND, RUSSIA) if not c.judged_once)
