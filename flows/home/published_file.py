"""What is published once something has gone wrong: looked at, and not taken on trust.

A message that says what is intact is read by somebody who has to decide what to do next. So the
file is opened and hashed (a third of a second for the real figures) before a word is said of it.
"""

from flows.home.build_files import ADVICE, build_file, fault_of_bytes, recorded_checksum
from flows.home.error_words import in_words
from flows.home.paths import Home


def published_in_words(home: Home) -> str:
    """What is found of the published file now, as a clause without a full stop.

    Args:
        home: The home.

    Returns:
        That it is as it was written, what is wrong with it and what to do, or that this is not
        known; empty where there is none.
    """
    if not home.warehouse.exists():
        return ""
    try:
        return _found(home)
    except (OSError, MemoryError) as error:
        return f"whether {home.warehouse} is as it was written is not known: {in_words(error)}"


def _found(home: Home) -> str:
    from warehouse.catalog.builds import read_build  # here, since it brings DuckDB

    build = read_build(home.warehouse)
    if build is None:
        return f"{home.warehouse} cannot be read as a warehouse. {ADVICE.rstrip('.')}"
    short = build.build_id[:12]
    if recorded_checksum(build_file(build.build_id, home)) is None:
        return (
            f"build {short} is published; whether its file is as it was written is not known,"
            " since no checksum of it is kept"
        )
    fault = fault_of_bytes(home.warehouse, build.build_id, home)
    if fault is not None:
        return fault.rstrip(".")
    return f"the published file is as it was written (build {short})"


def as_sentence(clause: str) -> str:
    """A clause with a capital letter and a full stop; empty where it is empty."""
    return f"{clause[0].upper()}{clause[1:]}." if clause else ""
