"""States are found by any usual name, and what is ambiguous is answered with the choices."""

import pytest

from flows.reports.state_named import (
    NoSuchStateError,
    StateNames,
    names_of_one,
    plain,
    state_names,
)
from warehouse.report.shipped_bundle import bundled_frame


@pytest.fixture(scope="module")
def names() -> StateNames:
    return state_names(bundled_frame("states"))


FOUND = {
    290: [
        "Poland",
        "poland",
        " POLAND ",
        "POL",
        "pl",
        "290",
        "Polska",
        "Польша",
        "波兰",
        "Polonia",
    ],
    732: ["South Korea", "Korea, Republic of", "Republic of Korea", "ROK", "Korea (Republic of)"],
    731: ["North Korea", "DPRK", "Korea, Democratic People's Republic of", "PRK", "КНДР"],
    437: ["Côte d'Ivoire", "Cote d’Ivoire", "Ivory Coast", "CIV", "CDI", "CI"],
    2: [
        "USA",
        "U.S.A.",
        "the United States",
        "United States of America",
        "US",
        "США",
        "États-Unis",
    ],
    200: ["UK", "Great Britain", "United Kingdom", "GBR", "UKG", "Великобритания"],
    365: ["USSR", "Soviet Union", "Russia", "Russian Federation", "СССР", "Россия", "RUS"],
    775: ["Burma", "Myanmar", "MMR", "Birma"],
    265: ["East Germany", "GDR", "German Democratic Republic", "DDR", "ГДР"],
    260: ["West Germany", "FRG", "GFR", "German Federal Republic", "ФРГ"],
    255: ["DEU", "DE", "GMY", "255"],
    345: ["Yugoslavia", "Serbia", "SRB", "YUG", "Serbia and Montenegro", "Югославия"],
    490: ["Zaire", "Zaïre", "DRC", "DR Congo", "COD", "Congo-Kinshasa", "Congo - Kinshasa"],
    484: ["COG", "Congo-Brazzaville", "Republic of the Congo", "484"],
    315: ["Czechoslovakia", "Чехословакия", "CSK"],
    316: ["Czechia", "Czech Republic", "Česko", "CZ"],
    640: ["Turkey", "Türkiye", "Turkiye", "TUR", "Турция"],
    572: ["Swaziland", "Eswatini"],
    343: ["Macedonia", "North Macedonia", "MKD", "FYROM"],
    713: ["Taiwan", "ROC", "Republic of China", "TWN", "Formosa"],
    710: ["China", "PRC", "People's Republic of China", "Китай", "中国", "CN"],
    816: ["Vietnam", "Viet Nam", "VNM", "North Vietnam"],
    817: ["South Vietnam", "Republic of Vietnam", "RVN"],
    630: ["Iran", "Persia", "Iran, Islamic Republic of", "Iran (Islamic Republic of)"],
    145: ["Bolivia", "Bolivia (Plurinational State of)"],
    346: ["Bosnia & Herzegovina", "Bosnia and Herzegovina", "Bosnia"],
    56: ["St. Lucia", "St Lucia", "Saint Lucia"],
    375: ["Suomi", "Finland", "Finnland"],
    366: ["Eesti", "Viro"],
    432: ["Mali"],
    475: ["Nigeria"],
    436: ["Niger"],
    54: ["Dominica"],
    42: ["Dominican Republic"],
    435: ["Mauritania"],
    990: ["Samoa", "Western Samoa"],
    860: ["Timor-Leste", "East Timor"],
    344: ["Hrvatska", "Хорватия"],
    750: ["India", "Bharat", "भारत"],
}


@pytest.mark.parametrize(
    ("name", "ccode"), [(name, ccode) for ccode, names in FOUND.items() for name in names]
)
def test_a_usual_name_finds_its_state(names, name, ccode) -> None:
    assert names.find(name).ccode == ccode


def answer_to(names: StateNames, name: str) -> str:
    try:
        return str(names.find(name))
    except NoSuchStateError as error:
        return str(error)


def test_every_name_and_code_of_the_build_finds_its_state_or_says_which_it_can_be(names) -> None:
    for row in bundled_frame("states").iter_rows(named=True):
        for name in (str(row["ccode"]), row["state_abb"], *row["names"].split("; ")):
            assert f"({row['ccode']}, " in answer_to(names, name), name


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("Korea", {730, 731, 732}),
        ("Congo", {484, 490}),
        ("Germany", {255, 260, 265}),
        ("Deutschland", {255, 260, 265}),
        ("Германия", {255, 260, 265}),
        ("Yemen", {678, 679, 680}),
        ("AUS", {305, 900}),  # Austria's abbreviation, and Australia's ISO code
        ("SLV", {92, 349}),
        ("MNG", {341, 712}),
        ("SWZ", {225, 572}),
    ],
)
def test_what_means_several_is_answered_with_them(names, name, choices) -> None:
    with pytest.raises(NoSuchStateError) as refused:
        names.find(name)
    said = str(refused.value)
    assert said.startswith(f"{name} can be:")
    assert {code for code in names.states if f"({code}, " in said} == choices


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Polnad", "Did you mean Poland (290, POL)?"),
        ("Frnace", "Did you mean France (220, FRN)?"),
        ("Trinidad", "Did you mean Trinidad and Tobago"),
        ("Hong Kong", "not among the states of the Correlates of War list"),
        ("99999", "No state is called 99999."),
        ("", "No state is called"),
        ("!?", "No state is called"),
    ],
)
def test_what_is_unknown_is_answered_with_what_is_near(names, name, says) -> None:
    with pytest.raises(NoSuchStateError) as refused:
        names.find(name)
    assert says in str(refused.value)


def test_names_are_compared_without_what_people_write_differently() -> None:
    assert plain("Côte d’Ivoire") == plain("COTE DIVOIRE") == "cote divoire"
    assert plain("Korea, Republic of") == plain("the Republic of Korea")


def test_a_page_has_every_name_that_means_one_state(names: StateNames) -> None:
    found = names_of_one(names)
    for ccode, forms in FOUND.items():
        assert {found.get(plain(form), ccode) for form in forms} == {ccode}
    assert found["polska"] == found["польша"] == found["polonia"] == 290
    assert list(found) == sorted(found)
    assert all(len(codes) == 1 for name, codes in names.names.items() if name in found)
