"""Suite of `core.obligations`: directed obligations."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.obligations",
        expectations=(
            row_count_between(10, 5_000_000, "one row per pair, year and alliance"),
            rows_satisfy(
                "nobody_owes_to_himself", "ccode_from <> ccode_to", "an obligation has two sides"
            ),
            rows_satisfy(
                "the_year_lies_in_the_days_in_force",
                "year >= extract(year FROM in_force_from)"
                " AND (in_force_to IS NULL OR year <= extract(year FROM in_force_to))",
                "a year counts when the obligation was in force on one of its days",
            ),
        ),
        rules=(
            SqlRule(
                "every_member_was_a_state_once",
                "SELECT DISTINCT o.ccode_from FROM core.obligations o"
                " ANTI JOIN core.states s ON s.ccode = o.ccode_from",
                "members that never were in the state system are among the lost rows",
                ("core.obligations", "core.states"),
            ),
            SqlRule(
                "every_obligation_has_a_counterpart",
                "SELECT a.ccode_from, a.ccode_to, a.year, a.atopid FROM core.obligations a"
                " ANTI JOIN core.obligations b ON a.ccode_from = b.ccode_to"
                " AND a.ccode_to = b.ccode_from AND a.year = b.year AND a.atopid = b.atopid",
                "the two members of a pair each have a row, whatever they promise",
                ("core.obligations",),
            ),
            SqlRule(
                "every_obligation_has_its_alliance",
                "SELECT DISTINCT o.atopid, o.phase FROM core.obligations o"
                " ANTI JOIN core.alliances a USING (atopid, phase)",
                "an obligation rests on a treaty",
                ("core.obligations", "core.alliances"),
            ),
            SqlRule(
                "promises_equal_the_source_s_own_state_years",
                "WITH ours AS (SELECT ccode_from AS ccode, year, max(defense) AS defense,"
                " max(offense) AS offense, count(DISTINCT atopid) AS n FROM core.obligations"
                " GROUP BY ALL)"
                " SELECT s.ccode, s.year, s.n_alliances, o.n AS n_here, s.defense,"
                " o.defense AS defense_here FROM staging.stg_atop__state_years s"
                " JOIN ours o USING (ccode, year)"
                " WHERE s.defense <> o.defense OR s.offense <> o.offense OR s.n_alliances <> o.n",
                "ATOP counts the same promises by state and year; differences mean that phases"
                " or memberships are read otherwise than by its authors; known: the United"
                " Kingdom's pact of 1874-1877 with 8152, which is no state of the COW system",
                ("core.obligations", "staging.stg_atop__state_years"),
                severity="warning",
            ),
        ),
    ),
)
