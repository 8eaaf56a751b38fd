"""Suite of `metrics.obligation_balance`: direction, bounds and null reasons."""

from expectations.suite import SqlRule, Suite, every_null_has_a_reason, rows_satisfy

TABLE = "metrics.obligation_balance"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason(
                "balance",
                "leader_value",
                "partner_mean",
                why="readers need to know why a balance is missing",
            ),
            rows_satisfy(
                "the_balance_follows",
                "balance IS NULL OR abs(balance - (CASE WHEN"
                " balance_direction = 'leader_minus_partners' THEN leader_value - partner_mean"
                " ELSE partner_mean - leader_value END)) <= 1e-9",
                "the sign is the one that balance_direction names",
            ),
            rows_satisfy(
                "a_member_promises_or_does_not",
                "item = 'pol' OR leader_value IN (0.0, 1.0)",
                "only the political mean takes values between",
            ),
            rows_satisfy(
                "a_pledge_is_one_way_by_defense",
                "item <> 'defense' OR balance IS NULL"
                " OR one_way_pledge = (leader_value = 1 AND partner_mean = 0)",
                "one way means that no partner returns it",
            ),
        ),
        rules=(
            SqlRule(
                "every_phase_has_every_item",
                "SELECT a.atopid, a.phase, count(b.item) AS n_items FROM core.alliances a"
                f" LEFT JOIN {TABLE} b USING (atopid, phase) WHERE EXISTS"
                " (SELECT 1 FROM core.alliance_members m"
                " WHERE m.atopid = a.atopid AND m.phase = a.phase)"
                " GROUP BY a.atopid, a.phase HAVING count(b.item) <> 15",
                "a phase without a row is dropped in silence",
                (TABLE, "core.alliances", "core.alliance_members"),
            ),
            SqlRule(
                "leaders_are_members",
                f"SELECT DISTINCT b.atopid, b.phase, b.leader_ccode FROM {TABLE} b"
                " WHERE b.leader_ccode IS NOT NULL AND NOT EXISTS"
                " (SELECT 1 FROM core.alliance_members m WHERE m.atopid = b.atopid"
                " AND m.phase = b.phase AND m.ccode = b.leader_ccode"
                " AND b.leader_year BETWEEN m.year_from AND m.year_to)",
                "the leader is a member of the phase in the year that decides",
                (TABLE, "core.alliance_members"),
            ),
        ),
    ),
)
