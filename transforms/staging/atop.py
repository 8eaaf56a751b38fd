"""`staging.stg_atop__*`: ATOP 5.1 members, alliance-phases and state-years (1815-2018).

Alliance Treaty Obligations and Provisions (Leeds, Ritter, Mitchell and Long 2002). The member
file has the promises of each member; the phase file describes the treaty; the state-year file is
ATOP's own count of a state's alliances, which a rule compares with ours.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_delimited
from transforms.parsing.missing import STATA_EXPORT
from transforms.step_result import StepResult

MISSING = STATA_EXPORT
"""Marks of a missing value, beside empty cells: ATOP is made with Stata."""

# Treaty content that every member of a phase shares, in the order of the published header.
_TREATY_HEAD = (
    "wartime", "estmode", "pubsecr", "secrart", "proadd", "futmem", "speclgth", "length",
    "renounce", "proren", "renewlgt", "term",
)  # fmt: skip
_PROMISES = ("defense", "offense", "neutral", "nonagg", "consul", "active")
_CONDITIONS = ("conditio", "defcon", "offcon", "neucon", "concon")
_CONDITION_DETAILS = (
    "defcoadv", "defcoloc", "defcocon", "defconum", "defcodem", "defconpr",
    "offcoadv", "offcoloc", "offcocon", "offconum", "offcodem",
    "neucoadv", "neucoloc", "neucocon", "neuconum", "neucodem", "neuconpr", "neucoatt",
    "concoadv", "concoloc", "concocon", "concoreq", "olimob",
)  # fmt: skip
_MEMBER_ITEMS = ("notaiden", "dipaid", "terrres", "seppeace", "thirdcom", "noothall")
_TREATY_TAIL = (
    "specthrt", "statthr1", "statthr2", "conwtin", "medarb", "milcon", "milaid", "intcom",
    "subord", "organ1", "orgpurp1", "organ2", "orgpurp2", "base", "contrib", "armred", "acqterr",
    "divgains", "demwith", "reflnun", "refothio", "natrefal", "compag", "nomicoop", "conres",
    "agprois", "conmen", "ecaid", "interv", "source", "new5", "rev5",
)  # fmt: skip
_TEXT = ("atopidphase", "cowid", "cow4id", "version")

MEMBER_COLUMNS = (
    "atopid", "cowid", "cow4id", "member", "cowsys", "yrent", "moent", "dayent", "yrexit",
    "moexit", "dayexit", "ineffect", "bilat", "phase", "maxphase", _TREATY_HEAD[0], "cowwar",
    *_TREATY_HEAD[1:], "termmode", "termcaus", *_PROMISES, *_CONDITIONS, *_CONDITION_DETAILS,
    "asymm", "obvary", *_MEMBER_ITEMS, *_TREATY_TAIL, "version",
)  # fmt: skip
PHASE_COLUMNS = (
    "atopid", "atopidphase", "cowid", "cow4id", "begyr", "begmo", "begday", "endyr", "endmo",
    "endday", "ineffect", "bilat", "phase", "maxphase", *_TREATY_HEAD, *_PROMISES, *_CONDITIONS,
    "asymm", *_MEMBER_ITEMS, *_TREATY_TAIL, "version",
)  # fmt: skip
STATE_YEAR_COLUMNS = (
    "state", "year", "atopally", "defense", "offense", "neutral", "nonagg", "consul", "number",
    "transyr", "version",
)  # fmt: skip

# Keys, dates and the names that mean something else in the warehouse.
_RENAMED = {
    "yrent": "entry_year", "moent": "entry_month", "dayent": "entry_day",
    "yrexit": "exit_year", "moexit": "exit_month", "dayexit": "exit_day",
    "begyr": "begin_year", "begmo": "begin_month", "begday": "begin_day",
    "endyr": "end_year", "endmo": "end_month", "endday": "end_day",
    "term": "term_code", "source": "atop_source", "version": "atop_version",
    "state": "ccode", "number": "n_alliances",
}  # fmt: skip


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the three tables as published.

    Args:
        files: Content of `members`, `phases` and `state_years`.

    Returns:
        `raw.atop__members`, `raw.atop__phases` and `raw.atop__state_years`, all strings.

    Raises:
        ValueError: A member is missing, or is no such table.
    """
    if absent := {"members", "phases", "state_years"} - files.keys():
        raise ValueError(
            f"atop: {sorted(absent)} missing among {sorted(files)};"
            " correct `members` in flows/sources/atop.yml"
        )
    columns = {
        "members": MEMBER_COLUMNS,
        "phases": PHASE_COLUMNS,
        "state_years": STATE_YEAR_COLUMNS,
    }
    return {
        f"raw.atop__{name}": read_delimited(files[name], member=name, columns=needed)
        for name, needed in columns.items()
    }


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Renames and casts; exit 0 (still in force) becomes NULL, which `ineffect` explains.

    The numbered columns mem1, mem2, … of the phase file and atopid1, … of the state-year file
    become one text each, as many of them as there are.

    Args:
        raw: What `read` returns.

    Returns:
        `staging.stg_atop__members` (one row per member, phase and entry),
        `staging.stg_atop__phases` (one per alliance-phase) and
        `staging.stg_atop__state_years` (one per state and year with an alliance).

    Raises:
        ValueError: A cell is no number; names table, row, column and value.
    """
    members = _cast(raw["raw.atop__members"], MEMBER_COLUMNS, "raw.atop__members")
    phases = _cast(raw["raw.atop__phases"], PHASE_COLUMNS, "raw.atop__phases")
    years = _cast(raw["raw.atop__state_years"], STATE_YEAR_COLUMNS, "raw.atop__state_years")
    return StepResult(
        {
            "staging.stg_atop__members": members.with_columns(_zero_is_open("exit")),
            "staging.stg_atop__phases": phases.with_columns(
                *_zero_is_open("end"),
                _numbered(raw["raw.atop__phases"], "mem").alias("member_codes"),
            ),
            "staging.stg_atop__state_years": years.with_columns(
                _numbered(raw["raw.atop__state_years"], "atopid").alias("alliance_ids")
            ),
        }
    )


def _cast(raw: pl.DataFrame, columns: tuple[str, ...], table: str) -> pl.DataFrame:
    types = {c: pl.String() if c in _TEXT else pl.Int16() for c in columns}
    cast = cast_cells(raw.select(columns), types, table=table, missing=MISSING)
    renamed = cast.rename({k: v for k, v in _RENAMED.items() if k in columns})
    wide = [c for c in ("atopid",) if c in columns]
    return renamed.with_columns(pl.col(wide).cast(pl.Int32))


def _zero_is_open(which: str) -> list[pl.Expr]:
    parts = [f"{which}_{part}" for part in ("year", "month", "day")]
    return [pl.when(pl.col(c) != 0).then(pl.col(c)).alias(c) for c in parts]


def _numbered(raw: pl.DataFrame, stem: str) -> pl.Series:
    # In the order of the published numbers: mem1, mem2, …, mem10.
    found = [c for c in raw.columns if c.startswith(stem) and c.removeprefix(stem).isdigit()]
    ordered = sorted(found, key=lambda c: int(c.removeprefix(stem)))
    return raw.select(pl.concat_str(ordered, separator=" ", ignore_nulls=True)).to_series()
