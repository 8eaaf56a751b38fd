-- Grain: one row per hegemon, state and year in which both are in the COW system.
-- Any-day rule: a tie counts for a year when it was in force on at least one day of it; the
-- columns ..._on_31_dec are the stricter rule. Tiers: core (T1), treaty (T2), atop (T3) and
-- guarantee (T4). Dated treaties are coded for the United States alone. Years run to the end of the
-- list of states or, if later, to that of the lists of treaties or of ATOP; after its own end a tier
-- is NULL.
WITH hegemons (ccode_hegemon, has_dated_treaties) AS (
    VALUES (2, true), (200, false), (220, false), (365, false), (710, false)
),
covered AS (
    -- later years are not covered by ATOP: NULL there, never carried forward; likewise the treaties
    SELECT
        (SELECT min(year) FROM core.obligations) AS atop_from,
        (SELECT max(year) FROM core.obligations) AS atop_to,
        (SELECT year(max(counts_to)) FROM core.treaty_allies) AS treaties_to,
        (SELECT year(max(valid_to)) FROM core.states) AS states_to
),
state_years AS (
    -- a state with two spells in one year (Serbia in 2006) is one state-year
    SELECT s.ccode, y.year, bool_and(y.year > year(s.valid_to)) AS is_membership_carried_forward
    FROM core.states AS s
    CROSS JOIN covered AS c
    CROSS JOIN LATERAL generate_series(
        year(s.valid_from),
        least(year(s.counts_to), greatest(c.states_to, c.atop_to, c.treaties_to))
    ) AS y (year)
    GROUP BY s.ccode, y.year
),
dated_ties AS (
    SELECT
        t.ccode_hegemon,
        t.ccode,
        y.year,
        bool_or(t.tier = 'core') AS tier_core,
        bool_or(t.tier IN ('core', 'treaty')) AS tier_treaty,
        bool_or(t.tier IN ('core', 'treaty', 'guarantee')) AS tier_guarantee,
        coalesce(bool_or(t.tier = 'core') FILTER (lasts), false) AS tier_core_on_31_dec,
        coalesce(bool_or(t.tier IN ('core', 'treaty')) FILTER (lasts), false) AS tier_treaty_on_31_dec,
        coalesce(bool_or(t.tier IN ('core', 'treaty', 'guarantee')) FILTER (lasts), false)
            AS tier_guarantee_on_31_dec,
        bool_or(t.is_cofa) AS is_cofa,
        min(t.in_force_from) AS in_force_from,
        -- NULL (open) if any of the treaties is open
        CASE WHEN bool_and(t.in_force_to IS NOT NULL) THEN max(t.in_force_to) END AS in_force_to
    FROM core.treaty_allies AS t
    CROSS JOIN LATERAL (
        SELECT
            year,
            t.counts_to >= make_date(year, 12, 31) AS lasts
        FROM generate_series(year(t.in_force_from), year(t.counts_to)) AS s (year)
    ) AS y
    GROUP BY ALL
),
atop_ties AS (
    -- promises of the hegemon to the state, not the reverse
    SELECT
        o.ccode_from AS ccode_hegemon,
        o.ccode_to AS ccode,
        o.year,
        bool_or(o.is_in_force_on_31_dec) AS is_in_force_on_31_dec,
        min(o.in_force_from) AS in_force_from,
        CASE WHEN bool_and(o.in_force_to IS NOT NULL) THEN max(o.in_force_to) END AS in_force_to
    FROM core.obligations AS o
    WHERE o.defense = 1 AND o.ccode_from IN (SELECT ccode_hegemon FROM hegemons)
    GROUP BY o.ccode_from, o.ccode_to, o.year
),
pairs AS (
    SELECT
        h.ccode_hegemon,
        h.has_dated_treaties,
        h.has_dated_treaties AND s.year <= coalesce(c.treaties_to, 0) AS is_dated,
        s.ccode,
        s.year,
        s.is_membership_carried_forward,
        s.year BETWEEN c.atop_from AND c.atop_to AS is_covered
    FROM hegemons AS h
    JOIN state_years AS own ON own.ccode = h.ccode_hegemon
    JOIN state_years AS s ON s.year = own.year AND s.ccode <> h.ccode_hegemon
    CROSS JOIN covered AS c
)
SELECT
    CAST(p.ccode_hegemon AS SMALLINT) AS ccode_hegemon,
    p.ccode,
    CAST(p.year AS SMALLINT) AS year,
    CASE WHEN p.is_dated THEN coalesce(d.tier_core, false) END AS tier_core,
    CASE WHEN p.is_dated THEN coalesce(d.tier_treaty, false) END AS tier_treaty,
    CASE WHEN p.is_covered THEN a.ccode IS NOT NULL END AS tier_atop,
    CASE WHEN p.is_dated THEN coalesce(d.tier_guarantee, false) END AS tier_guarantee,
    CASE WHEN p.is_dated THEN coalesce(d.tier_core_on_31_dec, false) END
        AS tier_core_on_31_dec,
    CASE WHEN p.is_dated THEN coalesce(d.tier_treaty_on_31_dec, false) END
        AS tier_treaty_on_31_dec,
    CASE WHEN p.is_covered THEN coalesce(a.is_in_force_on_31_dec, false) END AS tier_atop_on_31_dec,
    CASE WHEN p.is_dated THEN coalesce(d.tier_guarantee_on_31_dec, false) END
        AS tier_guarantee_on_31_dec,
    CASE WHEN NOT p.is_covered THEN 'out_of_coverage' END AS tier_atop_null_reason,
    CASE
        WHEN NOT p.has_dated_treaties THEN 'unit_not_in_source'
        WHEN NOT p.is_dated THEN 'out_of_coverage'
    END AS tier_treaty_null_reason,
    CASE WHEN d.ccode IS NOT NULL THEN d.in_force_from ELSE a.in_force_from END AS in_force_from,
    CASE WHEN d.ccode IS NOT NULL THEN d.in_force_to ELSE a.in_force_to END AS in_force_to,
    CASE WHEN d.ccode IS NOT NULL THEN 'treaty' WHEN a.ccode IS NOT NULL THEN 'atop' END
        AS in_force_basis,
    coalesce(d.is_cofa, false) AS is_cofa,
    p.has_dated_treaties AND p.ccode = 666 AS is_israel,
    p.has_dated_treaties AND p.ccode = 713 AND p.year > 1979 AS is_taiwan_after_1979,
    p.is_membership_carried_forward
FROM pairs AS p
LEFT JOIN dated_ties AS d USING (ccode_hegemon, ccode, year)
LEFT JOIN atop_ties AS a USING (ccode_hegemon, ccode, year)
ORDER BY ccode_hegemon, p.ccode, year
