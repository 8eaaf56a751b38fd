-- Grain: one row per ATOP alliance and calendar year with at least one member bound on at least
-- one day. In a year with several phases the promises are those of each member's latest one,
-- which is how ATOP counts its own state-years.
WITH member_years AS (
    -- one row per alliance, state and year: the membership that was in force last
    SELECT
        m.atopid,
        CAST(y.year AS SMALLINT) AS year,
        m.ccode,
        m.phase,
        m.defense, m.offense, m.neutral, m.nonagg, m.consul,
        m.exited_on,
        -- in any phase: a state may be in two that run side by side, of which the later has ended
        bool_or(coalesce(m.exited_on, DATE '9999-12-31') >= make_date(y.year, 12, 31))
            OVER (PARTITION BY m.atopid, y.year, m.ccode) AS is_in_force_on_31_dec
    FROM core.alliance_members AS m
    CROSS JOIN generate_series(m.year_from, m.year_to) AS y (year)
    QUALIFY row_number() OVER (
        PARTITION BY m.atopid, y.year, m.ccode
        ORDER BY m.entered_on DESC, m.phase DESC
    ) = 1
),
memberships AS (
    -- a membership goes on through the phases of the alliance: entry and exit are changes of
    -- the set of members between one year and the next
    SELECT
        *,
        lag(year) OVER same_member IS DISTINCT FROM year - 1 AS is_entry_year,
        lead(year) OVER same_member IS DISTINCT FROM year + 1
            AND exited_on IS NOT NULL AS is_exit_year
    FROM member_years
    WINDOW same_member AS (PARTITION BY atopid, ccode ORDER BY year)
),
state_names AS (
    SELECT ccode, arg_max(state_name, valid_from) AS state_name
    FROM core.states
    GROUP BY ccode
),
state_years AS (
    SELECT DISTINCT s.ccode, y.year
    FROM core.states AS s
    CROSS JOIN generate_series(year(s.valid_from), year(s.counts_to)) AS y (year)
),
alliance_phases AS (
    SELECT atopid, phase, is_bilateral, wartime, asymm
    FROM core.alliances
),
counted AS (
    SELECT
        m.atopid,
        m.year,
        CAST(max(m.phase) AS SMALLINT) AS phase,
        CAST(count(*) AS SMALLINT) AS n_members,
        CAST(count(s.ccode) AS SMALLINT) AS n_cow_members,
        CAST(count(*) FILTER (m.is_entry_year) AS SMALLINT) AS n_entered,
        CAST(count(*) FILTER (m.is_exit_year) AS SMALLINT) AS n_exited,
        CAST(sum(m.defense) AS SMALLINT) AS n_defense,
        max(m.defense) AS defense,
        max(m.offense) AS offense,
        max(m.neutral) AS neutral,
        max(m.nonagg) AS nonagg,
        max(m.consul) AS consul,
        -- at least two members are still bound
        count(*) FILTER (m.is_in_force_on_31_dec) >= 2 AS is_in_force_on_31_dec,
        string_agg(CAST(m.ccode AS VARCHAR), ' ' ORDER BY m.ccode) AS member_ccodes,
        string_agg(coalesce(n.state_name, 'code ' || m.ccode), '; ' ORDER BY m.ccode) AS member_names
    FROM memberships AS m
    LEFT JOIN state_years AS s ON s.ccode = m.ccode AND s.year = m.year
    LEFT JOIN state_names AS n ON n.ccode = m.ccode
    GROUP BY m.atopid, m.year
)
SELECT
    c.atopid,
    c.year,
    c.phase,
    c.n_members,
    c.n_cow_members,
    c.n_entered,
    c.n_exited,
    p.is_bilateral,
    c.defense,
    c.offense,
    c.neutral,
    c.nonagg,
    c.consul,
    p.asymm,
    p.wartime,
    CASE
        WHEN c.defense = 1 THEN 'defense'
        WHEN c.offense = 1 THEN 'offense'
        WHEN c.neutral = 1 THEN 'neutrality'
        WHEN c.consul = 1 THEN 'consultation'
        WHEN c.nonagg = 1 THEN 'nonaggression'
        ELSE 'none'
    END AS atop_class,
    c.defense = 1 OR c.offense = 1 AS has_defense_or_offense,
    c.n_defense,
    c.n_defense = 1 AND c.n_members > 1 AS is_one_way_pledge,
    c.is_in_force_on_31_dec,
    c.member_ccodes,
    c.member_names
FROM counted AS c
JOIN alliance_phases AS p ON p.atopid = c.atopid AND p.phase = c.phase
ORDER BY c.atopid, c.year
