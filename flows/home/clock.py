"""Moments that have not come yet: the clock was ahead when they were noted, or is behind now.

What was noted at such a moment did happen before the present. So it counts as older than all that
bears a time which has come: what is noted from now on is the newest, and hides behind nothing.
"""

from datetime import UTC, datetime, timedelta

_TOLERANCE = timedelta(minutes=10)  # clocks of machines that share a disk


def has_come(moment: datetime, now: datetime | None = None) -> bool:
    """Whether a moment lies in the past, give or take some minutes.

    Args:
        moment: Aware.
        now: Aware; the present unless given.
    """
    return moment <= (now or datetime.now(UTC)) + _TOLERANCE


def order_of(moment: str, now: datetime | None = None) -> tuple[bool, datetime]:
    """Sorts moments: those that have not come yet before all others.

    Args:
        moment: ISO 8601, with its offset.
        now: Aware; the present unless given.
    """
    found = datetime.fromisoformat(moment)
    return has_come(found, now), found
