"""Every staging and core step on a small world, and the account of what goes in and comes out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from flows.dag import step_named
from flows.engine.compute import function_at
from flows.engine.coverage import coverages
from tests.transforms.small_files import FILES
from tests.transforms.trunk import (
    build_trunk,
    read_reference,
    write_library_file,
    write_vote_file,
)
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts

Frames = dict[str, pl.DataFrame]
Balance = tuple[str, int, int]
"""What is balanced, how much of it went in, how much came out or was counted as lost."""
DROPPED, DOUBLED, RENAMED = "drop", "double", "rename"


@dataclass(frozen=True)
class Case:
    """One step of the pipeline.

    Attributes:
        inputs: Its tables, undisturbed.
        codes: Input to the column that is renamed in it, and the new name.
        account: What has to balance.
        build: The step.
        may_refuse: Changes after which the step may stop with an error: it then says what is
            wrong, and nothing is lost.
    """

    inputs: Callable[[], Frames]
    codes: Mapping[str, tuple[str, object]]
    account: Callable[[Frames, StepResult], Iterator[Balance]]
    build: Callable[[Frames], StepResult]
    may_refuse: frozenset[str] = field(default=frozenset({DOUBLED}))


def rows_lost(result: StepResult, to_table: str, from_table: str | None = None) -> int:
    """Rows that a step lost on the way to a table."""
    losses = result.losses.filter(pl.col("to_table") == to_table)
    if from_table:
        losses = losses.filter(pl.col("from_table") == from_table)
    return int(losses["n_rows"].sum())


def rows_of(argument: str, table: str) -> Callable[[Frames, StepResult], Iterator[Balance]]:
    """Rows of one input = rows of the table + rows lost."""

    def account(inputs: Frames, result: StepResult) -> Iterator[Balance]:
        n_out = result.tables[table].height + rows_lost(result, table)
        yield f"rows of {table}", inputs[argument].height, n_out

    return account


def core(name: str) -> Callable[[Frames], StepResult]:
    """The function of a core step, as the pipeline calls it: with its lists and coverage."""
    step = step_named(f"core.{name}")
    function = function_at(str(step.function))
    declared = {"coverage": coverages(step.coverage)} if step.coverage else {}

    def build(inputs: Frames) -> StepResult:
        lists = {argument: read_reference(list_) for argument, list_ in step.references.items()}
        result: StepResult = function(**lists | inputs, **declared)
        return result

    return build


def staged(slug: str, codes: Mapping[str, tuple[str, object]], refuse: str = DOUBLED) -> Case:
    """A staging step: rows of each raw table = rows of its staged table + rows lost."""
    stage = function_at(f"transforms.staging.{slug}:stage")
    read = function_at(f"transforms.staging.{slug}:read")

    def account(inputs: Frames, result: StepResult) -> Iterator[Balance]:
        for raw, frame in inputs.items():
            table = raw.replace("raw.", "staging.stg_")
            n_lost = rows_lost(result, table, raw)
            yield f"rows of {raw}", frame.height, result.tables[table].height + n_lost

    return Case(lambda: read(FILES[slug]), codes, account, stage, frozenset({refuse}))


# --- the workbook: cells become rows -----------------------------------------------------------


def _cells_of_workbook(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    table = "staging.stg_sipri_milex__state_years"
    for raw, frame in inputs.items():
        years = [c for c in frame.columns if c.isdigit()]
        sheet = raw.removeprefix("raw.sipri_milex__")
        n_rows = result.tables[table].filter(pl.col("sheet") == sheet).height
        n_out = n_rows // len(years) + rows_lost(result, table, raw)
        yield f"rows of {raw}", frame.height, n_out
        numbers = frame.select(pl.col(years).str.contains(r"^\d").sum()).sum_horizontal().sum()
        found = result.tables[table].filter(pl.col("sheet") == sheet)["value"].count()
        yield f"values of {raw}", int(numbers), found


def _figures_of_states(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    table = "core.military_expenditure"
    rows, out = inputs["state_years"], result.tables[table]
    n_names = rows.select("sipri_name", "year").n_unique()
    yield "names and years", n_names, out.height + rows_lost(result, table)
    shown = rows.filter(pl.col("sheet") != "local_currency")
    n_out = out["milex_usd"].count() + out["milex_gdp_share"].count()
    yield "figures", shown["value"].count(), n_out + int(result.losses["n_values"].sum())


def _persons(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    table = "core.us_troops"
    for argument, source in (("host_years", "us_troops"), ("host_quarters", "us_troops_quarterly")):
        staging = f"staging.stg_{source}__{argument}"
        n_out = result.tables[table].filter(pl.col("source") == source).height
        n_lost = rows_lost(result, table, staging)
        yield f"rows of {staging}", inputs[argument].height, n_out + n_lost
    legacy = pl.col("from_table") == "staging.stg_us_troops__host_years"
    if not set(result.losses.filter(legacy)["reason"]) - {"added_to_same_state"}:
        n_in = int(inputs["host_years"]["troops_persons"].sum())
        of_legacy = result.tables[table].filter(pl.col("source") == "us_troops")
        yield "persons", n_in, int(of_legacy["troops_persons"].sum())


# --- votes ---------------------------------------------------------------------------------------


@cache
def _vote_tables() -> Frames:
    """Two roll calls of the vote file, one of them in the Library, too, and one of its own."""
    cast = {2: 1, 200: 1, 365: 3, 511: 1, 260: 9, 255: 2}
    file = write_vote_file(
        {"rcid": 1, "session": 60, "date": "2005-11-08", "unres": "R/60/12", "votes": cast},
        {"rcid": 2, "session": 60, "date": "2005-12-08", "unres": "R/60/13",
         "votes": {2: 3, 200: 1}},
    )  # fmt: skip
    of_library = {"USA": "Y", "GBR": "Y", "RUS": "N", "DEU": "A"}
    library = write_library_file(
        {"undl_id": 7, "session": "60", "date": "2005-11-08", "resolution": "A/RES/60/12",
         "votes": of_library},
        {"undl_id": 8, "session": "61", "date": "2006-11-08", "resolution": "A/RES/61/1",
         "votes": of_library},
    )  # fmt: skip
    return build_trunk(file, library).tables


def _votes_inputs(*names: str, **others: str) -> Callable[[], Frames]:
    """Tables by their own name, and others by the name of their argument."""
    tables = dict(zip(names, names, strict=True)) | others
    return lambda: {argument: _vote_tables()[name] for argument, name in tables.items()}


_VOTE_FILES = (
    "stg_un_votes__votes",
    "stg_un_votes__roll_calls",
    "stg_undl_votes__votes",
    "stg_undl_votes__resolutions",
)


def _both_vote_files(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    votes = result.tables["core.votes"]
    for source in ("un_votes", "undl_votes"):
        staging = f"staging.stg_{source}__votes"
        # cells that the file lacks are rows of nobody's, unless the Library fills them
        n_out = votes.filter(pl.col("source") == source)["ccode_source"].count()
        n_out += votes.filter(pl.col("filled_from") == source).height
        n_lost = rows_lost(result, "core.votes", staging)
        yield staging, inputs[f"stg_{source}__votes"].height, n_out + n_lost


def _both_lists_of_roll_calls(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    n_in = inputs["stg_un_votes__roll_calls"].height + inputs["stg_undl_votes__resolutions"].height
    n_out = result.tables["core.roll_calls"].height + rows_lost(result, "core.roll_calls")
    yield "roll calls", n_in, n_out


def _pairs_of_roll_calls(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    pairs = result.tables["core.ballot_pairs"]
    paired = set(pairs["rcid1"]) | set(pairs["rcid2"])
    added = inputs["vote_source_matches"].filter("extends_un_votes")["rcid"]
    listed = set(inputs["stg_un_votes__roll_calls"]["rcid"]) | set(added)
    yield "listed roll calls", len(listed), len(listed | paired)


def _joint_votes(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    counted = inputs["roll_calls"].filter("in_final_only", ~pl.col("is_unanimous")).select("rcid")
    cast = inputs["votes"].filter(pl.col("choice").is_in(["yes", "abstain", "no"]))
    n = cast.join(counted, on="rcid", how="semi").group_by("rcid").len()["len"].cast(pl.Int64)
    pairs = int((n * (n - 1) // 2).sum())
    yield "joint votes", pairs, int(result.tables["core.dyad_sessions"]["n_joint"].sum())


# --- states, alliances, lists ------------------------------------------------------------------


@cache
def _states() -> pl.DataFrame:
    return _vote_tables()["states"]


def _with_states(**frames: pl.DataFrame) -> Callable[[], Frames]:
    return lambda: {**frames, "states": _states()}


@cache
def _atop() -> Frames:
    from transforms.staging import atop

    return atop.stage(atop.read(FILES["atop"])).tables


def _atop_inputs(**tables: str) -> Callable[[], Frames]:
    return lambda: {arg: _atop()[f"staging.stg_atop__{name}"] for arg, name in tables.items()}


def _members() -> Frames:
    built = core("alliance_members")({"atop_members": _atop()["staging.stg_atop__members"]})
    return {"alliance_members": built.tables["core.alliance_members"], "states": _states()}


def _givers(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    # several memberships of a state in one alliance may share their years
    memberships = inputs["alliance_members"].select("atopid", "ccode").unique()
    found = result.tables["core.obligations"].select("atopid", ccode="ccode_from").unique()
    lost = memberships.join(found, on=["atopid", "ccode"], how="anti").height
    n_lost = result.losses.filter(pl.col("reason") == "no_partner")["n_rows"].sum()
    yield "states of alliances", memberships.height, found.height + min(lost, int(n_lost))


def _treaty_rows(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    table = "core.treaty_allies"
    n_out = result.tables[table].height + rows_lost(result, table)
    yield "rows of treaties", sum(inputs[n].height for n in _TREATIES), n_out


def _names_of_coalitions(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    names = [
        inputs[f"coalition_{name}"].select(
            pl.lit(name).alias("coalition"), pl.col("ccode").cast(pl.Int16)
        )
        for name in ("iraq_2003", "mnf_i", "daesh")
    ]
    listed = pl.concat(names).unique()
    kept = result.tables["core.coalition_support"].select("coalition", "ccode").unique()
    codes = set(result.losses["ccode"])
    n_lost = listed.join(kept, on=["coalition", "ccode"], how="anti")["ccode"].is_in(codes).sum()
    yield "names", listed.height, kept.height + int(n_lost)


def _un_members(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    table = "core.un_members"
    n_out = result.tables[table].height + rows_lost(result, table)
    yield "periods", inputs["un_members"].height, n_out


def _major_powers(inputs: Frames, result: StepResult) -> Iterator[Balance]:
    table = "core.major_powers"
    carried = pl.col("carried_forward_from_year").is_not_null()
    n_out = result.tables[table].filter(~carried).height
    known = pl.col("ccode").cast(pl.Int16).is_in(inputs["states"]["ccode"].implode())
    yield "spells of states", inputs["major_powers"].filter(known).height, n_out
    n_unknown = inputs["major_powers"].filter(~known).height
    yield "spells of others", n_unknown, min(n_unknown, rows_lost(result, table))


def _yearly(value: str, *rows: tuple[object, ...], **schema: Any) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema | {value: pl.Float64}, orient="row")


_COVARIATES = _yearly(
    "log_gdp", (2, 2000, 1.0), (200, 2000, 2.0), (365, 2000, None), (317, 1990, 1.0),
    ccode=pl.Int16, year=pl.Int16,
).with_columns(
    pl.lit(None, pl.Float64).alias(name) for name in ("polyarchy", "distance_km", "trade_total_usd")
)  # fmt: skip
_NO_SOURCES_OF_COVARIATES = {
    name: pl.DataFrame(schema=contracts()[f"core.{name}"].polars_schema)
    for name in ("regimes", "capitals", "trade")
}
_REFUSES_ALL = frozenset({DROPPED, DOUBLED, RENAMED})
_LISTS = ("coalition_lists", "coalition_iraq_2003", "coalition_mnf_i", "coalition_daesh")
_TREATIES = (
    "us_defence_treaties",
    "nato_accessions",
    "rio_parties",
    "soviet_russian_alliances",
    "chinese_alliances",
)


def _staged_as(argument: str, slug: str, entity: str) -> Callable[[], Frames]:
    """The staged table of a small file, and the states."""

    def inputs() -> Frames:
        module = f"transforms.staging.{slug}"
        raw = function_at(f"{module}:read")(FILES[slug])
        table = function_at(f"{module}:stage")(raw).tables[f"staging.stg_{slug}__{entity}"]
        return {argument: table, "states": _states()}

    return inputs


_R_DATA = {
    "cow_capitals": ("capitals", "capitals", "capitals"),
    "cow_contiguity": ("directed_spells", "contiguity", "directed_spells"),
    "cow_distance": ("dyad_years", "distances", "dyad_years"),
    "cow_trade": ("state_years", "trade", "state_years"),
    "disputes": ("directed_dyad_years", "disputes", "directed_dyad_years"),
    "strategic_rivalries": ("rivalries", "rivalries", "rivalries"),
    "vdem": ("country_years", "regimes", "country_years"),
}
"""Source to the entity of its staged table, the core table and the argument of that step."""


def _of_r_data(slug: str) -> dict[str, Case]:
    """The staging and the core step of a source of R data; any code column is renamed."""
    entity, table, argument = _R_DATA[slug]
    raw = f"raw.{slug}__{entity}"
    read = function_at(f"transforms.staging.{slug}:read")(FILES[slug])[raw]
    published = next(c for c in read.columns if "code" in c)
    inputs = _staged_as(argument, slug, entity)
    typed = next(c for c in inputs()[argument].columns if c.startswith(("ccode", "cow_code")))
    return {
        f"stage_{slug}": staged(slug, {raw: (published, "999")}),
        f"core.{table}": Case(
            inputs,
            {argument: (typed, 999)},
            rows_of(argument, f"core.{table}"),
            core(table),
        ),
    }


CASES: dict[str, Case] = {
    **{name: case for slug in _R_DATA for name, case in _of_r_data(slug).items()},
    "stage_gdp": staged("gdp", {"raw.gdp__entity_years": ("Country Code", "XXX")}),
    "stage_us_troops": staged("us_troops", {"raw.us_troops__host_years": ("ccode", "999")}),
    "stage_us_bases": staged("us_bases", {"raw.us_bases__sites": ("ccode", "999")}),
    "stage_us_construction": staged(
        "us_construction", {"raw.us_construction__projects": ("ccode", "999")}
    ),
    "stage_us_troops_quarterly": staged(
        "us_troops_quarterly", {"raw.us_troops_quarterly__host_quarters": ("ccode", "999")}
    ),
    "stage_cow_capabilities": staged(
        "cow_capabilities", {"raw.cow_capabilities__state_years": ("ccode", "999")}
    ),
    "stage_cow_states": staged("cow_states", {"raw.cow_states__spells": ("ccode", "999")}),
    "stage_un_ideal_points": staged(
        "un_ideal_points", {"raw.un_ideal_points__state_years": ("ccode", "999")}
    ),
    "stage_un_votes": staged("un_votes", {"raw.un_votes__votes": ("ccode", "999")}),
    "stage_undl_votes": staged("undl_votes", {"raw.undl_votes__votes": ("ms_code", "XXX")}),
    "stage_atop": staged(
        "atop",
        {
            "raw.atop__members": ("member", "999"),
            "raw.atop__phases": ("cowid", "999"),
            "raw.atop__state_years": ("state", "999"),
        },
    ),
    "stage_sipri_milex": Case(
        lambda: function_at("transforms.staging.sipri_milex:read")(FILES["sipri_milex"]),
        {
            f"raw.sipri_milex__{sheet}": ("Country", "Ruritania")
            for sheet in ("current_usd", "share_of_gdp", "local_currency")
        },
        _cells_of_workbook,
        function_at("transforms.staging.sipri_milex:stage"),
    ),
    "core.states": Case(
        _votes_inputs("stg_cow_states__spells"),
        {"stg_cow_states__spells": ("ccode", 999)},
        rows_of("stg_cow_states__spells", "core.states"),
        core("states"),
    ),
    "core.vote_source_matches": Case(
        _votes_inputs(*_VOTE_FILES),
        {
            "stg_undl_votes__resolutions": ("resolution", "A/RES/1/1"),
            "stg_undl_votes__votes": ("member_code", "XXX"),
        },
        rows_of("stg_undl_votes__resolutions", "core.vote_source_matches"),
        core("vote_source_matches"),
    ),
    "core.votes": Case(
        _votes_inputs(
            *_VOTE_FILES,
            "vote_source_matches",
            "states",
            members="un_members",
        ),
        {
            "stg_un_votes__votes": ("ccode_source", 999),
            "stg_undl_votes__votes": ("member_code", "XXX"),
            "vote_source_matches": ("resolution", "A/RES/1/1"),
        },
        _both_vote_files,
        core("votes"),
    ),
    "core.un_members": Case(
        lambda: {"un_members": read_reference("un_members"), "states": _states()},
        {"un_members": ("ccode", "999")},
        _un_members,
        core("un_members"),
        _REFUSES_ALL,  # periods that overlap, and codes of nobody
    ),
    "core.ballot_pairs": Case(
        _votes_inputs(
            "stg_un_votes__roll_calls",
            "stg_undl_votes__resolutions",
            "vote_source_matches",
            "votes",
        ),
        {"votes": ("ccode", 999), "stg_un_votes__roll_calls": ("resolution", "R/60/12")},
        _pairs_of_roll_calls,
        core("ballot_pairs"),
    ),
    "core.roll_calls": Case(
        _votes_inputs(
            "stg_un_votes__roll_calls",
            "stg_undl_votes__resolutions",
            "vote_source_matches",
            "votes",
            "ballot_pairs",
        ),
        {
            "stg_undl_votes__resolutions": ("resolution", "A/RES/1/1"),
            "vote_source_matches": ("resolution", "A/RES/1/1"),
        },
        _both_lists_of_roll_calls,
        core("roll_calls"),
    ),
    "core.dyad_sessions": Case(
        _votes_inputs("votes", "roll_calls", "states"),
        {"votes": ("ccode", 999)},
        _joint_votes,
        core("dyad_sessions"),
        frozenset({DOUBLED, RENAMED}),  # two states become the same one
    ),
    "core.capabilities": Case(
        _staged_as("state_years", "cow_capabilities", "state_years"),
        {"state_years": ("ccode", 999)},
        rows_of("state_years", "core.capabilities"),
        core("capabilities"),
    ),
    "core.gdp": Case(
        _staged_as("entity_years", "gdp", "entity_years"),
        {"entity_years": ("entity_code", "XXX")},
        rows_of("entity_years", "core.gdp"),
        core("gdp"),
    ),
    "core.covariates": Case(
        _with_states(covariates=_COVARIATES, **_NO_SOURCES_OF_COVARIATES),
        {"covariates": ("ccode", 999)},
        rows_of("covariates", "core.covariates"),
        core("covariates"),
    ),
    "core.military_expenditure": Case(
        _staged_as("state_years", "sipri_milex", "state_years"),
        {"state_years": ("sipri_name", "Ruritania")},
        _figures_of_states,
        core("military_expenditure"),
        frozenset({DOUBLED, RENAMED}),  # two names become the same one
    ),
    "core.us_troops": Case(
        lambda: {
            **_staged_as("host_years", "us_troops", "host_years")(),
            **_staged_as("host_quarters", "us_troops_quarterly", "host_quarters")(),
        },
        {"host_years": ("host_code", 998), "host_quarters": ("host_code", 998)},
        _persons,
        core("us_troops"),
    ),
    "core.us_bases": Case(
        _staged_as("sites", "us_bases", "sites"),
        {"sites": ("place_code", 998)},
        rows_of("sites", "core.us_bases"),
        core("us_bases"),
    ),
    "core.us_construction": Case(
        _staged_as("projects", "us_construction", "projects"),
        {"projects": ("place_code", 998)},
        rows_of("projects", "core.us_construction"),
        core("us_construction"),
    ),
    "core.ideal_points_published": Case(
        _staged_as("state_years", "un_ideal_points", "state_years"),
        {"state_years": ("ccode", 999)},
        rows_of("state_years", "core.ideal_points_published"),
        core("ideal_points_published"),
    ),
    "core.major_powers": Case(
        lambda: {"major_powers": read_reference("major_powers"), "states": _states()},
        {"major_powers": ("ccode", "999")},
        _major_powers,
        core("major_powers"),
    ),
    "core.alliance_members": Case(
        _atop_inputs(atop_members="members"),
        {"atop_members": ("member", 8152)},
        rows_of("atop_members", "core.alliance_members"),
        core("alliance_members"),
    ),
    "core.alliances": Case(
        _atop_inputs(atop_phases="phases", atop_members="members"),
        {"atop_phases": ("atopid", 9999), "atop_members": ("atopid", 9999)},
        rows_of("atop_phases", "core.alliances"),
        core("alliances"),
        _REFUSES_ALL,  # a phase without members, or members without a phase
    ),
    "core.obligations": Case(
        _members, {"alliance_members": ("ccode", 999)}, _givers, core("obligations")
    ),
    "core.treaty_allies": Case(
        lambda: {n: read_reference(n) for n in _TREATIES} | {"states": _states()},
        dict.fromkeys(_TREATIES, ("ccode", "999")),
        _treaty_rows,
        core("treaty_allies"),
    ),
    "core.coalition_support": Case(
        lambda: {n: read_reference(n) for n in _LISTS} | {"states": _states()},
        dict.fromkeys(_LISTS[1:], ("ccode", "999")),
        _names_of_coalitions,
        core("coalition_support"),
        _REFUSES_ALL,  # the lists say how many names they have
    ),
}
"""Name of the step to its case."""
