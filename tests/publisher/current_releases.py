"""Releases that are newer than the declared ones, in the publishers' form; every value made up.

Each is written as public readers of the file describe it. What nobody is known to have described is
left out, so that a release with less than this is refused and one with more is read.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

Cell = str | int | float
LIBRARY_COLUMNS = (
    *("undl_id", "ms_code", "ms_name", "ms_vote", "date", "session", "resolution", "draft"),
    *("committee_report", "meeting", "title", "agenda_title", "subjects", "vote_note"),
    *("total_yes", "total_no", "total_abstentions", "total_non_voting", "total_ms", "undl_link"),
)
VOTE_COLUMNS = (
    *("", "rcid", "ccode", "member", "vote", "Country", "Countryname", "session", "abstain"),
    *("yes", "no", "importantvote", "date", "unres", "amend", "para", "short", "descr"),
    *("me", "nu", "di", "hr", "co", "ec", "ident", "resid"),
)
MEMBERS = {
    "USA": "UNITED STATES",
    "GBR": "UNITED KINGDOM",
    "FRA": "FRANCE",
    "RUS": "RUSSIAN FEDERATION",
    "CIV": "CÔTE D'IVOIRE",
    "TUR": "TÜRKİYE",
}


def text(columns: Sequence[str], rows: Iterable[Sequence[Cell]], separator: str = ",") -> bytes:
    """A table as delimited text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def roll_calls_to_session_77() -> bytes:
    """Version 32 of the vote file: the numbers of rows first, and no year."""
    votes = {2: 1, 200: 1, 220: 2, 365: 3}
    names = {2: "USA", 200: "GBR", 220: "FRA", 365: "RUS"}
    calls = [(9001, 75, "2020-12-07"), (9002, 76, "2021-12-06"), (9003, 77, "2023-02-23")]
    rows: list[list[Cell]] = []
    for rcid, session, day in calls:
        for ccode, vote in votes.items():
            who: list[Cell] = [ccode, 1, vote, names[ccode], f"State {ccode}", session]
            what: list[Cell] = ["NA", day, f"A/RES/{session}/{rcid}", 0, 0, "NA", "A question"]
            totals: list[Cell] = [1, 2, 1]
            tail: list[Cell] = [0, 0, 0, 0, 0, 0, "NA", rcid]
            rows.append([len(rows) + 1, rcid, *who, *totals, *what, *tail])
    return text(VOTE_COLUMNS, rows)


def library_to_session_80(notes: bool = True) -> bytes:
    """The UN Library's file: sessions 76 to 80, the start of 81, and the eleventh emergency one.

    Args:
        notes: Whether there are notes on votes; the release of March 2025 has none.
    """
    calls = [
        (4100001, "2021-12-06", "76", "A/RES/76/34"),
        (4100002, "2022-03-02", "ES-11", "A/RES/ES-11/1"),
        (4100003, "2022-12-15", "77", "A/RES/77/223 A"),
        (4100004, "2023-12-12", "78", "A/RES/78/3"),
        (4100005, "2025-02-24", "ES-11", "A/RES/ES-11/7"),
        (4100006, "2024-12-04", "79", "A/RES/79/81"),
        (4100007, "2025-12-30", "80", "A/RES/80/250"),
        (4100008, "2026-10-01", "81", "A/RES/81/2"),
    ]
    letters = {"USA": "N", "GBR": "A", "FRA": "Y", "RUS": "X", "CIV": "Y", "TUR": "Y"}
    rows: list[list[Cell]] = []
    for number, day, session, symbol in calls:
        for code, letter in letters.items():
            note = "Later advised that it had intended to abstain" if code == "GBR" else ""
            rows.append(
                [
                    *(number, code, MEMBERS[code], letter, day, session, symbol),
                    *(f"A/{session}/L.1|A/{session}/L.1/Rev.1", f"A/{session}/400"),
                    *(f" A/{session}/PV. 69", "A question :: resolution", "An item|Another item"),
                    *("QUESTIONS|ANSWERS", note, "3.0", "1.0", "1.0", "1.0", "6.0"),
                    f"https://digitallibrary.un.org/record/{number}",
                ]
            )
    content = text(LIBRARY_COLUMNS, rows)
    if not notes:
        at = LIBRARY_COLUMNS.index("vote_note")
        columns = [c for c in LIBRARY_COLUMNS if c != "vote_note"]
        content = text(columns, [[*row[:at], *row[at + 1 :]] for row in rows])
    return b"\xef\xbb\xbf" + content


def ideal_points_by_iso_code(more: Mapping[str, Cell] | None = None) -> bytes:
    """Version 39 of the ideal points: plain CSV, of which three columns are known for certain.

    Args:
        more: Further columns, with the value of every row.
    """
    points = [
        ("USA", 1946, 1.7), ("TWN", 1946, 0.4), ("RUS", 1980, -2.1), ("DEU", 1980, 0.9),
        ("DEU", 2024, 0.8), ("USA", 2024, 2.0), ("USA", 2025, 2.1), ("XYZ", 2025, 0.0),
    ]  # fmt: skip
    extra = dict(more or {})
    rows = [[*extra.values(), *point] for point in points]
    return text([*extra, "iso3c", "year", "IdealPointFP"], rows)


def milex_to_2025(local_currency: bool = True) -> bytes:
    """SIPRI's workbook of April 2026: dots as one character, and years to 2025.

    Args:
        local_currency: Whether the sheet in local currency is there.
    """
    years = [1949, 1950, 1990, 2020, 2024, 2025]
    sheets: dict[str, dict[str, list[Cell]]] = {
        "Current US$": {
            "United Kingdom": [10, 11, 12, 13, 14, 15.5],
            "Iceland": [0, 0, 0, 0, 0, 0],
            "Eritrea": ["xxx", "xxx", "xxx", "…", "…", "…"],
        },
        "Share of GDP": {
            "United Kingdom": [0.1, 0.1, 0.04, 0.02, 0.023, 0.024],
            "Iceland": [0, 0, 0, 0, 0, 0],
            "Eritrea": ["xxx", "xxx", "xxx", ". . .", "...", "…"],
        },
    }
    if local_currency:
        sheets["Local currency calendar years"] = {
            "United Kingdom": [5, 5, 6, 7, 8, 9],
            "Iceland": [0, 0, 0, 0, 0, 0],
            "Eritrea": ["xxx", "xxx", "xxx", "…", "…", "…"],
        }
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, states in {"Front page": {}, **sheets}.items():
        sheet = book.create_sheet(title)
        sheet.append([f"Made-up military expenditure by country, {title}, 1949–2025"])
        sheet.append([])
        if not states:
            continue
        currency = ["Currency"] if title.startswith("Local") else []
        sheet.append(["Country", *currency, "Notes", *years])
        sheet.append(["Europe"])
        for name, figures in states.items():
            sheet.append([name, *(["Crown"] if currency else []), "", *figures])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


QUARTER_COLUMNS = (
    *("ccode", "iso3c", "countryname", "year", "month", "quarter", "source", "troops_ad"),
    *("army_ad", "navy_ad", "air_force_ad", "marine_corps_ad", "coast_guard_ad", "space_force_ad"),
    *("troops_afloat", "navy_afloat", "marine_corps_afloat"),
    *("army_national_guard", "air_national_guard", "army_reserve", "navy_reserve"),
    *("marine_corps_reserve", "air_force_reserve", "coast_guard_reserve", "total_selected_reserve"),
    *("army_civilian", "navy_civilian", "marine_corps_civilian", "air_force_civilian"),
    *("dod_civilian", "total_civilian", "year_quarter", "troops_all", "region"),
)


def troops_of_version_1_1() -> bytes:
    """The rebuilt series of US troops by quarter, version 1.1.0, as its build script writes it.

    South Korea has 101 and 103 persons in the Septembers of 2023 and 2024, of whom 1 and 3 are of
    the Navy; three hosts have codes that only this version has.
    """
    months = {1: "March", 2: "June", 3: "September"}
    rows: list[list[Cell]] = []

    def add(host: tuple[int, str, str], year: int, quarter: int, army: int, navy: int) -> None:
        report = f"{months[quarter]} {year}"
        code, iso, name = host
        active: list[Cell] = [army + navy, army, navy, 0, 0, 0, 0]
        others: list[Cell] = ["NA"] * 3 + [0] * 14
        when: list[Cell] = [year, months[quarter], quarter, report]
        tail: list[Cell] = [f"{year}.{quarter}", army + navy, "East Asia & Pacific"]
        rows.append([code, iso, name, *when, *active, *others, *tail])

    korea, afloat = (732, "KOR", "South Korea"), (10200, "NA", "Afloat")
    add(korea, 2023, 2, 99, 1)  # the Army's part is interpolated: it is a report all the same
    add(korea, 2023, 3, 100, 1)
    add(korea, 2024, 3, 100, 3)
    add((983, "MHL", "Marshall Islands"), 2024, 3, 15, 0)
    add((1011, "MNP", "Northern Mariana Islands"), 2024, 3, 5, 0)
    add((1026, "MTQ", "Martinique"), 2024, 3, 0, 2)
    add(afloat, 2024, 3, 0, 7)
    return text(QUARTER_COLUMNS, rows)


MADE_UP_GDP = {
    ("United States", "USA", "1960"): "5.4e11",
    ("United States", "USA", "2025"): "3.1e13",
    ("Congo, Dem. Rep.", "COD", "1961"): "33",
    ("Congo, Dem. Rep.", "COD", "2025"): "40",
    ("World", "WLD", "1960"): "1",
    ("World", "WLD", "1961"): "2",
    ("World", "WLD", "2025"): "3",
}


def world_bank_table(
    indicator: str = "NY.GDP.MKTP.CD",
    updated: str = "2026-07-01",
    values: Mapping[tuple[str, str, str], str] = MADE_UP_GDP,
) -> bytes:
    """The World Bank's table of one indicator: where it is from, then a column per year.

    Args:
        indicator: Its code.
        updated: Day of the last update.
        values: Name, code and year to value; what is not there is an empty cell.
    """
    years = sorted({year for _, _, year in values})
    entities = [*dict.fromkeys((name, code) for name, code, _ in values), ("Not classified", "INX")]
    what = ("GDP (current US$)", indicator)
    rows = [
        [name, code, *what, *(values.get((name, code, year), "") for year in years)]
        for name, code in entities
    ]
    header = ["Country Name", "Country Code", "Indicator Name", "Indicator Code", *years]
    above = [
        '"Data Source","World Development Indicators",',
        "",
        f'"Last Updated Date","{updated}",',
    ]
    lines = [",".join(f'"{cell}"' for cell in row) + "," for row in [header, *rows]]
    return b"\xef\xbb\xbf" + "\r\n".join([*above, "", *lines, ""]).encode()


def world_bank_zip(
    indicator: str = "NY.GDP.MKTP.CD", number: int = 123456, table: bytes | None = None
) -> bytes:
    """What `downloadformat=csv` gives: the table between two tables of metadata.

    Args:
        indicator: Its code.
        number: In the names of the members; another download may have another.
        table: The table, unless the made-up one.
    """
    table = world_bank_table(indicator) if table is None else table
    number_in_names = f"DS2_en_csv_v2_{number}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        named = f"API_{indicator}_{number_in_names}.csv"
        archive.writestr(f"Metadata_Indicator_{named}", '"INDICATOR_CODE",\n')
        archive.writestr(named, table)
        archive.writestr(f"Metadata_Country_{named}", '"Country Code",\n')
    return buffer.getvalue()
