"""What is published once something has gone wrong: looked at, and not taken on trust.

A message that says what is intact is read by somebody who has to decide what to do next. So the
file is opened and hashed (a third of a second for the real figures) before a word is said of it.
"""

from flows.home.build_files import ADVICE, fault_of_bytes, unknown_bytes
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
    try:
        return _found(home) if home.warehouse.exists() else ""
    except (OSError, MemoryError) as error:
        return f"whether {home.warehouse} is as it was written is not known: {in_words(error)}"


def _found(home: Home) -> str:
    # here, since they bring DuckDB
    from flows.home.builds import unreadable
    from warehouse.catalog.builds import current_build
    from warehouse.db import QueryError, read_published

    try:
        with read_published(home.warehouse) as connection:
            build = current_build(connection)
    except QueryError as error:
        return unreadable(home.warehouse, error).rstrip(".")
    if build is None:
        return f"{home.warehouse} holds no build. {ADVICE.rstrip('.')}"
    short = build.build_id[:12]
    if unknown := unknown_bytes(build.build_id, home):
        return f"build {short} is published. {unknown.rstrip('.')}"
    fault = fault_of_bytes(home.warehouse, build.build_id, home)
    if fault is not None:
        return fault.rstrip(".")
    return f"the published file is as it was written (build {short})"


def as_sentence(clause: str) -> str:
    """A clause with a capital letter and a full stop; empty where it is empty."""
    return f"{clause[0].upper()}{clause[1:]}." if clause else ""
