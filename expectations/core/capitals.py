"""Suite of `core.capitals`: capitals of states."""

from expectations.state_system import spells_do_not_overlap
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.capitals",
        expectations=(
            row_count_between(10, 2_000, "each capital of each state"),
            rows_satisfy(
                "a_capital_counts_to_its_end_or_later",
                "valid_from <= valid_to AND valid_to <= counts_to",
                "it is looked up by a day between valid_from and counts_to",
            ),
            rows_satisfy(
                "only_the_last_capitals_are_carried_forward",
                "is_capital_at_source_end OR counts_to = valid_to",
                "a capital that was given up has a known end",
            ),
        ),
        rules=(
            SqlRule(
                "capitals_are_no_nearer_than_their_states",
                "WITH placed AS (SELECT a.ccode AS ccode1, b.ccode AS ccode2, d.distance_km_min,"
                " 12742 * asin(sqrt(pow(sin(radians(b.latitude - a.latitude) / 2), 2)"
                " + cos(radians(a.latitude)) * cos(radians(b.latitude))"
                " * pow(sin(radians(b.longitude - a.longitude) / 2), 2))) AS km"
                " FROM core.capitals a JOIN core.capitals b ON a.ccode < b.ccode"
                " JOIN core.distances d ON d.ccode1 = a.ccode AND d.ccode2 = b.ccode"
                " AND d.year = 2005 WHERE a.valid_from < DATE '2005-01-01'"
                " AND b.valid_from < DATE '2005-01-01' AND a.valid_to >= DATE '2005-12-31'"
                " AND b.valid_to >= DATE '2005-12-31'), each AS ("
                " SELECT ccode1 AS ccode, distance_km_min > km + 50 AS is_nearer FROM placed"
                " UNION ALL SELECT ccode2, distance_km_min > km + 50 FROM placed)"
                " SELECT ccode, count(*) FILTER (is_nearer) AS n_nearer, count(*) AS n_states"
                " FROM each GROUP BY ccode HAVING avg(is_nearer::INTEGER) > 0.2 AND ccode <> 946",
                "two points of two states are no nearer than the states: the place of a capital is"
                " another's, or longitude and latitude are exchanged; known: Kiribati, on both"
                " sides of the date line",
                ("core.capitals", "core.distances"),
            ),
            spells_do_not_overlap("core.capitals"),
            SqlRule(
                "members_have_a_capital",
                "SELECT s.ccode, s.valid_from FROM core.states s WHERE NOT EXISTS ("
                " SELECT 1 FROM core.capitals c WHERE c.ccode = s.ccode"
                " AND c.valid_from <= s.valid_to AND c.counts_to >= s.valid_to)",
                "a state without a capital on its last day has no distance",
                ("core.capitals", "core.states"),
                severity="warning",
            ),
        ),
    ),
)
