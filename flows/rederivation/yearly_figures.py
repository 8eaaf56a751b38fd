"""Figures of states by year: capabilities, GDP, troops, trade, ideal points, military expenditure.

Each file is read once, and every row of its table derived; the keys are compared as a whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flows.rederivation import r_tables, workbook
from flows.rederivation.delimited import Record, records
from flows.rederivation.derived import Derived, FileRow, Key, RawFile, Value
from flows.rederivation.states import Codes, StateSystem, aliases, listed
from flows.rederivation.workbook import SIPRI_SHEETS

Files = Mapping[str, RawFile]
_MEASURES = {
    "milex": "milex_thousand",
    "milper": "milper_thousand",
    "irst": "irst",
    "pec": "pec",
    "tpop": "tpop_thousand",
    "upop": "upop_thousand",
    "cinc": "cinc",
}
_SERVICES = ("army", "navy", "air_force", "marine_corps")
_OUR_SCALE = 1_000_000


@dataclass(frozen=True)
class WholeTable:
    """A table of which every row is derived at once (`flows.rederivation.derived.Derivation`).

    Attributes:
        table: Its full name.
        key: Its key.
        columns: The columns that are derived.
        rows: Key to row.
        where: SQL that says which rows can be derived.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Mapping[Key, Derived]
    where: str = "true"

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Looks the rows up."""
        return {key: self.rows[key] for key in keys if key in self.rows}

    def all_keys(self) -> set[Key] | None:
        """Every key that the files give."""
        return set(self.rows)


def capabilities(files: Files, states: StateSystem) -> WholeTable:
    """`core.capabilities`: −9 and −8 are missing, pounds to 1913 and dollars since."""
    rows: dict[Key, Derived] = {}
    for row, ccode, year in _state_years(records(files["cow_capabilities"], "data"), states):
        measured = {name: row.number(column) for column, name in _MEASURES.items()}
        values = {n: None if x in (-9.0, -8.0) else x for n, x in measured.items()}
        currency = "GBP" if year < 1914 else "USD"
        rows[ccode, year] = _derived("cow_capabilities", row, **values, milex_currency=currency)
    columns = (*_MEASURES.values(), "milex_currency")
    return WholeTable("core.capabilities", ("ccode", "year"), columns, rows)


def gdp(files: Files, states: StateSystem) -> WholeTable:
    """`core.gdp`: entities that are states, by alpha-3 code on the year's last day."""
    no_states, codes = {row["code"] for row in listed("gdp_entities")}, aliases("iso3")
    rows: dict[Key, Derived] = {}
    for row in records(files["gdp"]):
        code, year = row.text("Country Code"), int(row.text("Year"))
        ccode = None if code in no_states else codes.state(code, date(year, 12, 31))
        if ccode is not None and states.is_in_year(ccode, year):
            rows[ccode, year] = _derived("gdp", row, gdp_usd=row.number("Value"), entity_code=code)
    columns = ("gdp_usd", "entity_code")
    return WholeTable("core.gdp", ("ccode", "year"), columns, rows)


def us_troops(files: Files, states: StateSystem) -> WholeTable:
    """`core.us_troops`, the legacy series: rows of one host under two codes are added."""
    hosts = listed("us_troops_hosts")
    special = {row["code"] for row in hosts}
    codes = Codes(row for row in hosts if row["kind"] == "state")
    rows: dict[Key, Derived] = {}
    for row in records(files["us_troops"]):
        code, year = str(row.whole("ccode")), int(row.text("year"))
        plain = int(code) if code not in special and int(code) in states.spells else None
        ccode = plain if plain is not None else codes.state(code, date(year, 12, 31))
        if ccode is None or not states.is_in_year(ccode, year):
            continue
        key = (2, ccode, year)
        before = rows.get(key, Derived({}))
        counts = {f"{s}_persons": row.whole(s) for s in ("troops", *_SERVICES)}
        total = {name: _sum(before.values.get(name), n) for name, n in counts.items()}
        rows[key] = Derived(total, (*before.rows, FileRow("us_troops", row.place)))
    columns = tuple(f"{s}_persons" for s in ("troops", *_SERVICES))
    key_columns = ("ccode_from", "ccode_to", "year")
    where = "source = 'us_troops'"
    return WholeTable("core.us_troops", key_columns, columns, rows, where)


def trade(files: Files, states: StateSystem) -> WholeTable:
    """`core.trade`: imports, exports or both."""
    rows: dict[Key, Derived] = {}
    for row, ccode, year in _state_years(r_tables.table(files["cow_trade"]), states):
        imports, exports = row.number("imports"), row.number("exports")
        if imports is not None or exports is not None:
            rows[ccode, year] = _derived(
                "cow_trade", row, imports_million_usd=imports, exports_million_usd=exports
            )
    columns = ("imports_million_usd", "exports_million_usd")
    return WholeTable("core.trade", ("ccode", "year"), columns, rows)


def ideal_points(files: Files, states: StateSystem) -> WholeTable:
    """`core.ideal_points_published`: China's seat to 1949 is under 710, as in the votes."""
    moved = [r for r in listed("succession") if r["action"] == "relabel" and r["session_from"]]
    rows: dict[Key, Derived] = {}
    for row in records(files["un_ideal_points"]):
        ccode, year = row.whole("ccode"), int(row.text("year"))
        for rule in moved:
            within = int(rule["session_from"]) <= year - 1945 <= int(rule["session_to"])
            if within and ccode == int(rule["ccode_source"]):
                ccode = int(rule["ccode"])
        if ccode in states.spells:
            rows[ccode, year] = _derived(
                "un_ideal_points",
                row,
                ideal_point_published=row.number("IdealPointFP"),
                n_votes_published=row.whole("NVotesFP"),
                is_sovereign=states.is_in_year(ccode, year),
            )
    columns = ("ideal_point_published", "n_votes_published", "is_sovereign")
    return WholeTable("core.ideal_points_published", ("ccode", "year"), columns, rows)


def military_expenditure(files: Files, states: StateSystem) -> WholeTable:
    """`core.military_expenditure`: a zero in dollars counts if local currency has it, too."""
    file = files["sipri_milex"]
    codes = Codes(r for r in listed("sipri_names") if r["kind"] == "state")
    local = {key: x for key, x, _ in _sheet(file, SIPRI_SHEETS["local_currency"], codes, states)}
    dollars = {k: (x, at) for k, x, at in _sheet(file, SIPRI_SHEETS["current_usd"], codes, states)}
    shares = {k: (x, at) for k, x, at in _sheet(file, SIPRI_SHEETS["share_of_gdp"], codes, states)}
    rows: dict[Key, Derived] = {}
    for key in {*dollars, *shares, *local}:
        usd, at = dollars.get(key, (None, ""))
        share, share_at = shares.get(key, (None, ""))
        known = usd is not None and (usd != 0 or local.get(key) == 0)
        places = tuple(FileRow("sipri_milex", place) for place in (at, share_at) if place)
        milex = usd * _OUR_SCALE if known and usd is not None else None
        rows[key] = Derived({"milex_usd": milex, "milex_gdp_share": share}, places)
    columns = ("milex_usd", "milex_gdp_share")
    return WholeTable("core.military_expenditure", ("ccode", "year"), columns, rows)


def _sheet(
    file: RawFile, name: str, codes: Codes, states: StateSystem
) -> Iterator[tuple[Key, float | None, str]]:
    """State and year, the figure, and where it is; headings of regions have no figures."""
    for row in workbook.sheet(file, name, header="Country"):
        country = workbook.FOOTNOTES.sub("", row.text("Country")).strip()
        for heading, cell in row.cells.items():
            if not heading.isdigit() or country not in codes:
                continue
            ccode = codes.state(country, date(int(heading), 12, 31))
            if ccode is not None and states.is_in_year(ccode, int(heading)):
                number = float(cell) if re.fullmatch(r"[-+.\deE]*\d[-+.\deE]*", cell) else None
                yield (ccode, int(heading)), number, f"{row.place}, column {heading}"


def _state_years(rows: Iterable[Record], states: StateSystem) -> Iterator[tuple[Record, int, int]]:
    for row in rows:
        ccode, year = row.whole("ccode"), row.whole("year")
        if ccode is not None and year is not None and states.is_in_year(ccode, year):
            yield row, ccode, year


def _derived(slug: str, row: Record, **values: Value) -> Derived:
    return Derived(values, (FileRow(slug, row.place),))


def _sum(one: Value, other: int | None) -> int | None:
    numbers = [n for n in (one, other) if isinstance(n, int)]
    return sum(numbers) if numbers else None
