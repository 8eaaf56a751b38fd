"""Versions of a dataset: the newest file that is meant, known by its number and its header."""

from datetime import date

from flows.sources import load_declarations
from tests.publisher import listings
from tests.publisher.server import (
    Answer,
    refusing_agent_of_requests,
)

DECLARED = load_declarations()
IDEAL = "https://dataverse.harvard.edu/api/access/datafile"
HEADER = ",".join(DECLARED["un_ideal_points"].header_starts_with["data"])


def test_a_newer_file_of_a_dataverse_is_found_by_its_number(publishers, check) -> None:
    label = "IdealpointestimatesFP_2026FP.csv"
    publishers.publish(
        listings.listing_of("un_ideal_points"),
        listings.dataset((14098429, label), (13642025, "x.csv")),
    )
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
    publishers.publish(listings.listing_of("un_ideal_points"), listings.dataset(*named))
    publishers.publish(f"{IDEAL}/14000002", "committee,year,IdealPoint\n")
    publishers.publish(f"{IDEAL}/14000001", HEADER.replace(",", "\t") + "\n")
    found = check("un_ideal_points")
    assert found.newest.file_name == "Idealpointestimates_new.csv"
    assert not [a for a in publishers.requests_of("dataverse.harvard.edu") if "14000003" in a]


def test_an_unknown_header_is_told_as_a_difference(publishers, check) -> None:
    named = ((14000002, "Idealpoints2027.csv"), (14000001, "Idealpoints2026.csv"))
    publishers.publish(listings.listing_of("un_ideal_points"), listings.dataset(*named))
    for number, _ in named:
        publishers.publish(f"{IDEAL}/{number}", "iso3c,ccode,year,IdealPointAll,Q5\n")
    found = check("un_ideal_points")
    assert found.state == "newer"
    assert "lacks IdealPointFP; has ccode, IdealPointAll, Q5 besides" in found.reason


def test_an_older_version_is_asked_where_the_newest_lacks_the_file(publishers, check) -> None:
    publishers.publish(
        listings.listing_of("un_votes"),
        listings.dataset((14098429, "IdealpointestimatesFP_2026FP.csv")),
    )
    old = listings.dataverse_version(32, [listings.dataverse_file(9656257, "UNVotes.csv")])
    publishers.publish(listings.listing_of("un_votes", 1), old)
    publishers.publish(
        f"{IDEAL}/9656257", ",".join(DECLARED["un_votes"].header_starts_with["data"])
    )
    found = check("un_votes")
    assert (found.state, found.newest.version) == ("newer", "32.0")
    assert found.newest.url == f"{IDEAL}/9656257"


def test_a_new_version_with_the_same_file_is_nothing_new(publishers, check) -> None:
    publishers.publish(
        listings.listing_of("un_ideal_points"),
        listings.dataset((13642025, "Idealpointestimates1946-2025.tab")),
    )
    found = check("un_ideal_points")
    assert (found.state, found.newest.md5) == ("current", None)


def test_a_draft_is_no_release(publishers, check) -> None:
    draft = listings.dataverse_version(
        40, [listings.dataverse_file(15000000, "Idealpoints.csv")], "DRAFT"
    )
    publishers.publish(listings.listing_of("un_ideal_points"), draft)
    assert check("un_ideal_points").state == "unreachable"


def test_a_withdrawn_release_is_told(publishers, check) -> None:
    publishers.publish(
        listings.listing_of("un_ideal_points"), listings.dataset((1, "Idealpoints2019.csv"))
    )
    found = check("un_ideal_points")
    assert found.state == "withdrawn"
    assert "what was fetched of it stays" in found.reason
    publishers.publish(listings.listing_of("un_ideal_points"), listings.dataset((2, "readme.txt")))
    assert check("un_ideal_points").state == "withdrawn"


def test_the_declared_user_agent_is_sent(publishers, check) -> None:
    listing = refusing_agent_of_requests(
        Answer(listings.dataset((13642025, "Idealpoints.csv")).encode())
    )
    publishers.publish(listings.listing_of("un_ideal_points"), listing)
    assert check("un_ideal_points").state == "current"
    ((_, headers),) = publishers.asked
    assert headers["user-agent"] == DECLARED["un_ideal_points"].user_agent
