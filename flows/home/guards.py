"""What a run refuses before it begins: simulated over real figures, a home it cannot write."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from flows.home.modes import other_owner
from flows.home.paths import Home

if TYPE_CHECKING:  # it brings DuckDB, and every verb imports this module
    from warehouse.catalog.builds import PublishedBuild


class RealFiguresError(RuntimeError):
    """The simulated world would take the place of real figures."""


def refuse_sample_over_real(published: PublishedBuild | None, profile: str, home: Home) -> None:
    """Refuses to publish the simulated world over real figures.

    A home whose published file is gone holds real figures where a kept build does.

    Args:
        published: The published build, if any.
        profile: What is about to be built.
        home: The home, with its kept builds.

    Raises:
        RealFiguresError: The published build, or a kept one where none is published, is real and
            the profile is `sample`.
    """
    if profile != "sample":
        return
    if published is None and (kept := _kept_real_build(home)):
        raise RealFiguresError(
            f"Nothing is published in {home.path}, and {home.builds} keeps real figures (build"
            f" {kept[:12]}): profile sample would publish simulated ones beside them. Nothing was"
            f" changed. `asymmetry rollback {kept[:12]}` publishes the kept build again; for new"
            " real figures name the profile: --profile live or mirror. Give the simulated world"
            " a home of its own: ASYMMETRY_HOME=var-sample asymmetry refresh."
        )
    if published is not None and not published.is_simulated:
        raise RealFiguresError(
            f"{home.warehouse} holds real figures (build {published.build_id[:12]}, profile"
            f" {published.profile}), and profile sample would replace them with simulated ones."
            " Nothing was changed. Give the simulated world a home of its own:"
            " ASYMMETRY_HOME=var-sample asymmetry refresh. For real figures name the"
            " profile: --profile live or mirror."
        )


def _kept_real_build(home: Home) -> str | None:
    """Id of the newest kept build that is not simulated."""
    from flows.home.builds import kept_builds  # here, since it brings DuckDB

    real = (one.build for one in kept_builds(home) if one.build and not one.build.is_simulated)
    return next((build.build_id for build in real), None)


def need_writable(home: Path) -> None:
    """Makes the home, or says why it cannot be.

    Raises:
        UnwritableHomeError: The home is no folder, nothing can be written in it, or it is that of
            another user.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise UnwritableHomeError(
            f"Nothing can be written in {home} ({error.strerror or error}). Nothing was changed."
            " Set ASYMMETRY_HOME to a folder of yours."
        ) from error
    if owner := other_owner(home):
        raise UnwritableHomeError(
            f"{home} belongs to {owner}: files of yours in it would keep {owner} from writing."
            f" Nothing was changed. Run this as {owner}, or set ASYMMETRY_HOME to a folder of"
            " yours."
        )


def existing_part(home: Path) -> Path:
    """The home, or the nearest folder above it that is there."""
    return next(place for place in (home, *home.parents) if place.exists())


def can_be_written(home: Path) -> bool:
    """Whether a run could write there, as far as can be seen without writing anything."""
    place = existing_part(home)
    return place.is_dir() and os.access(place, os.W_OK)


class UnwritableHomeError(RuntimeError):
    """The home cannot be written."""
