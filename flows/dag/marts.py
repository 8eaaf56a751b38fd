"""Steps of `marts`: core tables joined for people, one SQL file each."""

from flows.dag.step import mart_step

MARTS = (
    mart_step("roll_call", "join votes and totals to roll calls"),
    mart_step("ally_tier", "assign ally tiers by hegemon and year"),
    mart_step("alliance_year", "count members and obligations by alliance and year"),
    mart_step("state_session", "count votes by state and session"),
    mart_step("dyad_session", "join votes and alliances by dyad and session"),
    mart_step("state_year", "join capabilities, GDP and alliances by state and year"),
    mart_step("vote_source_agreement", "compare the two sources of votes"),
)
