"""Steadiness of allies' votes, recomputed from ballots by SQL, pandas and pyfixest."""

from typing import Any

import pandas as pd
import pyfixest as pf
import pytest

US = 2

# Every second decided roll call of a session is in the first half.
HALVES = """
    WITH own AS (
        SELECT v.rcid, v.session, v.choice AS led
        FROM core.votes v JOIN core.roll_calls r USING (rcid)
        WHERE r.in_final_only AND v.ccode = 2 AND v.choice IN ('yes', 'no') AND v.is_sovereign
    ),
    dealt AS (
        SELECT *, (row_number() OVER (PARTITION BY session ORDER BY rcid) - 1) % 2 AS half FROM own
    )
    SELECT v.ccode, d.session, d.half, count(*) AS n,
           avg(CASE WHEN v.choice = d.led THEN 1 WHEN v.choice = 'abstain' THEN 0.5 ELSE 0 END) AS a
    FROM core.votes v JOIN dealt d USING (rcid)
    WHERE v.is_sovereign AND v.choice IN ('yes', 'no', 'abstain') AND v.ccode <> 2
    GROUP BY ALL
"""
CORE = "SELECT ccode, year - 1945 FROM marts.ally_tier WHERE ccode_hegemon = 2 AND tier_core"
ENTRY = """
    SELECT ccode, CAST(min(in_force_from) AS VARCHAR) FROM core.treaty_allies
    WHERE ccode_hegemon = 2 AND tier = 'core' GROUP BY ccode
"""


@pytest.fixture(scope="module")
def changes(mirror_home: Any) -> pd.DataFrame:
    """One row per state and session: the product of both halves' changes."""
    names = ["ccode", "session", "half", "n", "a"]
    cells = pd.DataFrame(mirror_home.rows(HALVES), columns=names)
    wide = cells.pivot_table(index=["ccode", "session"], columns="half", values=["n", "a"])
    wide.columns = [f"{name}{half}" for name, half in wide.columns]
    wide = wide.reset_index()
    before = wide.assign(session=wide["session"] + 1)
    rows = wide.merge(before, on=["ccode", "session"], suffixes=("", "_before"))
    rows = rows[rows[["n0", "n1", "n0_before", "n1_before"]].min(axis=1) >= 5].copy()
    for k in (0, 1):
        change = rows[f"a{k}"] - rows[f"a{k}_before"]
        weight = 1 / (1 / rows[f"n{k}"] + 1 / rows[f"n{k}_before"])
        total = (change * weight).groupby(rows["session"]).transform("sum")
        rows[f"d{k}"] = change - total / weight.groupby(rows["session"]).transform("sum")
    rows["q"] = rows["d0"] * rows["d1"]
    n, m = rows["n0"] + rows["n1"], rows["n0_before"] + rows["n1_before"]
    rows["weight"] = n * m / (n + m)
    core = set(mirror_home.rows(CORE))
    rows["ally"] = [float(key in core) for key in zip(rows["ccode"], rows["session"], strict=True)]
    was = [float((c, s - 1) in core) for c, s in zip(rows["ccode"], rows["session"], strict=True)]
    entry = dict(mirror_home.rows(ENTRY))
    rows["wave"] = [entry.get(ccode, f"state {ccode}") for ccode in rows["ccode"]]
    return rows[rows["ally"] == was]


def published(mirror_home: Any, design: str, sample: str) -> tuple[float, ...]:
    (row,) = mirror_home.rows(
        "SELECT estimate, std_error, n, equivalence_bound FROM metrics.predictability"
        " WHERE outcome = 'co_movement' AND tier = 'core' AND vote_class = 'all'"
        f" AND scale = 'share' AND design = '{design}' AND sample = '{sample}'"
    )
    return tuple(map(float, row))


TODAY = {
    ("two_way", "unchanged"): (-0.001662, 0.000437),
    ("two_way", "without_1989_1992"): (-0.000779, 0.000409),
    ("state_era", "unchanged"): (-0.001480, 0.000917),
}


@pytest.mark.parametrize(("design", "sample"), TODAY)
def test_steadiness_is_that_of_pyfixest_on_rows_of_our_own(
    mirror_home: Any, changes: pd.DataFrame, design: str, sample: str
) -> None:
    frame = changes
    if sample == "without_1989_1992":
        frame = frame[~(frame["session"] + 1945).between(1989, 1992)]
    frame = frame.assign(unit=frame["ccode"] * 2)
    if design == "state_era":
        frame["unit"] += frame["session"] > 45
    fit = pf.feols("q ~ ally | unit + session", frame, vcov={"CRV1": "wave"}, weights="weight")
    found = published(mirror_home, design, sample)
    assert found[:3] == pytest.approx((fit.coef()["ally"], fit.se()["ally"], len(frame)), abs=1e-8)
    assert found[:2] == pytest.approx(TODAY[design, sample], abs=1e-6)
    others = frame[frame["ally"] == 0]
    mean = (others["q"] * others["weight"]).sum() / others["weight"].sum()
    assert found[3] == pytest.approx(mean / 4, abs=1e-8)


def test_clients_of_the_united_states(mirror_home: Any) -> None:
    rows = mirror_home.rows(
        "SELECT n_clients, n_client_regions FROM metrics.client_network"
        " WHERE leader = 2 AND year IN (1950, 1985, 2005) ORDER BY year"
    )
    assert rows == [(11, 2), (21, 4), (30, 4)]
    left = mirror_home.rows(
        "SELECT year FROM metrics.client_network WHERE n_clients_left > 0 ORDER BY year"
    )
    assert left == [(1980,), (1987,)]  # Taiwan and New Zealand, in the year after


def test_clients_do_not_dispute_with_each_other_less(mirror_home: Any) -> None:
    (row,) = mirror_home.rows(
        "SELECT estimate, std_error, n FROM metrics.predictability"
        " WHERE outcome = 'client_disputes'"
    )
    assert row == pytest.approx((-0.004599, 0.017634, 25181), abs=1e-6)


def test_votes_are_steadier_but_not_in_every_variant(mirror_home: Any) -> None:
    ((verdict, rule, n, agree),) = mirror_home.rows(
        "SELECT verdict, rule, n_grid, n_grid_as_expected FROM claims WHERE claim = 'C8'"
    )
    assert (verdict, rule, n, agree) == ("mixed", "grid_disagrees", 53, 15)
