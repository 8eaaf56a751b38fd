-- The name of a state by its COW code: the latest one, or that of a day. NULL where no state has the
-- code, or none was a member of the system on that day. Inner columns begin with _, so that they do
-- not hide a column of the query that calls the macro.
CREATE MACRO state_name(code) AS (
    SELECT max_by(_name, _from)
    FROM (SELECT ccode AS _code, state_name AS _name, valid_from AS _from FROM core.states) AS _s
    WHERE _s._code = code
),
(code, day) AS (
    SELECT max_by(_name, _from)
    FROM (
        SELECT ccode AS _code, state_name AS _name, valid_from AS _from, counts_to AS _to
        FROM core.states
    ) AS _s
    WHERE _s._code = code AND day BETWEEN _s._from AND _s._to
);

COMMENT ON MACRO state_name IS
    'Name of a state by its COW code, the latest or that of a day: state_name(290), state_name(345, DATE ''1990-01-01''). NULL where no state has the code.';
