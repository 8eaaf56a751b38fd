"""Addresses that a user names, and what must not be in them."""

from pathlib import Path
from urllib.parse import urlsplit

MIRROR, SCHEDULER = "mirror", "scheduler"
_NAMED = "which would stand in the records of every run"
_INSTEAD = {
    MIRROR: "write `machine HOST login NAME password …` into ~/.netrc and leave it out of the"
    " address",
    SCHEDULER: "Dask lets workers in by certificates, never by a password: leave it out of the"
    " address",
}


def refuse_password(address: str | Path | None, of: str = MIRROR) -> None:
    """Refuses an address with a password in it: it would stand in logs, records and messages.

    Args:
        address: An address; folders and None hold.
        of: What is there, `MIRROR` or `SCHEDULER`.

    Raises:
        ValueError: It has one; the message does not repeat it.
    """
    if not isinstance(address, str) or "://" not in address:
        return
    try:
        has_one = "@" in urlsplit(address).netloc
    except ValueError:
        raise ValueError(f"the address of the {of} is none: a bracket is open") from None
    if has_one or _has_password_with_slash(address):
        raise ValueError(
            f"the address of the {of} has a user's name or password in it, {_NAMED}; {_INSTEAD[of]}"
        )


def _has_password_with_slash(address: str) -> bool:
    """Whether a password was given as it is, with a slash or a hash in it that ends the host."""
    host, _, port = urlsplit(address).netloc.rpartition(":")
    return bool(host) and not port.isdigit() and not port.endswith("]") and "@" in address
