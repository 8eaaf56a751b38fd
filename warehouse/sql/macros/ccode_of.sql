-- The COW code of a state, by a name, a COW abbreviation or an ISO 3166 alpha-3 code; case, accents
-- and punctuation do not count. Without a day a state that is in the system still is meant before one
-- that is not, and a name of the COW list before another. A name that no state has, or that several
-- have, is an error: a NULL would be compared with, and find nothing, in silence. Inner columns begin
-- with _, so that they do not hide a column of the query that calls the macro.
CREATE MACRO ccode_of(state) AS (
    WITH _found AS (
        SELECT _code, _state, _is_official, _is_there FROM meta._state_name_matches
        WHERE _plain = regexp_replace(regexp_replace(trim(lower(strip_accents(state))), '[\p{P}\s]+', ' ', 'g'), '^the ', '')
    ),
    _ranked AS (
        SELECT *, rank() OVER (ORDER BY _is_there DESC, _is_official DESC) AS _place FROM _found
    )
    SELECT CASE count(DISTINCT _code)
        WHEN 1 THEN min(_code)
        WHEN 0 THEN error('ccode_of: no state has that name. FROM countries lists their names')
        ELSE error('ccode_of: several states have that name (' || string_agg(DISTINCT _code || ' ' || _state, ', ') || '); a day says which, as in ccode_of(''Yemen'', DATE ''1980-01-01''), or a code')
        END
    FROM _ranked WHERE _place = 1
),
(state, day) AS (
    WITH _found AS (
        SELECT _code, _state, _is_official FROM meta._state_name_matches
        WHERE _plain = regexp_replace(regexp_replace(trim(lower(strip_accents(state))), '[\p{P}\s]+', ' ', 'g'), '^the ', '')
          AND day BETWEEN _from AND _to
    ),
    _ranked AS (SELECT *, rank() OVER (ORDER BY _is_official DESC) AS _place FROM _found)
    SELECT CASE count(DISTINCT _code)
        WHEN 1 THEN min(_code)
        WHEN 0 THEN error('ccode_of: no state of the system had that name on that day. FROM countries lists their names and days')
        ELSE error('ccode_of: several states had that name on that day (' || string_agg(DISTINCT _code || ' ' || _state, ', ') || ')')
        END
    FROM _ranked WHERE _place = 1
);

COMMENT ON MACRO ccode_of IS
    'COW code of a state by any usual name, COW abbreviation or ISO code: ccode_of(''Poland''), ccode_of(''Yemen'', DATE ''1980-01-01''). A name that nobody or several bear is an error.';
