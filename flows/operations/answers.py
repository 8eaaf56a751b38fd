"""Where answers about states come from: a build of one's own, or the bundle that is shipped.

A real build in the home takes the bundle's place. A simulated one does not: who asks about Poland
wants Poland, so that the bundle answers, and says what lies in the home. Whatever answers says
which it is. Of the very build that the bundle was made of, the frames are read from the bundle:
one build id means the same tables, and computing the frames anew takes five times as long.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from flows.home.build_files import fault_of_size
from flows.home.paths import Home
from warehouse.report.shipped_bundle import bundled_frame, shipped_bundle

if TYPE_CHECKING:
    from warehouse.db import Connection

SIMULATED = "SIMULATED: a made-up world; its figures say nothing about ours."


class Source(StrEnum):
    """What answers."""

    bundle = "bundle"
    home = "home"


class NoAnswersError(FileNotFoundError):
    """There is no build in the home that can answer, nor a bundle; the message says what to do."""


@dataclass(frozen=True)
class Answers:
    """Frames of `warehouse.report.profiles.frames`, and what they are of.

    Attributes:
        frame: Name to frame.
        origin: One line: which build, of which day.
        is_simulated: Whether the world is made up.
    """

    frame: Callable[[str], pl.DataFrame]
    origin: str
    is_simulated: bool


@contextmanager
def open_answers(home: Home, source: Source | None = None) -> Iterator[Answers]:
    """What answers for a home.

    Args:
        home: The home.
        source: What has to answer; by default a real build of the home, else the bundle, else a
            simulated build.

    Yields:
        Answers, which read from an open file.

    Raises:
        NoAnswersError: There is nothing there to answer.
        QueryError: The home's file cannot be read, or is too old to have them.
    """
    bundle = shipped_bundle()
    if source is Source.bundle and bundle is None:
        raise NoAnswersError("This installation has no bundle: build with `asymmetry refresh`.")
    if source is not Source.bundle and home.warehouse.is_file():
        # here, since the bundle is read without DuckDB
        from warehouse.catalog.builds import current_build
        from warehouse.db import read_published

        with read_published(home.warehouse) as connection:
            build = current_build(connection)
            if build and (source or bundle is None or not build.is_simulated):
                if fault := fault_of_size(home.warehouse, build.build_id, home):
                    raise NoAnswersError(f"{fault} `--from bundle` asks what is shipped.")
                origin = f"Your build {build.build_id[:12]} of {build.built_at:%Y-%m-%d}."
                is_bundled = bundle is not None and bundle.build_id == build.build_id
                yield Answers(
                    bundled_frame if is_bundled else _frames_of(connection),
                    f"{SIMULATED} {origin}" if build.is_simulated else origin,
                    build.is_simulated,
                )
                return
    if source is Source.home or bundle is None:
        raise NoAnswersError(
            f"There is no build at {home.warehouse}: `asymmetry refresh` makes a simulated world,"
            " `asymmetry refresh --profile live` one of the publishers' files."
        )
    origin = f"Bundle of real build {bundle.build_id[:12]} of {bundle.built_at[:10]}."
    if home.warehouse.is_file():
        origin += " (Your own build is simulated: --from home shows that.)"
    yield Answers(bundled_frame, origin, is_simulated=False)


def _frames_of(connection: "Connection") -> Callable[[str], pl.DataFrame]:
    from warehouse.report.profiles.frames import FRAMES  # NumPy and SciPy, for intervals

    return lambda name: FRAMES[name](connection)
