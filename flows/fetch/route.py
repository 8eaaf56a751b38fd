"""Where a source is read from, and to which channel its snapshot belongs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from flows.fetch.errors import FetchError
from flows.fetch.fetch_log import Channel, Fetch, Via
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.local_file import is_simulated_file
from flows.fetch.mirror import MARKER, is_base_url, is_simulated, mirrored_path, mirrored_url
from flows.home.addresses import refuse_password
from flows.sources import SourceDeclaration

Profile = Literal["sample", "live", "mirror"]


def refuse_contradictions(
    profile: Profile, mirror: str | Path | None, locked: bool, from_file: Path | None
) -> None:
    """Refuses arguments that contradict each other.

    Raises:
        ValueError: A mirror under profile live, no mirror under another one, a locked sample, or a
            mirror with a password in its address.
    """
    refuse_password(mirror)
    if profile == "live" and mirror is not None:
        raise ValueError("profile live asks the publishers only; use profile mirror for a mirror")
    if profile in ("mirror", "sample") and mirror is None and from_file is None:
        raise ValueError(f"profile {profile} needs a mirror: a folder or a base URL (--mirror)")
    if profile == "sample" and locked:
        raise ValueError("the lock pins the publishers' files; the simulated world is not pinned")


def plan_route(
    declaration: SourceDeclaration,
    profile: Profile,
    mirror: str | Path | None,
    from_file: Path | None,
    policy: HttpPolicy,
) -> Fetch:
    """Plans a fetch: its address, and the channel of its snapshot.

    Args:
        declaration: The source.
        profile: `sample`, `live` or `mirror`.
        mirror: Folder or base URL, for the profiles that use one.
        from_file: A file that the user downloaded; read instead.
        policy: Timeouts of the request for the marker of a simulated world at a base URL.

    Returns:
        The fetch to be made, its `snapshot_id` still empty.

    Raises:
        FetchError: Profile sample was pointed at files that are not marked as simulated, or the
            mirror cannot be reached.
        MissingFileError: A mirrored folder lacks the file.
    """
    via: Via
    simulated = False
    if from_file is not None:
        asked, via = str(from_file.resolve()), "manual"
        simulated = is_simulated_file(from_file)
    elif mirror is None:
        asked, via = declaration.url, "live"
    else:
        simulated = is_simulated(mirror, policy)
        via = profile
        asked = mirrored_url(str(mirror), declaration.url)
        if not is_base_url(mirror):
            asked = str(mirrored_path(Path(mirror), declaration.url).resolve())
    if profile == "sample" and not simulated:
        raise FetchError(
            f"{declaration.slug}: {asked} is in no simulated world ({MARKER} is missing at"
            f" its root); real files are not taken under profile sample"
        )
    channel: Channel = "sample" if simulated else profile
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    return Fetch(now, "", channel, via, asked, simulated)
