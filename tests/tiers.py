"""Which tier a test belongs to, and what fixtures note of their work."""

from pathlib import Path

TIERS = {"integration": "prefect", "real_data": "mirror"}
"""Folder below `tests` to the mark of its tests; all other folders are pure."""

GROUPS = {
    "operated": (
        "integration/test_deployments.py",  # has a worker begin a build, which takes minutes
        "integration/test_deployed_runs.py",  # waits for it
        "integration/test_refresh.py",
        "integration/test_postgres.py",
    ),
    "server": (
        "integration/test_automations.py",
        "integration/test_monitored_run.py",
        "integration/test_verify.py",
        "integration/test_status.py",
        "integration/test_status_of_server.py",
        "integration/test_task_runners.py",
        "integration/test_calibrate.py",
        "integration/test_resume.py",
        "integration/test_full_disk.py",
        "integration/test_interrupts.py",
        "integration/test_terminal.py",
        "integration/test_partial.py",
    ),
    "refresher": (
        "integration/test_followed_releases.py",
        "integration/test_releases.py",
        "integration/test_hostile_builds.py",
        "integration/test_changed_by_others.py",
    ),
    "site": (
        "integration/test_report.py",
        "integration/test_report_figures.py",
    ),
    "mirror home": (
        "real_data/test_alliance_networks.py",
        "real_data/test_alliances.py",
        "real_data/test_argue.py",
        "real_data/test_ballots.py",
        "real_data/test_bundle.py",
        "real_data/test_capabilities.py",
        "real_data/test_claim_estimates.py",
        "real_data/test_claims.py",
        "real_data/test_coalitions.py",
        "real_data/test_descriptive_measures.py",
        "real_data/test_descriptive_tables.py",
        "real_data/test_docs.py",
        "real_data/test_exchange.py",
        "real_data/test_gates.py",
        "real_data/test_ideal_points.py",
        "real_data/test_joint_shift.py",
        "real_data/test_leaders.py",
        "real_data/test_legitimation.py",
        "real_data/test_published_values.py",
        "real_data/test_ready_queries.py",
        "real_data/test_losses.py",
        "real_data/test_releases.py",
        "real_data/test_row_counts.py",
        "real_data/test_triple_difference.py",
        "real_data/test_truth.py",
        "real_data/test_un_members.py",
        "real_data/test_votes.py",
        "real_data/test_voting_coincidence.py",
    ),
}
"""Modules whose tests run on one worker of pytest-xdist, since they share what is dear to start, in
the order in which they run. All other modules are groups of their own, so that fixtures of a module
are made once. The groups here begin first, since they take longest."""

SHARED = {
    "server": ("operated", "server"),
    "operated": ("operated",),
    "refresher": ("refresher",),
    "mirror_home": ("mirror home",),
}
"""Fixtures that only some groups may use: each group that does makes one of its own."""

notes: list[tuple[str, float]] = []
"""What was made since the last report of a test, and seconds."""


def note(what: str, seconds: float) -> None:
    """Notes what a fixture has made, or waited for; it is listed at the end of the run."""
    notes.append((what, seconds))


def tier_of(nodeid: str) -> str:
    """`pure`, `integration` or `real_data`, from where a test lies."""
    parts = Path(nodeid.split("::", maxsplit=1)[0]).parts
    return parts[1] if len(parts) > 2 and parts[1] in TIERS else "pure"


def module_of(nodeid: str) -> str:
    """The module of a test, below `tests`."""
    return nodeid.split("::", maxsplit=1)[0].removeprefix("tests/")


def group_of(nodeid: str) -> str:
    """The group that a test belongs to."""
    module = module_of(nodeid)
    return next((group for group, modules in GROUPS.items() if module in modules), module)


def place_of(nodeid: str) -> tuple[int, int]:
    """Where a test comes in the order of all: groups first, then tier by tier."""
    module, tiers = module_of(nodeid), [*TIERS, "pure"]
    listed = [one for modules in GROUPS.values() for one in modules]
    if module in listed:
        return 0, listed.index(module)
    return 1, tiers.index(tier_of(nodeid))


def folder_of(nodeid: str) -> str:
    """The room of a pure test (`tests/flows`), the module of another."""
    path = nodeid.split("::", maxsplit=1)[0]
    if tier_of(nodeid) != "pure":
        return path
    return "/".join(Path(path).parts[:2]) if path.count("/") > 1 else "tests"
