"""Where a staged row is in the publisher's file: its line, row of a table, or cells of a sheet.

A staged row has the key of its contract; here is what the publisher calls the columns of that key.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flows.rederivation import r_tables, workbook
from flows.rederivation.delimited import Record, records
from flows.rederivation.derived import RawFile, Value
from flows.rederivation.vote_sources import whole_lines

_LAST_IN_FRONT = 5


@dataclass(frozen=True)
class Published:
    """How a staged table is published.

    Attributes:
        slug: The source.
        columns: Column of the staged key to the published heading.
        entity: The member of an archive.
        reads: Reads the file, where it is no delimited text.
    """

    slug: str
    columns: Mapping[str, str]
    entity: str = "data"
    reads: Callable[[RawFile], Iterator[Record]] | None = None


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_ONE_OTHER = {"ccode_one": "ccode1", "ccode_other": "ccode2"}
_R = r_tables.table
PUBLISHED = {
    "stg_atop__members": Published(
        "atop",
        {**_same("atopid", "phase", "member"), "entry_year": "yrent", "entry_month": "moent"},
        "members",
    ),
    "stg_atop__phases": Published("atop", _same("atopid", "phase"), "phases"),
    "stg_atop__state_years": Published("atop", {"ccode": "state", "year": "year"}, "state_years"),
    "stg_cow_capabilities__state_years": Published(
        "cow_capabilities", _same("ccode", "year"), "data"
    ),
    "stg_cow_capitals__capitals": Published(
        "cow_capitals", {"ccode": "ccode", "valid_from": "stdate"}, reads=_R
    ),
    "stg_cow_contiguity__directed_spells": Published(
        "cow_contiguity",
        {**_ONE_OTHER, "valid_from": "stdate", "contiguity_type": "conttype"},
        reads=_R,
    ),
    "stg_cow_distance__dyad_years": Published(
        "cow_distance", _same("ccode1", "ccode2", "year"), reads=_R
    ),
    "stg_cow_states__spells": Published("cow_states", _same("ccode", "valid_from")),
    "stg_cow_trade__state_years": Published("cow_trade", _same("ccode", "year"), reads=_R),
    "stg_disputes__directed_dyad_years": Published(
        "disputes", {**_ONE_OTHER, "year": "year"}, reads=_R
    ),
    "stg_gdp__entity_years": Published("gdp", {"entity_code": "Country Code", "year": "Year"}),
    "stg_sipri_milex__state_years": Published("sipri_milex", {"sipri_name": "Country"}),
    "stg_strategic_rivalries__rivalries": Published(
        "strategic_rivalries", {"rivalry_no": "rivalryno"}, reads=_R
    ),
    "stg_un_ideal_points__state_years": Published(
        "un_ideal_points", {"state_code": "ccode", "year": "year"}
    ),
    "stg_un_votes__votes": Published("un_votes", {"rcid": "rcid", "ccode_source": "ccode"}),
    "stg_un_votes__roll_calls": Published("un_votes", _same("rcid")),
    "stg_undl_votes__votes": Published(
        "undl_votes", {"undl_id": "undl_id", "member_code": "ms_code"}
    ),
    "stg_undl_votes__resolutions": Published("undl_votes", _same("undl_id")),
    "stg_us_bases__sites": Published("us_bases", {"file_row": ""}),
    "stg_us_construction__projects": Published("us_construction", {"file_row": ""}),
    "stg_us_troops__host_years": Published(
        "us_troops", {"host_code": "ccode", "host_name": "countryname", "year": "year"}
    ),
    "stg_us_troops_quarterly__host_quarters": Published(
        "us_troops_quarterly", {"host_code": "ccode", "year": "year", "quarter": "quarter"}
    ),
    "stg_vdem__country_years": Published(
        "vdem", {"vdem_country_id": "country_id", "year": "year"}, reads=_R
    ),
}
"""Staged table, without its schema, to how it is published."""

Wanted = Mapping[str, Value]
Cells = tuple[str, ...]


def places_of(table: str, rows: Sequence[Wanted], file: RawFile) -> list[tuple[str, ...]]:
    """Where rows of a staged table are in the file, which is read once.

    Args:
        table: Full name of a staged table.
        rows: Rows with at least the columns of its key.
        file: The snapshot that it was made of.

    Returns:
        The places of each row; what is one row for a roll call or a resolution may have many.
    """
    published = PUBLISHED[table.partition(".")[2]]
    if published.slug == "sipri_milex":
        return [tuple(_cells_of_sheet(row, file)) for row in rows]
    if "file_row" in published.columns:
        numbers = [int(str(row["file_row"])) for row in rows]
        at = {number: r.place for number, r in enumerate(records(file), 1) if number in numbers}
        return [(at[number],) for number in numbers]
    wanted = [_cells(published, row) for row in rows]
    found: dict[Cells, list[str]] = {cells: [] for cells in wanted}
    for cells, place in _placed(published, file, found):
        found[cells].append(place)
    return [tuple(found[cells]) for cells in wanted]


def _cells(published: Published, row: Wanted) -> Cells:
    """What the file has under the published headings."""
    begins = row.get("valid_from")
    if published.slug == "cow_states" and isinstance(begins, date):  # a day in three columns
        return tuple(map(str, (row["ccode"], begins.year, begins.month, begins.day)))
    return tuple(_spelling(str(row[column])) for column in published.columns)


def _spelling(text: str) -> str:
    """A cell as cells are compared: whole numbers without a point."""
    return text.strip().removesuffix(".0")


def _placed(
    published: Published, file: RawFile, wanted: Collection[Cells]
) -> Iterator[tuple[Cells, str]]:
    """Cells and place of each row of the file that is wanted."""
    headings = list(published.columns.values())
    if published.slug == "cow_states":
        headings = ["ccode", "styear", "stmonth", "stday"]
    is_plain = not published.reads and not any(file.members.values())
    if is_plain and (columns := _in_front(file, headings)):
        yield from _lines(file, columns, wanted)
        return
    for row in published.reads(file) if published.reads else records(file, published.entity):
        cells = tuple(_spelling(row.text(heading)) for heading in headings)
        if cells in wanted:
            yield cells, row.place


def _in_front(file: RawFile, headings: list[str]) -> list[int]:
    """Where columns are, if all of them come before any text; else nothing."""
    with file.path.open("rb") as lines:
        header = next(csv.reader([lines.readline().decode("utf-8-sig")]))
    front = header[: _LAST_IN_FRONT + 1]
    return [front.index(name) for name in headings] if set(headings) <= set(front) else []


def _lines(
    file: RawFile, columns: list[int], wanted: Collection[Cells]
) -> Iterator[tuple[Cells, str]]:
    """Lines of a long text, of which only the columns in front are split off."""
    known = {tuple(cell.encode() for cell in cells): cells for cells in wanted}
    with file.path.open("rb") as lines:
        next(lines)
        for number, line in whole_lines(lines):
            cells = line.split(b",", max(columns) + 1)
            if any(b'"' in cell for cell in cells[:-1]):  # a quoted text may have commas
                (row,) = csv.reader(io.StringIO(line.decode("utf-8"), newline=""))
                cells = [cell.encode() for cell in row]
            found = known.get(tuple(cells[at].strip(b'" \r\n') for at in columns))
            if found:
                yield found, f"line {number}"


def _cells_of_sheet(row: Wanted, file: RawFile) -> Iterator[str]:
    sheet = workbook.SIPRI_SHEETS[str(row["sheet"])]
    for record in workbook.sheet(file, sheet, header="Country"):
        name = workbook.FOOTNOTES.sub("", record.text("Country")).strip()
        if name == row["sipri_name"] and str(row["year"]) in record.cells:
            yield f"{record.place}, column {row['year']}"
