"""Releases of a record of the UN Digital Library: its files, whose names carry their date.

The listing is `https://digitallibrary.un.org/api/v1/file?recid=NUMBER`. The Library's terms want to
be asked before a program downloads, which `flows.discovery.discover` heeds.
"""

import json
from datetime import date
from urllib.parse import urljoin

from flows.discovery.release import ListingError, Release, decoded
from flows.sources.discover import DiscoveryRule


def read_releases(listing: bytes, listed_at: str, slug: str, rule: DiscoveryRule) -> list[Release]:
    """Reads the files of a record.

    Args:
        listing: The answer, JSON.
        listed_at: Its address at the publisher.
        slug: The source.
        rule: Which files are meant; the group `version` of its pattern is the
            date in the file's name, its parts padded with zeros or not.

    Returns:
        One release per file that is meant and whose date is one.

    Raises:
        ListingError: It is no list of files.
    """
    try:
        files = [
            (str(one["name"]), urljoin(listed_at, str(one["url"])), one.get("format"))
            for one in _list(decoded(listing))
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ListingError("it is no list of files") from error
    found = []
    for name, url, ending in files:
        full = name if "." in name or not ending else f"{name}.{str(ending).lstrip('.')}"
        if (hit := rule.match(full)) and (day := _day(hit.group("version"))):
            order = (day.year, day.month, day.day)
            found.append(Release(slug, day.isoformat(), order, day, url, full))
    return found


def _list(listing: str) -> list[dict[str, object]]:
    answer = json.loads(listing)
    if not isinstance(answer, list):
        raise TypeError("no list")
    return answer


def _day(text: str) -> date | None:
    try:
        year, month, day = (int(part) for part in text.replace("-", "_").split("_"))
        return date(year, month, day)
    except ValueError:
        return None
