"""Suite of `core.alliance_members`: memberships in alliances."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.alliance_members",
        expectations=(
            row_count_between(10, 50_000, "one row per alliance, phase, state and entry"),
            rows_satisfy(
                "a_membership_ends_after_it_begins",
                "year_from <= year_to AND (exited_on IS NULL OR entered_on <= exited_on)",
                "obligations are spread over the years between the two",
            ),
            rows_satisfy(
                "in_force_means_no_exit",
                "in_force_at_source_end = (exited_on IS NULL)",
                "who has not left is a member at the source's end, not for ever",
            ),
        ),
        rules=(
            SqlRule(
                "every_membership_has_its_alliance",
                "SELECT DISTINCT m.atopid, m.phase FROM core.alliance_members m"
                " ANTI JOIN core.alliances a USING (atopid, phase)",
                "a membership without its alliance-phase has no treaty",
                ("core.alliance_members", "core.alliances"),
            ),
            SqlRule(
                "members_of_the_system_are_states",
                "SELECT DISTINCT m.ccode FROM core.alliance_members m"
                " ANTI JOIN core.states s USING (ccode) WHERE m.was_cow_member_at_entry",
                "a member that ATOP counts in the system must be in our list",
                ("core.alliance_members", "core.states"),
            ),
        ),
    ),
)
