"""Raw gate of ATOP: the columns and cells of its three files.

The phase file ends in mem1, mem2, … and the state-year file in atopid1, atopid2, …. Their number
depends on the largest alliance and on the state with most alliances, so they are not listed.
"""

from expectations.raw_cells import YEAR, cells_match, columns_include, raw_suite
from expectations.suite import (
    Expectation,
    Suite,
    columns_exactly,
    expect,
    key_is_unique,
    not_empty,
    one_of,
    row_count_between,
)

PROMISES = ("defense", "offense", "neutral", "nonagg", "consul")
MEMBER_COLUMNS = (
    *("atopid", "cowid", "cow4id", "member", "cowsys", "yrent", "moent", "dayent"),
    *("yrexit", "moexit", "dayexit", "ineffect", "bilat", "phase", "maxphase", "wartime"),
    *("cowwar", "estmode", "pubsecr", "secrart", "proadd", "futmem", "speclgth", "length"),
    *("renounce", "proren", "renewlgt", "term", "termmode", "termcaus", "defense"),
    *("offense", "neutral", "nonagg", "consul", "active", "conditio", "defcon", "offcon"),
    *("neucon", "concon", "defcoadv", "defcoloc", "defcocon", "defconum", "defcodem"),
    *("defconpr", "offcoadv", "offcoloc", "offcocon", "offconum", "offcodem", "neucoadv"),
    *("neucoloc", "neucocon", "neuconum", "neucodem", "neuconpr", "neucoatt", "concoadv"),
    *("concoloc", "concocon", "concoreq", "olimob", "asymm", "obvary", "notaiden"),
    *("dipaid", "terrres", "seppeace", "thirdcom", "noothall", "specthrt", "statthr1"),
    *("statthr2", "conwtin", "medarb", "milcon", "milaid", "intcom", "subord", "organ1"),
    *("orgpurp1", "organ2", "orgpurp2", "base", "contrib", "armred", "acqterr", "divgains"),
    *("demwith", "reflnun", "refothio", "natrefal", "compag", "nomicoop", "conres"),
    *("agprois", "conmen", "ecaid", "interv", "source", "new5", "rev5", "version"),
)
PHASE_COLUMNS = (
    *("atopid", "atopidphase", "cowid", "cow4id", "begyr", "begmo", "begday", "endyr"),
    *("endmo", "endday", "ineffect", "bilat", "phase", "maxphase", "wartime", "estmode"),
    *("pubsecr", "secrart", "proadd", "futmem", "speclgth", "length", "renounce", "proren"),
    *("renewlgt", "term", "defense", "offense", "neutral", "nonagg", "consul", "active"),
    *("conditio", "defcon", "offcon", "neucon", "concon", "asymm", "notaiden", "dipaid"),
    *("terrres", "seppeace", "thirdcom", "noothall", "specthrt", "statthr1", "statthr2"),
    *("conwtin", "medarb", "milcon", "milaid", "intcom", "subord", "organ1", "orgpurp1"),
    *("organ2", "orgpurp2", "base", "contrib", "armred", "acqterr", "divgains", "demwith"),
    *("reflnun", "refothio", "natrefal", "compag", "nomicoop", "conres", "agprois"),
    *("conmen", "ecaid", "interv", "source", "new5", "rev5", "version"),
)
STATE_YEAR_COLUMNS = (
    *("state", "year", "atopally", "defense", "offense", "neutral", "nonagg", "consul"),
    *("number", "transyr", "version"),
)
_COLUMNS_WHY = "the codebook's columns; a new or missing one changes what the others mean"
_ALLIANCE = r"^\d{4}$"


def _promises() -> tuple[Expectation, ...]:
    why = "a promise is made or not; any other code could not be counted"
    return tuple(one_of(column, ("0", "1"), why) for column in (*PROMISES, "ineffect", "bilat"))


MEMBERS = Suite(
    table="raw.atop__members",
    key=("atopid", "phase", "member", "yrent"),
    expectations=(
        columns_exactly(MEMBER_COLUMNS, _COLUMNS_WHY),
        row_count_between(10, 50_000, "one row per alliance, phase and member"),
        *not_empty("atopid", "phase", "member", "yrent", "moent", "yrexit", "moexit"),
        *_promises(),
        one_of("cowsys", ("0", "1"), "whether the member is in the state system"),
        cells_match("atopid", _ALLIANCE, "an alliance"),
        cells_match("member", r"^\d{1,4}$", "a member code"),
        cells_match("yrent", YEAR, "a year"),
        cells_match("yrexit", rf"^0$|{YEAR}", "a year, or 0 for in force at the source's end"),
        key_is_unique(("atopid", "phase", "member", "yrent", "moent", "dayent")),
        expect(
            "CompoundColumnsToBeUnique",
            "known: Egypt in 3015 and 3205 and Serbia in 3740 left and came back within a phase",
            severity="info",
            column_list=["atopid", "phase", "member"],
        ),
    ),
)

PHASES = raw_suite(
    "raw.atop__phases",
    ("atopid", "phase"),
    columns_include(PHASE_COLUMNS, _COLUMNS_WHY),
    row_count_between(5, 10_000, "one row per alliance and phase"),
    *not_empty("atopid", "phase", "begyr", "begmo", "endyr", "mem1", "mem2"),
    *_promises(),
    cells_match("atopid", _ALLIANCE, "an alliance"),
    cells_match("begyr", YEAR, "a year"),
)

STATE_YEARS = raw_suite(
    "raw.atop__state_years",
    ("state", "year"),
    columns_include([*STATE_YEAR_COLUMNS, "atopid1"], _COLUMNS_WHY),
    row_count_between(5, 100_000, "one row per state and year with an alliance"),
    *not_empty("state", "year", "number", "atopid1"),
    *(one_of(column, ("0", "1"), "a promise is made or not") for column in PROMISES),
    one_of("atopally", ("0", "1"), "the state has an alliance or not"),
    cells_match("year", YEAR, "a year"),
)

SUITES = (MEMBERS, PHASES, STATE_YEARS)
