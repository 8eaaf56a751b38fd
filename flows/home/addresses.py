"""Addresses that a user names, and what must not be in them."""

from pathlib import Path
from urllib.parse import urlsplit

_NETRC = (
    "the address of the mirror has a user's name or password in it, which would stand in the"
    " records of every run; write `machine HOST login NAME password …` into ~/.netrc and leave it"
    " out of the address"
)


def refuse_password(mirror: str | Path | None) -> None:
    """Refuses a base URL with a password in it: it would stand in logs, records and messages.

    Args:
        mirror: A base URL; folders and None hold.

    Raises:
        ValueError: It has one; the message does not repeat it.
    """
    if not isinstance(mirror, str) or "://" not in mirror:
        return
    try:
        has_one = "@" in urlsplit(mirror).netloc
    except ValueError:
        raise ValueError("the address of the mirror is none: a bracket is open") from None
    if has_one:
        raise ValueError(_NETRC)
