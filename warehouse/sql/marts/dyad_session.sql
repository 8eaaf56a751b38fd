-- One row per two states (ccode1 < ccode2) and session.
WITH promises AS (
    -- without what a member owes to others than this partner
    SELECT
        ccode_from,
        ccode_to,
        year,
        coalesce(string_split(not_owed, ' '), []) AS to_others,
        defense = 1 AND NOT list_contains(to_others, 'defense') AS is_defense_owed,
        is_defense_owed
        OR (offense = 1 AND NOT list_contains(to_others, 'offense'))
        OR (neutral = 1 AND NOT list_contains(to_others, 'neutral'))
        OR (nonagg = 1 AND NOT list_contains(to_others, 'nonagg'))
        OR (consul = 1 AND NOT list_contains(to_others, 'consul')) AS is_something_owed
    FROM core.obligations
),

pledges AS (
    SELECT
        least(ccode_from, ccode_to) AS ccode1,
        greatest(ccode_from, ccode_to) AS ccode2,
        year,
        coalesce(bool_or(is_defense_owed) FILTER (ccode_from < ccode_to), false) AS from_1_to_2,
        coalesce(bool_or(is_defense_owed) FILTER (ccode_from > ccode_to), false) AS from_2_to_1,
        bool_or(is_something_owed) AS is_allied
    FROM promises
    GROUP BY ALL
),

covered AS (
    SELECT max(year) AS last_year FROM core.obligations
),

-- TRUE and FALSE inside the years that the source covers, NULL after them.
dyads AS (
    SELECT
        *,
        session + 1945 AS year,
        CASE WHEN session + 1945 <= last_year THEN false END AS no_pledge
    FROM core.dyad_sessions
    CROSS JOIN covered
)

SELECT
    dyads.ccode1,
    dyads.ccode2,
    dyads.session,
    dyads.year,
    first.state_name AS state_name1,
    second.state_name AS state_name2,
    first.region AS region1,
    second.region AS region2,
    first.region = second.region AS is_same_region,
    first.is_in_state_system AS is_in_state_system1,
    second.is_in_state_system AS is_in_state_system2,
    dyads.n_both_member > 0 AS is_both_member,
    dyads.n_both_member,
    dyads.n_joint,
    dyads.n_same,
    dyads.n_partial,
    dyads.n_opposite,
    coalesce(pledges.from_1_to_2, dyads.no_pledge) AS is_defense_owed_1_to_2,
    coalesce(pledges.from_2_to_1, dyads.no_pledge) AS is_defense_owed_2_to_1,
    coalesce(pledges.is_allied, dyads.no_pledge) AS is_allied
FROM dyads
JOIN marts.state_session AS first
    ON first.ccode = dyads.ccode1 AND first.session = dyads.session
JOIN marts.state_session AS second
    ON second.ccode = dyads.ccode2 AND second.session = dyads.session
LEFT JOIN pledges
    ON pledges.ccode1 = dyads.ccode1
    AND pledges.ccode2 = dyads.ccode2
    AND pledges.year = dyads.year
