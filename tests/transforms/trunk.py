"""Files in the publishers' layout, built row by row, and the trunk of the pipeline on them."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from flows.engine.coverage import coverages
from transforms.core.ballot_pairs import build_ballot_pairs
from transforms.core.roll_calls import build_roll_calls
from transforms.core.states import build_states
from transforms.core.un_members import build_un_members
from transforms.core.vote_source_matches import build_vote_sources
from transforms.core.votes import build_votes
from transforms.staging import cow_states, un_votes, undl_votes
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts

REFERENCE = Path(__file__).resolve().parents[2] / "transforms" / "reference"

VOTE_FILE = (
    "rcid,ccode,member,vote,Country,Countryname,year,session,abstain,yes,no,importantvote,date,"
    "unres,amend,para,short,descr,me,nu,di,hr,co,ec,ident,resid"
)
LIBRARY_FILE = (
    "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,"
    "title,agenda_title,subjects,vote_note,total_yes,total_no,total_abstentions,"
    "total_non_voting,total_ms,undl_link"
)
STATE_LIST = "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version"

SPELLS = """
USA,2,United States,1816,1,1,2024,12,31
UKG,200,United Kingdom,1816,1,1,2024,12,31
LIE,223,Liechtenstein,1990,9,18,2024,12,31
GMY,255,Germany,1816,1,1,1945,5,8
GMY,255,Germany,1990,10,3,2024,12,31
GFR,260,West Germany,1955,5,5,1990,10,2
CZE,315,Czechoslovakia,1945,5,10,1992,12,31
CZR,316,Czech Republic,1993,1,1,2024,12,31
SLO,317,Slovakia,1993,1,1,2024,12,31
MNG,341,Montenegro,2006,6,12,2024,12,31
YUG,345,Yugoslavia,1944,10,20,2006,6,3
SRB,345,Serbia,2006,6,3,2024,12,31
KOS,347,Kosovo,2008,2,20,2024,12,31
RUS,365,Russia,1816,1,1,2024,12,31
UKR,369,Ukraine,1991,12,26,2024,12,31
BLR,370,Belarus,1991,12,26,2024,12,31
TAZ,510,Tanzania,1961,12,9,2024,12,31
ZAN,511,Zanzibar,1963,12,19,1964,4,26
SAF,560,South Africa,1920,1,10,2024,12,31
NAM,565,Namibia,1990,3,21,2024,12,31
COM,581,Comoros,1975,12,31,2024,12,31
SSD,626,South Sudan,2011,7,9,2024,12,31
EGY,651,Egypt,1937,5,26,2024,12,31
SYR,652,Syria,1946,4,17,1958,2,1
SYR,652,Syria,1961,9,29,2024,12,31
YAR,678,North Yemen,1926,9,2,1990,5,21
YEM,679,Yemen,1990,5,22,2024,12,31
YPR,680,South Yemen,1967,11,30,1990,5,21
CHN,710,China,1860,10,25,2024,12,31
TAW,713,Taiwan,1949,12,8,2024,12,31
IND,750,India,1947,8,15,2024,12,31
DRV,816,Vietnam,1954,7,21,2024,12,31
RVN,817,South Vietnam,1954,6,4,1975,4,30
PHI,840,Philippines,1946,7,4,2024,12,31
INS,850,Indonesia,1949,12,27,2024,12,31
"""


@dataclass(frozen=True)
class Trunk:
    """The tables by bare name, and the losses of all steps."""

    tables: dict[str, pl.DataFrame]
    losses: pl.DataFrame

    def vote(self, rcid: int, ccode: int) -> dict[str, Any] | None:
        """The row of a state on a roll call, or None."""
        rows = self.tables["votes"].filter((pl.col("rcid") == rcid) & (pl.col("ccode") == ccode))
        return rows.row(0, named=True) if rows.height else None

    def lost(self, reason: str) -> int:
        """Rows of the sources that are lost for a reason."""
        return int(self.lost_rows().filter(pl.col("reason") == reason)["n_rows"].sum())

    def kinds(self, ccode: int) -> dict[int, str]:
        """Roll call to how the source disagrees with the list of UN members about a state."""
        rows = self.tables["vote_contradictions"].filter(pl.col("ccode") == ccode)
        return dict(rows.select("rcid", "contradiction_kind").iter_rows())

    def lost_rows(self) -> pl.DataFrame:
        """The losses of the sources' rows, without those of hand-coded lists."""
        return self.losses.filter(pl.col("from_table").str.starts_with("staging."))


def _to_csv(header: str, rows: Sequence[Mapping[str, object]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header.split(","), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def write_vote_file(*roll_calls: Mapping[str, Any]) -> bytes:
    """Roll calls as dictionaries of the file's columns, plus `votes`: code to vote."""
    rows = []
    for roll_call in roll_calls:
        constant = dict.fromkeys(VOTE_FILE.split(","), "0") | {"short": "NA", "importantvote": "0"}
        constant |= {"year": str(roll_call["date"])[:4], "descr": "A question", "ident": "NA"}
        constant |= {"resid": str(roll_call["rcid"]), "unres": f"R/1/{roll_call['rcid']}"}
        constant |= {k: str(v) for k, v in roll_call.items() if k != "votes"}
        for ccode, vote in roll_call["votes"].items():
            member = "NA" if vote == 9 else "1"
            one = {"ccode": ccode, "vote": vote, "member": member, "Country": "XXX"}
            rows.append(constant | one | {"Countryname": f"State {ccode}"})
    return _to_csv(VOTE_FILE, rows)


def write_library_file(*resolutions: Mapping[str, Any]) -> bytes:
    """Resolutions as dictionaries of the file's columns, plus `votes`: member code to letter."""
    rows = []
    for resolution in resolutions:
        cast = list(resolution["votes"].values())
        constant: dict[str, object] = dict.fromkeys(LIBRARY_FILE.split(","), "")
        constant |= {"title": "A question"}
        constant |= {"total_yes": cast.count("Y"), "total_no": cast.count("N")}
        constant |= {"total_abstentions": cast.count("A"), "total_non_voting": cast.count("X")}
        constant |= {"total_ms": len(cast)}
        constant |= {k: str(v) for k, v in resolution.items() if k != "votes"}
        for code, letter in resolution["votes"].items():
            rows.append(constant | {"ms_code": code, "ms_name": code, "ms_vote": letter})
    return _to_csv(LIBRARY_FILE, rows)


def write_state_list(rows: str = SPELLS) -> bytes:
    """The state list; by default the states that the rules of succession are about."""
    return "\n".join([STATE_LIST, *(f"{r},2024" for r in rows.split("\n") if r)]).encode()


@cache
def read_reference(name: str) -> pl.DataFrame:
    """A hand-coded list as the steps get it, all columns String."""
    return pl.read_csv(REFERENCE / f"{name}.csv", infer_schema=False)


class _Built:
    """Tables by bare name, each put through its contract, and what was lost on the way."""

    def __init__(self) -> None:
        self.tables: dict[str, pl.DataFrame] = {}
        self.losses: list[pl.DataFrame] = []

    def add(self, outcome: StepResult) -> None:
        for name, frame in outcome.tables.items():
            self.tables[name.split(".")[1]] = contracts()[name].conform(frame)
        self.losses.append(outcome.losses)

    def take(self, other: "_Built") -> None:
        self.tables |= other.tables
        self.losses += other.losses


@lru_cache(maxsize=4)  # most trunks stand on the same states, and many on no library
def _of_states(states: bytes) -> _Built:
    built = _Built()
    built.add(cow_states.stage(cow_states.read({"data": states})))
    built.add(
        build_states(
            stg_cow_states__spells=built.tables["stg_cow_states__spells"],
            state_aliases=read_reference("state_aliases"),
            gw_codes=read_reference("gw_codes"),
            region_exceptions=read_reference("region_exceptions"),
            coverage=coverages(("cow_states",)),
        )
    )
    members = read_reference("un_members")
    built.add(build_un_members(un_members=members, states=built.tables["states"]))
    return built


@lru_cache(maxsize=4)
def _of_library(library: bytes) -> _Built:
    built = _Built()
    built.add(undl_votes.stage(undl_votes.read({"data": library})))
    return built


def build_trunk(votes: bytes, library: bytes | None = None, states: bytes | None = None) -> Trunk:
    """Staging and core of votes, each table put through its contract."""
    built = _Built()
    built.add(un_votes.stage(un_votes.read({"data": votes})))
    built.take(_of_library(library or write_library_file()))
    built.take(_of_states(states or write_state_list()))
    tables = built.tables
    aliases, rules = read_reference("state_aliases"), read_reference("succession")
    staged = {n: t for n, t in tables.items() if n.startswith(("stg_un_votes", "stg_undl_votes"))}
    built.add(
        build_vote_sources(
            **staged,
            state_aliases=aliases,
            succession=rules,
            special_sessions=read_reference("special_sessions"),
        )
    )
    matches = tables["vote_source_matches"]
    built.add(
        build_votes(
            **staged,
            vote_source_matches=matches,
            members=tables["un_members"],
            states=tables["states"],
            state_aliases=aliases,
            succession=rules,
        )
    )
    listed = {
        "stg_un_votes__roll_calls": tables["stg_un_votes__roll_calls"],
        "stg_undl_votes__resolutions": tables["stg_undl_votes__resolutions"],
        "vote_source_matches": matches,
        "votes": tables["votes"],
    }
    built.add(build_ballot_pairs(**listed, ballots_reviewed=read_reference("ballots_reviewed")))
    covered = coverages(("un_votes",))
    built.add(build_roll_calls(**listed, ballot_pairs=tables["ballot_pairs"], coverage=covered))
    return Trunk(tables, pl.concat(built.losses))
