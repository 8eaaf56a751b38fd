"""Releases that a page links to; the name of the file carries the version."""

from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from flows.discovery.release import ListingError, Release, version_key
from flows.sources.discover import DiscoveryRule


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def read_releases(listing: str, listed_at: str, slug: str, rule: DiscoveryRule) -> list[Release]:
    """Reads the links of a page.

    Args:
        listing: The page.
        listed_at: Its address at the publisher.
        slug: The source.
        rule: Which files are meant; the group `version` of its pattern is the
            version.

    Returns:
        One release per address on the publisher's own host whose file is meant.

    Raises:
        ListingError: It has no link at all: it is another page, a challenge or an error.
    """
    links = _Links()
    links.feed(listing)
    if not links.found:
        raise ListingError("it has no link: a page of another kind, or one that wants a browser")
    found: dict[str, Release] = {}
    for link in links.found:
        url = urljoin(listed_at, link.strip())
        parts = urlsplit(url)
        name = unquote(parts.path).rpartition("/")[2]
        if not _same_publisher(parts.netloc, listed_at) or not (hit := rule.match(name)):
            continue
        url = parts._replace(fragment="").geturl()
        version = hit.group("version")
        found.setdefault(url, Release(slug, version, version_key(version), None, url, name))
    return list(found.values())


def _same_publisher(host: str, listing: str) -> bool:
    return host.removeprefix("www.") == urlsplit(listing).netloc.removeprefix("www.")
