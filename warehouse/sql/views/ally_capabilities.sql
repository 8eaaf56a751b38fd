-- One row per hegemon, state and year: how many times the state's capabilities the hegemon has.
CREATE VIEW ally_capabilities AS
WITH names AS (
    -- ties are known for a year more than figures of states
    SELECT ccode, arg_max(state_name, valid_from) AS state_name FROM core.states GROUP BY ccode
)
SELECT tiers.ccode_hegemon,
       coalesce(hegemons.state_name, hegemon_names.state_name) AS hegemon_name, tiers.ccode,
       coalesce(states.state_name, names.state_name) AS state_name, tiers.year, hegemons.cinc AS hegemon_cinc, states.cinc,
       hegemons.cinc / nullif(states.cinc, 0) AS ratio, tiers.tier_core, tiers.tier_treaty,
       tiers.tier_atop, tiers.tier_guarantee,
       CASE
           WHEN states.cinc IS NULL THEN coalesce(states.capabilities_null_reason, 'source_missing')
           WHEN hegemons.cinc IS NULL
               THEN coalesce(hegemons.capabilities_null_reason, 'source_missing')
           WHEN states.cinc = 0 THEN 'second_zero'
       END AS null_reason
FROM marts.ally_tier AS tiers
LEFT JOIN marts.state_year AS states ON states.ccode = tiers.ccode AND states.year = tiers.year
LEFT JOIN marts.state_year AS hegemons
    ON hegemons.ccode = tiers.ccode_hegemon AND hegemons.year = tiers.year
LEFT JOIN names ON names.ccode = tiers.ccode
LEFT JOIN names AS hegemon_names ON hegemon_names.ccode = tiers.ccode_hegemon;

COMMENT ON VIEW ally_capabilities IS
    'The capability ratio (CINC) of each hegemon to each other state by year, with names and the tiers of allies that the state is in. One row per hegemon, state and year, allies or not: filter on a tier.';
