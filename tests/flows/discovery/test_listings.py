"""Pages of links, commits and the Library's files are read as their publishers write them."""

import pytest

from flows.sources import load_declarations
from tests.publisher import listings
from tests.publisher.server import (
    challenge,
)

DECLARED = load_declarations()


def test_a_page_links_to_the_next_release(publishers, check) -> None:
    folder = "/sites/default/files"
    page = listings.page_of_links(
        f"{folder}/SIPRI-Milex-data-1949-2024_2.xlsx",
        f"{folder}/SIPRI-Milex-data-1949-2025_v1.2.xlsx",
        "https://elsewhere.example/SIPRI-Milex-data-1949-2099.xlsx",
        f"{folder}/SIPRI-Milex-factsheet-2025.pdf",
    )
    publishers.publish(listings.listing_of("sipri_milex"), page)
    found = check("sipri_milex")
    assert (found.state, found.newest.version) == ("newer", "2025_v1.2")
    assert found.newest.url == f"https://www.sipri.org{folder}/SIPRI-Milex-data-1949-2025_v1.2.xlsx"
    assert found.n_requests == 1  # the beginning of a spreadsheet has no header


@pytest.mark.parametrize(
    ("slug", "link"),
    [
        ("cow_states", "/wp-content/uploads/States2024.zip"),
        ("cow_capabilities", "/wp-content/uploads/NMCv7.zip"),
        ("atop", "/uploads/6/9/1/3/69134503/atop_5.1__.csv_.zip"),
        ("sipri_milex", "/sites/default/files/SIPRI-Milex-data-1949-2024_2.xlsx"),
    ],
)
def test_the_declared_address_is_recognised_as_the_declared_version(
    slug, link, publishers, check
) -> None:
    assert DECLARED[slug].url.endswith(link)
    publishers.publish(listings.listing_of(slug), listings.page_of_links(link))
    found = check(slug)
    assert (found.state, found.newest.url) == ("current", DECLARED[slug].url)


@pytest.mark.parametrize("body", [challenge(), "", "Service unavailable"])
def test_a_page_of_another_kind_concludes_nothing(body, publishers, check) -> None:
    publishers.publish(listings.listing_of("sipri_milex"), body)
    found = check("sipri_milex")
    assert (found.state, found.newest) == ("unreachable", None)
    assert "report what has changed" in found.reason


def test_a_commit_is_a_release_with_bytes_of_its_own(publishers, check) -> None:
    publishers.publish(listings.listing_of("gdp"), listings.commits("2026-05-01T00:30:00+02:00"))
    raw = f"https://raw.githubusercontent.com/datasets/gdp/{1:040x}/data/gdp.csv"
    publishers.publish(raw, "Country Name,Country Code,Year,Value\n")
    found = check("gdp")
    assert (found.state, found.newest.url) == ("newer", raw)
    assert found.newest.version == "2026-04-30T22:30:00Z"
    publishers.publish(listings.listing_of("gdp"), listings.commits("2026-02-24T01:00:00Z"))
    assert check("gdp").state == "current"
    publishers.publish(listings.listing_of("gdp"), "[]")
    assert "it has moved" in check("gdp").reason


def test_dates_in_names_are_read_padded_or_not(publishers, check) -> None:
    names = ("2025_7_23_ga_voting.csv", "2026_10_6_ga_voting.csv", "2026_02_06_ga_voting.csv")
    publishers.publish(
        listings.listing_of("undl_votes"),
        listings.library_files(*names, "2026_11_01_sc_voting.csv"),
    )
    newest = "https://digitallibrary.un.org/record/4060887/files/2026_10_6_ga_voting.csv"
    publishers.publish(newest, ",".join(DECLARED["undl_votes"].header_starts_with["data"]))
    found = check("undl_votes")
    assert (found.state, found.newest.version) == ("newer", "2026-10-06")
    assert found.newest.url == newest
