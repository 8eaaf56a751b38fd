"""The bounds on releases: what the reviewed file says, and what it may not say."""

from importlib.resources import files

import pytest
import yaml

from expectations.releases.bounds import BoundsError, read_bounds, release_bounds
from expectations.releases.findings import KINDS, Finding
from flows.sources import load_declarations
from warehouse.contracts.read import contracts

TEXT = (files("expectations") / "releases" / "bounds.yml").read_text("utf-8")
DECLARED = yaml.safe_load(TEXT)
SOURCES = sorted(load_declarations())


@pytest.mark.parametrize("slug", SOURCES)
def test_every_source_has_bounds_of_every_kind_with_reasons(slug: str) -> None:
    bounds = release_bounds(slug)
    assert list(bounds.bounds) == list(KINDS)
    assert all(len(bound.why) > 10 for bound in bounds.bounds.values())
    for table, series in bounds.series.items():
        assert set(series) <= {column.name for column in contracts()[table].columns}


def test_only_declared_sources_and_columns_are_named() -> None:
    assert set(DECLARED["sources"]) <= set(SOURCES)
    staged = [c for table, c in contracts().items() if table.startswith("staging.")]
    columns = {column.name for contract in staged for column in contract.columns}
    for entry in (DECLARED["all"], *DECLARED["sources"].values()):
        for name in ("ignored", "growing"):
            assert set(entry.get(name, {})) <= columns


def test_a_source_without_an_entry_has_the_bounds_of_all() -> None:
    bounds = read_bounds(TEXT, "a_new_source")
    assert bounds.bounds["keys_lost"].stop == DECLARED["all"]["bounds"]["keys_lost"]["stop"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("warn: 0\n      stop: 0.05\n      why: A publisher", "warn: 0\n      why: A publisher"),
        ("stop: 0.05", "stop: 1.5"),
        ("is: 5,", "is: 0,"),
        ("rows_lost:", "rows_list:"),
    ],
)
def test_a_faulty_file_is_refused(wrong: str, message: str) -> None:
    assert wrong in TEXT
    with pytest.raises(BoundsError, match=r"bounds\.yml"):
        read_bounds(TEXT.replace(wrong, message, 1), "gdp")


@pytest.mark.parametrize(
    ("n_found", "severity"), [(1, "warning"), (50, "warning"), (51, "critical"), (0, "info")]
)
def test_a_share_beyond_a_bound_decides_the_severity(n_found: int, severity: str) -> None:
    (judged,) = release_bounds("gdp").judge([Finding("keys_lost", "t", None, n_found, 1_000)])
    assert judged.severity == severity


def test_wording_never_stops_a_build() -> None:
    (judged,) = release_bounds("gdp").judge([Finding("texts_revised", "t", "name", 9, 9)])
    assert judged.severity == "warning"
