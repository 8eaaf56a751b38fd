"""Contents that are plausible and wrong: what a file may say without looking broken.

Each case changes cells of a good file as it was read, and names what has to find it: a rule of a
gate, a rule across tables, or a finding of the comparison with the last release (`release: KIND`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

Raw = dict[str, pl.DataFrame]
"""Raw tables by name; every cell a text."""
Change = Callable[[Raw], Raw]


@dataclass(frozen=True)
class Content:
    """One case.

    Attributes:
        slug: The source.
        name: What is wrong with it, in words.
        change: Makes it so.
        found_by: What has to find it.
        is_told: Whether a warning is enough; otherwise nothing may be published.
    """

    slug: str
    name: str
    change: Change
    found_by: str
    is_told: bool = False

    def __str__(self) -> str:
        """Source and name, for the list of tests."""
        return f"{self.slug}: {self.name}"


# --- changes --------------------------------------------------------------------------------------


def on(table: str, *changes: Callable[[pl.DataFrame], pl.DataFrame]) -> Change:
    """Changes of one raw table, one after the other."""

    def change(raw: Raw) -> Raw:
        frame = raw[table]
        for each in changes:
            frame = each(frame)
        return raw | {table: frame}

    return change


def both(*changes: Change) -> Change:
    """Changes of several tables."""

    def change(raw: Raw) -> Raw:
        for each in changes:
            raw = each(raw)
        return raw

    return change


def exchanged(
    column: str, one: str, other: str, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Two values of a column stand for each other."""
    value = pl.col(column)
    swapped = pl.when(value == one).then(pl.lit(other)).when(value == other).then(pl.lit(one))
    return changed(column, swapped.otherwise(value), where)


def columns_exchanged(
    one: str, other: str, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Two columns stand for each other."""
    rows = pl.lit(value=True) if where is None else where

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(
            pl.when(rows).then(pl.col(other)).otherwise(pl.col(one)).alias(one),
            pl.when(rows).then(pl.col(one)).otherwise(pl.col(other)).alias(other),
        )

    return change


def changed(
    column: str, to: pl.Expr | str, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Cells of a column are others."""
    value = pl.lit(to) if isinstance(to, str) else to
    rows = pl.lit(value=True) if where is None else where
    return lambda frame: frame.with_columns(
        pl.when(rows).then(value).otherwise(pl.col(column)).alias(column)
    )


def times(
    column: str, factor: float, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Numbers of a column are some times what they were; what is no number stays."""
    number = (pl.col(column).cast(pl.Float64, strict=False) * factor).cast(pl.String)
    return changed(column, pl.coalesce(number, pl.col(column)), where)


def plus(
    column: str, summand: int, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Whole numbers of a column are larger."""
    number = (pl.col(column).cast(pl.Int64, strict=False) + summand).cast(pl.String)
    return changed(column, pl.coalesce(number, pl.col(column)), where)


def without(where: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Rows are gone."""
    return lambda frame: frame.filter(~where)


def repeated(n_rows: int) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Rows are there twice."""
    return lambda frame: pl.concat([frame, frame.head(n_rows)])


def _year(least: int, column: str = "year") -> pl.Expr:
    return pl.col(column).cast(pl.Int64) >= least


def _is(column: str, value: str) -> pl.Expr:
    return pl.col(column) == value


# --- votes ----------------------------------------------------------------------------------------

_V, _R = "raw.un_votes__votes", "raw.un_votes__roll_calls"
_IN_60 = _is("session", "60")
_HALF = pl.col("rcid").cast(pl.Int64) % 2 == 0
_FLIP = pl.col("vote").replace({"1": "3", "3": "1"})
_CAST = pl.col("vote").is_in(["1", "2", "3"])
_L, _LR = "raw.undl_votes__votes", "raw.undl_votes__resolutions"
_LETTER = pl.col("ms_vote").replace({"Y": "N", "N": "Y"})

VOTES = [
    Content("un_votes", "the codes of two states exchanged",
            on(_V, exchanged("ccode", "2", "365")), "cow_and_iso_codes_are_of_one_state"),
    Content("un_votes", "the abbreviations of two states exchanged",
            on(_V, exchanged("Country", "USA", "RUS")), "cow_and_iso_codes_are_of_one_state"),
    Content("un_votes", "the names of two states exchanged",
            on(_V, exchanged("Countryname", "France", "Canada")),
            "a_name_has_one_code_in_all_sources"),
    Content("un_votes", "codes exchanged in one session",
            on(_V, exchanged("ccode", "2", "365", _IN_60)), "a_state_has_one_code_in_the_file"),
    Content("un_votes", "the votes of two states exchanged, names and all",
            on(_V, exchanged("ccode", "2", "365"), exchanged("Country", "USA", "RUS"),
               exchanged("Countryname", "United States of America", "Russia")),
            "each_state_votes_alike_in_both_sources"),
    Content("un_votes", "yes and no exchanged", on(_V, changed("vote", _FLIP)),
            "yes_is_the_usual_vote"),
    Content("un_votes", "yes and no exchanged in one session, totals too", both(
        on(_V, changed("vote", _FLIP, _IN_60)), on(_R, columns_exchanged("yes", "no", _IN_60))),
        "yes_is_the_usual_vote"),
    Content("un_votes", "the votes of one state turned round",
            on(_V, changed("vote", _FLIP, _is("ccode", "2"))),
            "each_state_votes_alike_in_both_sources"),
    Content("un_votes", "the votes shifted by one state",
            on(_V, changed("vote", pl.col("vote").shift(1).over("rcid").fill_null("8"))),
            "each_state_votes_alike_in_both_sources"),
    Content("un_votes", "all votes yes", on(_V, changed("vote", "1", _CAST)),
            "totals_contradict_few_votes"),
    Content("un_votes", "totals of yes and no exchanged", on(_R, columns_exchanged("yes", "no")),
            "totals_contradict_few_votes"),
    Content("un_votes", "totals of another file", on(_R, plus("yes", 7)),
            "totals_contradict_few_votes"),
    Content("un_votes", "all votes important",
            on(_R, changed("importantvote", "1", _year(38, "session"))), "important_votes_are_few"),
    Content("un_votes", "no vote important", on(_R, changed("importantvote", "0")),
            "every_listed_session_has_important_votes"),
    Content("un_votes", "important votes before there was a list",
            on(_R, changed("importantvote", "1", _is("session", "20"))),
            "important_votes_are_listed_from_session_38_on"),
    Content("un_votes", "half of a session gone", both(
        on(_V, without(_IN_60 & _HALF)), on(_R, without(_IN_60 & _HALF))),
        "sessions_have_the_roll_calls_that_ideal_points_rest_on"),
    Content("un_votes", "a session in the middle gone",
            both(on(_V, without(_IN_60)), on(_R, without(_IN_60))), "sessions_follow_each_other"),
    Content("un_votes", "the last session gone", both(
        on(_V, without(_is("session", "75"))), on(_R, without(_is("session", "75")))),
        "release: series_shortened"),
    Content("un_votes", "a state gone", on(_V, without(_is("ccode", "20"))),
            "release: series_lost", is_told=True),
    Content("un_votes", "a state under a code that is none",
            on(_V, changed("ccode", "997", _is("ccode", "20"))), "release: series_lost",
            is_told=True),
    Content("un_votes", "a new vote code",
            on(_V, changed("vote", "4", _is("rcid", "51"))), "InSet"),
    Content("un_votes", "minus nine for absent", on(_V, changed("vote", "-9", _is("vote", "8"))),
            "InSet"),
    Content("un_votes", "rows twice", on(_V, repeated(50)), "Unique"),
    Content("un_votes", "dates in the future",
            on(_R, changed("date", "2099-12-08", _is("session", "75"))),
            "months_are_near_their_session"),
    Content("un_votes", "a session of the future", both(
        on(_V, changed("session", "119", _is("session", "75"))),
        on(_R, changed("session", "119", _is("session", "75")))), "Future"),
    Content("un_votes", "dates of another session",
            on(_R, changed("date", "1999-12-08", _IN_60)), "month_lies_in_its_session",
            is_told=True),
    Content("un_votes", "a roll call under two sessions",
            on(_V, changed("session", "61", _IN_60 & _HALF)), "every_vote_has_its_roll_call"),
    Content("un_votes", "not members, called absent",
            on(_V, changed("vote", "8", _is("vote", "9"))), "release: values_revised",
            is_told=True),
    Content("undl_votes", "the codes of two members exchanged",
            on(_L, exchanged("ms_code", "USA", "RUS")), "each_state_votes_alike_in_both_sources"),
    Content("undl_votes", "codes exchanged in a part",
            on(_L, exchanged("ms_code", "USA", "RUS", pl.col("undl_id") < "4100050")),
            "a_member_has_one_code"),
    Content("undl_votes", "the letters of one member turned round",
            on(_L, changed("ms_vote", _LETTER, _is("ms_code", "USA"))),
            "each_state_votes_alike_in_both_sources"),
    Content("undl_votes", "totals that contradict the votes", on(_LR, plus("total_yes", 3)),
            "counted_votes_equal_the_totals", is_told=True),
    Content("undl_votes", "a letter of its own",
            on(_L, changed("ms_vote", "P", _is("ms_vote", "Y"))), "InSet"),
    Content("undl_votes", "dates in the future", on(_LR, changed("date", "2099-01-05")),
            "days_are_near_their_session"),
    Content("undl_votes", "a member gone", on(_L, without(_is("ms_code", "USA"))),
            "release: series_lost", is_told=True),
]  # fmt: skip

# --- figures of states ----------------------------------------------------------------------------

_G = "raw.gdp__entity_years"
_CODE = "Country Code"
_N = "raw.cow_capabilities__state_years"
_CHINA = _is("ccode", "710")
_I = "raw.un_ideal_points__state_years"
_SINCE_1990 = _year(1990)


def turned_round(where: pl.Expr) -> list[Callable[[pl.DataFrame], pl.DataFrame]]:
    points = ("IdealPointFP", "Q5%FP", "Q10%FP", "Q50%FP", "Q90%FP", "Q95%FP")
    return [
        *(times(column, -1, where) for column in points),
        columns_exchanged("Q5%FP", "Q95%FP", where),
        columns_exchanged("Q10%FP", "Q90%FP", where),
    ]


FIGURES = [
    Content("gdp", "one state in thousands", on(_G, times("Value", 1e-3, _is(_CODE, "FRA"))),
            "gdp_is_what_spending_and_its_share_imply"),
    Content("gdp", "one state in thousands since 2000",
            on(_G, times("Value", 1e-3, _is(_CODE, "FRA") & _year(2000, "Year"))),
            "gdp_usd_does_not_jump"),
    Content("gdp", "one year in thousands", on(_G, times("Value", 1e-3, _is("Year", "2005"))),
            "gdp_usd_does_not_jump"),
    Content("gdp", "all in millions", on(_G, times("Value", 1e-6)),
            "gdp_is_what_spending_and_its_share_imply"),
    Content("gdp", "the codes of two states exchanged",
            on(_G, exchanged(_CODE, "USA", "ALB")), "a_name_has_one_code_in_all_sources"),
    Content("gdp", "the figures of two states exchanged, names and all",
            on(_G, exchanged(_CODE, "USA", "ALB"),
               exchanged("Country Name", "United States", "Albania")),
            "gdp_is_what_spending_and_its_share_imply"),
    Content("gdp", "years shifted by one", on(_G, plus("Year", 1)), "years_are_those_of_gdp"),
    Content("gdp", "per head in the place of the whole", on(_G, times("Value", 1 / 3e7)),
            "gdp_is_in_dollars"),
    Content("gdp", "NA for Namibia", on(_G, changed(_CODE, "NA", _is(_CODE, "NAM"))),
            "Regex"),
    Content("gdp", "ten years missing",
            on(_G, without(_year(1990, "Year") & ~_year(2000, "Year"))), "release: periods_lost"),
    Content("gdp", "a negative value", on(_G, changed("Value", "-1.5", _is(_CODE, "FRA"))),
            "Regex"),
    Content("gdp", "years in the future", on(_G, plus("Year", 40, _is(_CODE, "FRA"))), "Future"),
    Content("gdp", "rows twice", on(_G, repeated(9)), "Unique"),
    Content("cow_capabilities", "spending and personnel exchanged",
            on(_N, columns_exchanged("milex", "milper")), "a_soldier_costs_more_than_five"),
    Content("cow_capabilities", "spending and personnel of one state exchanged",
            on(_N, columns_exchanged("milex", "milper", _CHINA)), "a_soldier_costs_more_than_five"),
    Content("cow_capabilities", "steel and energy exchanged",
            on(_N, columns_exchanged("irst", "pec")), "energy_exceeds_steel"),
    Content("cow_capabilities", "urban and total population exchanged",
            on(_N, columns_exchanged("tpop", "upop")),
            "most_people_are_no_soldiers_and_many_live_on_the_land"),
    Content("cow_capabilities", "the codes of two states exchanged",
            on(_N, exchanged("ccode", "2", "40")), "codes_and_abbreviations_are_of_one_state"),
    Content("cow_capabilities", "the figures of two states exchanged, names and all",
            on(_N, exchanged("ccode", "2", "40"), exchanged("stateabb", "USA", "CUB")),
            "spending_is_that_of_national_capabilities"),
    Content("cow_capabilities", "the index of one state halved",
            on(_N, times("cinc", 0.5, _is("ccode", "2"))), "cinc_follows_from_its_components"),
    Content("cow_capabilities", "the index missing in one year",
            on(_N, changed("cinc", "-9", _is("year", "1990"))),
            "cinc_is_known_where_its_components_are"),
    Content("cow_capabilities", "an index above one", on(_N, changed("cinc", "1.5", _CHINA)),
            "NumbersToBeInRange"),
    Content("cow_capabilities", "people of one state counted one by one",
            on(_N, times("tpop", 1000, _CHINA)), "gdp_per_head_is_plausible"),
    Content("cow_capabilities", "spending of one state in dollars",
            on(_N, changed("milex", pl.col("milex") + "000", _CHINA & ~_is("milex", "-9"))),
            "spending_is_that_of_national_capabilities"),
    Content("cow_capabilities", "years shifted by one since 1946",
            on(_N, without(_is("year", "1945")), plus("year", -1, _year(1946))),
            "years_are_those_of_national_capabilities"),
    Content("cow_capabilities", "forty years of a state missing",
            on(_N, without(_CHINA & _year(1950) & ~_year(1990))), "release: keys_lost",
            is_told=True),
    Content("cow_capabilities", "a year of the future",
            on(_N, plus("year", 99, _is("year", "2016"))), "Far|Future|Regex"),
    Content("un_ideal_points", "signs turned round since 1990",
            on(_I, *turned_round(_SINCE_1990)),
            "the_united_states_are_above_russia_in_every_year"),
    Content("un_ideal_points", "signs turned round in one year",
            on(_I, *turned_round(_is("year", "2001"))), "published_points_are_those_of_the_votes"),
    Content("un_ideal_points", "signs turned round",
            on(_I, *turned_round(pl.lit(value=True))),
            "the_united_states_and_russia_are_at_opposite_ends"),
    Content("un_ideal_points", "the codes of two states exchanged",
            on(_I, exchanged("ccode", "2", "365")), "cow_and_iso_codes_are_of_one_state"),
    Content("un_ideal_points", "the points of two states exchanged, names and all",
            on(_I, exchanged("ccode", "2", "365"), exchanged("iso3c", "USA", "RUS"),
               exchanged("Countryname", "United States of America", "Russia")),
            "the_united_states_are_above_russia_in_every_year"),
    Content("un_ideal_points", "one state turned round",
            on(_I, *turned_round(_is("ccode", "200"))), "release: signs_flipped", is_told=True),
    Content("un_ideal_points", "another scale", on(_I, times("IdealPointFP", 10)),
            "ideal_points_are_standardised"),
    Content("un_ideal_points", "quantiles exchanged", on(_I, columns_exchanged("Q5%FP", "Q95%FP")),
            "quantiles_are_in_order"),
    Content("un_ideal_points", "points without votes", on(_I, changed("NVotesFP", "0")),
            "an_estimate_rests_on_votes"),
    Content("un_ideal_points", "ten years missing",
            on(_I, without(_year(1980) & ~_year(1990))), "release: periods_lost"),
]  # fmt: skip

# --- troops, spending, places, treaties -----------------------------------------------------------

_T = "raw.us_troops__host_years"
_Q = "raw.us_troops_quarterly__host_quarters"
_JAPAN = _is("ccode", "740")
_USD, _SHARE = "raw.sipri_milex__current_usd", "raw.sipri_milex__share_of_gdp"
_LOCAL = "raw.sipri_milex__local_currency"
_CAPITALS = "raw.cow_capitals__capitals"
_DISTANCES = "raw.cow_distance__dyad_years"
_STATES = "raw.cow_states__spells"
_VDEM = "raw.vdem__country_years"
_MEMBERS, _PHASES = "raw.atop__members", "raw.atop__phases"


def _years_shifted(frame: pl.DataFrame) -> pl.DataFrame:
    """Each year's figures under the next one."""
    years = [column for column in frame.columns if column.isdigit()]
    moved = {later: pl.col(year) for year, later in pairwise(years)}
    return frame.with_columns(**moved)


def _years_times(factor: float, where: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def change(frame: pl.DataFrame) -> pl.DataFrame:
        for column in [name for name in frame.columns if name.isdigit()]:
            frame = times(column, factor, where)(frame)
        return frame

    return change


_FRANCE = _is("Country", "France")

OTHERS = [
    Content("us_troops", "the codes of two hosts exchanged",
            on(_T, exchanged("ccode", "740", "200")), "cow_and_iso_codes_are_of_one_state"),
    Content("us_troops", "the names of two hosts exchanged",
            on(_T, exchanged("countryname", "Japan", "France")),
            "a_name_has_one_code_in_all_sources"),
    Content("us_troops", "one host in thousands",
            on(_T, changed("troops", (pl.col("troops").cast(pl.Int64) // 1000).cast(pl.String),
                           _JAPAN)), "the_two_series_have_one_unit"),
    Content("us_troops", "one host counted ten thousand times", on(_T, changed(
        "troops", "39999990", _JAPAN)), "troops_are_persons"),
    Content("us_troops", "totals that contradict the branches", on(_T, plus("troops", 500, _JAPAN)),
            "branches_add_up_to_the_total|values_revised|series_rewritten", is_told=True),
    Content("us_troops", "twenty years of many hosts missing", on(_T, without(
        _year(2000) & (pl.col("ccode").cast(pl.Int64) % 3 == 0))), "release: keys_lost"),
    Content("us_troops", "a negative count", on(_T, changed("troops", "-4", _JAPAN)), "Regex"),
    Content("us_troops", "years in the future", on(_T, plus("year", 60, _JAPAN)), "Future|Far"),
    Content("us_troops_quarterly", "the codes of two hosts exchanged",
            on(_Q, exchanged("ccode", "740", "200")), "cow_and_iso_codes_are_of_one_state"),
    Content("sipri_milex", "dollars shifted by one year", on(_USD, _years_shifted),
            "years_are_those_of_gdp"),
    Content("sipri_milex", "all sheets shifted by one year", both(
        on(_USD, _years_shifted), on(_SHARE, _years_shifted), on(_LOCAL, _years_shifted)),
        "years_are_those_of_gdp"),
    Content("sipri_milex", "shares in per cent", on(_SHARE, _years_times(100, pl.lit(value=True))),
            "shares_are_fractions"),
    Content("sipri_milex", "one state in thousands", on(_USD, _years_times(1000, _FRANCE)),
            "gdp_is_what_spending_and_its_share_imply"),
    Content("sipri_milex", "dollars in thousands", on(_USD, _years_times(1000, pl.lit(value=True))),
            "gdp_is_what_spending_and_its_share_imply"),
    Content("sipri_milex", "the names of two states exchanged", both(*(
        on(sheet, exchanged("Country", "Albania", "France")) for sheet in (_USD, _SHARE, _LOCAL))),
        "spending_is_that_of_national_capabilities|gdp_is_what_spending"),
    Content("sipri_milex", "a state under a name that is not known", both(*(
        on(sheet, exchanged("Country", "France", "Frankreich"))
        for sheet in (_USD, _SHARE, _LOCAL))), "release: series_lost", is_told=True),
    Content("sipri_milex", "the sheets of dollars and shares exchanged",
            lambda raw: raw | {_USD: raw[_SHARE], _SHARE: raw[_USD]}, "shares_are_fractions"),
    Content("cow_capitals", "longitude and latitude exchanged",
            on(_CAPITALS, columns_exchanged("lat", "lng")),
            "capitals_are_no_nearer_than_their_states|coordinates_are_on_earth|Regex"),
    Content("cow_capitals", "the names of two states exchanged",
            on(_CAPITALS, exchanged("statenme", "France", "Canada")),
            "names_are_those_of_the_vote_file"),
    Content("cow_states", "the names of two states exchanged",
            on(_STATES, exchanged("statenme", "France", "Canada")),
            "names_are_those_of_the_vote_file"),
    Content("cow_states", "the codes of two states exchanged",
            on(_STATES, exchanged("ccode", "20", "220")), "names_are_those_of_the_vote_file|one"),
    Content("cow_states", "a state gone", on(_STATES, without(_is("ccode", "220"))),
            "release: series_lost|every_"),
    Content("atop", "no promise of defence", both(
        on(_MEMBERS, changed("defense", "0")), on(_PHASES, changed("defense", "0"))),
        "active_is_defense_or_offense|promises|values_revised"),
    Content("atop", "a member that is no state",
            on(_MEMBERS, changed("member", "997", _is("member", "200"))),
            "promises_equal_the_source_s_own_state_years|keys_lost|series", is_told=True),
    Content("atop", "treaties of the future", on(_PHASES, changed("begyr", "2099")),
            "Far|Regex|ends_after"),
    Content("atop", "begin and end exchanged", on(_PHASES, columns_exchanged("begyr", "endyr")),
            "a_phase_ends_after_it_begins|Regex|in_effect|Missing"),
    Content("vdem", "ends of the interval exchanged", on(_VDEM, columns_exchanged(
        "v2x_polyarchy_codelow", "v2x_polyarchy_codehigh")), "the_interval_holds_the_index"),
    Content("vdem", "an index in per cent", on(_VDEM, times("v2x_polyarchy", 100)), "Regex"),
]  # fmt: skip

CONTENTS = [*VOTES, *FIGURES, *OTHERS]
