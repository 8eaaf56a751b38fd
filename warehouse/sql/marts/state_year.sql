-- Grain: one row per state and calendar year in which it was a member of the COW system on at
-- least one day. Gaps of each source are NULL, with a reason. Years run to the end of the list of
-- states or, if later, to the last that a source has figures of; members at the list's end count on.
WITH last_year AS (
    SELECT greatest(
        (SELECT year(max(valid_to)) FROM core.states),
        (SELECT max(year) FROM core.capabilities),
        (SELECT max(year) FROM core.gdp),
        (SELECT max(year) FROM core.military_expenditure),
        (SELECT max(year) FROM core.us_troops),
        (SELECT max(year) FROM core.ideal_points_published)
    ) AS year
),

state_years AS (
    -- A state with two spells in a year has the name of the later one.
    SELECT
        ccode,
        year::SMALLINT AS year,
        arg_max(state_abb, valid_from) AS state_abb,
        arg_max(state_name, valid_from) AS state_name,
        arg_max(iso3, valid_from) AS iso3,
        arg_max(gwcode, valid_from) AS gwcode,
        arg_max(region, valid_from) AS region,
        bool_or(make_date(year, 12, 31) <= counts_to) AS is_in_system_on_31_dec,
        bool_and(year > year(valid_to)) AS is_membership_carried_forward
    FROM (
        SELECT s.*, unnest(range(year(valid_from), least(year(counts_to), l.year) + 1)) AS year
        FROM core.states AS s
        CROSS JOIN last_year AS l
    )
    GROUP BY ccode, year
),

covered AS (
    -- First and last year that each source covers.
    SELECT
        (SELECT min(year) FROM core.capabilities) AS capabilities_from,
        (SELECT max(year) FROM core.capabilities) AS capabilities_to,
        (SELECT min(year) FROM core.gdp) AS gdp_from,
        (SELECT max(year) FROM core.gdp) AS gdp_to,
        (SELECT min(year) FROM core.military_expenditure) AS milex_usd_from,
        (SELECT max(year) FROM core.military_expenditure) AS milex_usd_to,
        (SELECT min(year) FROM core.us_troops) AS us_troops_from,
        (SELECT max(year) FROM core.us_troops) AS us_troops_to,
        (SELECT min(year) FROM core.ideal_points_published) AS ideal_point_from,
        (SELECT max(year) FROM core.ideal_points_published) AS ideal_point_to,
        (SELECT min(year_from) FROM core.alliance_members) AS alliances_from,
        (SELECT max(year_to) FROM core.alliance_members) AS alliances_to,
        (SELECT min(year_from) FROM core.major_powers) AS majors_from,
        (SELECT max(year_to) FROM core.major_powers) AS majors_to
),

major_years AS (
    SELECT DISTINCT ccode, unnest(range(year_from, year_to + 1)) AS year
    FROM core.major_powers
),

member_years AS (
    -- Members of each alliance by year, and whether they promise defence in any phase.
    SELECT atopid, ccode, year, bool_or(defense = 1) AS promises_defense
    FROM (
        SELECT atopid, ccode, defense, unnest(range(year_from, year_to + 1)) AS year
        FROM core.alliance_members
    )
    GROUP BY atopid, ccode, year
),

defense_alliances AS (
    SELECT atopid, year
    FROM member_years
    GROUP BY atopid, year
    HAVING bool_or(promises_defense)
),

alliance_counts AS (
    SELECT
        m.ccode,
        m.year,
        count(*) AS n_alliances,
        count(d.atopid) AS n_defense_alliances
    FROM member_years AS m
    LEFT JOIN defense_alliances AS d ON d.atopid = m.atopid AND d.year = m.year
    GROUP BY m.ccode, m.year
),

pledges AS (
    -- From core.obligations, which requires overlapping memberships and excludes own successors;
    -- without what a member owes to others than this partner.
    SELECT ccode_from, ccode_to, year FROM core.obligations
    WHERE defense = 1
        AND NOT coalesce(list_contains(string_split(not_owed, ' '), 'defense'), false)
),

defense_dyads AS (
    SELECT ccode_from AS ccode, ccode_to AS partner, year FROM pledges
    UNION
    SELECT ccode_to, ccode_from, year FROM pledges
),

partner_counts AS (
    SELECT ccode, year, count(*) AS n_defense_partners
    FROM defense_dyads
    GROUP BY ccode, year
)

SELECT
    s.ccode,
    s.year,
    s.state_abb,
    s.state_name,
    s.iso3,
    s.gwcode,
    s.region,
    s.is_in_system_on_31_dec,
    s.is_membership_carried_forward,
    CASE WHEN s.year BETWEEN majors_from AND majors_to THEN j.ccode IS NOT NULL END
        AS is_major_power,
    c.milex_thousand,
    c.milex_currency,
    c.milper_thousand,
    c.irst,
    c.pec,
    c.tpop_thousand,
    c.upop_thousand,
    c.cinc,
    CASE
        WHEN c.ccode IS NOT NULL THEN NULL
        WHEN s.year BETWEEN capabilities_from AND capabilities_to THEN 'unit_not_in_source'
        ELSE 'out_of_coverage'
    END AS capabilities_null_reason,
    g.gdp_usd,
    CASE
        WHEN g.ccode IS NOT NULL THEN NULL
        WHEN s.year BETWEEN gdp_from AND gdp_to THEN 'unit_not_in_source'
        ELSE 'out_of_coverage'
    END AS gdp_null_reason,
    e.milex_usd,
    e.milex_usd_status,
    e.milex_gdp_share,
    CASE
        WHEN e.ccode IS NOT NULL THEN NULL
        WHEN s.year BETWEEN milex_usd_from AND milex_usd_to THEN 'unit_not_in_source'
        ELSE 'out_of_coverage'
    END AS milex_usd_null_reason,
    t.troops_persons AS us_troops_persons,
    CASE
        WHEN t.troops_persons IS NOT NULL THEN NULL
        WHEN s.year NOT BETWEEN us_troops_from AND us_troops_to THEN 'out_of_coverage'
        WHEN s.ccode = 2 THEN 'home_country'
        ELSE 'unit_not_in_source'
    END AS us_troops_null_reason,
    p.ideal_point_published,
    p.n_votes_published,
    CASE
        WHEN p.ccode IS NOT NULL THEN NULL
        WHEN s.year BETWEEN ideal_point_from AND ideal_point_to THEN 'unit_not_in_source'
        ELSE 'out_of_coverage'
    END AS ideal_point_null_reason,
    -- No alliance is a count of 0, but only where the alliances are coded.
    CASE WHEN s.year BETWEEN alliances_from AND alliances_to THEN coalesce(a.n_alliances, 0) END
        AS n_alliances,
    CASE
        WHEN s.year BETWEEN alliances_from AND alliances_to THEN coalesce(a.n_defense_alliances, 0)
    END AS n_defense_alliances,
    CASE
        WHEN s.year BETWEEN alliances_from AND alliances_to THEN coalesce(n.n_defense_partners, 0)
    END AS n_defense_partners,
    CASE
        WHEN s.year BETWEEN alliances_from AND alliances_to THEN NULL
        ELSE 'out_of_coverage'
    END AS alliances_null_reason
FROM state_years AS s
CROSS JOIN covered
LEFT JOIN major_years AS j ON j.ccode = s.ccode AND j.year = s.year
LEFT JOIN core.capabilities AS c ON c.ccode = s.ccode AND c.year = s.year
LEFT JOIN core.gdp AS g ON g.ccode = s.ccode AND g.year = s.year
LEFT JOIN core.military_expenditure AS e ON e.ccode = s.ccode AND e.year = s.year
LEFT JOIN core.us_troops AS t ON t.ccode_to = s.ccode AND t.year = s.year
LEFT JOIN core.ideal_points_published AS p ON p.ccode = s.ccode AND p.year = s.year
LEFT JOIN alliance_counts AS a ON a.ccode = s.ccode AND a.year = s.year
LEFT JOIN partner_counts AS n ON n.ccode = s.ccode AND n.year = s.year
