"""Releases in a Dataverse: one version of a dataset, with its files.

The listing is `/api/datasets/:persistentId/versions/VERSION?persistentId=…&excludeFiles=false`,
where VERSION is `:latest-published` (`:latest` may be a draft) or a number, for a file that newer
versions lack. A file's number never changes its bytes, and grows: it says which file is newer, also
where a version changes nothing but a description.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from flows.discovery.release import ListingError, Release, decoded
from flows.home.error_words import in_words
from flows.sources.discover import DiscoveryRule


def read_releases(listing: bytes, listed_at: str, slug: str, rule: DiscoveryRule) -> list[Release]:
    """Reads the files of a version.

    Args:
        listing: The answer, JSON.
        listed_at: Its address at the publisher.
        slug: The source.
        rule: Which files are meant.

    Returns:
        One release per file that is meant and not restricted.

    Raises:
        ListingError: It is no version of a dataset, or an unpublished one.
    """
    version = _version(decoded(listing))
    if version.get("versionState", "RELEASED") != "RELEASED":
        raise ListingError(f"the version is {version['versionState']}, not RELEASED")
    try:
        number = f"{version['versionNumber']}.{version.get('versionMinorNumber', 0)}"
        files = [(entry, entry["dataFile"]) for entry in version["files"]]
        host = urlsplit(listed_at)
        return [
            Release(
                slug,
                number,
                (int(file["id"]),),
                _day(version.get("releaseTime") or file.get("publicationDate")),
                f"{host.scheme}://{host.netloc}/api/access/datafile/{file['id']}",
                _label(entry, file),
                file.get("filesize"),
                # of a table that was taken apart, the checksum is that of the original
                None if file.get("tabularData") else file.get("md5"),
            )
            for entry, file in files
            if not entry.get("restricted") and rule.match(_label(entry, file))
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ListingError(
            f"it lacks what a version of a dataset has ({in_words(error)})"
        ) from error


def _version(listing: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(listing)
        data = answer["data"]
        found = data.get("latestVersion", data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ListingError("it is no answer of a Dataverse") from error
    if not isinstance(found, dict) or "files" not in found:
        raise ListingError("it lists no files; is excludeFiles=false in its address?")
    return found


def _label(entry: Mapping[str, Any], file: Mapping[str, Any]) -> str:
    return str(entry.get("label") or file.get("filename") or "")


def _day(moment: str | None) -> date | None:
    with suppress(TypeError, ValueError, AttributeError):
        return datetime.fromisoformat(str(moment).replace("Z", "+00:00")).date()
    return None
