"""The views for people, as the simulated build has them."""

from typing import Any


def test_capability_ratios_are_those_of_the_marts(sample_home: Any) -> None:
    ((n, keys, ratios, unexplained, n_tiers),) = sample_home.rows("""
        SELECT count(*), count(DISTINCT (ccode_hegemon, ccode, year)), count(ratio),
               count(*) FILTER ((ratio IS NULL) <> (null_reason IS NOT NULL)),
               (SELECT count(*) FROM marts.ally_tier)
        FROM ally_capabilities
    """)
    assert (n, keys, unexplained) == (n_tiers, n_tiers, 0)
    assert ratios > 0
    wrong = sample_home.rows("""
        SELECT * FROM ally_capabilities AS told
        JOIN core.capabilities AS hegemon
            ON hegemon.ccode = told.ccode_hegemon AND hegemon.year = told.year
        JOIN core.capabilities AS state ON state.ccode = told.ccode AND state.year = told.year
        WHERE abs(told.ratio * state.cinc - hegemon.cinc) > 1e-12
    """)
    assert wrong == []


def test_no_column_of_a_view_is_without_a_comment(sample_home: Any) -> None:
    assert (
        sample_home.rows("""
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE NOT internal AND schema_name = 'main' AND comment IS NULL
    """)
        == []
    )
