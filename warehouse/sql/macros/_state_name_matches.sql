-- Every name of every state, as ccode_of compares it: of the COW list, its abbreviations and ISO codes
-- (official), and the usual and former ones of meta.state_names.
CREATE VIEW meta._state_name_matches AS
WITH named AS (
    SELECT ccode, unnest([state_name, state_abb, iso3]) AS name, true AS is_official
    FROM core.states
    UNION
    SELECT ccode, name, false FROM meta.state_names
)
SELECT DISTINCT n.ccode AS _code, s.state_name AS _state, n.is_official AS _is_official,
       s.is_in_system_at_source_end AS _is_there, s.valid_from AS _from, s.counts_to AS _to,
       regexp_replace(regexp_replace(trim(lower(strip_accents(n.name))), '[\p{P}\s]+', ' ', 'g'), '^the ', '') AS _plain
FROM named AS n
JOIN core.states AS s USING (ccode)
WHERE n.name IS NOT NULL;

COMMENT ON VIEW meta._state_name_matches IS 'Names of states as ccode_of compares them; the view countries is for people.';
COMMENT ON COLUMN meta._state_name_matches._code IS 'COW code.';
COMMENT ON COLUMN meta._state_name_matches._state IS 'Name on the COW list in the spell.';
COMMENT ON COLUMN meta._state_name_matches._is_official IS 'Whether it is a name, abbreviation or ISO code of core.states.';
COMMENT ON COLUMN meta._state_name_matches._is_there IS 'Whether the spell is one that the source does not end.';
COMMENT ON COLUMN meta._state_name_matches._from IS 'First day of the spell.';
COMMENT ON COLUMN meta._state_name_matches._to IS 'Last day of the spell, or the day to which it is carried forward.';
COMMENT ON COLUMN meta._state_name_matches._plain IS 'The name in small letters, without accents, punctuation and a leading the.';
