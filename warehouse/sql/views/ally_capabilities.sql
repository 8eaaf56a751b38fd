-- One row per hegemon, state and year: how many times the state's capabilities the hegemon has.
CREATE VIEW ally_capabilities AS
SELECT tiers.ccode_hegemon, hegemons.state_name AS hegemon_name, tiers.ccode, states.state_name,
       tiers.year, hegemons.cinc AS hegemon_cinc, states.cinc,
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
    ON hegemons.ccode = tiers.ccode_hegemon AND hegemons.year = tiers.year;

COMMENT ON VIEW ally_capabilities IS
    'The capability ratio (CINC) of each hegemon to each other state by year, with names and the tiers of allies that the state is in. One row per hegemon, state and year, allies or not: filter on a tier.';
