"""Suites of `staging.stg_un_ideal_points__*`: published ideal points."""

from expectations.cross_checks import pairs_are_of_one_state
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

STATE_YEARS = Suite(
    table="staging.stg_un_ideal_points__state_years",
    expectations=(
        row_count_between(50, 100_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "ideal_points_are_standardised",
            "abs(ideal_point_published) <= 6",
            "estimates are about standard deviations; others are on another scale",
        ),
        rows_satisfy(
            "quantiles_are_in_order",
            "ideal_point_published_q05 <= ideal_point_published_q10"
            " AND ideal_point_published_q10 <= ideal_point_published_q50"
            " AND ideal_point_published_q50 <= ideal_point_published_q90"
            " AND ideal_point_published_q90 <= ideal_point_published_q95",
            "columns that are not in order have been mixed up",
        ),
        rows_satisfy(
            "an_estimate_rests_on_votes", "n_votes_published >= 1", "an estimate without a vote"
        ),
    ),
    rules=(
        pairs_are_of_one_state("staging.stg_un_ideal_points__state_years", "ccode", "iso3"),
        SqlRule(
            "the_united_states_are_above_russia_in_every_year",
            "SELECT a.year, a.ideal_point_published AS united_states,"
            " b.ideal_point_published AS russia FROM staging.stg_un_ideal_points__state_years a"
            " JOIN staging.stg_un_ideal_points__state_years b ON b.year = a.year AND b.ccode = 365"
            " WHERE a.ccode = 2 AND a.ideal_point_published <= b.ideal_point_published",
            "they are 1.6 apart or more in every year: from there on the sign is turned round, or"
            " the two are exchanged",
            ("staging.stg_un_ideal_points__state_years",),
        ),
        SqlRule(
            "years_have_a_plausible_number_of_votes",
            "WITH busiest AS (SELECT year, max(n_votes_published) AS n_votes"
            " FROM staging.stg_un_ideal_points__state_years GROUP BY year)"
            " SELECT year, n_votes, lag(n_votes) OVER years AS n_votes_before,"
            " lead(n_votes) OVER years AS n_votes_after FROM busiest"
            " WINDOW years AS (ORDER BY year)"
            " QUALIFY n_votes < 0.1 * greatest(n_votes_before, n_votes_after)",
            "a year with a tenth of its neighbour's votes is split from it; known: 2024 in the"
            " release 1946-2025, whose votes are in 2025",
            ("staging.stg_un_ideal_points__state_years",),
            severity="warning",
        ),
        SqlRule(
            "the_united_states_and_russia_are_at_opposite_ends",
            "SELECT ccode, avg(ideal_point_published) AS mean_1946_1989"
            " FROM staging.stg_un_ideal_points__state_years"
            " WHERE ccode IN (2, 365) AND year < 1990 GROUP BY ccode"
            " HAVING (ccode = 2) <> (avg(ideal_point_published) > 0)",
            "the sign of the scale is arbitrary; here the United States are positive",
            ("staging.stg_un_ideal_points__state_years",),
        ),
    ),
)

SUITES = (STATE_YEARS,)
