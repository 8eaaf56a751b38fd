"""What the three files of ATOP must look like before they are parsed.

The phase file ends in mem1, mem2, … and the state-year file in atopid1, atopid2, …, as many as
the largest alliance or the busiest state needs: those are not listed.
"""

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
_YEAR = r"^(?:18|19|20)\d\d$"


def _promises() -> tuple[Expectation, ...]:
    why = "a promise is made or not; anything else is no promise we could count"
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
        expect("ColumnValuesToMatchRegex", "an alliance", column="atopid", regex=r"^\d{4}$"),
        expect("ColumnValuesToMatchRegex", "a member code", column="member", regex=r"^\d{1,4}$"),
        expect("ColumnValuesToMatchRegex", "a year", column="yrent", regex=_YEAR),
        expect(
            "ColumnValuesToMatchRegex",
            "a year, or 0 for in force at the source's end",
            column="yrexit",
            regex=r"^(?:0|(?:18|19|20)\d\d)$",
        ),
        key_is_unique(("atopid", "phase", "member", "yrent", "moent", "dayent")),
        expect(
            "CompoundColumnsToBeUnique",
            "known: Egypt in 3015 and 3205 and Serbia in 3740 left and came back within a phase",
            severity="info",
            column_list=["atopid", "phase", "member"],
        ),
    ),
)

PHASES = Suite(
    table="raw.atop__phases",
    key=("atopid", "phase"),
    expectations=(
        expect(
            "TableColumnsToMatchSet",
            _COLUMNS_WHY,
            column_set=list(PHASE_COLUMNS),
            exact_match=False,
        ),
        row_count_between(5, 10_000, "one row per alliance and phase"),
        *not_empty("atopid", "phase", "begyr", "begmo", "endyr", "mem1", "mem2"),
        *_promises(),
        expect("ColumnValuesToMatchRegex", "an alliance", column="atopid", regex=r"^\d{4}$"),
        expect("ColumnValuesToMatchRegex", "a year", column="begyr", regex=_YEAR),
        key_is_unique(("atopid", "phase")),
    ),
)

STATE_YEARS = Suite(
    table="raw.atop__state_years",
    key=("state", "year"),
    expectations=(
        expect(
            "TableColumnsToMatchSet",
            _COLUMNS_WHY,
            column_set=[*STATE_YEAR_COLUMNS, "atopid1"],
            exact_match=False,
        ),
        row_count_between(5, 100_000, "one row per state and year with an alliance"),
        *not_empty("state", "year", "number", "atopid1"),
        *(
            one_of(column, ("0", "1"), "a promise is made or not")
            for column in (*PROMISES, "atopally")
        ),
        expect("ColumnValuesToMatchRegex", "a year", column="year", regex=_YEAR),
        key_is_unique(("state", "year")),
    ),
)

SUITES = (MEMBERS, PHASES, STATE_YEARS)
