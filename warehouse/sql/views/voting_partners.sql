-- One row per state, partner and session: each dyad has two rows, one per side.
CREATE VIEW voting_partners AS
WITH measured AS (
    SELECT dyads.*, measures.agreement, measures.s_abs, measures.kappa_sq, measures.null_reason
    FROM marts.dyad_session AS dyads
    JOIN metrics.vote_similarity AS measures USING (ccode1, ccode2, session)
    WHERE measures.vote_set = 'final_only'
)
SELECT ccode1 AS ccode, state_name1 AS state_name, ccode2 AS partner_ccode,
       state_name2 AS partner_name, session, year, n_joint, agreement, s_abs, kappa_sq,
       is_allied, is_defense_owed_1_to_2 AS is_defense_owed_to_partner,
       is_defense_owed_2_to_1 AS is_defense_owed_by_partner, null_reason
FROM measured
UNION ALL
SELECT ccode2, state_name2, ccode1,
       state_name1, session, year, n_joint, agreement, s_abs, kappa_sq,
       is_allied, is_defense_owed_2_to_1, is_defense_owed_1_to_2, null_reason
FROM measured;

COMMENT ON VIEW voting_partners IS
    'How alike a state and each of its partners voted in a session (final votes), with names. Headlines need n_joint >= 10.';
