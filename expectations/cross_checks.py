"""Rules that one source holds another to, or itself: content that is plausible and wrong.

A file can have the right shape, codes and ranges, and say of one state what is true of another, or
of one year what is true of the next. What tells is a second statement of the same fact: a name
beside a code, an index beside its components, totals beside rows, another publisher's figure. The
bounds lie beyond what the real files of November 2026 show, which each rule names.

Shared by suites of several tables; this module has no suite of its own.
"""

from expectations.suite import SqlRule


def pairs_are_of_one_state(table: str, ccode: str, iso3: str) -> SqlRule:
    """Expects that no row has the COW code of one state and the ISO code of another.

    Args:
        table: Full table name.
        ccode: Its column of COW codes.
        iso3: Its column of ISO 3166-1 codes.
    """
    return SqlRule(
        "cow_and_iso_codes_are_of_one_state",
        f"SELECT DISTINCT t.{ccode}, t.{iso3} FROM {table} t"
        f" WHERE t.{ccode} IN (SELECT ccode FROM core.states)"
        f" AND t.{iso3} IN (SELECT iso3 FROM core.states)"
        f" AND NOT EXISTS (SELECT 1 FROM core.states s WHERE s.ccode = t.{ccode}"
        f" AND s.iso3 = t.{iso3})",
        "the two codes of a row are read as one state: figures of one would be another's",
        (table, "core.states"),
    )


def abbreviations_are_of_one_state(table: str, ccode: str, abbreviation: str) -> SqlRule:
    """Expects that no row has the code of one state and the COW abbreviation of another.

    Args:
        table: Full table name.
        ccode: Its column of COW codes.
        abbreviation: Its column of abbreviations.
    """
    states = "staging.stg_cow_states__spells"
    return SqlRule(
        "codes_and_abbreviations_are_of_one_state",
        f"SELECT DISTINCT t.{ccode}, t.{abbreviation} FROM {table} t"
        f" WHERE t.{ccode} IN (SELECT ccode FROM {states})"
        f" AND t.{abbreviation} IN (SELECT state_abb FROM {states})"
        f" AND NOT EXISTS (SELECT 1 FROM {states} s WHERE s.ccode = t.{ccode}"
        f" AND s.state_abb = t.{abbreviation})",
        "a code and an abbreviation of two states: the rows of one are another's",
        (table, states),
    )


def names_are_of_one_state(table: str, ccode: str, name: str) -> SqlRule:
    """Expects that no state has the name that the vote file has for another.

    Args:
        table: Full table name.
        ccode: Its column of COW codes.
        name: Its column of names.
    """
    votes = "staging.stg_un_votes__votes"
    return SqlRule(
        "names_are_those_of_the_vote_file",
        f"SELECT DISTINCT t.{ccode}, t.{name}, v.ccode_source FROM {table} t JOIN"
        f" (SELECT DISTINCT ccode_source, country_name FROM {votes}) v"
        f" ON lower(v.country_name) = lower(t.{name}) WHERE v.ccode_source <> t.{ccode}",
        "two sources have one name for two states: in one of them codes or names are exchanged",
        (table, votes),
    )


NAMES_AND_CODES_AGREE_ACROSS_SOURCES = SqlRule(
    "a_name_has_one_code_in_all_sources",
    "WITH named AS (SELECT country_name AS name, country_code AS code"
    " FROM staging.stg_un_votes__votes"
    " UNION SELECT entity_name, entity_code FROM staging.stg_gdp__entity_years"
    " UNION SELECT host_name, host_iso3 FROM staging.stg_us_troops__host_years"
    " UNION SELECT host_name, host_iso3 FROM staging.stg_us_troops_quarterly__host_quarters"
    " UNION SELECT state_name, iso3 FROM staging.stg_un_ideal_points__state_years"
    " UNION SELECT member_name, member_code FROM staging.stg_undl_votes__votes)"
    " SELECT lower(name) AS name, string_agg(DISTINCT code, ', ' ORDER BY code) AS codes"
    " FROM named WHERE code IN (SELECT iso3 FROM core.states)"
    # Serbia is YUG in the Library until 2006
    " GROUP BY lower(name) HAVING count(DISTINCT replace(code, 'YUG', 'SRB')) > 1",
    "one name beside two codes: in one of the sources names or codes are exchanged",
    (
        "core.states",
        "staging.stg_un_votes__votes",
        "staging.stg_gdp__entity_years",
        "staging.stg_us_troops__host_years",
        "staging.stg_us_troops_quarterly__host_quarters",
        "staging.stg_un_ideal_points__state_years",
        "staging.stg_undl_votes__votes",
    ),
)


def years_are_those_of(name: str, table: str, ratio: str, other: str, year: str) -> SqlRule:
    """Expects that two series agree best in the same year, not a year earlier or later.

    Args:
        name: Of the rule.
        table: The table, `a`, with `ccode` and `year`.
        ratio: Of its figure to the other's, in terms of `a` and `b`; NULL where there is none.
        other: The other table, `b`.
        year: What the real files show.
    """
    return SqlRule(
        name,
        f"WITH ratios AS (SELECT k.shift, abs(ln({ratio})) AS apart FROM {table} a"
        " CROSS JOIN (SELECT unnest([-1, 0, 1]) AS shift) k"
        f" JOIN {other} b ON b.ccode = a.ccode AND b.year = a.year + k.shift"
        f" WHERE {ratio} > 0), medians AS (SELECT shift, median(apart) AS apart FROM ratios"
        " GROUP BY shift HAVING count(*) >= 100)"
        " SELECT shift, apart FROM medians WHERE shift <> 0"
        " AND apart <= (SELECT m.apart FROM medians m WHERE m.shift = 0)",
        f"the years of one of the two are shifted by a column or a row; {year}",
        (table, other),
    )


def series_do_not_jump(
    table: str, column: str, factor: int, known: str, exception: str = "FALSE"
) -> SqlRule:
    """Expects that no figure of a state is many times its last one, or a small part of it.

    Args:
        table: Full table name, with `ccode` and `year`.
        column: The figure.
        factor: The bound.
        known: The largest jumps of the real files.
        exception: Condition on rows that are known to be right.
    """
    return SqlRule(
        f"{column}_does_not_jump",
        f"WITH series AS (SELECT ccode, year, {column},"
        f" lag({column}) OVER (PARTITION BY ccode ORDER BY year) AS was FROM {table}"
        f" WHERE {column} > 0) SELECT ccode, year, was, {column} FROM series"
        f" WHERE ({column} > {factor} * was OR was > {factor} * {column}) AND NOT ({exception})",
        f"a part of a state's series is in another unit, or another state's; {known}",
        (table,),
    )


def ratio_of_state_between(
    name: str,
    tables: tuple[str, str],
    ratio: str,
    bounds: tuple[float, float],
    known: str,
) -> SqlRule:
    """Expects that a state's median ratio of two sources lies between bounds.

    Args:
        name: Of the rule.
        tables: Two tables with `ccode` and `year`; `a` and `b` in the ratio.
        ratio: The ratio; rows where it is NULL or not positive do not count.
        bounds: Least and greatest median.
        known: The extremes of the real files.
    """
    return SqlRule(
        name,
        f"SELECT a.ccode, count(*) AS n_years, median({ratio}) AS median_ratio"
        f" FROM {tables[0]} a JOIN {tables[1]} b USING (ccode, year) WHERE {ratio} > 0"
        f" GROUP BY a.ccode HAVING count(*) >= 5"
        f" AND median({ratio}) NOT BETWEEN {bounds[0]} AND {bounds[1]}",
        f"another unit, or another state's figures, in one of the two; {known}",
        tables,
    )
