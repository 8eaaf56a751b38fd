"""Suite of `core.un_members`: members of the United Nations by day."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

_HOLDS = "m.valid_from <= d.last_day AND (m.valid_to IS NULL OR m.valid_to >= d.last_day)"

SUITES = (
    Suite(
        table="core.un_members",
        expectations=(
            row_count_between(10, 1_000, "193 members of today, and those of the past"),
            rows_satisfy(
                "a_period_ends_after_it_begins",
                "valid_to IS NULL OR valid_from <= valid_to",
                "a day between the two is a day of membership",
            ),
            rows_satisfy(
                "an_end_has_an_event",
                "(valid_to IS NULL) = (end_event IS NULL)",
                "readers need to know whether a member left or its seat was disputed",
            ),
            rows_satisfy(
                "no_member_before_the_charter",
                "valid_from >= DATE '1945-10-24'",
                "the Charter entered into force on that day",
            ),
        ),
        rules=(
            SqlRule(
                "periods_of_a_state_do_not_overlap",
                "SELECT a.ccode, a.valid_from, b.valid_from AS next_from FROM core.un_members a"
                " JOIN core.un_members b ON a.ccode = b.ccode AND a.valid_from < b.valid_from"
                " AND coalesce(a.valid_to, DATE '9999-12-31') >= b.valid_from",
                "a state has one status a day",
                ("core.un_members",),
            ),
            SqlRule(
                "members_are_states",
                "SELECT DISTINCT m.ccode FROM core.un_members m"
                " ANTI JOIN core.states s USING (ccode)",
                "hand-coded codes can be mistyped",
                ("core.un_members", "core.states"),
            ),
            SqlRule(
                "never_more_members_than_the_un_has",
                "WITH d AS (SELECT unnest(generate_series(DATE '1945-12-31', DATE '2030-12-31',"
                " INTERVAL 1 YEAR))::DATE AS last_day)"
                " SELECT d.last_day, count(*) AS n_members FROM d"
                f" JOIN core.un_members m ON {_HOLDS}"
                " GROUP BY d.last_day HAVING count(*) > 193",
                "a 194th member is one that has been admitted since, or a double count: enter it",
                ("core.un_members",),
            ),
        ),
    ),
)
