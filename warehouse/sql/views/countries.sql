-- One row per state and spell of membership in the COW system, with every name that finds it.
CREATE VIEW countries AS
WITH others AS (
    SELECT ccode, string_agg(name, '; ' ORDER BY name) AS other_names
    FROM meta.state_names
    GROUP BY ccode
)
SELECT s.ccode, s.state_name, s.state_abb, s.iso3, s.gwcode, s.region, o.other_names,
       s.valid_from, s.valid_to, s.is_in_system_at_source_end, s.counts_to
FROM core.states AS s
LEFT JOIN others AS o USING (ccode);

COMMENT ON VIEW countries IS
    'States by spell of membership in the COW system, with codes and every name that ccode_of knows: usual, former, and of the COW list. A name may be that of several states (Korea).';
