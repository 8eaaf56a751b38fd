"""The release of an indicator at the World Bank: the day of the last update, in its own table.

The listing is the download itself, `https://api.worldbank.org/v2/en/indicator/CODE?downloadformat=csv`:
a zip with the table between two tables of metadata. Its third row has the day. The address is the
same for every release and is answered with the newest, so that a release is known by its day
alone; two downloads of one day may differ in how they are packed.
"""

import csv
import io
import zipfile
from datetime import date
from urllib.parse import urlsplit

from flows.discovery.release import ListingError, Release, decoded
from flows.fetch.archives import ArchiveError, UnpackLimits, extract
from flows.sources.discover import DiscoveryRule

_ZIP_MAGIC = b"PK\x03\x04"
_LABEL = "Last Updated Date"
_LINES_ABOVE_THE_HEADER = 6
_LIMITS = UnpackLimits(max_bytes=50_000_000, max_ratio=200)


def read_releases(listing: bytes, listed_at: str, slug: str, rule: DiscoveryRule) -> list[Release]:
    """Reads the day of the last update.

    Args:
        listing: The zip, or the table in it.
        listed_at: Its address at the publisher, which is that of the release.
        slug: The source.
        rule: Which member of the zip is the table.

    Returns:
        One release, or none where the zip has no such member.

    Raises:
        ListingError: It is no such table, or names no day.
    """
    name, table = urlsplit(listed_at).path.rpartition("/")[2], listing
    if listing.startswith(_ZIP_MAGIC):
        try:
            with zipfile.ZipFile(io.BytesIO(listing)) as archive:
                meant = [member for member in archive.namelist() if rule.match(member)]
            if not meant:
                return []
            name = meant[0]
            table = extract(listing, {"data": (name,)}, _LIMITS)["data"]
        except (zipfile.BadZipFile, ArchiveError) as error:
            raise ListingError(f"it is no zip that can be read ({error})") from error
    day = _last_updated(decoded(table))
    order = (day.year, day.month, day.day)
    return [Release(slug, day.isoformat(), order, day, listed_at, name)]


def _last_updated(table: str) -> date:
    above = csv.reader(table.splitlines()[:_LINES_ABOVE_THE_HEADER])
    for row in above:
        if row[:1] == [_LABEL] and len(row) > 1:
            try:
                return date.fromisoformat(row[1].strip())
            except ValueError as error:
                raise ListingError(f"{_LABEL} is no day: {row[1]!r}") from error
    raise ListingError(f"none of its first lines is {_LABEL!r}")
