"""The codes of Leeds and Anac, one condition at a time."""

import polars as pl
import pytest

from transforms.metrics.alliances.institutionalization import (
    CODES,
    VARIABLES,
    build_institutionalization,
)
from warehouse.contracts.read import contracts

TABLE = "metrics.institutionalization"
NAMES = sorted({v for variables in VARIABLES.values() for v in variables})
NOTHING = dict.fromkeys(NAMES, 0)


def code(**treaty):
    row = {"atopid": 1, "phase": 0, **NOTHING, **treaty}
    schema = {"atopid": pl.Int32} | dict.fromkeys(("phase", *NAMES), pl.Int16)
    outcome = build_institutionalization(alliances=pl.DataFrame([row], schema=schema))
    assert outcome.losses.is_empty()
    return contracts()[TABLE].conform(outcome.tables[TABLE]).row(0, named=True)


def military(**treaty):
    row = code(**treaty)
    return row["hinst"], row["minst"], row["milinst"]


def test_nothing_written_is_low():
    row = code()
    assert [row[c] for c in ("hinst", "minst", "milinst", "pubtreat", "formorg", "formal")] == [
        0
    ] * 6
    assert (row["n_variables_known"], row["null_reason"]) == (12, None)


@pytest.mark.parametrize(
    "treaty", [{"milcon": 3}, {"intcom": 1}, *({"base": b} for b in (1, 2, 3))]
)
def test_high(treaty):
    assert military(**treaty) == (1, 0, 2)


@pytest.mark.parametrize(
    "treaty",
    [
        {"milcon": 2},
        {"milaid": 3},
        {"milaid": 4},
        {"subord": 1},
        {"subord": 2},
        {"contrib": 1},
        {"orgpurp1": 1},
        {"orgpurp1": 4},
        {"orgpurp2": 1},
        {"orgpurp2": 4},
    ],
)
def test_moderate(treaty):
    assert military(**treaty) == (0, 1, 1)


@pytest.mark.parametrize(
    "treaty", [{"milcon": 1}, {"milaid": 1}, {"milaid": 2}, {"orgpurp1": 3}, {"orgpurp2": 5}]
)
def test_low(treaty):
    assert military(**treaty) == (0, 0, 0)


def test_high_goes_before_moderate():
    assert military(intcom=1, milcon=2) == (1, 1, 2)


@pytest.mark.parametrize(
    ("estmode", "pubsecr", "expected"),
    [(1, 0, 1), (1, 1, 1), (1, 2, 0), (0, 0, 0), (1, None, 1), (None, 0, 0), (None, None, None)],
)
def test_public_treaty(estmode, pubsecr, expected):
    assert code(estmode=estmode, pubsecr=pubsecr)["pubtreat"] == expected


@pytest.mark.parametrize(("organ", "expected"), [(0, 0), (1, 0), (2, 1), (3, 1), (None, 0)])
def test_formal_organisation(organ, expected):
    assert code(organ1=organ)["formorg"] == code(organ2=organ)["formorg"] == expected


def test_formality_adds_up():
    assert code(estmode=1, organ2=3)["formal"] == 2
    assert code(organ2=3)["formal"] == 1


def test_a_code_is_unknown_only_where_all_its_variables_are():
    nothing = code(**dict.fromkeys(NAMES))
    assert {nothing[c] for c in CODES} == {None}
    assert (nothing["n_variables_known"], nothing["null_reason"]) == (0, "unit_not_in_source")
    contact_alone = code(**{**dict.fromkeys(NAMES), "milcon": 2, "estmode": 1})
    assert [contact_alone[c] for c in ("hinst", "minst", "milinst")] == [0, 1, 1]
    assert (contact_alone["formorg"], contact_alone["formal"]) == (None, 0)
    assert (contact_alone["formal_basis"], nothing["formal_basis"]) == ("one_code", None)
    assert code()["formal_basis"] == "both_codes"
    assert contact_alone["null_reason"] == "unit_not_in_source"
    costs_alone = code(**{**dict.fromkeys(NAMES), "contrib": 1})
    assert [costs_alone[c] for c in ("hinst", "minst", "milinst")] == [None, 1, 1]
