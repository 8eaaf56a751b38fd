import polars as pl
import pytest

from flows.engine.coverage import coverages
from transforms.core.states import build_states
from transforms.staging import cow_states


@pytest.fixture
def states(state_list, reference):
    """core.states from rows in the publisher's layout, by state and last year."""

    def build(*rows, **references):
        text = "\n".join(rows)
        staged = cow_states.stage(cow_states.read({"data": state_list(text)})).tables
        names = ("state_aliases", "gw_codes", "region_exceptions")
        given = {name: reference(name) for name in names} | references
        table = build_states(
            stg_cow_states__spells=staged["staging.stg_cow_states__spells"],
            coverage=coverages(("cow_states",)),
            **given,
        ).tables["core.states"]
        return {(r["ccode"], r["valid_to"].year): r for r in table.iter_rows(named=True)}

    return build


def test_codes_are_those_of_the_spells_last_day(states):
    rows = states(
        "YUG,345,Yugoslavia,1944,10,20,2006,6,3",
        "SRB,345,Serbia,2006,6,3,2024,12,31",
        "GFR,260,West Germany,1955,5,5,1990,10,2",
        "GMY,255,Germany,1990,10,3,2024,12,31",
        "YAR,678,North Yemen,1926,9,2,1990,5,21",
        "YEM,679,Yemen,1990,5,22,2024,12,31",
        "RUS,365,Russia,1816,1,1,2024,12,31",
        "AUH,300,Austria-Hungary,1816,1,1,1918,11,12",
    )
    codes = {key: (row["iso3"], row["gwcode"]) for key, row in rows.items()}
    assert codes == {
        (345, 2006): ("SCG", 345),
        (345, 2024): ("SRB", 340),
        (260, 1990): ("DEU", 260),
        (255, 2024): ("DEU", 260),
        (678, 1990): ("YEM", 678),
        (679, 2024): ("YEM", 678),
        (365, 2024): ("RUS", 365),
        (300, 1918): (None, 300),
    }


def test_a_spell_that_lasts_to_the_sources_end_is_marked(states):
    rows = states("FRN,220,France,1816,1,1,1942,11,11", "FRN,220,France,1944,8,25,2024,12,31")
    assert [rows[220, y]["is_in_system_at_source_end"] for y in (1942, 2024)] == [False, True]


@pytest.mark.parametrize(
    ("ccode", "region"),
    [
        (2, "americas"),
        (165, "americas"),
        (200, "europe"),
        (395, "europe"),
        (402, "sub_saharan_africa"),
        (591, "sub_saharan_africa"),
        (600, "middle_east_north_africa"),
        (698, "middle_east_north_africa"),
        (625, "middle_east_north_africa"),
        (626, "sub_saharan_africa"),
        (700, "asia_pacific"),
        (990, "asia_pacific"),
    ],
)
def test_regions_follow_the_code_but_for_the_exceptions(states, ccode, region):
    rows = states(f"XXX,{ccode},A state,1950,1,1,2024,12,31")
    assert rows[ccode, 2024]["region"] == region


def test_an_unknown_region_is_refused(states):
    wrong = pl.DataFrame({"ccode": ["626"], "region": ["africa"], "note": [""]})
    with pytest.raises(ValueError, match=r"\['africa'\] are not among"):
        states("SSD,626,South Sudan,2011,7,9,2024,12,31", region_exceptions=wrong)
