"""Worked values of `metrics.external_threat`."""

from datetime import date
from math import log

import polars as pl
import pytest

from flows.engine.coverage import coverages
from transforms.metrics.external_threat import TABLE, build_external_threat
from warehouse.contracts.read import contracts

ALWAYS = (date(1816, 1, 1), date(2100, 12, 31))
YEAR = 1980
OF_DISPUTE = contracts()["core.disputes"].polars_schema


def rows_of(names, *rows):
    types = {n: pl.Int16 for n in names if n not in ("cinc", "distance_km_min")}
    frame = pl.DataFrame(list(rows), schema=names, orient="row")
    return frame.cast({n: types.get(n, pl.Float64) for n in names})


def states_of(*ccodes):
    rows = [(c, "europe", *ALWAYS) for c in ccodes]
    return pl.DataFrame(
        rows,
        schema={
            **{"ccode": pl.Int16, "region": pl.String},
            **{"valid_from": pl.Date, "counts_to": pl.Date},
        },
        orient="row",
    )


def threat(
    *,
    rivalries=((200, 300, YEAR, YEAR),),
    majors=(365,),
    pacts=(),
    cinc=((300, 0.1), (365, 0.2), (2, 0.3), (200, 0.05)),
    km=((200, 300, 500.0), (200, 365, 0.0), (2, 200, 3000.0), (300, 365, 1000.0)),
    states=None,
    borders=(),
    disputes=(),
):
    outcome = build_external_threat(
        states=states_of(2, 200, 300, 365) if states is None else states,
        rivalries=rows_of(["ccode1", "ccode2", "year_from", "year_to"], *rivalries),
        major_powers=rows_of(
            ["ccode", "year_from", "year_to", "carried_forward_from_year"],
            *((m, 1946, 2010, None) for m in majors),
        ),
        obligations=rows_of(
            ["ccode_from", "ccode_to", "year", "defense"], *((a, b, YEAR, 1) for a, b in pacts)
        ).with_columns(not_owed=pl.lit(None, pl.String))
        if pacts
        else pl.DataFrame(
            schema=dict.fromkeys(["ccode_from", "ccode_to", "year", "defense"], pl.Int16)
        ).with_columns(not_owed=pl.lit(None, pl.String)),
        capabilities=rows_of(["ccode", "year", "cinc"], *((c, YEAR, x) for c, x in cinc)),
        distances=rows_of(
            ["ccode1", "ccode2", "year", "distance_km_min"], *((a, b, YEAR, d) for a, b, d in km)
        ),
        contiguity=pl.DataFrame(
            [(a, b, first, last, kind, False) for a, b, first, last, kind in borders],
            schema=contracts()["core.contiguity"].polars_schema,
            orient="row",
        ),
        disputes=pl.DataFrame(
            [(*row, *[None] * (len(OF_DISPUTE) - len(row))) for row in disputes],
            schema=OF_DISPUTE,
            orient="row",
        ),
        coverage=coverages(["strategic_rivalries"]),
    )
    assert outcome.losses.is_empty()
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def of(table, ccode=200, year=YEAR, hegemon=2):
    return table.filter(ccode_hegemon=hegemon, ccode=ccode, year=year).row(0, named=True)


def test_the_worked_example():
    row = of(threat())
    assert row["external_threat"] == pytest.approx(log(1 + 100 / 500 + 200 / 100))
    assert (row["n_threats"], row["n_rivals"], row["null_reason"]) == (2, 1, None)


def test_a_rivalry_threatens_both_and_a_neighbour_counts_as_100_km_away():
    row = of(threat(majors=(), km=((200, 300, 20.0),)), ccode=300)
    assert row["external_threat"] == pytest.approx(log(1 + 50 / 100))


def test_who_has_a_defence_pact_is_no_threat_whoever_promised_it():
    for pact in ((200, 365), (365, 200)):
        row = of(threat(pacts=(pact,)))
        assert row["external_threat"] == pytest.approx(log(1 + 100 / 500))
        assert (row["n_threats"], row["n_allied_left_out"]) == (1, 1)
    rival = of(threat(pacts=((300, 200),)))
    assert rival["external_threat"] == pytest.approx(log(1 + 200 / 100))
    assert rival["n_rivals"] == 0


def test_the_hegemon_is_left_out_and_for_another_one_it_is_not():
    table = threat(majors=(2, 365))
    assert of(table)["external_threat"] == pytest.approx(log(1 + 100 / 500 + 200 / 100))
    other = of(table, hegemon=365)
    assert other["external_threat"] == pytest.approx(log(1 + 100 / 500 + 300 / 3000))
    assert table.filter(ccode_hegemon=2, ccode=2).is_empty()


def test_a_major_power_that_is_a_rival_too_counts_once():
    row = of(threat(rivalries=((200, 365, YEAR, YEAR),)))
    assert (row["n_threats"], row["n_rivals"]) == (1, 1)
    assert row["external_threat"] == pytest.approx(log(3))


def test_a_missing_distance_is_dropped_and_counted():
    row = of(threat(km=((200, 365, 0.0),)))
    assert row["external_threat"] == pytest.approx(log(3))
    assert (row["n_threats"], row["n_distance_missing"]) == (1, 1)


def test_where_no_distance_is_known_there_is_no_sum_and_0_is_not_said():
    row = of(threat(km=((2, 200, 3000.0),)))
    assert (row["external_threat"], row["null_reason"]) == (None, "distance_missing")
    weak = of(threat(cinc=((200, 0.05),)))
    assert (weak["external_threat"], weak["null_reason"]) == (None, "capability_missing")


def test_borders_and_disputes_are_counted_beside_the_sum():
    table = threat(
        borders=(
            (200, 365, date(1900, 1, 1), date(YEAR, 1, 31), 1),
            (200, 300, date(1900, 1, 1), date(2016, 12, 31), 2),  # a strait is no land border
        ),
        disputes=((200, 300, YEAR, 1), (200, 365, YEAR - 1, 2)),
    )
    row = of(table)
    assert (row["n_bordering"], row["n_disputes"]) == (1, 1)
    assert row["external_threat"] == of(threat())["external_threat"]
    assert of(table, ccode=300)["n_disputes"] == 1


def test_nobody_is_no_threat():
    row = of(threat(rivalries=((300, 365, YEAR, YEAR),), majors=()))
    assert (row["external_threat"], row["n_threats"], row["null_reason"]) == (0.0, 0, None)


def test_a_rivalry_counts_in_its_years_and_the_series_ends_with_the_handbook():
    table = threat(rivalries=((200, 300, 1700, YEAR - 1), (300, 365, YEAR, 2010)), majors=())
    assert of(table)["n_threats"] == 0
    assert of(table, year=YEAR - 1)["null_reason"] == "distance_missing"
    assert (table["year"].min(), table["year"].max()) == (1946, 2010)


def test_a_state_threatens_only_while_it_exists():
    gone = states_of(2, 200, 365).vstack(
        states_of(300).with_columns(counts_to=pl.lit(date(1979, 12, 31)))
    )
    row = of(threat(states=gone))
    assert (row["n_threats"], row["n_rivals"]) == (1, 0)
