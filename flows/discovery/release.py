"""A release of a source, as its publisher lists it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


class ListingError(ValueError):
    """A publisher's listing is not in the form that its kind has; nothing was concluded."""


@dataclass(frozen=True)
class Release:
    """One file that a publisher offers.

    Attributes:
        slug: The source.
        version: The publisher's name of the release.
        order: Numbers by which the releases of a source are compared, the greater the newer.
        released_on: Day of the release; None where the listing does not say.
        url: Where the file is, at the publisher.
        file_name: The publisher's name of it.
        n_bytes: Size; None where the listing does not say.
        md5: Of the bytes at `url`; None where the listing has none, or one of other bytes.
    """

    slug: str
    version: str
    order: tuple[int, ...]
    released_on: date | None
    url: str
    file_name: str
    n_bytes: int | None = None
    md5: str | None = None


def decoded(listing: bytes) -> str:
    """The text of a listing; what is not UTF-8 in it is replaced."""
    return listing.decode("utf-8-sig", "replace")


def version_key(version: str) -> tuple[int, ...]:
    """The numbers in a version, in order: `2024_2` is (2024, 2), `39.0` is (39,).

    Zeros at the end say nothing: `39` and `39.0` are one version.
    """
    numbers = [int(found) for found in re.findall(r"\d+", version)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def newest_first(releases: Sequence[Release]) -> list[Release]:
    """The newest release first; of those that are equally new, the last by name."""
    return sorted(releases, key=lambda r: (r.order, r.file_name), reverse=True)
