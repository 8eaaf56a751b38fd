"""Suite of `core.us_troops`: US troops in other states."""

from expectations.absent_states import every_state_of_the_system_has_rows
from expectations.state_system import in_the_system_in_the_year
from expectations.suite import SqlRule, Suite, one_of, row_count_between, rows_satisfy

_LEGACY = "staging.stg_us_troops__host_years"
_REBUILT = "staging.stg_us_troops_quarterly__host_quarters"
_BOTH = (
    # the last year of the legacy series, by the codes of the Correlates of War project
    "SELECT l.year, l.host_code, l.troops_persons AS legacy_persons, r.troops_persons"
    f" FROM {_LEGACY} l JOIN {_REBUILT} r ON r.year = l.year AND r.quarter = 3"
    " AND l.host_code = CASE r.host_code WHEN 260 THEN 255 WHEN 340 THEN 345 WHEN 678 THEN 679"
    " ELSE r.host_code END"
    f" WHERE l.year = (SELECT max(year) FROM {_LEGACY}) AND l.host_code < 1000"
)

SUITES = (
    Suite(
        table="core.us_troops",
        expectations=(
            row_count_between(20, 100_000, "every host and year since 1950"),
            one_of("ccode_from", (2,), "the series counts troops of the United States alone"),
            rows_satisfy("troops_are_abroad", "ccode_to <> 2", "troops at home are no host's"),
            rows_satisfy(
                "only_the_rebuilt_series_is_halved",
                "NOT is_count_halved OR source = 'us_troops_quarterly'",
                "the legacy series counts every host once",
            ),
        ),
        rules=(
            every_state_of_the_system_has_rows("core.us_troops", ccode="ccode_to"),
            in_the_system_in_the_year(
                "core.us_troops",
                "territories and ships have no place here",
                ccode="ccode_to",
                name="hosts_are_in_the_system_in_the_year",
            ),
            SqlRule(
                "a_year_is_of_one_series",
                "SELECT year FROM core.us_troops GROUP BY year HAVING count(DISTINCT source) > 1",
                "a year of both would count what one of them leaves out as a withdrawal",
                ("core.us_troops",),
            ),
            SqlRule(
                "the_two_series_agree_where_they_meet",
                f"SELECT * FROM ({_BOTH}) WHERE legacy_persons >= 100"
                " AND troops_persons <> 2 * legacy_persons"
                " AND abs(troops_persons - legacy_persons) > 0.1 * legacy_persons",
                "one series carries the other on only if both count the same troops",
                (_LEGACY, _REBUILT),
                severity="warning",
            ),
            SqlRule(
                "no_host_is_counted_twice",
                "SELECT t.ccode_to, t.year, t.troops_persons FROM core.us_troops t"
                f" JOIN ({_BOTH}) b ON b.host_code = t.ccode_to"
                " WHERE t.year > b.year AND NOT t.is_count_halved AND t.troops_persons > 0"
                " AND b.legacy_persons >= 20 AND b.troops_persons = 2 * b.legacy_persons",
                "the release has the host twice in the year before: perhaps it has it once now,"
                " and then this host is right",
                ("core.us_troops", _LEGACY, _REBUILT),
                severity="warning",
            ),
        ),
    ),
)
