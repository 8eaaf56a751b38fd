"""`metrics.spoke_contrast`: densities, node jackknife and permutations against loops by hand."""

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
import pytest

from transforms.metrics.networks.adjacency import YearPledges
from transforms.metrics.networks.partner_ties import density_difference, nodes_of
from transforms.metrics.networks.spoke_contrast import (
    between_regions,
    node_jackknife,
    partners_minus_others,
)

HUB = 2
BOTH = ("asia_pacific", "europe")
ASIA, EUROPE = (710, 732, 740, 840), (200, 210, 220, 255, 290)


def year(number: int, *, pledges: set[tuple[int, int]], gone: tuple[int, ...] = ()) -> YearPledges:
    ccodes = np.array(sorted({HUB, 365, 750, *ASIA, *EUROPE} - set(gone)), np.int16)
    place = {int(c): i for i, c in enumerate(ccodes)}
    ties = np.zeros((len(ccodes), len(ccodes)), bool)
    for a, b in pledges:
        if a in place and b in place:
            ties[place[a], place[b]] = True
    regions = np.array(
        ["asia_pacific" if c > 700 else "americas" if c < 200 else "europe" for c in ccodes]
    )
    empty = np.zeros_like(ties)
    return YearPledges(number, ccodes, regions, ties, empty, empty.astype(np.int64))


WITH_HUB = {(HUB, c) for c in (*ASIA, *EUROPE)}
NATO = set(combinations(EUROPE, 2))
YEARS = [
    year(1990, pledges=WITH_HUB | NATO | {(710, 732), (200, 365)}),
    year(1991, pledges=(WITH_HUB | NATO) - {(200, 220)} | {(710, 732), (732, 740)}, gone=(290,)),
]


def contrast(years: list[YearPledges], weighting: str = "years") -> dict[str, Any]:
    return between_regions(nodes_of(years, HUB, BOTH), BOTH[0], weighting)[0]


def slowly(
    years: list[YearPledges], without: int = 0, labels: dict[int, str] | None = None
) -> float:
    """Mean difference of densities, pair by pair."""
    found = []
    for one in years:
        at = {int(c): i for i, c in enumerate(one.ccodes)}
        tied = one.pledges | one.pledges.T
        partners = [c for c in at if tied[at[HUB], at[c]] and c != without]
        region = {c: (labels or {}).get(c, one.regions[at[c]]) for c in partners}
        shares = []
        for name in ("asia_pacific", "europe"):
            pairs = list(combinations([c for c in partners if region[c] == name], 2))
            shares.append(np.mean([tied[at[a], at[b]] for a, b in pairs]))
        found.append(shares[0] - shares[1])
    return float(np.mean(found))


def test_the_estimate_is_the_mean_over_years_of_the_difference() -> None:
    found, _ = between_regions(
        nodes_of(YEARS, HUB, ("asia_pacific", "europe")), "asia_pacific", "years"
    )
    assert found["estimate"] == pytest.approx((1 / 6 - 1 + 2 / 6 - 5 / 6) / 2)
    assert found["estimate"] == pytest.approx(slowly(YEARS))
    assert (found["n_partners"], found["n_partners_other"], found["n"]) == (4, 5, 2)


def test_pairs_weigh_the_same_when_asked_for() -> None:
    found, _ = between_regions(
        nodes_of(YEARS, HUB, ("asia_pacific", "europe")), "asia_pacific", "pairs"
    )
    assert found["estimate"] == pytest.approx(3 / 12 - 15 / 16)


def test_the_error_is_snijders_and_borgatti_s_over_partners_left_out() -> None:
    found, _ = between_regions(
        nodes_of(YEARS, HUB, ("asia_pacific", "europe")), "asia_pacific", "years"
    )
    without = np.array([slowly(YEARS, without=c) for c in (*ASIA, *EUROPE)])
    error = np.sqrt((9 - 2) / (2 * 9) * np.sum((without - without.mean()) ** 2))
    assert found["std_error"] == pytest.approx(error)


def test_scores_are_pseudo_values_of_the_partners() -> None:
    found, scores = between_regions(nodes_of(YEARS, HUB, BOTH), BOTH[0], "years")
    theta, n = slowly(YEARS), len(ASIA) + len(EUROPE)
    assert set(scores) == {*ASIA, *EUROPE}
    for code, score in scores.items():
        assert score == pytest.approx(n * theta - (n - 1) * slowly(YEARS, without=code))
    # their scatter is the ordinary jackknife's: about twice Snijders and Borgatti's
    scatter = np.var(list(scores.values()), ddof=1) / n
    assert scatter == pytest.approx(2 * found["std_error"] ** 2 * (n - 1) / (n - 2))


def test_p_is_that_of_labels_permuted_over_the_same_ties() -> None:
    found, _ = between_regions(
        nodes_of(YEARS, HUB, ("asia_pacific", "europe")), "asia_pacific", "years"
    )
    states = (*ASIA, *EUROPE)
    values = []
    for chosen in combinations(states, len(ASIA)):
        labels = {c: "asia_pacific" if c in chosen else "europe" for c in states}
        values.append(slowly(YEARS, labels=labels))
    estimate = slowly(YEARS)
    exact = 2 * np.mean(np.array(values) <= estimate + 1e-12)
    assert found["p_value"] == pytest.approx(min(1.0, exact), abs=0.02)
    assert found["inference"] == "node_jackknife_permutation"


def test_a_region_without_three_partners_and_full_separation_have_reasons() -> None:
    nodes = nodes_of(YEARS, HUB, ("asia_pacific", "americas"))
    found, scores = between_regions(nodes, "asia_pacific", "years")
    assert (found["null_reason"], scores) == ("n_below_min", {})
    apart = [year(1990, pledges=WITH_HUB | NATO)]
    found, _ = between_regions(
        nodes_of(apart, HUB, ("asia_pacific", "europe")), "asia_pacific", "years"
    )
    assert found["null_reason"] == "no_variation"


def test_partners_are_compared_with_the_pairs_neither_of_which_is_one() -> None:
    more = year(1990, pledges={(HUB, c) for c in EUROPE[:3]} | {(200, 210), (255, 290)})
    found = partners_minus_others(nodes_of([more], HUB, ("europe",)), "years")
    # partners 200, 210, 220: one tie of three; others 255, 290, 365: one of three
    assert found["estimate"] == pytest.approx(0.0)
    assert found["inference"] == "node_jackknife"


def test_many_choices_at_once_are_the_same_as_one_by_one() -> None:
    rng = np.random.default_rng(1)
    ties = np.triu(rng.random((12, 12)) < 0.4, 1)
    both_ways = (ties | ties.T).astype(np.float64)
    first = (rng.random((30, 12)) < 0.5).astype(float)
    theta, years = density_difference([(both_ways, first, 1 - first)], "years")
    for choice in range(30):
        one, _ = density_difference([(both_ways, first[[choice]], 1 - first[[choice]])], "years")
        assert theta[choice] == pytest.approx(one[0], nan_ok=True)
    assert years.max() == 1


def test_a_jackknife_that_nothing_moves_has_no_interval() -> None:
    assert node_jackknife(-1.0, np.full(10, -1.0)) is None


def test_the_contract_holds_of_the_sample_cells() -> None:
    from transforms.metrics.claims.cell_tables import (
        estimates_frame,
        score_rows,
        scores_frame,
    )
    from transforms.metrics.networks.spoke_contrast import CELL, MORE, TABLE
    from warehouse.contracts.read import contracts

    found, scores = between_regions(
        nodes_of(YEARS, HUB, ("asia_pacific", "europe")), "asia_pacific", "years"
    )
    key = {
        **{"leader": HUB, "design": "between_regions", "region": "asia_pacific"},
        **{"region_other": "europe", "weighting": "years", "period": "1955-2018"},
    }
    frame = estimates_frame([{**key, **found}], CELL, MORE)
    assert isinstance(contracts()[TABLE].conform(frame), pl.DataFrame)
    of_partners = scores_frame(
        score_rows(key, (f"state {code}" for code in scores), np.array([*scores.values()])), CELL
    )
    conformed = contracts()["metrics.spoke_contrast_score"].conform(of_partners)
    assert conformed.height == len(ASIA) + len(EUROPE)
