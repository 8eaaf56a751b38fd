"""What `asymmetry rollback` does and says."""

from flows import console
from flows.rollback import kept_builds, rollback
from flows.settings import Settings


def tell_kept_builds(settings: Settings) -> None:
    """Prints the builds that can be put back."""
    rows = [
        [
            (build.build_id or build.path.stem)[:12],
            build.profile,
            str(build.built_at) if build.built_at else "cannot be read",
            "published" if build.is_published else "",
            round(build.path.stat().st_size / 1e6, 1),
        ]
        for build in kept_builds(settings)
    ]
    console.print_rows(["build", "profile", "built, UTC", "", "MB"], rows)


def tell_rollback(settings: Settings, name: str) -> None:
    """Puts an earlier build back, and says what that means.

    Raises:
        RollbackError: There is no such build, or it is damaged.
    """
    done = rollback(name, settings)
    build = str(done["build_id"])[:12]
    if done["result"] == "unchanged":
        console.out.print(f"Build {build} is published already. Nothing was changed.")
        return
    console.out.print(
        f"Build {build} is published in place of {str(done['replaced'])[:12]}; readers that have"
        " the other one open keep it until they close it.",
        soft_wrap=True,
    )
    console.out.print(
        "The next refresh publishes the newer build again. Until its cause is mended, pause the"
        " schedules (docs/runbook.md, rolling back).",
        soft_wrap=True,
    )
