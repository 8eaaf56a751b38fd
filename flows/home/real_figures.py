"""What a run refuses before it begins: simulated figures in the place of real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.home.paths import Home

if TYPE_CHECKING:  # it brings DuckDB, and every verb knows the error
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
