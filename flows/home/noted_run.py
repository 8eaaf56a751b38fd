"""The record of a run that holds no writer lock: of one that fetches some sources, or verifies.

Several of them may run at once, beside a writer. What they leave is read by `asymmetry status`,
also where no Prefect server is left to be asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flows.home.paths import Home
from flows.home.run_record import RunRecord, is_cancellation

_TRIES = 5


@contextmanager
def noted_run(flow: str, profile: str, result: str, home: Home) -> Iterator[RunRecord]:
    """Leaves the record of a run, however it ends.

    Args:
        flow: Its name, by which the record is found again.
        profile: Where the bytes come from.
        result: What it is recorded as when it comes to its end.
        home: The home.

    Yields:
        The record, whose `details` are for the run to fill in.
    """
    record = RunRecord(profile, result, details={"flow": flow})
    try:
        yield record
    except BaseException as error:
        if is_cancellation(error):
            record.end("cancelled", "Interrupted.")
        else:
            record.end("failed", f"{type(error).__name__}: {error}")
        with suppress(OSError):  # a full disk, for example: the error itself is what matters
            _write(record, home)
        raise
    with suppress(OSError):  # nothing that was fetched or found is the worse for it
        _write(record, home)


def _write(record: RunRecord, home: Home) -> None:
    """Writes it again where a writer that has just begun took the draft for one of a dead run."""
    for tries_left in reversed(range(_TRIES)):
        try:
            record.write(home.runs)
        except FileNotFoundError:
            if not tries_left:
                raise
        else:
            return
