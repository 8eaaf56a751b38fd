"""Each publisher's listing is read as it is, and a newer release is told from all else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from flows.discovery.ask import MOST_REQUESTS, TooManyRequestsError, Visit, publisher_of
from flows.discovery.discover import APPROVED, Discovery, discover
from flows.fetch import HttpPolicy
from flows.home.paths import Home
from flows.sources import load_declarations
from tests.publisher import listings
from tests.publisher.server import (
    Publishers,
    challenge,
    firewall,
    guestbook,
    refusing_agent_of_requests,
    serving_publishers,
)

DECLARED = load_declarations()
QUICK = HttpPolicy(connect_seconds=2, read_seconds=2, attempts=1, total_seconds=5)
IDEAL = "https://dataverse.harvard.edu/api/access/datafile"
HEADER = ",".join(DECLARED["un_ideal_points"].header_starts_with["data"])


@pytest.fixture(scope="module")
def everybody() -> Iterator[Publishers]:
    with serving_publishers() as found:
        yield found


@pytest.fixture
def publishers(everybody: Publishers) -> Publishers:
    everybody.pages.clear()
    everybody.asked.clear()
    return everybody


@pytest.fixture
def check(publishers: Publishers, tmp_path: Path):
    def asks(slug: str, **others: object) -> Discovery:
        mirror = {"profile": "mirror", "mirror": publishers.base, **others}
        return discover(DECLARED[slug], Home.at(tmp_path), policy=QUICK, **mirror)  # type: ignore[arg-type]

    return asks


def listing_of(slug: str, place: int = 0) -> str:
    return DECLARED[slug].discover.listings[place]


def files(*found: tuple[int, str]) -> str:
    return listings.dataverse_version(39, [listings.dataverse_file(n, label) for n, label in found])


# --- a Dataverse ----------------------------------------------------------------------------------


def test_a_newer_file_of_a_dataverse_is_found_by_its_number(publishers, check) -> None:
    label = "IdealpointestimatesFP_2026FP.csv"
    publishers.publish(listing_of("un_ideal_points"), files((14098429, label), (13642025, "x.csv")))
    found = check("un_ideal_points")
    assert (found.state, found.n_requests) == ("newer", 1)
    assert found.newest.version == "39.0"
    assert found.newest.url == f"{IDEAL}/14098429"
    assert found.newest.released_on == date(2026, 7, 30)
    assert found.newest.md5 == "0" * 32


def test_the_header_tells_look_alikes_apart(publishers, check) -> None:
    named = (
        (14000003, "AgreementScores_IdealpointDyads.csv"),
        (14000002, "IdealpointsOfCommittees.csv"),
        (14000001, "Idealpointestimates_new.csv"),
    )
    publishers.publish(listing_of("un_ideal_points"), files(*named))
    publishers.publish(f"{IDEAL}/14000002", "committee,year,IdealPoint\n")
    publishers.publish(f"{IDEAL}/14000001", HEADER.replace(",", "\t") + "\n")
    found = check("un_ideal_points")
    assert found.newest.file_name == "Idealpointestimates_new.csv"
    assert not [a for a in publishers.requests_of("dataverse.harvard.edu") if "14000003" in a]


def test_an_unknown_header_is_told_as_a_difference(publishers, check) -> None:
    named = ((14000002, "Idealpoints2027.csv"), (14000001, "Idealpoints2026.csv"))
    publishers.publish(listing_of("un_ideal_points"), files(*named))
    for number, _ in named:
        publishers.publish(f"{IDEAL}/{number}", "iso3c,ccode,year,IdealPointAll,Q5\n")
    found = check("un_ideal_points")
    assert found.state == "newer"
    assert "lacks IdealPointFP; has ccode, IdealPointAll, Q5 besides" in found.reason


def test_an_older_version_is_asked_where_the_newest_lacks_the_file(publishers, check) -> None:
    publishers.publish(
        listing_of("un_votes"), files((14098429, "IdealpointestimatesFP_2026FP.csv"))
    )
    old = listings.dataverse_version(32, [listings.dataverse_file(9656257, "UNVotes.csv")])
    publishers.publish(listing_of("un_votes", 1), old)
    publishers.publish(
        f"{IDEAL}/9656257", ",".join(DECLARED["un_votes"].header_starts_with["data"])
    )
    found = check("un_votes")
    assert (found.state, found.newest.version) == ("newer", "32.0")
    assert found.newest.url == f"{IDEAL}/9656257"


def test_a_new_version_with_the_same_file_is_nothing_new(publishers, check) -> None:
    publishers.publish(
        listing_of("un_ideal_points"), files((13642025, "Idealpointestimates1946-2025.tab"))
    )
    found = check("un_ideal_points")
    assert (found.state, found.newest.md5) == ("current", None)


def test_a_draft_is_no_release(publishers, check) -> None:
    draft = listings.dataverse_version(
        40, [listings.dataverse_file(15000000, "Idealpoints.csv")], "DRAFT"
    )
    publishers.publish(listing_of("un_ideal_points"), draft)
    assert check("un_ideal_points").state == "unreachable"


def test_a_withdrawn_release_is_told(publishers, check) -> None:
    publishers.publish(listing_of("un_ideal_points"), files((1, "Idealpoints2019.csv")))
    found = check("un_ideal_points")
    assert found.state == "withdrawn"
    assert "what was fetched of it stays" in found.reason
    publishers.publish(listing_of("un_ideal_points"), files((2, "readme.txt")))
    assert check("un_ideal_points").state == "withdrawn"


def test_the_declared_user_agent_is_sent(publishers, check) -> None:
    listing = refusing_agent_of_requests_of(files((13642025, "Idealpoints.csv")))
    publishers.publish(listing_of("un_ideal_points"), listing)
    assert check("un_ideal_points").state == "current"
    ((_, headers),) = publishers.asked
    assert headers["user-agent"] == DECLARED["un_ideal_points"].user_agent


def refusing_agent_of_requests_of(text: str):
    from tests.publisher.server import Answer

    return refusing_agent_of_requests(Answer(text.encode()))


# --- pages of links, commits, the Library ---------------------------------------------------------


def test_a_page_links_to_the_next_release(publishers, check) -> None:
    folder = "/sites/default/files"
    page = listings.page_of_links(
        f"{folder}/SIPRI-Milex-data-1949-2024_2.xlsx",
        f"{folder}/SIPRI-Milex-data-1949-2025_v1.2.xlsx",
        "https://elsewhere.example/SIPRI-Milex-data-1949-2099.xlsx",
        f"{folder}/SIPRI-Milex-factsheet-2025.pdf",
    )
    publishers.publish(listing_of("sipri_milex"), page)
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
    publishers.publish(listing_of(slug), listings.page_of_links(link))
    found = check(slug)
    assert (found.state, found.newest.url) == ("current", DECLARED[slug].url)


@pytest.mark.parametrize("body", [challenge(), "", "Service unavailable"])
def test_a_page_of_another_kind_concludes_nothing(body, publishers, check) -> None:
    publishers.publish(listing_of("sipri_milex"), body)
    found = check("sipri_milex")
    assert (found.state, found.newest) == ("unreachable", None)
    assert "report what has changed" in found.reason


def test_a_commit_is_a_release_with_bytes_of_its_own(publishers, check) -> None:
    publishers.publish(listing_of("gdp"), listings.commits("2026-05-01T00:30:00+02:00"))
    raw = f"https://raw.githubusercontent.com/datasets/gdp/{1:040x}/data/gdp.csv"
    publishers.publish(raw, "Country Name,Country Code,Year,Value\n")
    found = check("gdp")
    assert (found.state, found.newest.url) == ("newer", raw)
    assert found.newest.version == "2026-04-30T22:30:00Z"
    publishers.publish(listing_of("gdp"), listings.commits("2026-02-24T01:00:00Z"))
    assert check("gdp").state == "current"
    publishers.publish(listing_of("gdp"), "[]")
    assert "it has moved" in check("gdp").reason


def test_dates_in_names_are_read_padded_or_not(publishers, check) -> None:
    names = ("2025_7_23_ga_voting.csv", "2026_10_6_ga_voting.csv", "2026_02_06_ga_voting.csv")
    publishers.publish(
        listing_of("undl_votes"), listings.library_files(*names, "2026_11_01_sc_voting.csv")
    )
    newest = "https://digitallibrary.un.org/record/4060887/files/2026_10_6_ga_voting.csv"
    publishers.publish(newest, ",".join(DECLARED["undl_votes"].header_starts_with["data"]))
    found = check("undl_votes")
    assert (found.state, found.newest.version) == ("newer", "2026-10-06")
    assert found.newest.url == newest


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
    publishers.publish(listing_of("undl_votes"), firewall())
    found = check("undl_votes")
    assert (found.state, found.n_requests) == ("refused", 1)


def test_a_guestbook_refuses(publishers, check) -> None:
    publishers.publish(listing_of("un_ideal_points"), guestbook())
    assert check("un_ideal_points").state == "refused"


def test_no_more_than_a_handful_of_requests(publishers, check) -> None:
    many = [(14000000 + n, f"Idealpoints{n}.csv") for n in range(20)]
    publishers.publish(listing_of("un_ideal_points"), files(*many))
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
    visit, url = Visit(), "https://api.github.com/repos/datasets/package/commits"
    for n in range(MOST_REQUESTS):
        visit.ask(f"{url}?path={n}", f"source_{n}")
    found = check("gdp", visit=visit)
    assert (found.state, found.n_requests) == ("postponed", 0)
    assert "left for the next one" in found.reason


def test_the_rest_of_a_large_file_is_not_waited_for(publishers, check) -> None:
    named = ((14000002, "Idealpoints.csv"), (14000001, "Idealpoints2026.csv"))
    publishers.publish(listing_of("un_ideal_points"), files(*named))
    publishers.publish(f"{IDEAL}/14000002", f"{HEADER}\n".encode() + b"1,2\n" * 10_000_000)
    found = check("un_ideal_points")
    assert "its header as declared" in found.reason


def test_a_listing_of_two_sources_is_asked_for_once(publishers, tmp_path) -> None:
    named = ((14098429, "IdealpointestimatesFP_2026FP.csv"), (14098430, "UNVotes.csv"))
    publishers.publish(listing_of("un_ideal_points"), files(*named))
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


def test_the_same_files_are_not_looked_into_again(publishers, check) -> None:
    named = ((14000002, "Idealpoints.csv"), (14000001, "Idealpoints2026.csv"))
    publishers.publish(listing_of("un_ideal_points"), files(*named))
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


def test_a_folder_has_listings_as_files_with_the_query_encoded(check, tmp_path) -> None:
    address, _, query = listing_of("gdp").partition("://")[2].partition("?")
    place = tmp_path / "mirror" / f"{address}{quote(f'?{query}', safe='')}"
    place.parent.mkdir(parents=True)
    place.write_text(listings.commits("2026-02-24T01:00:00Z"))
    found = check("gdp", mirror=tmp_path / "mirror")
    assert (found.state, found.n_requests) == ("current", 0)


def test_nothing_is_left_behind(publishers, check, tmp_path) -> None:
    publishers.publish(listing_of("gdp"), listings.commits("2027-02-24T01:00:00Z"))
    check("gdp")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
