"""Suites of `staging.stg_cow_capabilities__*`: National Material Capabilities."""

from expectations.cross_checks import abbreviations_are_of_one_state
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

_TABLE = "staging.stg_cow_capabilities__state_years"

STATE_YEARS = Suite(
    table=_TABLE,
    expectations=(
        row_count_between(100, 100_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "urban_population_is_a_part_of_the_total",
            "upop_thousand <= tpop_thousand",
            "known: Sweden 2001 and Singapore 1998 in release 7",
            severity="warning",
        ),
        rows_satisfy(
            "a_state_has_people",
            "tpop_thousand > 0",
            "shares of population are divided by it",
            severity="warning",
        ),
    ),
    rules=(
        abbreviations_are_of_one_state(_TABLE, "ccode", "state_abb"),
        SqlRule(
            "cinc_follows_from_its_components",
            "WITH world AS (SELECT year, sum(milex_thousand) AS milex,"
            " sum(milper_thousand) AS milper, sum(irst) AS irst, sum(pec) AS pec,"
            f" sum(tpop_thousand) AS tpop, sum(upop_thousand) AS upop FROM {_TABLE}"
            " GROUP BY year), recomputed AS (SELECT s.ccode, s.cinc,"
            " (coalesce(s.milex_thousand / nullif(w.milex, 0), 0)"
            " + coalesce(s.milper_thousand / nullif(w.milper, 0), 0)"
            " + coalesce(s.irst / nullif(w.irst, 0), 0) + coalesce(s.pec / nullif(w.pec, 0), 0)"
            " + coalesce(s.tpop_thousand / nullif(w.tpop, 0), 0)"
            " + coalesce(s.upop_thousand / nullif(w.upop, 0), 0)) / 6 AS mean_share"
            f" FROM {_TABLE} s JOIN world w USING (year))"
            " SELECT ccode, count(*) AS n_years, median(abs(cinc - mean_share)) AS apart"
            " FROM recomputed GROUP BY ccode HAVING median(abs(cinc - mean_share)) > 0.02",
            "the index is the mean of six shares of the world; a state's median is off by .008 at"
            " most (Two Sicilies): the index or a component is another state's",
            (_TABLE,),
        ),
        SqlRule(
            "cinc_is_known_where_its_components_are",
            f"SELECT ccode, year FROM {_TABLE}"
            " WHERE cinc IS NULL AND tpop_thousand IS NOT NULL AND milper_thousand IS NOT NULL",
            "the file has the index in every row; a missing one would drop the state from a year",
            (_TABLE,),
        ),
        SqlRule(
            "energy_exceeds_steel",
            f"SELECT year, sum(irst) AS irst, sum(pec) AS pec FROM {_TABLE}"
            " GROUP BY year HAVING sum(irst) > 0 AND sum(irst) >= sum(pec)",
            "the world burns more tons of coal than it makes of steel, every year: the two columns"
            " are exchanged",
            (_TABLE,),
        ),
        SqlRule(
            "a_soldier_costs_more_than_five",
            "SELECT ccode, count(*) AS n_years, median(milex_thousand / milper_thousand) AS each"
            f" FROM {_TABLE} WHERE milper_thousand > 0 AND milex_thousand > 0"
            " GROUP BY ccode HAVING count(*) >= 5"
            " AND median(milex_thousand / milper_thousand) < 5",
            "pounds or dollars for each member of the forces, at least 11 in the median"
            " (Bavaria): spending and personnel are exchanged",
            (_TABLE,),
        ),
        SqlRule(
            "most_people_are_no_soldiers_and_many_live_on_the_land",
            f"SELECT year, count(*) AS n_states FROM {_TABLE}"
            " WHERE milper_thousand > 0.25 * tpop_thousand OR upop_thousand > tpop_thousand"
            " GROUP BY year HAVING count(*) > 2",
            "in two columns exchanged, a part is larger than the whole; known: 21 % under arms"
            " at most, and one state a year whose towns exceed it",
            (_TABLE,),
        ),
        SqlRule(
            "shares_of_a_year_sum_to_about_one",
            f"SELECT year, sum(cinc) AS cinc_sum FROM {_TABLE}"
            " GROUP BY year HAVING abs(sum(cinc) - 1) > 0.1",
            "CINC is a mean of shares; sums of up to 1.08 before 1946 are known, more means that"
            " states are missing or counted twice",
            (_TABLE,),
            severity="warning",
        ),
    ),
)

SUITES = (STATE_YEARS,)
