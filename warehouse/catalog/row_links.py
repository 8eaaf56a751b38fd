"""Which rows of an input a row rests on: by the keys that both have, or by what is declared here.

`i` is a row of the input, `t` one of the table. Keys are those of the contracts. A state of a key
may be called otherwise in the input, a session is the year 1945 + session, and a spell counts for
the years that it covers. Where a step counts rows by another rule than shared keys, that rule is
declared here. An estimate rests on all rows of what it reads.
"""

from collections.abc import Iterator

from warehouse.contracts.model import Contract

ROW_BY_ROW = frozenset(
    f"metrics.{name}"
    for name in (
        *("alliance_network", "asymmetry_profile", "burden_sharing", "capability_asymmetry"),
        *("client_network", "external_threat", "hegemon_support", "institutionalization"),
        *("legitimation_gap", "obligation_balance", "portfolio_similarity", "security_hierarchy"),
        *("system_concentration", "vote_predictability", "vote_similarity"),
        *("vote_similarity_weighted", "vote_similarity_year", "voting_coincidence"),
    )
)
"""Metrics of which each row is computed of rows that share its keys; all others are estimates."""

_STATES = ("ccode", "ccode1", "ccode2", "ccode_from", "ccode_to", "ccode_hegemon", "leader")
_PAIRS = (("ccode1", "ccode2"), ("ccode_from", "ccode_to"), ("ccode_one", "ccode_other"))
_ALSO_CALLED = {"member": "ccode", "ccode_one": "ccode1", "ccode_other": "ccode2"}
_SPELLS = (
    ("year_from", "year_to"),
    ("valid_from", "counts_to"),
    ("valid_from", "valid_to"),
    ("in_force_from", "in_force_to"),
)
_BEGINS = {begin for begin, _ in _SPELLS}
_IN_SET = """
(t.vote_set LIKE '%\\_with\\_unanimous' ESCAPE '\\' OR NOT r.is_unanimous)
AND CASE replace(t.vote_set, '_with_unanimous', '')
    WHEN 'final_only' THEN r.in_final_only
    WHEN 'final_strict' THEN r.in_final_strict
    WHEN 'all_recorded' THEN r.in_all_recorded
    WHEN 'final_only_as_listed' THEN r.in_final_only_as_listed END"""
_CAST = "i.choice IN ('yes', 'abstain', 'no')"
_FINAL = "r.in_final_only AND NOT r.is_unanimous"


def _of_set(period: str, rule: str) -> dict[str, tuple[str, str]]:
    """Roll calls of a period that a rule lets count, and the votes of a pair at them."""
    roll_calls = f"r.session IS NOT NULL AND r.{period} = t.{period} AND {rule}"
    of = f"SELECT r.rcid FROM core.roll_calls AS r WHERE {roll_calls}"
    votes = f"i.rcid IN ({of}) AND i.ccode IN (t.ccode1, t.ccode2) AND {_CAST}"
    return {
        "core.roll_calls": (f"i.rcid IN ({of})", f"{period} and vote set"),
        "core.votes": (votes, f"{period}, vote set and the two states"),
    }


_MEMBERS = """
SELECT m.ccode FROM core.alliance_members AS m
WHERE m.atopid = t.atopid AND t.year BETWEEN m.year_from AND m.year_to"""
_LIBRARY_ROWS = """
(t.source = 'undl_votes' OR t.filled_from IS NOT NULL) AND i.undl_id IN (
    SELECT m.undl_id FROM core.vote_source_matches AS m WHERE m.rcid = t.rcid
    AND (m.is_matched OR m.extends_un_votes))"""
_HEGEMON_ROLL_CALLS = """
i.rcid IN (SELECT r.rcid FROM core.roll_calls AS r JOIN core.votes AS h USING (rcid)
    WHERE r.session = t.session AND r.in_final_only AND h.ccode = t.ccode_hegemon
    AND h.is_sovereign AND h.choice IN ('yes', 'no'))"""
_NAMES = "list_contains(string_split(t.{0}, '; '), i.{0}) AND i.year = t.year"

DECLARED: dict[tuple[str, str], tuple[str, str]] = {
    **{("metrics.vote_similarity", k): v for k, v in _of_set("session", _IN_SET).items()},
    **{("metrics.vote_similarity_year", k): v for k, v in _of_set("year", _IN_SET).items()},
    **{("core.dyad_sessions", k): v for k, v in _of_set("session", _FINAL).items()},
    ("metrics.hegemon_support", "core.roll_calls"): (
        _HEGEMON_ROLL_CALLS,
        "session, final votes on which the hegemon said yes or no",
    ),
    ("metrics.hegemon_support", "core.votes"): (
        f"{_HEGEMON_ROLL_CALLS} AND i.is_sovereign AND {_CAST}",
        "session, all sovereign votes on them: these decide the class",
    ),
    ("metrics.capability_asymmetry", "core.capabilities"): (
        f"t.variable <> 'gdp' AND i.year = t.year AND i.ccode IN ({_MEMBERS})",
        "year and the members",
    ),
    ("metrics.capability_asymmetry", "core.gdp"): (
        f"t.variable = 'gdp' AND i.year = t.year AND i.ccode IN ({_MEMBERS})",
        "year and the members",
    ),
    ("metrics.capability_asymmetry", "core.major_powers"): (
        f"t.year BETWEEN i.year_from AND i.year_to AND i.ccode IN ({_MEMBERS})",
        "year and the members",
    ),
    ("metrics.capability_asymmetry", "core.states"): (
        f"t.year BETWEEN year(i.valid_from) AND year(i.counts_to) AND i.ccode IN ({_MEMBERS})",
        "year and the members",
    ),
    ("metrics.system_concentration", "core.capabilities"): (
        "t.year - i.year IN (0, 1, 5, 10)",
        "year, and 1, 5 and 10 years before",
    ),
    ("metrics.vote_predictability", "core.votes"): (
        "i.session IN (t.session, t.session - 1)",
        "session and the one before",
    ),
    ("metrics.vote_predictability", "core.roll_calls"): (
        "i.session IN (t.session, t.session - 1)",
        "session and the one before",
    ),
    ("metrics.legitimation_gap", "core.votes"): ("i.session = t.session", "session"),
    ("marts.state_year", "core.us_troops"): (
        "i.ccode_to = t.ccode AND i.year = t.year",
        "state and year",
    ),
    ("marts.state_session", "core.roll_calls"): ("i.session = t.session", "session"),
    ("core.votes", "core.vote_source_matches"): ("i.rcid = t.rcid", "rcid"),
    ("core.roll_calls", "core.vote_source_matches"): ("i.rcid = t.rcid", "rcid"),
    ("core.roll_calls", "core.ballot_pairs"): ("t.rcid IN (i.rcid1, i.rcid2)", "rcid"),
    ("core.roll_calls", "staging.stg_undl_votes__resolutions"): (
        "i.undl_id IN (SELECT m.undl_id FROM core.vote_source_matches AS m WHERE m.rcid = t.rcid)",
        "the resolution that is the roll call",
    ),
    ("core.votes", "staging.stg_undl_votes__resolutions"): (
        _LIBRARY_ROWS,
        "the resolution that is the roll call",
    ),
    ("core.votes", "staging.stg_undl_votes__votes"): (
        f"{_LIBRARY_ROWS} AND i.member_code IN"
        " (SELECT s.iso3 FROM core.states AS s WHERE s.ccode = t.ccode)",
        "the resolution that is the roll call, and the state",
    ),
    ("core.us_troops", "staging.stg_us_troops__host_years"): (
        f"t.source = 'us_troops' AND {_NAMES.format('host_name')}",
        "host and year",
    ),
    ("core.us_troops", "staging.stg_us_troops_quarterly__host_quarters"): (
        f"t.source = 'us_troops_quarterly' AND i.quarter = 3 AND {_NAMES.format('host_name')}",
        "host, year and September",
    ),
    ("core.military_expenditure", "staging.stg_sipri_milex__state_years"): (
        _NAMES.format("sipri_name"),
        "name and year",
    ),
    ("core.ideal_points_published", "staging.stg_un_ideal_points__state_years"): (
        "i.year = t.year AND (i.ccode = t.ccode OR"
        " (t.ccode = 710 AND i.ccode = 713 AND t.year < 1950))",
        "state and year",
    ),
    ("core.regimes", "staging.stg_vdem__country_years"): (
        "i.vdem_country_name = t.vdem_country_name AND i.year = t.year",
        "country and year",
    ),
    ("core.us_bases", "staging.stg_us_bases__sites"): (
        "i.base_name = t.base_name",
        "name of the base",
    ),
}
"""Table and input to the SQL that says which rows count, and its words."""


def link(table: Contract, of: Contract) -> tuple[str, str] | None:
    """How rows of an input are found from a row of a table.

    Args:
        table: The table.
        of: One of its inputs.

    Returns:
        SQL over `i` and `t`, and its words; None where the row rests on all rows.
    """
    if table.schema_name == "metrics" and table.table not in ROW_BY_ROW:
        return None
    if declared := DECLARED.get((table.table, of.table)):
        return declared
    parts = dict(_shared(table, of))
    return (" AND ".join(parts.values()), ", ".join(parts)) if parts else None


def _shared(table: Contract, of: Contract) -> Iterator[tuple[str, str]]:
    """Words and SQL of each key that a table and its input share."""
    own, other = {c.name for c in table.columns}, {c.name for c in of.columns}
    states = [f"t.{name}" for name in _STATES if name in table.key]
    placed: set[str] = set()
    for name in of.key:
        same = name if name in own else _ALSO_CALLED.get(name, "")
        if name in _BEGINS and of.schema_name != "staging":
            continue  # a spell of another kind begins on a day of its own
        if same in own and not (name in _STATES and same not in table.key and states):
            yield name, f"i.{name} = t.{same}"
            placed.add(name)
    if states and "ccode" in of.key and "ccode" not in placed:
        yield "ccode", f"i.ccode IN ({', '.join(states)})"
    for one, another in _PAIRS:
        if states and one in of.key and another in of.key and not {one, another} & placed:
            among = f"IN ({', '.join(states)})"
            joined = "AND" if len(states) > 1 else "OR"
            yield f"{one} and {another}", f"(i.{one} {among} {joined} i.{another} {among})"
    year = "t.year" if "year" in own else "t.session + 1945" if "session" in own else ""
    if year and "year" in of.key and "year" not in placed:
        yield "year", f"i.year = {year}"
    if "session" in other and "session" not in placed and "rcid" not in placed:
        if "session" in own:
            yield "session", "i.session = t.session"
        elif "year" in own:
            yield "session", "i.session = t.year - 1945"
    for first, last in _SPELLS:
        if year and first in other and last in other and "year" not in other:
            days = _is_day(of, first)
            begins, ends = (f"year(i.{c})" if days else f"i.{c}" for c in (first, last))
            covers = f"{year} BETWEEN {begins} AND coalesce({ends}, 9999)"
            yield "spells that cover the year", covers
            break


def _is_day(contract: Contract, column: str) -> bool:
    return next(c.type for c in contract.columns if c.name == column) == "date"
