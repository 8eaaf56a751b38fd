-- One row per hegemon, other state, session and class of votes: who sides with whom, and since when.
-- A rank needs ten votes of the class: under ten there is a row and no rank.
CREATE VIEW hegemon_supporters AS
WITH names AS (
    -- a state that votes in a session that began in the year before has no state-year yet
    SELECT ccode, arg_max(state_name, valid_from) AS state_name FROM core.states GROUP BY ccode
),
measured AS (
    SELECT *, session + 1945 AS year,
           CASE WHEN n_votes_of_class >= 10 THEN mean_agreement > 0.5 END AS sides_with_hegemon
    FROM metrics.hegemon_support
    WHERE vote_set = 'final_only'
),
known AS (
    SELECT ccode_hegemon, ccode, vote_class, session, sides_with_hegemon,
           rank() OVER (
               PARTITION BY ccode_hegemon, vote_class, session ORDER BY mean_agreement DESC
           ) AS agreement_rank,
           -- sessions on the same side since the last one on the other are one run
           coalesce(max(session) FILTER (NOT sides_with_hegemon) OVER (
               PARTITION BY ccode_hegemon, ccode, vote_class ORDER BY session
           ), 0) AS last_on_the_other_side
    FROM measured
    WHERE sides_with_hegemon IS NOT NULL
),
runs AS (
    SELECT *, CASE WHEN sides_with_hegemon THEN min(session) FILTER (sides_with_hegemon) OVER (
               PARTITION BY ccode_hegemon, ccode, vote_class, last_on_the_other_side
           ) END AS sides_since_session
    FROM known
)
SELECT m.ccode_hegemon, hegemon.state_name AS hegemon_name, m.ccode,
       coalesce(own.state_name, names.state_name) AS state_name, m.session,
       CAST(m.year AS SMALLINT) AS year, m.vote_class, m.n_votes_of_class, m.n_roll_calls,
       m.mean_agreement, r.agreement_rank, m.sides_with_hegemon, r.sides_since_session,
       t.tier_core, t.tier_atop,
       CASE WHEN m.sides_with_hegemon IS NULL THEN 'n_below_min' END AS null_reason
FROM measured AS m
LEFT JOIN runs AS r USING (ccode_hegemon, ccode, vote_class, session)
LEFT JOIN marts.state_year AS hegemon ON hegemon.ccode = m.ccode_hegemon AND hegemon.year = m.year
LEFT JOIN marts.state_year AS own ON own.ccode = m.ccode AND own.year = m.year
LEFT JOIN names ON names.ccode = m.ccode
LEFT JOIN marts.ally_tier AS t
    ON t.ccode_hegemon = m.ccode_hegemon AND t.ccode = m.ccode AND t.year = m.year;

COMMENT ON VIEW hegemon_supporters IS
    'Who sides with which hegemon, and since when, by session and class of votes (final votes). A class with under ten votes is no ranking: NULL. Tiers are NULL where the state was in no state system in the year (it voted in the session as it began, and entered in the next year), and where a tier is not covered.';
