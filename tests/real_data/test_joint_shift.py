"""The joint model on real votes: its figures, what they rest on, and how they are shown."""

from typing import Any

import pytest

from flows.reports.joint_shifts import joint_shifts
from warehouse.db import read_published

FIGURES = {
    (2, "latent"): (0.937582, 0.540480, 1.334684),
    (2, "agreement"): (0.093285, 0.053158, 0.133413),
    (365, "latent"): (3.032880, 1.391334, 4.674424),
    (365, "agreement"): (0.324779, 0.138822, 0.510736),
}


@pytest.mark.parametrize(("leader", "scale"), FIGURES)
def test_its_figures_are_those_that_the_documentation_quotes(
    mirror_home: Any, leader: int, scale: str
) -> None:
    (found,) = mirror_home.rows(
        "SELECT estimate, ci_low, ci_high FROM metrics.joint_alliance_shift"
        f" WHERE leader = {leader} AND scale = '{scale}' AND window_name = 'whole'"
    )
    assert found == pytest.approx(FIGURES[leader, scale], abs=2e-4)


def test_it_rests_on_the_votes_that_it_says(mirror_home: Any) -> None:
    """Counted anew in SQL: votes of sovereign states where the United States said yes or no."""
    (counted,) = mirror_home.rows("""
        WITH own AS (SELECT rcid FROM core.votes WHERE ccode = 2 AND choice IN ('yes', 'no'))
        SELECT count(*), count(DISTINCT v.ccode) FROM core.votes v JOIN own USING (rcid)
        JOIN core.roll_calls r USING (rcid)
        WHERE r.in_final_only AND v.is_sovereign AND v.ccode <> 2 AND v.session <> 19
          AND v.choice IN ('yes', 'no', 'abstain')""")
    (used,) = mirror_home.rows(
        "SELECT n, n_states FROM metrics.joint_alliance_shift"
        " WHERE leader = 2 AND scale = 'latent' AND window_name = 'whole'"
    )
    assert used[0] <= counted[0]
    assert used[0] > 0.95 * counted[0], "all but roll calls with too few judges"
    assert used[1] <= counted[1]


def test_the_findings_show_each_leader_and_why_one_has_no_figure(mirror_home: Any) -> None:
    with read_published(mirror_home.warehouse) as connection:
        text = joint_shifts(connection)
    assert "| United States of America | +0.093 [+0.053, +0.133] | 37 | 31 |" in text
    assert "| China | not computed: it has fewer than 5 allies" in text
    assert "no verdict rests on it" in text.replace("\n", " ")
