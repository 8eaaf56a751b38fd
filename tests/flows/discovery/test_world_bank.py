"""The World Bank's table says itself when it was updated, at an address that never changes."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from flows.sources import load_declarations
from tests.publisher import listings
from tests.publisher.current_releases import world_bank_table, world_bank_zip

DECLARED = load_declarations()["gdp"]
LISTING = listings.listing_of("gdp")


def updated(day: str, number: int = 123456) -> bytes:
    return world_bank_zip(number=number, table=world_bank_table(updated=day))


def test_the_day_of_the_last_update_is_the_release(publishers, check) -> None:
    publishers.publish(LISTING, updated("2026-07-01"))
    found = check("gdp")
    assert (found.state, found.n_requests) == ("newer", 1)
    assert (found.newest.version, found.newest.order) == ("2026-07-01", (2026, 7, 1))
    assert found.newest.released_on == date(2026, 7, 1)
    assert found.newest.url == LISTING == DECLARED.publisher_url
    assert found.newest.file_name == "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_123456.csv"
    publishers.publish(LISTING, updated(DECLARED.discover.declared))
    assert check("gdp").state == "current"


def test_the_next_update_is_seen_at_the_same_address(publishers, check) -> None:
    publishers.publish(LISTING, updated("2026-07-01"))
    before = check("gdp")
    assert check("gdp", before=before).newest == before.newest
    publishers.publish(LISTING, updated("2026-10-01"))
    after = check("gdp", before=before)
    assert after.newer == before.newer
    assert after.newest.version == "2026-10-01"


def test_an_earlier_day_is_a_release_that_was_withdrawn(publishers, check) -> None:
    publishers.publish(LISTING, updated("2025-12-16"))
    assert check("gdp").state == "withdrawn"


def test_the_table_may_come_without_its_zip(publishers, check) -> None:
    publishers.publish(LISTING, world_bank_table(updated="2026-07-01"))
    assert check("gdp").newest.version == "2026-07-01"


def test_another_indicator_is_not_the_table_that_is_meant(publishers, check) -> None:
    publishers.publish(LISTING, world_bank_zip("NY.GDP.PCAP.CD"))
    found = check("gdp")
    assert (found.state, found.newest) == ("withdrawn", None)
    assert "withdrawn or renamed" in found.reason


def glued() -> bytes:
    return b"PK\x03\x04" + b"no zip at all"


def a_large_member() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("API_NY.GDP.MKTP.CD_1.csv", bytes(60_000_000))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "none of its first lines"),
        (b'<?xml version="1.0"?><wb:error/>', "none of its first lines"),
        (world_bank_table(updated="July 2026"), "is no day: 'July 2026'"),
        (b'"Last Updated Date"\n', "none of its first lines"),
        (glued(), "no zip that can be read"),
        (updated("2026-07-01")[:-30], "no zip that can be read"),
        (a_large_member(), "no zip that can be read"),
    ],
    ids=["nothing", "an error", "no day", "no cell", "no zip", "cut short", "too large"],
)
def test_what_is_no_such_table_concludes_nothing(body, said, publishers, check) -> None:
    publishers.publish(LISTING, body)
    found = check("gdp")
    assert (found.state, found.newest) == ("unreachable", None)
    assert said in found.reason
