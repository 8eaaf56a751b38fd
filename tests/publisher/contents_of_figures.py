"""Wrong contents of output, capabilities and ideal points."""

from collections.abc import Callable

import polars as pl

from tests.publisher.content import (
    Content,
    changed,
    columns_exchanged,
    exchanged,
    is_,
    on,
    plus,
    repeated,
    since,
    times,
    without,
)

_G = "raw.gdp__entity_years"
_CODE = "Country Code"
_N = "raw.cow_capabilities__state_years"
_CHINA = is_("ccode", "710")
_I = "raw.un_ideal_points__state_years"
_SINCE_1990 = since(1990)


def turned_round(where: pl.Expr) -> list[Callable[[pl.DataFrame], pl.DataFrame]]:
    points = ("IdealPointFP", "Q5%FP", "Q10%FP", "Q50%FP", "Q90%FP", "Q95%FP")
    return [
        *(times(column, -1, where) for column in points),
        columns_exchanged("Q5%FP", "Q95%FP", where),
        columns_exchanged("Q10%FP", "Q90%FP", where),
    ]


FIGURES = [
    Content("gdp", "one state in thousands", on(_G, times("Value", 1e-3, is_(_CODE, "FRA"))),
            "gdp_is_what_spending_and_its_share_imply"),
    Content("gdp", "one state in thousands since 2000",
            on(_G, times("Value", 1e-3, is_(_CODE, "FRA") & since(2000, "Year"))),
            "gdp_usd_does_not_jump"),
    Content("gdp", "one year in thousands", on(_G, times("Value", 1e-3, is_("Year", "2005"))),
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
    Content("gdp", "NA for Namibia", on(_G, changed(_CODE, "NA", is_(_CODE, "NAM"))),
            "Regex"),
    Content("gdp", "ten years missing",
            on(_G, without(since(1990, "Year") & ~since(2000, "Year"))), "release: periods_lost"),
    Content("gdp", "a negative value", on(_G, changed("Value", "-1.5", is_(_CODE, "FRA"))),
            "Regex"),
    Content("gdp", "years in the future", on(_G, plus("Year", 40, is_(_CODE, "FRA"))), "Future"),
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
            on(_N, times("cinc", 0.5, is_("ccode", "2"))), "cinc_follows_from_its_components"),
    Content("cow_capabilities", "the index missing in one year",
            on(_N, changed("cinc", "-9", is_("year", "1990"))),
            "cinc_is_known_where_its_components_are"),
    Content("cow_capabilities", "an index above one", on(_N, changed("cinc", "1.5", _CHINA)),
            "NumbersToBeInRange"),
    Content("cow_capabilities", "people of one state counted one by one",
            on(_N, times("tpop", 1000, _CHINA)), "gdp_per_head_is_plausible"),
    Content("cow_capabilities", "spending of one state in dollars",
            on(_N, changed("milex", pl.col("milex") + "000", _CHINA & ~is_("milex", "-9"))),
            "spending_is_that_of_national_capabilities"),
    Content("cow_capabilities", "years shifted by one since 1946",
            on(_N, without(is_("year", "1945")), plus("year", -1, since(1946))),
            "years_are_those_of_national_capabilities"),
    Content("cow_capabilities", "forty years of a state missing",
            on(_N, without(_CHINA & since(1950) & ~since(1990))), "release: keys_lost",
            is_told=True),
    Content("cow_capabilities", "a year of the future",
            on(_N, plus("year", 99, is_("year", "2016"))), "Far|Future|Regex"),
    Content("un_ideal_points", "signs turned round since 1990",
            on(_I, *turned_round(_SINCE_1990)),
            "the_united_states_are_above_russia_in_every_year"),
    Content("un_ideal_points", "signs turned round in one year",
            on(_I, *turned_round(is_("year", "2001"))), "published_points_are_those_of_the_votes"),
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
            on(_I, *turned_round(is_("ccode", "200"))), "release: signs_flipped", is_told=True),
    Content("un_ideal_points", "another scale", on(_I, times("IdealPointFP", 10)),
            "ideal_points_are_standardised"),
    Content("un_ideal_points", "quantiles exchanged", on(_I, columns_exchanged("Q5%FP", "Q95%FP")),
            "quantiles_are_in_order"),
    Content("un_ideal_points", "points without votes", on(_I, changed("NVotesFP", "0")),
            "an_estimate_rests_on_votes"),
    Content("un_ideal_points", "ten years missing",
            on(_I, without(since(1980) & ~since(1990))), "release: periods_lost"),
]  # fmt: skip
