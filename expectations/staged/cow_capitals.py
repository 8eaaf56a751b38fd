"""Suites of `staging.stg_cow_capitals__*`: capitals of states."""

from expectations.cross_checks import names_are_of_one_state
from expectations.state_system import spells_do_not_overlap
from expectations.suite import Suite, row_count_between, rows_satisfy

CAPITALS = Suite(
    table="staging.stg_cow_capitals__capitals",
    expectations=(
        row_count_between(10, 2_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "a_capital_ends_after_it_begins",
            "valid_from <= valid_to",
            "a capital is looked up by a day between the two",
        ),
        rows_satisfy(
            "coordinates_are_on_earth",
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
            "distances are computed from them",
        ),
    ),
    rules=(
        names_are_of_one_state("staging.stg_cow_capitals__capitals", "ccode", "state_name"),
        spells_do_not_overlap("staging.stg_cow_capitals__capitals"),
    ),
)

SUITES = (CAPITALS,)
