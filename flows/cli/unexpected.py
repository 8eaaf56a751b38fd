"""What is said of an error that nobody expected: what happened, how things stand, where the log is.

Where it came from stands in a file of the home's `runs/`, and in the terminal for those who ask
(`--debug`, or ASYMMETRY_DEBUG=1).
"""

import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from flows.cli.wishes import wants_tracebacks
from flows.home.paths import Home
from flows.home.published_file import published_in_words
from flows.home.run_record import latest_run
from flows.home.secrets import presentable, without_secrets
from flows.runtime.interrupts import outcome_so_far

ENDING = ".traceback.txt"
"""What the file of a traceback is called, after when it was written."""


def unexpected_message(error: BaseException) -> str:
    """What is said of an error that has no words of its own; its traceback is kept in the home.

    Args:
        error: The error.

    Returns:
        A few lines; the traceback is the first of them where somebody has asked for it.
    """
    where = "".join(traceback.format_exception(error))
    home = Home.from_environment()
    lines = [where.rstrip()] if wants_tracebacks() else []
    if why := _why_closed(home):
        lines.append(
            f"The home {home.path} cannot be looked into ({why}). As it stands:"
            f" {outcome_in_words() or 'nothing was changed'}. Set ASYMMETRY_HOME to a folder of"
            " yours, or ask its owner."
        )
        return presentable("\n".join(lines))
    lines.append(f"{type(error).__name__}: {str(error) or 'nothing more is known'}")
    lines.append(f"This was not expected. As it stands: {standing_in_words()}.")
    lines += [f"Log: {path}" for path in (_log_of_run(), _keep(where, home)) if path]
    if not wants_tracebacks():
        lines.append("With --debug, or ASYMMETRY_DEBUG=1, it says where it came from.")
    return presentable("\n".join(lines))


def outcome_in_words() -> str:
    """What the command leaves, without a full stop; empty where there is nothing to say."""
    run = latest_run()
    return (run[0].outcome() if run else outcome_so_far()) or ""


def standing_in_words() -> str:
    """What the command leaves, and what is found of the published file, without a full stop."""
    found = published_in_words(Home.from_environment())
    return "; ".join(part for part in (outcome_in_words(), found) if part) or (
        "nothing was changed"
    )


def _why_closed(home: Home) -> str | None:
    """Why nothing of the home can be seen; None where it can, or where there is none yet."""
    try:
        next(home.path.iterdir(), None)
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror
    return None


def _log_of_run() -> Path | None:
    run = latest_run()
    if run is None:
        return None
    path = run[1].runs / f"{run[0].name}.log.jsonl"
    return path if path.exists() else None


def _keep(where: str, home: Home) -> Path | None:
    """Writes the traceback into the home; None where there is none that can be written."""
    if not home.path.is_dir():
        return None
    path = home.runs / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}{ENDING}"
    try:
        home.runs.mkdir(exist_ok=True)
        text = f"asymmetry {' '.join(sys.argv[1:])}\n\n{where}"
        path.write_text(without_secrets(text), "utf-8", "backslashreplace")
    except OSError:
        return None
    return path
