"""Suites of `staging.stg_atop__*`: ATOP members, phases and state-years."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

_ACTIVE = "active = greatest(defense, offense)"
_ACTIVE_WHY = "ATOP defines an active promise as defence or offence; columns may be mixed up"

MEMBERS = Suite(
    table="staging.stg_atop__members",
    expectations=(
        row_count_between(10, 50_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "a_membership_ends_after_it_begins",
            "exit_year IS NULL OR exit_year > entry_year"
            " OR (exit_year = entry_year AND exit_month >= entry_month)",
            "obligations are spread over the years between the two",
        ),
        rows_satisfy(
            "in_effect_means_no_exit",
            "(ineffect = 1) = (exit_year IS NULL)",
            "exit 0 means in force at the source's end, and only that",
        ),
        rows_satisfy(
            "a_promise_of_defense_or_offense_is_active",
            "active >= greatest(defense, offense)",
            "active belongs to the phase: 1 where any member promises defence or offence",
        ),
        rows_satisfy(
            "a_member_is_a_state_code",
            "member < 1000",
            "known: 8152 is no state of the COW system and goes to the lost rows",
            severity="info",
        ),
    ),
    rules=(
        SqlRule(
            "every_membership_has_its_phase",
            "SELECT DISTINCT m.atopid, m.phase FROM staging.stg_atop__members m"
            " ANTI JOIN staging.stg_atop__phases p USING (atopid, phase)",
            "a membership without its alliance-phase has no treaty",
            ("staging.stg_atop__members", "staging.stg_atop__phases"),
        ),
        SqlRule(
            "every_phase_has_two_members",
            "SELECT p.atopid, p.phase, count(DISTINCT m.member) AS n_members"
            " FROM staging.stg_atop__phases p"
            " LEFT JOIN staging.stg_atop__members m USING (atopid, phase)"
            " GROUP BY ALL HAVING count(DISTINCT m.member) < 2",
            "an alliance has at least two members",
            ("staging.stg_atop__members", "staging.stg_atop__phases"),
            severity="warning",
        ),
    ),
)

PHASES = Suite(
    table="staging.stg_atop__phases",
    expectations=(
        row_count_between(5, 10_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "a_phase_ends_after_it_begins",
            "end_year IS NULL OR end_year >= begin_year",
            "a phase is in force between the two",
        ),
        rows_satisfy(
            "in_effect_means_no_end",
            "(ineffect = 1) = (end_year IS NULL)",
            "end 0 means in force at the source's end, and only that",
        ),
        rows_satisfy("active_is_defense_or_offense", _ACTIVE, _ACTIVE_WHY),
    ),
)

STATE_YEARS = Suite(
    table="staging.stg_atop__state_years",
    expectations=(
        row_count_between(5, 100_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "every_listed_year_has_an_alliance",
            "n_alliances >= 1 AND atopally = 1",
            "only years with an alliance are listed",
        ),
    ),
)

SUITES = (MEMBERS, PHASES, STATE_YEARS)
