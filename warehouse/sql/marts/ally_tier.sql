-- Grain: one row per hegemon, state and year in which both are in the COW system.
-- Any-day rule: a tie counts for a year when it was in force on at least one day of it; the
-- columns ..._on_31_dec are the stricter rule. Tiers: core (T1), treaty (T2), atop (T3) and
-- guarantee (T4). Dated treaties are coded for the United States, Russia and China. Years run to the
-- end of the list of states or, if later, to that of the lists of treaties or of ATOP; outside its own
-- years a tier is NULL.
WITH hegemons (ccode_hegemon, treaties_from) AS (
    -- the lists of Russia and China do not have what they had before the Charter
    VALUES (2, 0), (200, NULL), (220, NULL), (365, 1946), (710, 1946)
),
dated_to AS (
    SELECT ccode_hegemon, year(max(counts_to)) AS treaties_to
    FROM core.treaty_allies
    GROUP BY ccode_hegemon
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
        bool_or(t.tier = 'partner') AS is_partner,
        coalesce(
            min(t.in_force_from) FILTER (t.tier = 'core'),
            min(t.in_force_from) FILTER (t.tier <> 'partner')
        ) AS in_force_from,
        -- NULL (open) if any of the treaties is open
        CASE
            WHEN NOT bool_or(t.tier = 'core')
                AND coalesce(bool_and(t.in_force_to IS NOT NULL) FILTER (t.tier <> 'partner'), false)
                THEN max(t.in_force_to) FILTER (t.tier <> 'partner')
            WHEN coalesce(bool_and(t.in_force_to IS NOT NULL) FILTER (t.tier = 'core'), false)
                THEN max(t.in_force_to) FILTER (t.tier = 'core')
        END AS in_force_to
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
    -- promises of the hegemon to the state, not the reverse, nor those that it owes to others
    SELECT
        o.ccode_from AS ccode_hegemon,
        o.ccode_to AS ccode,
        o.year,
        bool_or(o.is_in_force_on_31_dec) AS is_in_force_on_31_dec,
        min(o.in_force_from) AS in_force_from,
        CASE WHEN bool_and(o.in_force_to IS NOT NULL) THEN max(o.in_force_to) END AS in_force_to
    FROM core.obligations AS o
    WHERE o.defense = 1
        AND NOT coalesce(list_contains(string_split(o.not_owed, ' '), 'defense'), false)
        AND o.ccode_from IN (SELECT ccode_hegemon FROM hegemons)
    GROUP BY o.ccode_from, o.ccode_to, o.year
),
pairs AS (
    SELECT
        h.ccode_hegemon,
        h.treaties_from IS NOT NULL AS has_dated_treaties,
        coalesce(s.year BETWEEN h.treaties_from AND l.treaties_to, false) AS is_dated,
        s.ccode,
        s.year,
        s.is_membership_carried_forward,
        s.year BETWEEN c.atop_from AND c.atop_to AS is_covered
    FROM hegemons AS h
    JOIN state_years AS own ON own.ccode = h.ccode_hegemon
    JOIN state_years AS s ON s.year = own.year AND s.ccode <> h.ccode_hegemon
    CROSS JOIN covered AS c
    LEFT JOIN dated_to AS l ON l.ccode_hegemon = h.ccode_hegemon
),
ties AS (
    SELECT p.*, d.* EXCLUDE (ccode_hegemon, ccode, year), coalesce(d.tier_guarantee, false) AS is_tie
    FROM pairs AS p
    LEFT JOIN dated_ties AS d
        ON p.is_dated AND d.ccode_hegemon = p.ccode_hegemon AND d.ccode = p.ccode AND d.year = p.year
)
SELECT
    CAST(p.ccode_hegemon AS SMALLINT) AS ccode_hegemon,
    p.ccode,
    CAST(p.year AS SMALLINT) AS year,
    CASE WHEN p.is_dated THEN coalesce(p.tier_core, false) END AS tier_core,
    CASE WHEN p.is_dated THEN coalesce(p.tier_treaty, false) END AS tier_treaty,
    CASE WHEN p.is_covered THEN a.ccode IS NOT NULL END AS tier_atop,
    CASE WHEN p.is_dated THEN coalesce(p.tier_guarantee, false) END AS tier_guarantee,
    CASE WHEN p.is_dated THEN coalesce(p.tier_core_on_31_dec, false) END
        AS tier_core_on_31_dec,
    CASE WHEN p.is_dated THEN coalesce(p.tier_treaty_on_31_dec, false) END
        AS tier_treaty_on_31_dec,
    CASE WHEN p.is_covered THEN coalesce(a.is_in_force_on_31_dec, false) END AS tier_atop_on_31_dec,
    CASE WHEN p.is_dated THEN coalesce(p.tier_guarantee_on_31_dec, false) END
        AS tier_guarantee_on_31_dec,
    CASE WHEN NOT p.is_covered THEN 'out_of_coverage' END AS tier_atop_null_reason,
    CASE
        WHEN NOT p.has_dated_treaties THEN 'unit_not_in_source'
        WHEN NOT p.is_dated THEN 'out_of_coverage'
    END AS tier_treaty_null_reason,
    CASE WHEN p.is_tie THEN p.in_force_from ELSE a.in_force_from END AS in_force_from,
    CASE WHEN p.is_tie THEN p.in_force_to ELSE a.in_force_to END AS in_force_to,
    CASE WHEN p.is_tie THEN 'treaty' WHEN a.ccode IS NOT NULL THEN 'atop' END
        AS in_force_basis,
    coalesce(p.is_cofa, false) AS is_cofa,
    coalesce(p.is_partner, false) AS is_partner,
    p.ccode_hegemon = 2 AND p.ccode = 666 AS is_israel,
    p.ccode_hegemon = 2 AND p.ccode = 713 AND p.year > 1979 AS is_taiwan_after_1979,
    p.is_membership_carried_forward
FROM ties AS p
LEFT JOIN atop_ties AS a USING (ccode_hegemon, ccode, year)
ORDER BY ccode_hegemon, p.ccode, year
