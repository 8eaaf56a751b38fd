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


def world_bank_table(indicator: str = "NY.GDP.MKTP.CD") -> bytes:
    """The World Bank's table of one indicator: where it is from, then a column per year."""
    lines = [
        '"Data Source","World Development Indicators",',
        "",
        '"Last Updated Date","2026-07-01",',
        "",
        '"Country Name","Country Code","Indicator Name","Indicator Code","1960","1961","2025",',
        f'"United States","USA","GDP (current US$)","{indicator}","5.4e11","","3.1e13",',
        f'"Congo, Dem. Rep.","COD","GDP (current US$)","{indicator}","","33","40",',
        f'"World","WLD","GDP (current US$)","{indicator}","1","2","3",',
        f'"Not classified","INX","GDP (current US$)","{indicator}","","","",',
    ]
    return b"\xef\xbb\xbf" + "\r\n".join([*lines, ""]).encode()


def world_bank_zip(indicator: str = "NY.GDP.MKTP.CD") -> bytes:
    """What `downloadformat=csv` gives: the table between two tables of metadata."""
    number = "DS2_en_csv_v2_123456"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"Metadata_Indicator_API_{indicator}_{number}.csv", '"INDICATOR_CODE",\n')
        archive.writestr(f"API_{indicator}_{number}.csv", world_bank_table(indicator))
        archive.writestr(f"Metadata_Country_API_{indicator}_{number}.csv", '"Country Code",\n')
    return buffer.getvalue()
