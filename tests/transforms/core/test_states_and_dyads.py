"""Regimes, capitals, trade, contiguity, distances, rivalries and disputes find their states."""

from datetime import date

import polars as pl
import pytest

from flows.engine.coverage import coverages
from transforms.core.capitals import build_capitals, capital_distances
from transforms.core.contiguity import build_contiguity
from transforms.core.covariates import build_covariates
from transforms.core.disputes import build_disputes
from transforms.core.distances import build_distances
from transforms.core.known_states import member_years
from transforms.core.regimes import build_regimes
from transforms.core.rivalries import build_rivalries
from transforms.core.trade import build_trade
from warehouse.contracts.read import contracts

END, FOR_EVER = date(2024, 12, 31), date(2100, 12, 31)


def typed(table, *rows):
    """Rows of a table, in the types of its contract."""
    return pl.DataFrame(list(rows), schema=contracts()[table].polars_schema, orient="row")


@pytest.fixture
def states():
    spells = [
        (2, date(1816, 1, 1), END),
        (20, date(1920, 1, 10), END),
        (300, date(1816, 1, 1), date(1918, 11, 12)),
        (325, date(1816, 1, 1), END),
        (365, date(1816, 1, 1), END),
        (433, date(1960, 8, 20), END),
    ]
    frame = pl.DataFrame(
        spells, schema={"ccode": pl.Int16, "valid_from": pl.Date, "valid_to": pl.Date}, orient="row"
    )
    return frame.with_columns(
        counts_to=pl.when(pl.col("valid_to") == END).then(FOR_EVER).otherwise("valid_to")
    )


def reasons(outcome):
    return dict(
        outcome.losses.group_by("reason").agg(pl.col("n_rows").sum()).sort("reason").iter_rows()
    )


def table_of(outcome):
    ((name, frame),) = outcome.tables.items()
    return contracts()[name].conform(frame)


def test_a_regime_has_the_code_that_v_dem_gives_and_else_that_of_the_package(states):
    index = (0.3, 0.2, 0.4, 0.05)
    outcome = build_regimes(
        country_years=typed(
            "staging.stg_vdem__country_years",
            (1, "AUT", "Austria", 1900, 300, 305, *index),  # Austria-Hungary
            (2, "ITA", "Italy", 1861, 325, 325, *index),
            (3, "SAR", "Piedmont-Sardinia", 1861, None, 325, 0.1, 0.1, 0.1, 0.05),
            (3, "SAR", "Piedmont-Sardinia", 1860, None, 325, 0.1, 0.1, 0.1, 0.05),
            (4, "SEN", "Senegal", 1959, 433, 433, *index),  # a colony
            (5, "BAD", "Baden", 1850, None, None, *index),
            (6, "USA", "United States", 2020, 2, 2, None, None, None, None),
            (6, "USA", "United States", 2025, 2, 2, *index),
        ),
        states=states,
    )
    rows = table_of(outcome)
    assert rows.select("ccode", "year", "polyarchy").rows() == [
        (2, 2025, 0.3),
        (300, 1900, 0.3),
        (325, 1860, 0.1),
        (325, 1861, 0.3),
    ]
    assert rows["is_membership_carried_forward"].to_list() == [True, False, False, False]
    assert reasons(outcome) == {
        "no_state": 1,
        "no_value": 1,
        "not_in_system": 1,
        "second_country_of_state": 1,
    }


def test_trade_without_a_figure_is_lost_and_with_one_it_is_kept(states):
    outcome = build_trade(
        state_years=typed(
            "staging.stg_cow_trade__state_years",
            (2, 1950, None, 5.0),
            (2, 1951, None, None),
            (433, 1950, 1.0, 1.0),
        ),
        states=states,
    )
    assert table_of(outcome).rows() == [(2, 1950, None, 5.0, False)]
    assert reasons(outcome) == {"no_value": 1, "not_in_system": 1}


# --- capitals ---------------------------------------------------------------------------------


@pytest.fixture
def capitals(states):
    place = ("State", "Capital")
    outcome = build_capitals(
        capitals=typed(
            "staging.stg_cow_capitals__capitals",
            (2, *place, date(1816, 1, 1), END, 0.0, 0.0),
            (20, *place, date(1867, 1, 1), date(1960, 4, 20), 0.0, 90.0),
            (20, *place, date(1960, 4, 21), END, 90.0, 0.0),
            (365, *place, date(1816, 1, 1), END, 0.0, 180.0),
            (999, *place, date(1816, 1, 1), END, 0.0, 0.0),
        ),
        states=states,
        coverage=coverages(["cow_capitals"]),
    )
    assert reasons(outcome) == {"unknown_code": 1}
    return table_of(outcome)


def test_the_last_capital_has_no_known_end(capitals):
    rows = capitals.select("ccode", "counts_to", "is_capital_at_source_end").rows()
    assert rows == [
        (2, FOR_EVER, True),
        (20, date(1960, 4, 20), False),
        (20, FOR_EVER, True),
        (365, FOR_EVER, True),
    ]


def test_distances_of_capitals_are_great_circles(capitals):
    quarter = 6371.0088 * 3.141592653589793 / 2
    found = capital_distances(capitals, ccode_to=2, years=(1959, 1960))
    assert found.columns == ["ccode", "year", "distance_km"]
    km = {(c, y): d for c, y, d in found.rows()}
    assert set(km) == {(20, 1959), (20, 1960), (365, 1959), (365, 1960)}
    assert km[20, 1959] == pytest.approx(quarter)  # along the equator
    assert km[20, 1960] == pytest.approx(quarter)  # to the pole, the capital of 31 December
    assert km[365, 1959] == pytest.approx(2 * quarter)  # the antipode


def test_a_known_distance():
    schema = contracts()["core.capitals"].polars_schema
    held = (date(1816, 1, 1), END, FOR_EVER, True)
    frame = pl.DataFrame(
        [
            (2, "United States", "Washington", 38.9072, -77.0369, *held),
            (200, "United Kingdom", "London", 51.5074, -0.1278, *held),
        ],
        schema=schema,
        orient="row",
    )
    (row,) = capital_distances(frame, ccode_to=2, years=(2003, 2003)).rows()
    assert row[2] == pytest.approx(5898, abs=5)


# --- covariates -------------------------------------------------------------------------------


def covariates_of(states, capitals, *user_rows):
    schema = contracts()["core.covariates"].polars_schema
    index = (0.4, 0.3, 0.5, 0.1)
    outcome = build_covariates(
        covariates=pl.DataFrame(
            [dict.fromkeys(schema) | row for row in user_rows], schema=schema, orient="row"
        ),
        states=states,
        regimes=typed("core.regimes", *((20, y, *index, "C", False) for y in (1950, 1951))),
        capitals=capitals,
        trade=typed("core.trade", (20, 1950, 1.0, 2.0, False), (20, 1951, 1.0, None, False)),
    )
    return outcome, table_of(outcome)


def value(table, name, ccode=20, year=1950):
    return table.filter(ccode=ccode, year=year)[name].item()


def test_covariates_come_from_the_sources_and_what_they_lack_is_null(states, capitals):
    outcome, table = covariates_of(states, capitals)
    assert outcome.losses.is_empty()
    assert value(table, "polyarchy") == 0.4
    assert value(table, "trade_total_usd") == 3e6
    assert value(table, "trade_total_usd", year=1951) is None  # exports alone are no total
    assert value(table, "distance_km") == pytest.approx(6371.0088 * 3.141592653589793 / 2)
    nobody_has = ["aid_usd", "trade_usd", "trade_share", "colonial_tie", "region_eu"]
    assert {table[name].null_count() for name in nobody_has} == {table.height}
    # from its first year as a member; before it has a capital, and no row
    assert table.filter(ccode=20)["year"].min() == 1920
    assert table.filter(ccode=2).is_empty()  # it is 0 km from itself, and no index is given


def test_a_column_of_the_file_is_the_files_alone(states, capitals):
    _, table = covariates_of(
        states,
        capitals,
        {"ccode": 20, "year": 1950, "polyarchy": 0.9},
        {"ccode": 365, "year": 1990, "aid_usd": 5.0},
    )
    assert value(table, "polyarchy") == 0.9
    assert value(table, "polyarchy", year=1951) is None  # not the other measure beside it
    assert value(table, "trade_total_usd") == 3e6
    assert value(table, "aid_usd", 365, 1990) == 5.0
    assert table.select("ccode", "year").is_unique().all()


def test_a_lost_row_of_the_file_still_says_that_the_column_is_its_own(states, capitals):
    outcome, table = covariates_of(states, capitals, {"ccode": 999, "year": 1950, "polyarchy": 1})
    assert reasons(outcome) == {"unknown_code": 1}
    assert table["polyarchy"].null_count() == table.height


# --- dyads ------------------------------------------------------------------------------------


def test_contiguity_has_one_direction_and_whole_months(states):
    spells = [
        (2, 20, date(1920, 1, 1), date(2016, 12, 1), 1),
        (2, 365, date(1816, 1, 1), date(1958, 12, 1), 0),
        (2, 365, date(1959, 1, 1), date(1959, 2, 1), 2),
        (2, 999, date(1959, 1, 1), date(1959, 2, 1), 2),
    ]
    mirrored = [(b, a, *rest) for a, b, *rest in spells]
    outcome = build_contiguity(
        directed_spells=typed("staging.stg_cow_contiguity__directed_spells", *spells, *mirrored),
        states=states,
        coverage=coverages(["cow_contiguity"]),
    )
    assert table_of(outcome).rows() == [
        (2, 20, date(1920, 1, 1), date(2016, 12, 31), 1, True),
        (2, 365, date(1959, 1, 1), date(1959, 2, 28), 2, False),
    ]
    assert reasons(outcome) == {"not_contiguous": 1, "other_direction": 4, "unknown_code": 1}


def test_a_distance_is_between_two_members(states):
    outcome = build_distances(
        dyad_years=typed(
            "staging.stg_cow_distance__dyad_years",
            (2, 433, 1960, 6000.0),
            (2, 433, 1959, 6000.0),
            (2, 20, 1950, 0.0),
        ),
        states=states,
    )
    assert table_of(outcome).rows() == [(2, 20, 1950, 0.0), (2, 433, 1960, 6000.0)]
    assert reasons(outcome) == {"not_in_system": 1}


def test_a_rivalry_at_the_end_of_the_handbook_has_no_known_end(states):
    kinds = ("Global", "positional", None, None)
    outcome = build_rivalries(
        rivalries=typed(
            "staging.stg_strategic_rivalries__rivalries",
            (1, "old", 2, 365, 1494, 1700, *kinds),
            (2, "ended", 2, 365, 1945, 1989, *kinds),
            (3, "open", 2, 365, 2007, 2010, *kinds),
            (4, "nobody", 2, 999, 1945, 1989, *kinds),
        ),
        states=states,
        coverage=coverages(["strategic_rivalries"]),
    )
    rows = table_of(outcome).select("rivalry_no", "year_to", "is_ongoing_at_source_end").rows()
    assert rows == [(2, 1989, False), (3, 2010, True)]
    assert reasons(outcome) == {"before_the_state_system": 1, "unknown_code": 1}


def test_a_handbook_that_runs_on_moves_the_end(states):
    kinds = ("Global", "positional", None, None)
    outcome = build_rivalries(
        rivalries=typed(
            "staging.stg_strategic_rivalries__rivalries",
            (1, "ended in 2010", 2, 365, 1945, 2010, *kinds),
            (2, "open", 2, 20, 2007, 2012, *kinds),
        ),
        states=states,
        coverage=coverages(["strategic_rivalries"]),
    )
    assert table_of(outcome)["is_ongoing_at_source_end"].to_list() == [False, True]


def test_a_dispute_keeps_the_lower_code_first(states):
    of_dispute = (4, None, True, 6, 9, 8)
    outcome = build_disputes(
        directed_dyad_years=typed(
            "staging.stg_disputes__directed_dyad_years",
            (7, 2, 20, 1979, True, False, True, True, False, 1, 4, 0, None, *of_dispute),
            (7, 20, 2, 1979, True, True, False, False, True, 4, 1, None, 0, *of_dispute),
        ),
        states=states,
    )
    assert table_of(outcome).rows() == [
        (2, 20, 1979, 7, True, False, True, False, 1, 4, 4, None, True, 6, 9, 8)
    ]
    assert reasons(outcome) == {"other_direction": 1}


def test_member_years_hold_the_year_of_entry_and_of_exit(states):
    years = member_years(states)
    assert years.filter(ccode=300)["year"].to_list() == list(range(1816, 1919))
    assert years.filter(ccode=433)["year"].min() == 1960
