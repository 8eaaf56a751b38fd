-- One row per alliance and year: its leader by CINC, with share and ratio to the second member.
CREATE VIEW alliance_leaders AS
WITH names AS (
    SELECT ccode, year, state_name FROM marts.state_year
)
SELECT asymmetry.atopid, asymmetry.year, asymmetry.n_members, names.state_name AS leader,
       asymmetry.leader_ccode, asymmetry.leader_share, asymmetry.ratio_first_second,
       asymmetry.dominance, asymmetry.is_asymmetric, asymmetry.is_overwhelming,
       asymmetry.has_defense_or_offense, alliances.member_names, asymmetry.null_reason
FROM metrics.capability_asymmetry AS asymmetry
LEFT JOIN marts.alliance_year AS alliances USING (atopid, year)
LEFT JOIN names ON names.ccode = asymmetry.leader_ccode AND names.year = asymmetry.year
WHERE asymmetry.variable = 'cinc';

COMMENT ON VIEW alliance_leaders IS
    'The leader of each alliance in each year by CINC, its share and its ratio to the second member, with names.';
