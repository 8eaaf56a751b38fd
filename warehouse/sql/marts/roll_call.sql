-- One row per roll call, with the votes of the great powers and support for the United States.
WITH vote_counts AS (
    SELECT
        rcid,
        count(*) FILTER (choice = 'absent') AS n_absent,
        count(*) FILTER (choice = 'no_row') AS n_no_row,
        count(*) FILTER (choice = 'seat_disputed') AS n_seat_disputed,
        max(choice) FILTER (ccode = 2) AS choice_usa,
        max(choice) FILTER (ccode = 200) AS choice_uk,
        max(choice) FILTER (ccode = 220) AS choice_france,
        max(choice) FILTER (ccode = 365) AS choice_russia,
        max(choice) FILTER (ccode = 710) AS choice_china
    FROM core.votes
    GROUP BY rcid
),

-- Support among the other sovereign states: Byelorussia and Ukraine would count the Soviet Union
-- three times.
usa_support AS (
    SELECT
        votes.rcid,
        count(*) AS n_beside_usa,
        count(*) FILTER (votes.choice = vote_counts.choice_usa) AS n_with_usa
    FROM core.votes AS votes
    JOIN vote_counts USING (rcid)
    WHERE votes.ccode <> 2
        AND votes.is_sovereign
        AND votes.choice IN ('yes', 'abstain', 'no')
    GROUP BY votes.rcid
)

SELECT
    roll_calls.rcid,
    roll_calls.session,
    roll_calls.emergency_session,
    roll_calls.ballot_id,
    roll_calls.duplicate_of,
    roll_calls.duplicate_evidence,
    roll_calls.vote_date,
    roll_calls.vote_month,
    roll_calls.date_precision,
    roll_calls.year,
    roll_calls.resolution,
    roll_calls.short_title,
    roll_calls.description,
    roll_calls.in_final_only,
    roll_calls.in_final_strict,
    roll_calls.in_all_recorded,
    roll_calls.in_final_only_as_listed,
    roll_calls.is_amendment,
    roll_calls.is_paragraph,
    roll_calls.is_unanimous,
    roll_calls.is_important,
    roll_calls.importance_basis,
    roll_calls.is_middle_east,
    roll_calls.is_nuclear,
    roll_calls.is_disarmament,
    roll_calls.is_human_rights,
    roll_calls.is_colonialism,
    roll_calls.is_economic,
    roll_calls.n_yes,
    roll_calls.n_abstain,
    roll_calls.n_no,
    coalesce(vote_counts.n_absent, 0) AS n_absent,
    coalesce(vote_counts.n_no_row, 0) AS n_no_row,
    coalesce(vote_counts.n_seat_disputed, 0) AS n_seat_disputed,
    roll_calls.n_yes_published,
    roll_calls.n_abstain_published,
    roll_calls.n_no_published,
    vote_counts.choice_usa,
    vote_counts.choice_uk,
    vote_counts.choice_france,
    vote_counts.choice_russia,
    vote_counts.choice_china,
    CASE WHEN choice_usa IN ('yes', 'no') THEN coalesce(n_with_usa, 0) END AS n_with_usa,
    CASE WHEN choice_usa IN ('yes', 'no') THEN coalesce(n_beside_usa, 0) END AS n_beside_usa,
    CASE WHEN choice_usa IN ('yes', 'no') THEN n_with_usa / n_beside_usa END AS usa_support_share,
    roll_calls.source
FROM core.roll_calls AS roll_calls
LEFT JOIN vote_counts USING (rcid)
LEFT JOIN usa_support USING (rcid)
