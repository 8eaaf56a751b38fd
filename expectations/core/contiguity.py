"""Suite of `core.contiguity`: direct contiguity of states."""

from expectations.suite import (
    SqlRule,
    Suite,
    lower_code_comes_first,
    row_count_between,
    rows_satisfy,
)

SUITES = (
    Suite(
        table="core.contiguity",
        expectations=(
            row_count_between(5, 10_000, "each pair of neighbours"),
            lower_code_comes_first(),
            rows_satisfy(
                "a_pair_is_contiguous",
                "contiguity_type BETWEEN 1 AND 5",
                "pairs that are not contiguous have no row",
            ),
        ),
        rules=(
            SqlRule(
                "land_neighbours_are_near",
                "SELECT c.ccode1, c.ccode2, count(*) AS n_years, max(d.distance_km_min) AS km"
                " FROM core.contiguity c JOIN core.distances d ON d.ccode1 = c.ccode1"
                " AND d.ccode2 = c.ccode2 AND d.year > extract(year FROM c.valid_from)"
                " AND d.year < extract(year FROM c.valid_to)"
                " WHERE c.contiguity_type = 1 AND d.distance_km_min > 500"
                " AND NOT (c.ccode1 = 770 AND c.ccode2 = 775) GROUP BY c.ccode1, c.ccode2",
                "states with a common border are no 500 km apart: codes of one of the two sources"
                " are exchanged; known: Pakistan and Myanmar, since the distances take West"
                " Pakistan alone",
                ("core.contiguity", "core.distances"),
            ),
            SqlRule(
                "spells_of_a_pair_share_a_month_at_most",
                "SELECT a.ccode1, a.ccode2, a.valid_from, b.valid_from AS next_from"
                " FROM core.contiguity a JOIN core.contiguity b ON a.ccode1 = b.ccode1"
                " AND a.ccode2 = b.ccode2 AND a.valid_from < b.valid_from"
                " AND date_trunc('month', a.valid_to) > b.valid_from",
                "known to the month: one type ends in the month in which another begins",
                ("core.contiguity",),
                severity="warning",
            ),
        ),
    ),
)
