"""How a new release of a source is found: the entry `discover` of its declaration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

Kind = Literal["dataverse", "html_links", "github_path", "undl_files", "world_bank", "none"]


@dataclass(frozen=True)
class DiscoveryRule:
    """Where a publisher lists its releases, and which of its files are meant.

    Attributes:
        kind: Form of the listing; `none` where there is nothing to ask, and `why` says so.
        listings: Its addresses, asked in this order until one lists a file that is meant: a
            newer version may lack it.
        file: Pattern that the name of a file matches as a whole; its group `version` is the
            version where the listing has none of its own.
        look_alikes: Pattern that no part of the name may match.
        declared: What the declaration's own address is, as releases of this kind are compared:
            the number of the file in a Dataverse, the day of the commit, of the last update or
            in the file's name, else the version.
        follow: `auto`: a newer release in which nothing was lost or changed beyond what is usual
            takes the place of the one before by itself; `ask`: somebody has to accept it.
        why: Why there is nothing to ask.
    """

    kind: Kind
    listings: tuple[str, ...] = ()
    file: str = ".*"
    look_alikes: str | None = None
    declared: str = ""
    follow: Literal["auto", "ask"] = "ask"
    why: str = ""

    def match(self, name: str) -> re.Match[str] | None:
        """The match of a file's name; None where another file is meant."""
        if self.look_alikes and re.search(self.look_alikes, name, re.IGNORECASE):
            return None
        return re.fullmatch(self.file, name, re.IGNORECASE)


def read_rule(entry: Mapping[str, Any]) -> DiscoveryRule:
    """Reads the entry, whose shape the schema has checked.

    Raises:
        ValueError: It contradicts itself; the message says how.
    """
    listings = entry.get("listing", ())
    listings = (listings,) if isinstance(listings, str) else tuple(listings)
    others = {key: value for key, value in entry.items() if key != "listing"}
    rule = DiscoveryRule(**others, listings=listings)
    if rule.kind == "none":
        if not rule.why:
            raise ValueError("discover: kind none needs a reason: why")
        return rule
    if not (rule.listings and rule.declared):
        raise ValueError(f"discover: kind {rule.kind} needs listing and declared")
    try:
        pattern = re.compile(rule.file)
        re.compile(rule.look_alikes or "")
    except re.error as error:
        raise ValueError(f"discover: no pattern: {error}") from error
    if rule.kind in ("html_links", "undl_files") and "version" not in pattern.groupindex:
        raise ValueError("discover: the pattern of the file needs a group (?P<version>…)")
    without_path = [url for url in rule.listings if "path" not in parse_qs(urlsplit(url).query)]
    if rule.kind == "github_path" and without_path:
        raise ValueError("discover: the address of the commits needs ?path=…")
    return rule
