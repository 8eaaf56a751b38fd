import numpy as np
import pytest

from warehouse.report.profiles.score_interval import ballot_interval, session_interval


def sums(totals: list[float], votes: list[int]) -> tuple[np.ndarray, ...]:
    a, n = np.array(totals), np.array(votes, float)
    squares = np.sum((a - a.sum() / n.sum() * n) ** 2)
    return np.array([a.sum()]), np.array([n.sum()]), np.array([squares]), np.array([len(n)])


def test_sessions_that_differ_make_it_longer_than_votes_do() -> None:
    apart = sums([0, 10, 0, 10], [10, 10, 10, 10])
    alike = sums([5, 5, 5, 5], [10, 10, 10, 10])
    lows = [session_interval(*s)[0].item() for s in (apart, alike)]
    # V = 4/3 · 100/1600 = 1/12: worth 3 votes; t(3) = 3.182, t² = 10.128, half of
    # t·sqrt(1/12 + t²/36)/(1 + t²/3)
    t = 3.18245
    half = t * np.sqrt(0.25 / 3 + t**2 / 36) / (1 + t**2 / 3)
    assert lows[0] == pytest.approx(0.5 - half, abs=1e-4)
    assert lows[0] < lows[1] < ballot_interval(np.array([20.0]), np.array([40]))[0].item()


@pytest.mark.parametrize(("total", "inside"), [(0.0, 0.0), (10.0, 1.0)])
def test_sessions_that_all_agree_have_a_length(total, inside) -> None:
    low, high = session_interval(*sums([total] * 4, [10] * 4))
    assert 0 <= low.item() <= inside <= high.item() <= 1
    assert 0.1 < high.item() - low.item() < 0.5


def test_it_covers_the_truth_where_sessions_differ() -> None:
    """Shares of a session are drawn around a mean (beta, intraclass correlation .06)."""
    rng = np.random.default_rng(20)
    for mean in (0.05, 0.5):
        size = rng.integers(10, 70, (4000, 8))
        shares = rng.beta(mean * 15, (1 - mean) * 15, size.shape)
        a = rng.binomial(size, shares).astype(float)
        total, n = a.sum(1), size.sum(1).astype(float)
        squares = ((a - (total / n)[:, None] * size) ** 2).sum(1)
        low, high = session_interval(total, n, squares, np.full(4000, 8))
        assert ((low <= mean) & (high >= mean)).to_numpy().mean() == pytest.approx(0.95, abs=0.015)
        low, high = ballot_interval(total, n)
        assert ((low <= mean) & (high >= mean)).to_numpy().mean() < 0.85
