"""Suite of `metrics.client_network`: counts that are parts of others, and means of known values."""

from expectations.suite import Suite, row_count_between, rows_satisfy

TABLE = "metrics.client_network"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            row_count_between(1, 1_000, "one row per leader and year from 1946"),
            rows_satisfy(
                "new_clients_are_clients",
                "n_clients_entered <= n_clients",
                "who entered is one of them",
            ),
            rows_satisfy(
                "indices_are_of_clients",
                "greatest(n_independence_known, n_troops_known, n_client_regions) <= n_clients",
                "they are among them",
            ),
            rows_satisfy(
                "a_mean_has_values",
                "(n_independence_known = 0) = (independence_index_without_eu IS NULL)"
                " AND (n_troops_known = 0) = (troops_per_capita IS NULL)",
                "a mean over nobody is NULL, not 0",
            ),
        ),
    ),
)
