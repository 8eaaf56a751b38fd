"""What a build fetches: the release that is followed, and what stands in where there is none."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.fetch import followed
from flows.fetch.admission import FetchResult
from flows.fetch.errors import MissingFileError
from flows.fetch.followed import declaration_of, fetch_for_build
from flows.fetch.pins import Pin, load_lock
from flows.home.discovered import Adopted, Candidate, SeenRelease, SourceReleases, write_releases
from flows.home.paths import Home
from flows.sources import load_declarations
from tests.publisher.current_releases import world_bank_table, world_bank_zip
from tests.publisher.server import Publishers, serving_publishers

DECLARED = load_declarations()
BASES, GDP = DECLARED["us_bases"], DECLARED["gdp"]
HEADER = ",".join(BASES.header_starts_with["data"])
NOW = "2027-01-05T00:00:00+00:00"


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with serving_publishers() as found:
        found.publish("http://SIMULATED.md", "made up")
        yield found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path)


def fetched(slug: str, publishers: Publishers, home: Home, locked: bool = False) -> FetchResult:
    return fetch_for_build(slug, home, "mirror", mirror=publishers.base, locked=locked)


def release(url: str, order: str = "2027.1.2.0.0.1") -> SeenRelease:
    return SeenRelease("2027-01-02", "2027-01-02", url, "basedata.csv", order=order)


def known(slug: str, candidate: SeenRelease, **others: object) -> SourceReleases:
    tried = Candidate(candidate, "held", "somebody has to agree", NOW, f"{slug}.0")
    found = SourceReleases(slug, "mirror", NOW, "newer", "", candidate, (), (tried,))
    return replace(found, **others)  # type: ignore[arg-type]


# --- whose address --------------------------------------------------------------------------------


def test_live_asks_the_publisher_and_a_mirror_what_is_declared(home: Home) -> None:
    live = declaration_of("gdp", "live", home)
    assert live.url == (
        "https://api.worldbank.org/v2/en/indicator/NY.GDP.MKTP.CD?downloadformat=csv"
    )
    assert "World Bank" in live.version
    for profile in ("mirror", "sample"):
        assert declaration_of("gdp", profile, home) == GDP
    assert declaration_of("gdp", "live", home, locked=True) == GDP
    assert declaration_of("us_bases", "live", home) == BASES


def test_pinned_bytes_are_asked_for_where_they_are_from(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where somebody has pinned what profile live fetches."""
    assert load_lock()["gdp"].url == GDP.url
    pin = Pin("0" * 64, 1, "the World Bank's own table", str(GDP.publisher_url), "live")
    monkeypatch.setattr(followed, "load_lock", lambda: {"gdp": pin})
    assert declaration_of("gdp", "live", home, locked=True).url == GDP.publisher_url
    assert declaration_of("us_bases", "live", home, locked=True) == BASES


def test_a_followed_release_comes_before_the_publishers_own_address(home: Home) -> None:
    adopted = Adopted(release("https://example.org/next"), NOW, "agreed")
    write_releases(SourceReleases("gdp", "live", adopted=adopted), home)
    assert declaration_of("gdp", "live", home).url == "https://example.org/next"
    assert declaration_of("gdp", "live", home, locked=True) == GDP


def test_the_world_banks_table_is_fetched_from_its_address(
    publishers: Publishers, home: Home
) -> None:
    url = str(GDP.publisher_url)
    publishers.publish(url, world_bank_zip(table=world_bank_table(updated="2027-01-02")))
    adopted = Adopted(release(url, "2027.1.2"), NOW, "agreed")
    write_releases(SourceReleases("gdp", "mirror", adopted=adopted), home)
    result = fetched("gdp", publishers, home)
    assert (result.status, result.snapshot.url) == ("new", url)
    (header,) = (check for check in result.checks if check.name == "header_as_declared")
    assert "of layout world_bank" in header.notes


# --- what stands in -------------------------------------------------------------------------------


def test_a_held_release_does_not_come_in_by_the_address_of_a_branch(
    publishers: Publishers, home: Home
) -> None:
    publishers.publish(BASES.url, f"{HEADER}\nold\n")
    first = fetched("us_bases", publishers, home)
    publishers.publish(BASES.url, f"{HEADER}\nnew\n")
    next_one = release("https://raw.githubusercontent.com/meflynn/troopdata/abc/basedata.csv")
    write_releases(known("us_bases", next_one), home)
    kept = fetched("us_bases", publishers, home)
    assert (kept.status, kept.snapshot) == ("kept", first.snapshot)
    assert "held" in kept.why
    write_releases(known("us_bases", next_one, state="current"), home)
    assert fetched("us_bases", publishers, home).status == "new"


def test_nor_by_an_address_that_every_release_has(publishers: Publishers, home: Home) -> None:
    url = str(GDP.publisher_url)
    publishers.publish(url, world_bank_zip())
    adopted = Adopted(release(url, "2026.7.1"), NOW, "agreed")
    write_releases(SourceReleases("gdp", "mirror", adopted=adopted), home)
    first = fetched("gdp", publishers, home)
    publishers.publish(url, world_bank_zip(table=world_bank_table(updated="2027-01-02")))
    write_releases(known("gdp", release(url, "2027.1.2"), adopted=adopted), home)
    kept = fetched("gdp", publishers, home)
    assert (kept.status, kept.snapshot) == ("kept", first.snapshot)


def test_without_earlier_bytes_the_publisher_is_asked(publishers: Publishers, home: Home) -> None:
    publishers.publish(BASES.url, f"{HEADER}\nnew\n")
    write_releases(known("us_bases", release("https://example.org/x")), home)
    assert fetched("us_bases", publishers, home).status == "new"


def test_a_withdrawn_release_goes_on_with_what_was_fetched_of_it(
    publishers: Publishers, home: Home
) -> None:
    url = "https://raw.githubusercontent.com/meflynn/troopdata/abc/basedata.csv"
    publishers.publish(url, f"{HEADER}\nfollowed\n")
    adopted = Adopted(release(url), NOW, "agreed")
    write_releases(SourceReleases("us_bases", "mirror", adopted=adopted), home)
    first = fetched("us_bases", publishers, home)
    publishers.withdraw(url)
    kept = fetched("us_bases", publishers, home)
    assert (kept.status, kept.snapshot) == ("kept", first.snapshot)
    assert "has taken it away" in kept.why


def test_a_missing_file_that_nothing_explains_is_an_error(
    publishers: Publishers, home: Home
) -> None:
    publishers.publish(BASES.url, f"{HEADER}\nold\n")
    fetched("us_bases", publishers, home)
    publishers.withdraw(BASES.url)
    with pytest.raises(MissingFileError):
        fetched("us_bases", publishers, home)
