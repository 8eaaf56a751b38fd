"""Wrong contents of all sources; here those of troops, spending, places and treaties."""

from collections.abc import Callable
from itertools import pairwise

import polars as pl

from tests.publisher.content import (
    Content,
    both,
    changed,
    columns_exchanged,
    exchanged,
    is_,
    on,
    plus,
    since,
    times,
    without,
)
from tests.publisher.contents_of_figures import FIGURES
from tests.publisher.contents_of_votes import VOTES

_T = "raw.us_troops__host_years"
_Q = "raw.us_troops_quarterly__host_quarters"
_JAPAN = is_("ccode", "740")
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


_FRANCE = is_("Country", "France")

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
        since(2000) & (pl.col("ccode").cast(pl.Int64) % 3 == 0))), "release: keys_lost"),
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
    Content("cow_states", "a state gone", on(_STATES, without(is_("ccode", "220"))),
            "release: series_lost|every_"),
    Content("atop", "no promise of defence", both(
        on(_MEMBERS, changed("defense", "0")), on(_PHASES, changed("defense", "0"))),
        "active_is_defense_or_offense|promises|values_revised"),
    Content("atop", "a member that is no state",
            on(_MEMBERS, changed("member", "997", is_("member", "200"))),
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
