"""Who is asked, how often, and what is concluded from what does not answer."""

import gzip
from dataclasses import replace
from urllib.parse import quote

import pytest

from flows.discovery.ask import MOST_REQUESTS, TooManyRequestsError, Visit, publisher_of
from flows.discovery.discover import APPROVED, discover
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.mirror import place_in
from flows.home.paths import Home
from flows.sources import load_declarations
from tests.publisher import listings
from tests.publisher.server import (
    firewall,
    guestbook,
)

DECLARED = load_declarations()
QUICK = HttpPolicy(connect_seconds=2, read_seconds=2, attempts=1, total_seconds=5)
IDEAL = "https://dataverse.harvard.edu/api/access/datafile"
HEADER = ",".join(DECLARED["un_ideal_points"].header_starts_with["data"])


# --- who is not asked, and who does not answer ----------------------------------------------------


def test_terms_that_forbid_programs_are_heeded(publishers, tmp_path, monkeypatch) -> None:
    monkeypatch.delenv(APPROVED, raising=False)
    found = discover(DECLARED["undl_votes"], Home.at(tmp_path), "live", policy=QUICK)
    assert (found.state, found.n_requests) == ("not_asked", 0)
    assert DECLARED["undl_votes"].landing_page in found.reason


def test_with_the_publishers_approval_it_is_asked(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(APPROVED, "gdp, undl_votes")
    nowhere = replace(DECLARED["undl_votes"].discover, listings=("http://127.0.0.1:9/none",))
    declaration = replace(DECLARED["undl_votes"], discover=nowhere)
    found = discover(declaration, Home.at(tmp_path), "live", policy=QUICK)
    assert (found.state, found.n_requests) == ("unreachable", 1)


def test_a_firewall_refuses_and_is_not_asked_again(publishers, check) -> None:
    publishers.publish(listings.listing_of("undl_votes"), firewall())
    found = check("undl_votes")
    assert (found.state, found.n_requests) == ("refused", 1)


def test_a_guestbook_refuses(publishers, check) -> None:
    publishers.publish(listings.listing_of("un_ideal_points"), guestbook())
    assert check("un_ideal_points").state == "refused"


def test_no_more_than_a_handful_of_requests(publishers, check) -> None:
    many = [(14000000 + n, f"Idealpoints{n}.csv") for n in range(20)]
    publishers.publish(listings.listing_of("un_ideal_points"), listings.dataset(*many))
    for number, _ in many:
        publishers.publish(f"{IDEAL}/{number}", "another,header\n")
    assert check("un_ideal_points").n_requests == MOST_REQUESTS == len(publishers.asked)


def test_owners_of_repositories_are_publishers_of_their_own() -> None:
    commits = "https://api.github.com/repos/{}/commits?path=data/x.rda"
    raw = "https://raw.githubusercontent.com/{}/main/data/x.rda"
    assert publisher_of(commits.format("one/package")) == "github.com/one"
    assert publisher_of(raw.format("one/package")) == "github.com/one"
    assert publisher_of("https://api.github.com/") == "api.github.com"
    visit = Visit()
    for n in range(MOST_REQUESTS):
        visit.ask(commits.format("one/package"), "first")
        visit.ask(raw.format(f"other{n}/package"), "second")
    with pytest.raises(TooManyRequestsError, match=r"first: github\.com/one was asked 5 times"):
        visit.ask(raw.format("one/package"), "first")


def test_a_publisher_that_was_asked_enough_is_left_for_the_next_check(check) -> None:
    visit, url = Visit(), "https://api.github.com/repos/meflynn/package/commits"
    for n in range(MOST_REQUESTS):
        visit.ask(f"{url}?path={n}", f"source_{n}")
    found = check("us_bases", visit=visit)
    assert (found.state, found.n_requests) == ("postponed", 0)
    assert "left for the next one" in found.reason


def test_the_rest_of_a_large_file_is_not_waited_for(publishers, check) -> None:
    named = ((14000002, "Idealpoints.csv"), (14000001, "Idealpoints2026.csv"))
    publishers.publish(listings.listing_of("un_ideal_points"), listings.dataset(*named))
    publishers.publish(f"{IDEAL}/14000002", f"{HEADER}\n".encode() + b"1,2\n" * 10_000_000)
    found = check("un_ideal_points")
    assert "its header as declared" in found.reason


def test_a_listing_of_two_sources_is_asked_for_once(publishers, tmp_path) -> None:
    named = ((14098429, "IdealpointestimatesFP_2026FP.csv"), (14098430, "UNVotes.csv"))
    publishers.publish(listings.listing_of("un_ideal_points"), listings.dataset(*named))
    visit = Visit()
    for slug in ("un_ideal_points", "un_votes"):
        found = discover(
            DECLARED[slug],
            Home.at(tmp_path),
            "mirror",
            mirror=publishers.base,
            policy=QUICK,
            visit=visit,
        )
        assert found.state == "newer"
    assert len(publishers.asked) == 1


def test_a_publisher_that_refuses_one_listing_is_asked_for_it_once(publishers, check) -> None:
    publishers.publish(listings.listing_of("un_ideal_points"), guestbook())
    visit = Visit()
    for slug in ("un_ideal_points", "un_votes"):
        found = check(slug, visit=visit)
        assert found.state == "refused"
        assert "open it with a browser" in found.reason
        assert "--from-file" not in found.reason  # a listing is no file of the source
    assert len(publishers.asked) == 1


def test_the_same_files_are_not_looked_into_again(publishers, check) -> None:
    named = ((14000002, "Idealpoints.csv"), (14000001, "Idealpoints2026.csv"))
    publishers.publish(listings.listing_of("un_ideal_points"), listings.dataset(*named))
    publishers.publish(f"{IDEAL}/14000002", "another,header\n")
    publishers.publish(f"{IDEAL}/14000001", f"{HEADER}\n")
    first = check("un_ideal_points")
    publishers.asked.clear()
    again = check("un_ideal_points", before=first)
    assert len(publishers.asked) == 1
    assert again.newest == first.newest
    assert again.newest.file_name == "Idealpoints2026.csv"


# --- mirrors and simulated worlds -----------------------------------------------------------------


def test_a_mirror_without_a_listing_has_nothing_to_discover(publishers, check, tmp_path) -> None:
    assert check("gdp").state == "nothing_to_discover"
    assert check("gdp", mirror=tmp_path).state == "nothing_to_discover"
    sample = check("gdp", profile="sample")
    assert (sample.state, sample.n_requests) == ("nothing_to_discover", 0)


def test_a_damaged_file_of_a_mirror_concludes_nothing(check, tmp_path) -> None:
    place = place_in(tmp_path / "mirror", listings.listing_of("us_bases"))
    place.parent.mkdir(parents=True)
    packed = bytearray(gzip.compress(listings.commits("2027-02-10T01:00:00Z").encode() * 50))
    packed[20:40] = bytes(20)
    place.with_name(f"{place.name}.gz").write_bytes(packed)
    found = check("us_bases", mirror=tmp_path / "mirror")
    assert (found.state, found.newest) == ("unreachable", None)


def test_a_folder_has_listings_as_files_with_the_query_encoded(check, tmp_path) -> None:
    address, _, query = listings.listing_of("us_bases").partition("://")[2].partition("?")
    place = tmp_path / "mirror" / f"{address}{quote(f'?{query}', safe='')}"
    place.parent.mkdir(parents=True)
    place.write_text(listings.commits("2021-02-10T01:00:00Z"))
    found = check("us_bases", mirror=tmp_path / "mirror")
    assert (found.state, found.n_requests) == ("current", 0)


def test_nothing_is_left_behind(publishers, check, tmp_path) -> None:
    publishers.publish(listings.listing_of("us_bases"), listings.commits("2027-02-24T01:00:00Z"))
    check("us_bases")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
