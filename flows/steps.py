"""Every step of the pipeline, in an order in which they can run: the table of contents.

A step names what it reads (`tables`: argument of its function → table; `references`: argument
→ hand-coded list), what it makes, and the function or SQL that makes it. Marts name nothing
but themselves: what they read stands in their SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from warehouse.contracts import contracts
from warehouse.load import mart_sql, tables_read_by

Stage = Literal["staged", "core", "marts", "metrics"]

# Parameters of a run that change numbers; they enter the build id. None so far: seeds and
# numbers of draws are constants of the modules that use them, and enter it with the code.
PARAMETERS: Mapping[str, object] = {}


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: Unique; the folder of its finished results.
        stage: The stage whose gate its tables pass.
        sentence: What it does, as the UI shows it.
        outputs: Full names of the tables that it makes.
        function: `module:function` for all but marts.
        source: Slug that a staging step reads.
        tables: Argument name to full table name.
        references: Argument name to the name of a hand-coded list.
    """

    name: str
    stage: Stage
    sentence: str
    outputs: tuple[str, ...]
    function: str | None = None
    source: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def wiring(self) -> str:
        """Which input goes to which argument of which function, as text to be hashed."""
        return repr((self.name, self.function, dict(self.tables), dict(self.references)))

    @property
    def module(self) -> str | None:
        """Dotted name of the module that the step's code is in."""
        return self.function.split(":")[0] if self.function else None

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Full names of the tables that the step reads."""
        if self.stage == "marts":
            return tuple(tables_read_by(mart_sql(self.outputs[0])))
        return tuple(dict.fromkeys(self.tables.values()))


def _staged(slug: str, sentence: str) -> Step:
    """A staging step: the tables are those with a contract `staging.stg_<slug>__*`."""
    made = tuple(t for t in contracts() if t.startswith(f"staging.stg_{slug}__"))
    return Step(
        name=f"stage_{slug}",
        stage="staged",
        sentence=sentence,
        outputs=made,
        function=f"transforms.staging.{slug}:stage",
        source=slug,
    )


def _mart(name: str, sentence: str) -> Step:
    """A mart: `warehouse/sql/marts/<name>.sql`."""
    return Step(f"marts.{name}", "marts", sentence, (f"marts.{name}",))


def _core(
    table: str,
    sentence: str,
    function: str,
    tables: Mapping[str, str],
    references: tuple[str, ...] = (),
) -> Step:
    """A core table; `references` are lists whose names are the function's arguments."""
    return Step(
        name=f"core.{table}",
        stage="core",
        sentence=sentence,
        outputs=(f"core.{table}",),
        function=f"transforms.core.{function}",
        tables=tables,
        references={name: name for name in references},
    )


def _metric(table: str, sentence: str, function: str, tables: Mapping[str, str]) -> Step:
    return Step(
        name=f"metrics.{table}",
        stage="metrics",
        sentence=sentence,
        outputs=(f"metrics.{table}",),
        function=f"transforms.metrics.{function}",
        tables=tables,
    )


_STATES = {"states": "core.states"}
_ROLL_CALLS_AND_VOTES = {"votes": "core.votes", "roll_calls": "core.roll_calls"}
_VOTE_FILES = {
    name: f"staging.{name}"
    for name in (
        "stg_un_votes__votes",
        "stg_un_votes__roll_calls",
        "stg_undl_votes__votes",
        "stg_undl_votes__resolutions",
    )
}

STAGED = (
    _staged("atop", "Stage the alliance treaties (ATOP)"),
    _staged("cow_capabilities", "Stage national capabilities (COW NMC)"),
    _staged("cow_states", "Stage the states of the system (COW)"),
    _staged("gdp", "Stage GDP (World Bank)"),
    _staged("sipri_milex", "Stage military expenditure (SIPRI)"),
    _staged("un_ideal_points", "Stage the published ideal points"),
    _staged("un_votes", "Stage the UN votes (Voeten)"),
    _staged("undl_votes", "Stage the UN votes (UN Library)"),
    _staged("us_troops", "Stage US troops abroad"),
)

CORE = (
    _core(
        "states",
        "Say which states there are, and when",
        "states:build_states",
        {"stg_cow_states__spells": "staging.stg_cow_states__spells"},
        ("state_aliases", "gw_codes", "region_exceptions"),
    ),
    _core(
        "vote_source_matches",
        "Match the two sources of votes",
        "vote_sources:build_vote_sources",
        _VOTE_FILES,
        ("state_aliases", "succession"),
    ),
    _core(
        "votes",
        "Give every vote its state",
        "votes:build_votes",
        {**_VOTE_FILES, **_STATES, "vote_source_matches": "core.vote_source_matches"},
        ("state_aliases", "succession"),
    ),
    _core(
        "roll_calls",
        "Date and class the roll calls",
        "roll_calls:build_roll_calls",
        {
            "stg_un_votes__roll_calls": "staging.stg_un_votes__roll_calls",
            "stg_undl_votes__resolutions": "staging.stg_undl_votes__resolutions",
            "vote_source_matches": "core.vote_source_matches",
            "votes": "core.votes",
        },
    ),
    _core(
        "dyad_sessions",
        "Count the votes that two states share",
        "dyad_sessions:build_dyad_sessions",
        {**_ROLL_CALLS_AND_VOTES, **_STATES},
    ),
    _core(
        "capabilities",
        "Give capabilities their states",
        "capabilities:build_capabilities",
        {"state_years": "staging.stg_cow_capabilities__state_years", **_STATES},
    ),
    _core(
        "gdp",
        "Give GDP its states",
        "gdp:build_gdp",
        {"entity_years": "staging.stg_gdp__entity_years", **_STATES},
        ("state_aliases", "gdp_entities"),
    ),
    _core(
        "military_expenditure",
        "Give military expenditure its states",
        "military_expenditure:build_military_expenditure",
        {"state_years": "staging.stg_sipri_milex__state_years", **_STATES},
        ("sipri_names",),
    ),
    _core(
        "us_troops",
        "Give US troops their hosts",
        "us_troops:build_us_troops",
        {"host_years": "staging.stg_us_troops__host_years", **_STATES},
        ("us_troops_hosts",),
    ),
    _core(
        "ideal_points_published",
        "Give the published ideal points their states",
        "ideal_points_published:build_ideal_points_published",
        {"state_years": "staging.stg_un_ideal_points__state_years", **_STATES},
    ),
    _core(
        "major_powers",
        "List the major powers",
        "major_powers:build_major_powers",
        _STATES,
        ("major_powers",),
    ),
    _core(
        "alliance_members",
        "List who was in which alliance, and when",
        "alliances:build_alliance_members",
        {"atop_members": "staging.stg_atop__members"},
    ),
    _core(
        "alliances",
        "Describe the alliances, phase by phase",
        "alliances:build_alliances",
        {
            "atop_phases": "staging.stg_atop__phases",
            "atop_members": "staging.stg_atop__members",
        },
    ),
    _core(
        "obligations",
        "Direct each obligation from state to state",
        "obligations:build_obligations",
        {"alliance_members": "core.alliance_members", **_STATES},
    ),
    _core(
        "treaty_allies",
        "Date the allies of the United States",
        "treaty_allies:build_treaty_allies",
        _STATES,
        ("us_defence_treaties", "nato_accessions", "rio_parties"),
    ),
    _core(
        "coalition_support",
        "Grade support for the coalitions",
        "coalition_support:build_coalition_support",
        _STATES,
        ("coalition_lists", "coalition_iraq_2003", "coalition_mnf_i", "coalition_daesh"),
    ),
)

MARTS = (
    _mart("roll_call", "Join what is known of a roll call"),
    _mart("ally_tier", "Say who is whose ally, year by year"),
    _mart("alliance_year", "Join what is known of an alliance in a year"),
    _mart("state_session", "Join what is known of a state in a session"),
    _mart("dyad_session", "Join what is known of a dyad in a session"),
    _mart("state_year", "Join what is known of a state in a year"),
    _mart("vote_source_agreement", "Compare the two sources of votes"),
)

METRICS = (
    _metric(
        "capability_asymmetry",
        "Measure how unequal allies are",
        "capability_asymmetry:build_capability_asymmetry",
        {
            "alliance_members": "core.alliance_members",
            "capabilities": "core.capabilities",
            "gdp": "core.gdp",
            "major_powers": "core.major_powers",
            **_STATES,
        },
    ),
    _metric(
        "vote_similarity",
        "Measure how alike states vote",
        "similarity:build_vote_similarity",
        {**_ROLL_CALLS_AND_VOTES, **_STATES},
    ),
    _metric(
        "legitimation_premium",
        "Compare allies and others on unpopular votes",
        "legitimation_premium:build_legitimation_premium",
        {**_ROLL_CALLS_AND_VOTES, "ally_tier": "marts.ally_tier"},
    ),
)

STEPS = (*STAGED, *CORE, *MARTS, *METRICS)
_BY_NAME = {step.name: step for step in STEPS}


def step_named(name: str) -> Step:
    """The step with this name.

    Raises:
        KeyError: There is none.
    """
    return _BY_NAME[name]
