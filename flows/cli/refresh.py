"""`asymmetry refresh`: the whole pipeline, here and now.

A server comes up while the flow is imported, so that what the flow needs is imported after it has
been started: nothing of it stands at the top of this module.
"""

import json
import multiprocessing
import os
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from expectations.shown_text import shown
from flows.cli import console
from flows.cli.flow_by_hand import flow_by_hand
from flows.cli.options import (
    CovariatesOption,
    DaskAddressOption,
    LockedOption,
    MirrorOption,
    Profile,
    ProfileOption,
    Runner,
    RunnerOption,
    VerboseOption,
    check_locked,
    check_mirror,
    current_home,
)
from flows.cli.wishes import is_quiet
from flows.engine.process_pool import exit_with_parent
from flows.home.covariates import check_covariates
from flows.home.disk_space import need_space
from flows.home.guards import need_writable
from flows.home.paths import Home
from flows.home.real_figures import refuse_sample_over_real
from flows.home.run_record import expect_run
from flows.home.step_parts import in_words, parts_of_run
from flows.home.writer_lock import refuse_second_writer
from flows.operations.known_plan import is_code_of_published
from flows.runtime.runner_options import THREADS, RunnerOptions
from warehouse.catalog.builds import read_build
from warehouse.catalog.validation import broken_rules
from warehouse.db import read_published

if TYPE_CHECKING:
    from flows.fetch import route

QUERIES_TO_TRY = (
    "SELECT partner_name, n_joint, agreement, kappa_sq FROM voting_partners"
    " WHERE state_name = 'Poland' AND session = 58 AND n_joint >= 10"
    " ORDER BY agreement DESC, partner_name LIMIT 5",
    "SELECT year, leader, n_members, leader_share, ratio_first_second FROM alliance_leaders"
    " WHERE atopid = 3180 AND year IN (1949, 1980, 2018) ORDER BY year",
    "SELECT year, estimate, ci_low, ci_high, n_allies, n_others"
    " FROM legitimation_premium_by_session"
    " WHERE tier = 'core' AND vote_class = 'unpopular' AND estimate IS NOT NULL ORDER BY year",
)


app = typer.Typer(rich_markup_mode="markdown")


@app.command(
    epilog="Example: `asymmetry refresh --profile mirror --mirror http://127.0.0.1:8000 --locked`"
)
def refresh(
    profile: ProfileOption = Profile.sample,
    mirror: MirrorOption = None,
    locked: LockedOption = False,
    runner: RunnerOption = Runner.threads,
    dask_address: DaskAddressOption = None,
    *,
    covariates: CovariatesOption = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Build this table and what it needs, into a partial file that says so; nothing is"
            " published. Again for more.",
            metavar="TABLE",
        ),
    ] = None,
    verbose: VerboseOption = False,
) -> None:
    """Fetch, build, compute the metrics and publish; or say that nothing is new.

    One run writes in a home at a time: while another one does, this command ends at once with
    exit code 5 and the id of the other's process. Deployed runs wait instead.
    """
    check_mirror(profile, mirror)
    check_locked(profile, locked)
    check_tables(only or [])

    need_writable(current_home().path)
    expect_run(profile.value, current_home())
    workers = RunnerOptions(runner.value, dask_address)
    run_and_print(
        current_home(),
        profile.value,
        mirror,
        locked,
        workers,
        covariates=covariates,
        only=only,
        verbose=verbose,
    )


def check_tables(tables: list[str]) -> None:
    """Ends the program with code 2 where a table is named that no step makes."""
    if not tables:
        return
    from flows.dag import STEPS

    made = [table for step in STEPS for table in step.outputs]
    for table in tables:
        if table not in made:
            near = ", ".join(get_close_matches(table, made, cutoff=0.3)) or "none"
            console.fail(f"--only {table}: no step makes such a table. Near: {near}.", 2)


def run_and_print(
    home: Home,
    profile: "route.Profile",
    mirror: str | None,
    locked: bool,
    workers: RunnerOptions = THREADS,
    *,
    covariates: Path | None = None,
    only: list[str] | None = None,
    verbose: bool = False,
) -> None:
    """Runs the refresh flow here and now, and says what came of it."""
    workers.check()
    if covariates:  # before anything is started; the flow does it again when it takes it up
        check_covariates(covariates)
    refuse_second_writer(home.path)
    published = read_build(home.warehouse)
    refuse_sample_over_real(published, profile, home)
    if published is None:  # otherwise there may be nothing to do, which takes no space
        need_space(home, profile)
    done = _refreshed(
        home,
        profile=profile,
        mirror=mirror,
        locked=locked,
        runner=workers.runner,
        dask_address=workers.dask_address,
        covariates=str(covariates.absolute()) if covariates else None,
        only=only,
        verbose=verbose,
    )
    if only:
        _print_partial(done, only)
        return
    if done["result"] == "unchanged":
        console.out.print(
            f"Nothing new: build {done['build_id'][:12]} is published already at"
            f" {home.warehouse}. Nothing was changed."
        )
    else:
        _print_published(home, done)
    if profile == "sample":
        console.out.print(console.SIMULATED, style="bold yellow", markup=False)
    if not is_quiet():
        console.out.print("\nTry:")
        for sql in QUERIES_TO_TRY:
            console.out.print(f'  asymmetry query "{sql}"', markup=False, soft_wrap=True)


def _refreshed(home: Home, *, verbose: bool, **parameters: Any) -> dict[str, Any]:
    """Runs the flow; what takes long is done while the server comes up."""
    with flow_by_hand(home, verbose=verbose) as flow:
        with _sample_world_being_written(home, parameters["profile"]):
            from flows.refresh import refresh

            flow.wait(lambda: _warm_up(home))
        with flow.running():
            done: dict[str, Any] = refresh(**parameters)
    return done


def _warm_up(home: Home) -> None:
    """Imports Great Expectations, two seconds, where there may be something to judge."""
    if not is_code_of_published(read_build(home.warehouse), home):
        from expectations.gate.run import warm_up

        warm_up()


@contextmanager
def _sample_world_being_written(home: Home, profile: "route.Profile") -> Iterator[None]:
    """Has the simulated world written by another process meanwhile, if it is the one to read.

    Should that go wrong, the flow writes it itself and says what is wrong.
    """
    if profile != "sample":
        yield
        return
    writer = multiprocessing.get_context("spawn").Process(
        target=_write_meanwhile, args=(home.sample_world,), daemon=True
    )
    writer.start()
    yield
    writer.join()


def _write_meanwhile(folder: Path) -> None:
    exit_with_parent()
    from flows.sample.write import write_sample_world

    with suppress(OSError):  # the flow will meet it again, and say so
        write_sample_world(folder)
    os._exit(0)  # the thread that watches the command would have DuckDB's binding report leaks


def _print_partial(done: dict[str, Any], only: list[str]) -> None:
    state = "is there already" if done["result"] == "kept" else "was built"
    console.out.print(f"Partial build {done['build_id'][:12]} {state}; nothing was published:")
    console.out.print(f"  {done['file']}", markup=False, soft_wrap=True)
    console.out.print(console.partial_words(only), style="bold yellow", markup=False)


def _print_published(home: Home, done: dict[str, Any]) -> None:
    seconds: dict[str, float] = {}
    for name, step in done["steps"].items():
        stage = name.split(".")[0] if "." in name else "staging"
        seconds[stage] = seconds.get(stage, 0.0) + (0.0 if step["reused"] else step["seconds"])
    split = ", ".join(f"{stage} {s:.1f} s" for stage, s in seconds.items())
    size = home.warehouse.stat().st_size / 1e6
    console.out.print(
        f"Published build {done['build_id'][:12]}: {len(done['rows'])} tables,"
        f" {sum(done['rows'].values()):,} rows, {size:,.0f} MB"
    )
    console.out.print(f"  {home.warehouse}", markup=False, soft_wrap=True)
    console.hint(f"  steps: {split}")
    if parts := in_words(parts_of_run(done["steps"])):
        console.hint(f"  of which: {parts}, and waiting for a processor or a turn")
    _print_releases(done)
    _print_warnings(home)


def _print_releases(done: dict[str, Any]) -> None:
    """Says what new releases have lost or changed, and how to accept it."""
    for release in done.get("releases", []):
        if not release["findings"]:
            continue
        accepted = f" (accepted: {release['because']})" if release["accepted"] else ""
        head = f"{release['snapshot_id']} against {release['previous_snapshot_id']}{accepted}:"
        for line in (head, *(f"  {found}" for found in release["findings"])):
            console.out.print(shown(line), style="yellow", markup=False, soft_wrap=True)
        if not release["accepted"]:
            line = f"  `asymmetry releases {release['slug']}` shows it, and how to accept it."
            console.out.print(line, markup=False, soft_wrap=True)


def _print_warnings(home: Home) -> None:
    with read_published(home.warehouse) as connection:
        broken = broken_rules(connection, "warning")
    if broken:
        title = f"{len(broken)} rules warn; their rows are in meta.quarantine"
        rows = [(b.table, b.rule, b.n_failed, _short(b.first_key)) for b in broken]
        console.print_rows(["table", "rule", "rows", "first row"], rows, title=title)


def _short(key: str) -> str:
    named = "  ".join(f"{name}={value}" for name, value in json.loads(key or "{}").items())
    return textwrap.shorten(named, 60, placeholder=" …")
