"""The verdicts on the publishers' files, by the first edition and by the second."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def verdicts(mirror_home: Any) -> dict[str, tuple[Any, ...]]:
    rows = mirror_home.rows(
        "SELECT claim, verdict, rule, estimate, falsifiers_fired FROM claims_edition_1"
    )
    return {row[0]: row[1:] for row in rows}


@pytest.mark.parametrize(
    ("claim", "verdict", "estimate"),
    [
        ("C1a", "supported", 1.018279),
        ("C1b", "mixed", -0.190034),
        ("C1c", "mixed", -0.027590),
        ("C2a", "mixed", 0.151618),
        ("C2b", "mixed", 0.035280),
        ("C2c", "not_supported", 1.750001),
        ("C2d", "supported", 2.064754),
        ("C2e", "not_supported", -1.723868),
        ("C3", "not_supported", 0.456522),
        ("C4", "mixed", 0.011153),
        ("C5", "mixed", -0.041551),
        ("C6", "mixed", 0.232364),
    ],
)
def test_what_became_of_the_claims(
    verdicts: dict[str, tuple[Any, ...]], claim: str, verdict: str, estimate: float
) -> None:
    assert verdicts[claim][0] == verdict
    assert verdicts[claim][2] == pytest.approx(estimate, abs=1e-5)


def test_aspirants_refute_the_claim_about_iraq(verdicts: dict[str, tuple[Any, ...]]) -> None:
    assert "aspirants" in verdicts["C2c"][3]
    assert "popular coalition" in verdicts["C2e"][3]


def test_nothing_the_claims_rest_on_is_missing(mirror_home: Any) -> None:
    missing = mirror_home.rows(
        "SELECT DISTINCT source_table FROM metrics.claim_test WHERE null_reason = 'not_computed'"
    )
    assert missing == []


def test_profiles_of_the_two_blocs(mirror_home: Any) -> None:
    nato, warsaw = (
        mirror_home.rows(
            "SELECT capability, exchange, hierarchy, scalar FROM metrics.asymmetry_profile"
            f" WHERE atopid = {atopid} AND year = 1985"
        )[0]
        for atopid in (3180, 3285)
    )
    assert nato == pytest.approx((0.680759, 0.733333, 0.944444, 0.589634), abs=1e-5)
    assert warsaw == pytest.approx((0.850073, 0.833333, 1.0, 0.670852), abs=1e-5)
