"""Suite of `metrics.outside_ideal_point`: ideal points behind LP3's baseline."""

from expectations.suite import Suite, rows_satisfy

SUITES = (
    Suite(
        table="metrics.outside_ideal_point",
        expectations=(
            rows_satisfy("points_rest_on_votes", "n_votes_outside >= 1", "no votes, no point"),
            rows_satisfy(
                "points_are_on_the_scale",
                "abs(ideal_point) < 10",
                "mean 0, standard deviation 1: farther out the estimator has diverged",
            ),
        ),
    ),
)
