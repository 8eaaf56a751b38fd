"""Core tables → marts: SQL, one file each."""

from flows.dag.step import mart_step

MARTS = (
    mart_step("roll_call", "Join what is known of a roll call"),
    mart_step("ally_tier", "Say who is whose ally, year by year"),
    mart_step("alliance_year", "Join what is known of an alliance in a year"),
    mart_step("state_session", "Join what is known of a state in a session"),
    mart_step("dyad_session", "Join what is known of a dyad in a session"),
    mart_step("state_year", "Join what is known of a state in a year"),
    mart_step("vote_source_agreement", "Compare the two sources of votes"),
)
