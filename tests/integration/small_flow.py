"""A flow that computes nothing and leaves what a run of the pipeline leaves, however it ends."""

from prefect import flow, get_run_logger

from expectations.gate.failures import GateFailedError
from expectations.gate.results import ExpectationResult, GateReport
from flows.home.paths import Home
from flows.monitoring.monitored_run import reported_run
from warehouse.catalog.builds import require_build


@flow(name="small")
def small(folder: str, how: str, replaced: str) -> None:
    """Ends as a run that has published, or that a gate or a release has stopped.

    Args:
        folder: A home with a published build.
        how: `publish`, `gate` or `release`.
        replaced: The id of the build before.

    Raises:
        GateFailedError: A made-up rule does not hold.
        RuntimeError: A made-up release is held.
    """
    home = Home.at(folder)
    with reported_run("sample", home) as record:
        build = require_build(home.warehouse).build_id
        record.details |= {"build_id": build, "replaced": replaced}
        get_run_logger().info("a line of the run")
        if how == "gate":
            broken = ExpectationResult(
                "core",
                "core.votes",
                "no_such_choice",
                "choice",
                "critical",
                False,
                10,
                2,
                ({"rcid": 9, "ccode": 2},),
                "nobody votes so",
            )
            raise GateFailedError([GateReport("core", "core.votes", (broken,))])
        if how == "release":
            record.details["releases"] = [
                {
                    "slug": slug,
                    "snapshot_id": f"{slug}.{build[:12]}",
                    "severity": severity,
                    "previous_snapshot_id": f"{slug}.aaaaaaaaaaaa",
                    "accepted": accepted,
                    "because": None,
                    "is_held": True,
                    "findings": ["9 keys\x1b[31m are gone"],
                }
                for slug, severity, accepted in (
                    ("gdp", "critical", False),
                    ("atop", "critical", True),
                    ("un_votes", "info", False),
                )
            ]
            raise RuntimeError("it is held")
        record.details["rows"] = {"core.votes": 3}
        record.details["steps"] = {
            "core.votes": {"rows": {"core.votes": 3}, "seconds": 1.5, "reused": False}
        }
        record.result = "published"
