"""A source whose bytes passed their checks, and cannot be read or cast all the same."""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from expectations.shown_text import inert
from flows.fetch.snapshot_record import Snapshot

MOST_OF_A_MESSAGE = 1_500
"""Characters of a cause that are shown: a file in the wrong form may repeat itself in it."""


class UnreadableSourceError(ValueError):
    """The bytes of a source passed their checks and cannot be read or cast."""


@contextmanager
def refusing_in_words(snapshot: Snapshot) -> Iterator[None]:
    """Says of a file that cannot be read or cast which snapshot it is and what to do.

    Raises:
        UnreadableSourceError: In the place of what a reader or a staging module raises.
    """
    try:
        yield
    except (ValueError, pl.exceptions.PolarsError) as error:
        what = inert(str(error))
        shown = what if len(what) <= MOST_OF_A_MESSAGE else f"{what[:MOST_OF_A_MESSAGE]} …"
        raise UnreadableSourceError(
            f"{snapshot.slug} cannot be read: {shown}.\nIts bytes are snapshot"
            f" {snapshot.snapshot_id}, from {snapshot.asked}; that, the others and the published"
            " warehouse are untouched, and nothing was published. Where the publisher mends the"
            f" file, fetch it again: `asymmetry fetch {snapshot.slug}`. Earlier bytes can be built"
            " with `asymmetry refresh --locked`."
        ) from error
