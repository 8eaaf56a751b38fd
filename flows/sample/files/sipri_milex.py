"""SIPRI's workbook of military expenditure: ten sheets, of which three are read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from flows.sample.files.formats import Cell
from flows.sample.files.xlsx import workbook_bytes
from flows.sample.model.economy import FIRST_YEAR
from flows.sample.model.ideal_points import Floats, World
from flows.sample.model.simulation import Simulation
from flows.sample.model.states import State

SIPRI_YEARS = range(1949, 2025)
NOT_AVAILABLE, NOT_EXISTING = "...", "xxx"
REGIONS = (
    ("Africa", 400, 630),
    ("Americas", 2, 200),
    ("Asia & Oceania", 700, 1000),
    ("Europe", 200, 400),
    ("Middle East", 630, 700),
)
LOCAL_CURRENCY_PER_DOLLAR = 4.0
"""One rate for all states: the local-currency sheet only has to differ from dollars."""
NO_EXCHANGE_RATE = (160, (1949, 1950, 1951))
"""State and years shown as 0 in dollars, though there is expenditure in local currency."""

Value = Callable[[int, int], float]
RowIn = Callable[[int], int | None]


@dataclass(frozen=True)
class Entry:
    """One line of the workbook.

    Attributes:
        name: Name in the workbook.
        ccode: COW code, for the region.
        row_in: Row of the series that has the entry's value in a year; None where it has not
            existed all year, which shows as `xxx`.
        missing_in: Whether the year's value is not available.
    """

    name: str
    ccode: int
    row_in: RowIn
    missing_in: Callable[[int], bool]


def simulated_file(simulation: Simulation) -> bytes:
    """Writes the workbook.

    Args:
        simulation: The simulated world.

    Returns:
        The .xlsx file.
    """
    world, economy = simulation.world, simulation.economy
    entries = _entries(world)

    def dollars(row: int, t: int) -> float:
        return float(economy.military[row, t])

    def current(row: int, t: int) -> float:
        ccode, years = NO_EXCHANGE_RATE
        unknown = world.states[row].ccode == ccode and t + FIRST_YEAR in years
        return 0.0 if unknown else dollars(row, t) / 1e6

    def share(row: int, t: int) -> float:
        return round(dollars(row, t) / float(economy.gdp[row, t]), 9)

    def per_head(row: int, t: int) -> float:
        return round(dollars(row, t) / float(economy.population[row, t]), 6)

    def local(row: int, t: int) -> float:
        return dollars(row, t) * LOCAL_CURRENCY_PER_DOLLAR

    def sheet(title: str, heads: list[str], value: Value, first: int = 1949) -> list[list[Cell]]:
        return _sheet(entries, title, heads, value, range(first, 2025))

    return workbook_bytes(
        {
            "Front page": [["SIMULATED military expenditure in the layout of SIPRI's database"]],
            "Regional totals": [["SIMULATED: no regional totals"]],
            "Local currency financial years": sheet(
                "in local currency, financial years",
                ["Currency", "Fiscal Year (Jan-Dec if not stated)", "Notes"],
                local,
            ),
            "Local currency calendar years": sheet(
                "in local currency, calendar years", ["Currency", "Notes"], local
            ),
            "Constant (2023) US$": sheet("in millions of US$, as current", ["", "Notes"], current),
            "Current US$": sheet("in millions of US$ at current prices", ["Notes"], current),
            "Share of GDP": sheet("as a share of gross domestic product", ["Notes"], share),
            "Per capita": sheet("per capita, current US$", ["Notes"], per_head, first=1988),
            "Share of Govt. spending": [["SIMULATED: no shares of government spending"]],
            "Footnotes": [["SIMULATED: no footnotes"]],
        }
    )


def _sheet(
    entries: list[Entry], title: str, heads: list[str], value: Value, years: range
) -> list[list[Cell]]:
    """Title and legend, the header, then regions with their states."""
    rows: list[list[Cell]] = [
        [f"SIMULATED military expenditure by country, {title}, {years[0]}-{years[-1]}"],
        ['". ." = data unavailable. "xxx" = country did not exist or was not independent.'],
        [""],
        ["Country", *heads, *years],
        [],
    ]
    for region, first, last in REGIONS:
        rows.append([region])
        for entry in entries:
            if first <= entry.ccode < last:
                rows.append([entry.name, *[""] * len(heads), *_values(entry, value, years)])
    return rows


def _values(entry: Entry, value: Value, years: range) -> list[Cell]:
    cells: list[Cell] = []
    for year in years:
        row = entry.row_in(year)
        if row is None:
            cells.append(NOT_EXISTING)
        elif entry.missing_in(year):
            cells.append(NOT_AVAILABLE)
        else:
            cells.append(value(row, year - FIRST_YEAR))
    return cells


RENAMED_IN_1992 = {"Russia": "USSR", "Serbia": "Yugoslavia"}


def _entries(world: World) -> list[Entry]:
    """One entry per state, two where its name changed with its borders, by name."""
    gaps = world.rng("sipri gaps").random((len(world.states), len(SIPRI_YEARS)))
    federal_republic = next(k for k, s in enumerate(world.states) if s.ccode == 260)
    entries = []
    for row, state in enumerate(world.states):
        if state.sipri_name is None:
            continue
        rows: RowIn = partial(_row_in, state, row, federal_republic)
        missing_in = partial(_missing_in, state, gaps[row])
        if old_name := RENAMED_IN_1992.get(state.sipri_name):
            before, rows = _split(rows, 1992)
            entries.append(Entry(old_name, state.ccode, before, missing_in))
        entries.append(Entry(state.sipri_name, state.ccode, rows, missing_in))
    return sorted(entries, key=lambda e: e.name)


def _row_in(state: State, row: int, federal_republic: int, year: int) -> int | None:
    """Germany is the Federal Republic before unification."""
    if state.ccode == 255 and year < 1990:
        return federal_republic
    all_year = state.in_system(date(year, 1, 1)) and state.in_system(date(year, 12, 31))
    return row if all_year else None


def _missing_in(state: State, gaps: Floats, year: int) -> bool:
    secret = state.bloc in ("soviet", "china", "communist_asia") and year < 1988
    return secret or bool(gaps[year - 1949] < 0.03)


def _split(rows: RowIn, year_of_change: int) -> tuple[RowIn, RowIn]:
    def before(year: int) -> int | None:
        return rows(year) if year < year_of_change else None

    def after(year: int) -> int | None:
        return rows(year) if year >= year_of_change else None

    return before, after
