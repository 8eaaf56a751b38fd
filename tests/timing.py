"""Says at the end of a run where its time went: by tier and folder, and what fixtures built.

By the clock, and in seconds of processor, which on a busy machine say more: of the tests and of the
processes that they have started, counted where those have ended. Works under pytest-xdist: what a
worker measures travels in the reports of its tests.
"""

import os
import resource
import time
from collections import defaultdict
from collections.abc import Generator
from typing import Any

import pytest

from tests.tiers import folder_of, note, notes, tier_of

SECONDS_WORTH_A_LINE = 1.0

_began = time.monotonic()


def _processor() -> float:
    """Seconds of processor so far: of this process, and of those that it has waited for."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


_counted = [_processor()]
"""Of them, those before a test, or in a report."""


def pytest_collection_finish() -> None:
    """Leaves what collecting took to no test."""
    _counted[0] = _processor()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Notes fixtures of a module or the session that take long; those they need not counted."""
    n_before, began = len(notes), time.monotonic()
    try:
        return (yield)
    finally:
        seconds = time.monotonic() - began
        is_shared = fixturedef.scope in ("session", "module", "package")
        if is_shared and seconds >= SECONDS_WORTH_A_LINE and len(notes) == n_before:
            where = fixturedef.baseid or "tests"
            note(f"fixture {fixturedef.argname} ({where})", seconds)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Lets a report carry what was noted and spent since the last one."""
    report = yield
    spent = _processor()
    report.asymmetry_processor = spent - _counted[0]
    _counted[0] = spent
    if notes:
        report.asymmetry_notes = list(notes)
        notes.clear()
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the seconds."""
    tiers: dict[str, float] = defaultdict(float)
    folders: dict[str, float] = defaultdict(float)
    processor: dict[str, float] = defaultdict(float)
    tests: dict[str, set[str]] = defaultdict(set)
    made: list[tuple[str, float]] = []
    for reports in terminalreporter.stats.values():
        for report in reports:
            if not isinstance(report, pytest.TestReport):
                continue
            tier = tier_of(report.nodeid)
            tiers[tier] += report.duration
            folders[folder_of(report.nodeid)] += report.duration
            for what in (tier, folder_of(report.nodeid)):
                processor[what] += getattr(report, "asymmetry_processor", 0.0)
            tests[tier].add(report.nodeid)
            made += getattr(report, "asymmetry_notes", [])
    if not tiers:
        return
    spent = _processor()  # of the workers of pytest-xdist too
    write = terminalreporter.write_line
    terminalreporter.section("where the time went")
    write(
        f"{time.monotonic() - _began:7.1f} s by the clock, {spent:.0f} s of processor"
        f" ({len(os.sched_getaffinity(0))} cores)"
    )
    for tier, seconds in sorted(tiers.items(), key=lambda item: -item[1]):
        write(f"{seconds:7.1f} s {processor[tier]:7.1f} p {tier} ({len(tests[tier])} tests)")
    rest = spent - sum(processor[tier] for tier in tiers)
    write(f"{'':9} {rest:7.1f} p collecting, starting, and what the tests did not wait for")
    write("by folder or module (a fixture counts where it was first asked for; p: of processor):")
    for folder, seconds in sorted(folders.items(), key=lambda item: -item[1]):
        if seconds >= SECONDS_WORTH_A_LINE:
            write(f"{seconds:7.1f} s {processor[folder]:7.1f} p {folder}")
    write("made by fixtures:")
    for what, seconds in sorted(made, key=lambda item: -item[1]):
        write(f"{seconds:7.1f} s {what}")
