-- One row per state and session: states in the system in the session's year, and UN members.
-- Ballots count, not listings; votes of emergency special sessions are in no session.
WITH ballots AS (
    SELECT rcid, session, in_final_only
    FROM core.roll_calls
    WHERE in_all_recorded AND session IS NOT NULL
),

sessions AS (
    SELECT
        session,
        session + 1945 AS year,
        count(*) AS n_roll_calls
    FROM ballots
    GROUP BY session
),

members_of_system AS (
    -- Members at the end of the list of states count on afterwards, flagged.
    SELECT
        states.ccode,
        sessions.session,
        bool_and(sessions.year > year(states.valid_to)) AS is_carried_forward
    FROM core.states AS states
    JOIN sessions
        ON sessions.year BETWEEN year(states.valid_from) AND year(states.counts_to)
    GROUP BY states.ccode, sessions.session
),

vote_counts AS (
    SELECT
        votes.ccode,
        ballots.session,
        count(*) FILTER (choice IN ('yes', 'abstain', 'no', 'absent', 'no_row')) AS n_member,
        count(*) FILTER (choice = 'no_row') AS n_no_row,
        count(*) FILTER (choice = 'seat_disputed') AS n_seat_disputed,
        count(*) FILTER (choice = 'yes') AS n_yes,
        count(*) FILTER (choice = 'abstain') AS n_abstain,
        count(*) FILTER (choice = 'no') AS n_no,
        count(*) FILTER (choice = 'absent') AS n_absent,
        count(*) FILTER (choice IN ('yes', 'abstain', 'no')) AS n_voted,
        count(*) FILTER (choice IN ('yes', 'abstain', 'no') AND in_final_only) AS n_voted_final_only,
        count(*) FILTER (choice IN ('yes', 'abstain', 'no') AND NOT is_sovereign) AS n_not_sovereign
    FROM core.votes AS votes
    JOIN ballots USING (rcid)
    GROUP BY votes.ccode, ballots.session
),

actors AS (
    SELECT ccode, session FROM members_of_system
    UNION
    SELECT ccode, session FROM vote_counts WHERE n_member + n_seat_disputed > 0
),

-- The name in the last spell that began by the session's year; before the first spell, its name.
names AS (
    SELECT
        actors.ccode,
        actors.session,
        coalesce(
            arg_max(states.state_abb, valid_from) FILTER (year(valid_from) <= session + 1945),
            arg_min(states.state_abb, valid_from)
        ) AS state_abb,
        coalesce(
            arg_max(states.state_name, valid_from) FILTER (year(valid_from) <= session + 1945),
            arg_min(states.state_name, valid_from)
        ) AS state_name,
        arg_max(states.region, valid_from) AS region
    FROM actors
    JOIN core.states AS states USING (ccode)
    GROUP BY actors.ccode, actors.session
),

allies_of_usa AS (
    SELECT ccode, year, tier_core, tier_treaty, tier_atop, tier_guarantee, is_cofa
    FROM marts.ally_tier
    WHERE ccode_hegemon = 2
)

SELECT
    actors.ccode,
    actors.session,
    sessions.year,
    names.state_abb,
    names.state_name,
    names.region,
    members_of_system.ccode IS NOT NULL AS is_in_state_system,
    coalesce(members_of_system.is_carried_forward, false) AS is_membership_carried_forward,
    coalesce(vote_counts.n_member + vote_counts.n_seat_disputed, 0) > 0 AS is_un_member,
    sessions.n_roll_calls,
    coalesce(vote_counts.n_member, 0) AS n_member,
    coalesce(vote_counts.n_no_row, 0) AS n_no_row,
    coalesce(vote_counts.n_seat_disputed, 0) AS n_seat_disputed,
    coalesce(vote_counts.n_voted, 0) AS n_voted,
    coalesce(vote_counts.n_yes, 0) AS n_yes,
    coalesce(vote_counts.n_abstain, 0) AS n_abstain,
    coalesce(vote_counts.n_no, 0) AS n_no,
    coalesce(vote_counts.n_absent, 0) AS n_absent,
    coalesce(vote_counts.n_voted_final_only, 0) AS n_voted_final_only,
    coalesce(vote_counts.n_not_sovereign, 0) AS n_not_sovereign,
    vote_counts.n_voted / nullif(vote_counts.n_member - vote_counts.n_no_row, 0) AS participation_share,
    allies_of_usa.tier_core,
    allies_of_usa.tier_treaty,
    allies_of_usa.tier_atop,
    allies_of_usa.tier_guarantee,
    allies_of_usa.is_cofa,
    CASE
        WHEN coalesce(vote_counts.n_member + vote_counts.n_seat_disputed, 0) = 0 THEN 'not_member'
        WHEN vote_counts.n_member = 0 THEN 'seat_disputed'
        WHEN vote_counts.n_member = vote_counts.n_no_row THEN 'no_row'
        WHEN vote_counts.n_voted = 0 THEN 'absent_all'
    END AS null_reason
FROM actors
JOIN sessions USING (session)
LEFT JOIN names USING (ccode, session)
LEFT JOIN members_of_system USING (ccode, session)
LEFT JOIN vote_counts USING (ccode, session)
LEFT JOIN allies_of_usa
    ON allies_of_usa.ccode = actors.ccode AND allies_of_usa.year = sessions.year
