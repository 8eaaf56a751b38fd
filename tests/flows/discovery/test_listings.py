"""Pages of links, commits and the Library's files are read as their publishers write them."""

from dataclasses import replace

import pytest

from flows.sources import SourceDeclaration, load_declarations
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


def test_links_of_old_pages_and_links_that_are_none_do_no_harm(publishers, check) -> None:
    page = listings.page_of_links(
        "http://correlatesofwar.org/wp-content/uploads/States2026.zip",
        "https://[broken/States2030.zip",
        "ftp://correlatesofwar.org/wp-content/uploads/States2031.zip",
        "//correlatesofwar.org:8443/States2032.zip",
    )
    publishers.publish(listings.listing_of("cow_states"), page)
    found = check("cow_states")
    assert found.state == "newer"
    # the page came over TLS, and so does the file
    assert found.newest.url == "https://correlatesofwar.org/wp-content/uploads/States2026.zip"


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


@pytest.mark.parametrize("body", [challenge(), "", "Service unavailable", '<a href="x"><![odd['])
def test_a_page_of_another_kind_concludes_nothing(body, publishers, check) -> None:
    publishers.publish(listings.listing_of("sipri_milex"), body)
    found = check("sipri_milex")
    assert (found.state, found.newest) == ("unreachable", None)
    assert "report what has changed" in found.reason


def test_a_commit_is_a_release_with_bytes_of_its_own(publishers, check) -> None:
    listing = listings.listing_of("us_bases")
    publishers.publish(listing, listings.commits("2026-05-01T00:30:00+02:00"))
    raw = f"https://raw.githubusercontent.com/meflynn/troopdata/{1:040x}/data-raw/basedata.csv"
    found = check("us_bases")
    assert (found.state, found.newest.url) == ("newer", raw)
    assert found.newest.version == "2026-04-30T22:30:00Z"
    publishers.publish(listing, listings.commits("2021-02-10T01:00:00Z"))
    assert check("us_bases").state == "current"
    publishers.publish(listing, "[]")
    assert "it has moved" in check("us_bases").reason


def test_a_second_commit_of_a_day_is_newer_than_the_first(publishers, check) -> None:
    publishers.publish(listings.listing_of("us_bases"), listings.commits("2026-05-01T18:30:05Z"))
    first = following("us_bases", "2026.5.1.9.0.0")
    assert check("us_bases", declaration=first).state == "newer"
    same = following("us_bases", "2026.5.1.18.30.5")
    assert check("us_bases", declaration=same).state == "current"


def following(slug: str, order: str) -> SourceDeclaration:
    """A declaration, of which a release is followed already."""
    return replace(DECLARED[slug], discover=replace(DECLARED[slug].discover, declared=order))


@pytest.mark.parametrize("slug", ["un_ideal_points", "us_bases", "undl_votes"])
@pytest.mark.parametrize("body", ["[" * 200_000, "{}", "null", "[1]", '{"data": []}', "\x00"])
def test_an_answer_that_is_no_listing_concludes_nothing(slug, body, publishers, check) -> None:
    publishers.publish(listings.listing_of(slug), body)
    found = check(slug)
    assert (found.state, found.newest) == ("unreachable", None)


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
