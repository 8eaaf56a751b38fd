-- One row per hegemon, roll call on which it asked others to take its side, and state that voted. Of
-- the Soviet Union and Russia they are named here; of the United States they are those that the State
-- Department calls important. A vote that the sources do not have is one row without a state.
CREATE VIEW test_votes AS
WITH named (ccode_hegemon, resolution, title) AS (
    VALUES
    (365, 'ES-6/2', 'Afghanistan, 1980: withdrawal of the foreign troops'),
    (365, '68/262', 'Territorial integrity of Ukraine, 2014'),
    (365, 'ES-11/1', 'Aggression against Ukraine, March 2022'),
    (365, 'ES-11/2', 'Humanitarian consequences of the aggression, March 2022'),
    (365, 'ES-11/3', 'Suspension from the Human Rights Council, April 2022'),
    (365, 'ES-11/4', 'Territorial integrity of Ukraine, October 2022'),
    (365, 'ES-11/5', 'Remedy and reparation, November 2022'),
    (365, 'ES-11/6', 'Principles underlying a lasting peace, February 2023'),
    (365, 'ES-11/7', 'Advancing a lasting peace, February 2025'),
    (365, 'ES-11/8', 'The path to peace, February 2025')
),
final AS (
    SELECT rcid, vote_date, is_important, short_title,
           regexp_replace(resolution, '^(A/RES/|A/R/|R/)', '') AS resolution
    FROM core.roll_calls
    WHERE in_final_only
),
latest AS (
    SELECT ccode, max_by(state_name, valid_from) AS state_name FROM core.states GROUP BY ccode
),
asked AS (
    SELECT n.ccode_hegemon, n.resolution, n.title, f.rcid, f.vote_date
    FROM named AS n
    LEFT JOIN final AS f USING (resolution)
    UNION ALL
    SELECT 2, resolution, short_title, rcid, vote_date
    FROM final
    WHERE is_important
)
SELECT CAST(a.ccode_hegemon AS SMALLINT) AS ccode_hegemon, hegemon.state_name AS hegemon_name,
       a.resolution, a.title, a.rcid, a.vote_date,
       own.choice AS hegemon_choice, v.ccode, other.state_name, v.choice,
       CASE
           WHEN own.choice IN ('yes', 'no') AND v.choice = own.choice THEN 1.0
           WHEN own.choice IN ('yes', 'no') AND v.choice = 'abstain' THEN 0.5
           WHEN own.choice IN ('yes', 'no') AND v.choice IN ('yes', 'no') THEN 0.0
       END AS agreement,
       CASE
           WHEN a.rcid IS NULL THEN 'unit_not_in_source'
           WHEN own.choice IS NULL OR own.choice NOT IN ('yes', 'no') THEN 'hegemon_undecided'
           WHEN v.choice NOT IN ('yes', 'no', 'abstain') THEN 'no_vote'
       END AS null_reason
FROM asked AS a
LEFT JOIN latest AS hegemon ON hegemon.ccode = a.ccode_hegemon
LEFT JOIN core.votes AS own ON own.rcid = a.rcid AND own.ccode = a.ccode_hegemon
LEFT JOIN core.votes AS v ON v.rcid = a.rcid AND v.ccode <> a.ccode_hegemon AND v.is_sovereign
LEFT JOIN latest AS other ON other.ccode = v.ccode;

COMMENT ON VIEW test_votes IS
    'Roll calls that tested who sides with Russia (ES-6/2, 68/262, ES-11, by name) and with the United States (those that the State Department calls important), by state. Those that the sources do not have are listed without states.';
