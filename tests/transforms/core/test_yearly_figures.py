"""Yearly figures find their state: capabilities, GDP, military spending, troops, ideal points."""

from datetime import date

import polars as pl
import pytest

from flows.engine.coverage import coverages
from tests.transforms.trunk import REFERENCE
from transforms.core.capabilities import build_capabilities
from transforms.core.gdp import build_gdp
from transforms.core.ideal_points_published import ESTIMATES, build_ideal_points_published
from transforms.core.major_powers import build_major_powers, major_power_years
from transforms.core.military_expenditure import build_military_expenditure
from transforms.core.us_troops import build_us_troops
from transforms.core.us_troops_hosts import COUNTS
from warehouse.contracts.read import contracts

END = date(2024, 12, 31)


@pytest.fixture
def states():
    spells = [
        (2, date(1816, 1, 1), END),
        (200, date(1816, 1, 1), END),
        (255, date(1816, 1, 1), date(1945, 5, 8)),
        (255, date(1990, 10, 3), END),
        (260, date(1955, 5, 5), date(1990, 10, 2)),
        (265, date(1954, 3, 25), date(1990, 10, 2)),
        (345, date(1921, 1, 1), END),
        (365, date(1816, 1, 1), END),
        (369, date(1991, 12, 26), END),
        (395, date(1944, 5, 17), END),
        (530, date(1941, 5, 5), END),
        (626, date(2011, 7, 9), END),
        (710, date(1860, 10, 25), END),
        (713, date(1949, 12, 8), END),
    ]
    frame = pl.DataFrame(
        spells,
        schema={"ccode": pl.Int16, "valid_from": pl.Date, "valid_to": pl.Date},
        orient="row",
    )
    at_end = pl.col("valid_to") == END
    return frame.with_columns(
        at_end.alias("is_in_system_at_source_end"),
        pl.when(at_end).then(date(2100, 12, 31)).otherwise("valid_to").alias("counts_to"),
    )


def lost(outcome):
    rows = outcome.losses.select("reason", "ccode", "n_rows").rows()
    return {(reason, ccode): n for reason, ccode, n in rows}


def aliases(rows, scheme):
    columns = ("ccode", "code", "valid_from", "valid_to")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.with_columns(pl.lit(scheme).alias("scheme"), pl.lit("state").alias("kind"))


# --- capabilities -----------------------------------------------------------------------------


def capability_rows(*keys):
    measures = ("milex_thousand", "milper_thousand", "irst", "pec", "tpop_thousand")
    rows = [(c, y, *([1.0] * 5), None, 0.1) for c, y in keys]
    schema = {"ccode": pl.Int16, "year": pl.Int16} | dict.fromkeys(
        (*measures, "upop_thousand", "cinc"), pl.Float64
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_pounds_end_with_1913(states):
    outcome = build_capabilities(state_years=capability_rows((2, 1913), (2, 1914)), states=states)
    table = outcome.tables["core.capabilities"]
    assert table["milex_currency"].to_list() == ["GBP", "USD"]
    assert outcome.losses.is_empty()
    assert contracts()["core.capabilities"].conform(table).height == 2


def test_both_germanies_have_the_year_1990_and_none_has_1950(states):
    rows = capability_rows((255, 1990), (260, 1990), (265, 1990), (260, 1950))
    outcome = build_capabilities(state_years=rows, states=states)
    kept = outcome.tables["core.capabilities"].select("ccode", "year").rows()
    assert kept == [(255, 1990), (260, 1990), (265, 1990)]
    assert lost(outcome) == {("not_in_system", 260): 1}


# --- gross domestic product -------------------------------------------------------------------

ISO3 = [
    ("2", "USA", None, None),
    ("260", "DEU", None, "1990-10-02"),
    ("255", "DEU", "1990-10-03", None),
    ("345", "SRB", "2006-06-05", None),
    ("369", "UKR", None, None),
]
ENTITIES = pl.DataFrame(
    {"code": ["WLD", "HKG"], "kind": ["aggregate", "territory"], "name": ["world", "Hong Kong"]}
)


def test_gdp_of_states_only_and_every_other_row_has_a_reason(states):
    rows = [
        ("USA", 1990, 5.0),
        ("DEU", 1989, 1.0),
        ("DEU", 1990, 2.0),
        ("SRB", 2005, 3.0),
        ("UKR", 1990, 4.0),
        ("WLD", 1990, 99.0),
        ("HKG", 1990, 7.0),
        ("ZZZ", 1990, 8.0),
    ]
    schema = {"entity_code": pl.String, "year": pl.Int16, "gdp_usd": pl.Float64}
    outcome = build_gdp(
        entity_years=pl.DataFrame(rows, schema=schema, orient="row"),
        states=states,
        state_aliases=aliases(ISO3, "iso3"),
        gdp_entities=ENTITIES,
    )
    table = outcome.tables["core.gdp"]
    assert table.select("ccode", "year", "gdp_usd").rows() == [
        (2, 1990, 5.0),
        (255, 1990, 2.0),
        (260, 1989, 1.0),
    ]
    assert lost(outcome) == {
        ("aggregate_not_state", None): 1,
        ("not_in_system", None): 1,
        ("not_in_system", 369): 1,
        ("code_not_valid_then", None): 1,
        ("unknown_code", None): 1,
    }
    assert contracts()["core.gdp"].conform(table).height == 3


# --- military expenditure ---------------------------------------------------------------------

SIPRI = [
    ("395", "Iceland", None, None),
    ("265", "German Democratic Republic", None, "1990-10-02"),
    ("365", "USSR", None, "1991-12-31"),
    ("365", "Russia", "1992-01-01", None),
]


def sheets(name, year, usd, share, local, *, status=None):
    """The rows of one name and year; a share that is `...` in the workbook is None here."""
    common = {"sipri_name": name, "year": year, "footnotes": None}
    return [
        common | {"sheet": "current_usd", "value": usd, "value_status": status},
        common | {"sheet": "share_of_gdp", "value": share, "value_status": None},
        common | {"sheet": "local_currency", "value": local, "value_status": None},
    ]


def military_expenditure(states, *rows, names=SIPRI):
    schema = {
        "sheet": pl.String,
        "sipri_name": pl.String,
        "year": pl.Int16,
        "value": pl.Float64,
        "value_status": pl.String,
        "footnotes": pl.String,
    }
    known = aliases(names, "sipri")
    union = pl.DataFrame({"code": ["European Union"], "kind": ["aggregate"]})
    return build_military_expenditure(
        state_years=pl.DataFrame([r for group in rows for r in group], schema=schema),
        states=states,
        sipri_names=pl.concat([known, union], how="diagonal"),
    )


def test_a_zero_without_an_exchange_rate_is_no_zero(states):
    outcome = military_expenditure(
        states,
        sheets("Iceland", 1990, 0.0, None, 0.0),
        sheets("German Democratic Republic", 1988, 0.0, None, 2.1e10),
        sheets("USSR", 1988, 2.4e11, None, 1.4e11),
        sheets("USSR", 1991, None, None, None, status="not_available"),
    )
    table = outcome.tables["core.military_expenditure"]
    got = {(c, y): (v, s) for c, y, v, s, *_ in table.rows()}
    assert got == {
        (265, 1988): (None, "not_converted"),
        (365, 1988): (2.4e11, "published"),
        (365, 1991): (None, "not_available"),
        (395, 1990): (0.0, "published_zero"),
    }
    assert contracts()["core.military_expenditure"].conform(table).height == 4


def test_of_two_names_for_one_state_the_day_decides(states):
    outcome = military_expenditure(
        states,
        sheets("USSR", 1990, 2.0, None, 1.0),
        sheets("Russia", 1990, 0.0, None, 1.0),
        sheets("Russia", 1992, 3.0, 0.04, 1.0),
        sheets("European Union", 1992, 9.0, None, None),
        sheets("Ruritania", 1992, 9.0, None, None),
    )
    table = outcome.tables["core.military_expenditure"]
    assert table.select("year", "sipri_name").rows() == [(1990, "USSR"), (1992, "Russia")]
    assert lost(outcome) == {
        ("code_not_valid_then", None): 1,
        ("aggregate_not_state", None): 1,
        ("unknown_code", None): 1,
    }


def figures(outcome, *columns):
    return outcome.tables["core.military_expenditure"].select("ccode", "year", *columns).rows()


def test_a_name_that_one_sheet_alone_has_costs_no_figure_in_silence(states):
    """The share is under another name, which no list knows: a counted loss, and a status."""
    iceland = sheets("Iceland", 2023, 1e8, 0.02, 400.0)
    iceland[1]["sipri_name"] = "Islande"
    outcome = military_expenditure(states, iceland)
    assert figures(outcome, "milex_usd", "milex_gdp_share", "milex_gdp_share_status") == [
        (395, 2023, 1e8, None, "not_in_sheet")
    ]
    losses = outcome.losses.select("reason", "code", "n_rows", "n_values").rows()
    assert losses == [("unknown_code", "Islande", 1, 1)]


def test_a_zero_whose_local_currency_is_missing_is_not_called_unconverted(states):
    iceland = sheets("Iceland", 2023, 0.0, 0.0, 0.0)
    iceland[2]["sipri_name"] = "Islande"
    outcome = military_expenditure(states, iceland)
    assert figures(outcome, "milex_usd", "milex_usd_status", "milex_gdp_share") == [
        (395, 2023, None, "zero_unconfirmed", 0.0)
    ]
    losses = outcome.losses.select("reason", "code", "column_name", "n_rows", "n_values").rows()
    assert sorted(losses) == [
        ("unknown_code", "Islande", None, 1, 0),
        ("zero_unconfirmed", None, "milex_usd", 0, 1),
    ]


def test_two_known_names_of_one_state_are_joined_and_never_overwritten(states):
    russia = sheets("Russia", 1992, 3.0, 0.04, 1.0)
    russia[1]["sipri_name"] = "Russian Federation"
    names = [*SIPRI, ("365", "Russian Federation", "1992-01-01", None)]
    outcome = military_expenditure(states, russia, names=names)
    assert figures(outcome, "milex_usd", "milex_gdp_share", "sipri_name") == [
        (365, 1992, 3.0, 0.04, "Russia; Russian Federation")
    ]
    assert lost(outcome) == {("joined_to_same_state", 365): 1}
    twice = sheets("Russia", 1992, 3.0, 0.04, 1.0)
    other = sheets("Russian Federation", 1992, 4.0, 0.05, 2.0)
    with pytest.raises(ValueError, match="Russia and Russian Federation are the same state"):
        military_expenditure(states, twice, other, names=names)


# --- US troops --------------------------------------------------------------------------------

HOSTS = pl.DataFrame(
    [
        ("2", "home", None, None, None),
        ("255", "state", "260", None, "1990-12-31"),
        ("255", "state", "255", "1991-01-01", None),
        ("529", "state", "530", None, None),
        ("1020", "state", "626", None, None),
        ("1002", "territory", None, None, None),
        ("1003", "afloat", None, None, None),
        ("1028", "several_states", None, None, None),
        ("1099", "unknown", None, None, None),
    ],
    schema=dict.fromkeys(("code", "kind", "ccode", "valid_from", "valid_to"), pl.String),
    orient="row",
)


def troops(states, *rows):
    schema = {"host_code": pl.Int32, "host_name": pl.String, "year": pl.Int16}
    keys = pl.DataFrame([r[:3] for r in rows], schema=schema, orient="row")
    persons = pl.Series("troops_persons", [r[3] for r in rows], dtype=pl.Int64)
    branches = [pl.lit(None, dtype=pl.Int64).alias(c) for c in COUNTS[1:]]
    quarters = contracts()["staging.stg_us_troops_quarterly__host_quarters"].polars_schema
    return build_us_troops(
        host_years=keys.with_columns(persons, *branches),
        host_quarters=pl.DataFrame(schema=quarters),
        states=states,
        us_troops_hosts=HOSTS,
        us_troops_quarterly_hosts=HOSTS,
    )


def test_germany_before_1991_is_west_germany(states):
    outcome = troops(
        states,
        (255, "Germany", 1985, 250_000),
        (260, "West Germany", 1990, 227_000),
        (255, "Germany", 1990, 0),
        (255, "Germany", 1991, 203_000),
    )
    table = outcome.tables["core.us_troops"]
    assert table.select("ccode_to", "year", "troops_persons").rows() == [
        (255, 1991, 203_000),
        (260, 1985, 250_000),
        (260, 1990, 227_000),
    ]
    assert lost(outcome) == {("added_to_same_state", 260): 1}
    assert table["ccode_from"].unique().to_list() == [2]
    assert contracts()["core.us_troops"].conform(table).height == 3


def test_a_host_under_two_codes_is_added_up(states):
    outcome = troops(
        states,
        (626, "South Sudan", 2015, 0),
        (1020, "South Sudan", 2015, 15),
        (529, "Ethiopia", 2022, 21),
    )
    table = outcome.tables["core.us_troops"]
    assert table.select("ccode_to", "troops_persons").rows() == [(530, 21), (626, 15)]
    assert table["army_persons"].null_count() == 2


def test_what_is_no_state_is_counted_with_its_reason(states):
    outcome = troops(
        states,
        (2, "United States", 1990, 1_000_000),
        (1002, "Greenland", 1990, 100),
        (1003, "Afloat", 2006, 5_000),
        (1028, "Fiji and Tonga", 1990, 1),
        (1099, "UNKNOWN", 2010, 7),
        (369, "Ukraine", 1990, 0),
        (777, "Nowhere", 1990, 3),
        (395, "Iceland", 1990, 0),
    )
    assert outcome.tables["core.us_troops"].select("ccode_to", "troops_persons").rows() == [
        (395, 0)
    ]
    assert lost(outcome) == {
        ("home_country", None): 1,
        ("not_in_system", None): 1,
        ("afloat", None): 1,
        ("several_states", None): 1,
        ("unknown_host", None): 1,
        ("unknown_code", None): 1,
        ("not_in_system", 369): 1,
    }


# --- published ideal points -------------------------------------------------------------------


def points_of(ccodes, years):
    keys = {"ccode": ccodes, "year": years, "n_votes_published": [50] * len(years)}
    return pl.DataFrame(
        keys, schema={"ccode": pl.Int16, "year": pl.Int16, "n_votes_published": pl.Int32}
    ).with_columns(
        *(pl.lit(0.5).alias(e) for e in ESTIMATES),
        pl.col("ccode").cast(pl.String).alias("state_code"),
    )


def test_points_of_the_chinese_seat_stand_where_its_votes_stand(states):
    outcome = build_ideal_points_published(
        state_years=points_of([713, 713, 713, 260], [1946, 1949, 1950, 1990]),
        states=states,
        succession=pl.read_csv(REFERENCE / "succession.csv", infer_schema=False),
        state_aliases=pl.read_csv(REFERENCE / "state_aliases.csv", infer_schema=False),
        ideal_point_codes=pl.read_csv(REFERENCE / "ideal_point_codes.csv", infer_schema=False),
    )
    found = outcome.tables["core.ideal_points_published"].select("ccode", "year").rows()
    assert found == [(260, 1990), (710, 1946), (710, 1949), (713, 1950)]


def test_a_code_that_no_state_ever_had_is_lost_by_name(states):
    points = build_ideal_points_published(
        state_years=points_of([2, 998], [2000, 2000]),
        states=states,
        succession=pl.read_csv(REFERENCE / "succession.csv", infer_schema=False),
        state_aliases=pl.read_csv(REFERENCE / "state_aliases.csv", infer_schema=False),
        ideal_point_codes=pl.read_csv(REFERENCE / "ideal_point_codes.csv", infer_schema=False),
    )
    assert points.tables["core.ideal_points_published"]["ccode"].to_list() == [2]
    assert lost(points) == {("unknown_code", 998): 1}
    rows = capability_rows((2, 2000), (998, 2000), (626, 2000))
    assert lost(build_capabilities(state_years=rows, states=states)) == {
        ("unknown_code", 998): 1,
        ("not_in_system", 626): 1,
    }


def test_ideal_points_stay_and_say_who_was_sovereign(states):
    outcome = build_ideal_points_published(
        state_years=points_of([369, 369, 2], [1990, 1991, 2025]),
        states=states,
        succession=pl.read_csv(REFERENCE / "succession.csv", infer_schema=False),
        state_aliases=pl.read_csv(REFERENCE / "state_aliases.csv", infer_schema=False),
        ideal_point_codes=pl.read_csv(REFERENCE / "ideal_point_codes.csv", infer_schema=False),
    )
    table = outcome.tables["core.ideal_points_published"]
    # 2025 lies after the end of the list of states: who was in then is in still.
    assert table.select("ccode", "year", "is_sovereign").rows() == [
        (2, 2025, True),
        (369, 1990, False),
        (369, 1991, True),
    ]
    assert table["published_release"].unique().to_list() == ["1990-2025, final passage"]
    assert contracts()["core.ideal_points_published"].conform(table).height == 3


# --- major powers -----------------------------------------------------------------------------

SPELLS = pl.DataFrame(
    {
        "ccode": ["2", "255", "255", "200"],
        "year_from": ["1898", "1925", "1991", "1816"],
        "year_to": ["2016", "1945", "2016", "2016"],
        "note": ["", "", "", ""],
    }
)


def major_powers(spells, states):
    covered = coverages(("major_powers",))
    outcome = build_major_powers(major_powers=spells, states=states, coverage=covered)
    return outcome.tables["core.major_powers"]


def test_open_spells_go_on_in_rows_that_say_so(states):
    table = major_powers(SPELLS, states)
    assert table.rows() == [
        (2, 1898, 2016, None),
        (2, 2017, 2100, 2016),
        (200, 1816, 2016, None),
        (200, 2017, 2100, 2016),
        (255, 1925, 1945, None),
        (255, 1991, 2016, None),
        (255, 2017, 2100, 2016),
    ]
    assert contracts()["core.major_powers"].conform(table).height == 7
    years = major_power_years(table)
    assert years.select("ccode", "year").is_unique().all()
    assert years.filter(year=2017)["is_carried_forward"].to_list() == [True] * 3
    assert years.filter(ccode=255, year=1950).is_empty()


def test_a_reversed_spell_is_refused(states):
    reversed_spell = SPELLS.with_columns(year_to=pl.lit("1800"))
    with pytest.raises(ValueError, match="end before they begin"):
        major_powers(reversed_spell, states)
