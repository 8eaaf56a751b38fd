"""Suite of `marts.alliance_year`: alliances by year."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="marts.alliance_year",
        expectations=(
            row_count_between(10, 200_000, "alliances by years in force"),
            rows_satisfy(
                "members_of_the_system_are_members",
                "n_cow_members <= n_members AND n_defense <= n_members"
                " AND n_entered <= n_members AND n_exited <= n_members",
                "parts are not larger than the whole",
            ),
            rows_satisfy(
                "class_follows_from_the_promises",
                "has_defense_or_offense = (defense = 1 OR offense = 1)"
                " AND (defense = 1) = (n_defense > 0)",
                "headline figures take alliances with defence or offence",
            ),
        ),
        rules=(
            SqlRule(
                "years_lie_in_the_alliance",
                "SELECT y.atopid, y.year FROM marts.alliance_year y WHERE NOT EXISTS ("
                " SELECT 1 FROM core.alliances a WHERE a.atopid = y.atopid"
                " AND y.year BETWEEN a.year_from AND a.year_to)",
                "an alliance has rows only while it is in force",
                ("marts.alliance_year", "core.alliances"),
            ),
        ),
    ),
)
