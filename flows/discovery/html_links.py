"""Releases that a page links to; the name of the file carries the version."""

from html.parser import HTMLParser
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from flows.discovery.release import ListingError, Release, decoded, version_key
from flows.sources.discover import DiscoveryRule


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def read_releases(listing: bytes, listed_at: str, slug: str, rule: DiscoveryRule) -> list[Release]:
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
    try:
        links.feed(decoded(listing))
    except AssertionError as error:  # of the parser, on a declaration that is none
        raise ListingError(f"it is no page that can be read ({error})") from error
    if not links.found:
        raise ListingError("it has no link: a page of another kind, or one that wants a browser")
    found: dict[str, Release] = {}
    for link in links.found:
        if (parts := _at_publisher(link, listed_at)) is None:
            continue
        name = unquote(parts.path).rpartition("/")[2]
        if not (hit := rule.match(name)):
            continue
        url = parts.geturl()
        version = hit.group("version")
        found.setdefault(url, Release(slug, version, version_key(version), None, url, name))
    return list(found.values())


def _at_publisher(link: str, listed_at: str) -> SplitResult | None:
    """The address that a link leads to, where it is one of the publisher's own host.

    A page that came over TLS links to the same host over plain HTTP at times: old pages do. The
    file is then asked for over TLS all the same.
    """
    page = urlsplit(listed_at)
    try:
        parts = urlsplit(urljoin(listed_at, link.strip()))._replace(fragment="")
    except ValueError:  # an address that is none, somewhere on the page
        return None
    if parts.scheme not in ("http", "https"):
        return None
    if parts.netloc.removeprefix("www.") != page.netloc.removeprefix("www."):
        return None
    return parts._replace(scheme=page.scheme) if page.scheme == "https" else parts
