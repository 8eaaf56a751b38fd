"""Property: identity is unambiguous on every day from 1816 to 2026, and total where it says so.

A census, not a sample: each code of each list on each day, counted by plain arithmetic on the lists
and held against what `resolve` gives.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import transforms
from transforms.identity import resolve

FIRST, LAST = date(1816, 1, 1), date(2026, 12, 31)
N_DAYS = (LAST - FIRST).days + 1
ISO_BEGAN = date(1974, 12, 15)
"""The first edition of ISO 3166; before it no state had such a code."""
FOLDER = Path(transforms.__file__).parent / "reference"
Rows = list[dict[str, str]]


@cache
def rows_of(name: str) -> Rows:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lists() -> Iterator[tuple[str, str]]:
    """Every list that dates codes of a publisher, and every scheme in it."""
    for path in sorted(FOLDER.glob("*.csv")):
        found = rows_of(path.stem)
        if found and {"ccode", "scheme", "code", "valid_from", "valid_to"} <= found[0].keys():
            for scheme in sorted({row["scheme"] for row in found}):
                yield path.stem, scheme


LISTS = list(lists())


def days(row: dict[str, str]) -> slice:
    """The days of a row, counted from the first."""
    begin = date.fromisoformat(row["valid_from"]) if row["valid_from"] else FIRST
    end = date.fromisoformat(row["valid_to"]) if row["valid_to"] else LAST
    return slice(max((begin - FIRST).days, 0), max((end - FIRST).days + 1, 0))


def of_scheme(name: str, scheme: str) -> Iterator[tuple[str, Rows]]:
    """Each code of a scheme with its rows that name a state."""
    by_code: dict[str, Rows] = defaultdict(list)
    for row in rows_of(name):
        if row["scheme"] == scheme and row["ccode"]:
            by_code[row["code"]].append(row)
    yield from by_code.items()


def test_lists_are_found() -> None:
    assert {("state_aliases", "iso3"), ("state_aliases", "un_library")} <= set(LISTS)
    assert ("sipri_names", "sipri") in LISTS


@pytest.mark.parametrize(("name", "scheme"), LISTS)
def test_a_code_means_one_state_or_none_on_every_day(name: str, scheme: str) -> None:
    n_codes = 0
    for code, found in of_scheme(name, scheme):
        n_states = np.zeros(N_DAYS, np.int8)
        for row in found:
            n_states[days(row)] += 1
        assert n_states.max() == 1, code
        n_codes += 1
    assert n_codes > 1


@pytest.mark.parametrize(("name", "scheme"), LISTS)
def test_resolve_gives_what_the_list_says_on_every_day(name: str, scheme: str) -> None:
    aliases = pl.read_csv(FOLDER / f"{name}.csv", infer_schema=False)
    aliases = aliases.filter(pl.col("ccode") != "")
    every = pl.date_range(FIRST, LAST, eager=True)
    for code, found in of_scheme(name, scheme):
        is_dated = any(row["valid_from"] or row["valid_to"] for row in found)
        asked = every if is_dated else every.gather([0, N_DAYS - 1])
        wanted = np.zeros(N_DAYS, np.int64)
        for row in found:
            wanted[days(row)] = int(row["ccode"])
        if not is_dated:
            wanted = wanted[[0, -1]]
        frame = pl.DataFrame({"code": code, "day": asked, "wanted": wanted})
        told = resolve(frame, code="code", scheme=scheme, on="day", aliases=aliases)
        assert (told.rows["ccode"] == told.rows["wanted"]).all(), code
        assert (told.unmatched["wanted"] == 0).all(), code
        assert told.rows.height + told.unmatched.height == len(asked)


@pytest.mark.parametrize(("scheme", "since"), [("un_library", FIRST), ("iso3", ISO_BEGAN)])
def test_every_member_of_the_united_nations_has_a_code_on_every_day(
    scheme: str, since: date
) -> None:
    n_codes: dict[str, np.ndarray[tuple[int], np.dtype[np.int8]]] = defaultdict(
        lambda: np.zeros(N_DAYS, np.int8)
    )
    for _, found in of_scheme("state_aliases", scheme):
        for row in found:
            n_codes[row["ccode"]][days(row)] += 1
    without: list[tuple[str, str, date]] = []
    begin = (since - FIRST).days
    for member in rows_of("un_members"):
        if member["status"] != "member":
            continue
        of_membership = days(member)
        first = max(begin, of_membership.start)
        counted = n_codes[member["ccode"]][first : of_membership.stop]
        wrong = np.flatnonzero(counted < 1)
        if wrong.size:
            day = FIRST + timedelta(days=first + int(wrong[0]))
            without.append((member["ccode"], member["name"], day))
    assert without == []
