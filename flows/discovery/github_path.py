"""The newest state of a file in a GitHub repository: the last commit that changed it.

The listing is `https://api.github.com/repos/OWNER/NAME/commits?path=PATH&sha=BRANCH&per_page=1`. A
release's address names the commit, so that its bytes cannot change.
"""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlsplit

from flows.discovery.release import ListingError, Release, decoded
from flows.sources.discover import DiscoveryRule


def read_releases(listing: bytes, listed_at: str, slug: str, rule: DiscoveryRule) -> list[Release]:
    """Reads the commits of a path.

    Args:
        listing: The answer, JSON.
        listed_at: Its address at the publisher.
        slug: The source.
        rule: Which file is meant, where the address is a pattern of several.

    Returns:
        One release per commit; the version is the moment of the commit, UTC.

    Raises:
        ListingError: It is no list of commits, or an empty one: the path has moved.
    """
    address = urlsplit(listed_at)
    path = parse_qs(address.query)["path"][0]
    repository = "/".join(address.path.split("/")[2:4])
    try:
        commits = [
            (str(one["sha"]), _moment(one["commit"]["committer"]["date"]))
            for one in json.loads(decoded(listing))
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ListingError("it is no list of commits") from error
    if not commits:
        raise ListingError(f"no commit has ever changed {path}: it has moved, or the branch has")
    name = path.rpartition("/")[2]
    raw = f"https://raw.githubusercontent.com/{repository}"
    return [
        Release(
            slug,
            moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            tuple(moment.timetuple()[:6]),
            moment.date(),
            f"{raw}/{sha}/{quote(path)}",
            name,
        )
        for sha, moment in commits
        if rule.match(name)
    ]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
